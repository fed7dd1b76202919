/**
 * A GitHub that fits in a test: it listens on loopback, and whatever talks to GitHub's REST API about workflows and
 * their runs can talk to it.
 *
 * ```js
 * import { startGitHub } from 'return-dispatch/simulator';
 *
 * const github = await startGitHub({ server: 'ghes-3.19' });
 * // … what is tested, with github.apiUrl and the token ghs_simulated
 * console.log(github.runs());
 * await github.stop();
 * ```
 *
 * @packageDocumentation
 */
import type { RequestFacts, RunFacts, Scenario } from '../types/scenario.js';

export type * from '../types/scenario.js';

/** What is simulated: everything has a default. */
export interface GitHubOptions
  extends Omit<Scenario, 'apiUrl' | 'htmlUrl' | 'logsUrl' | 'startTime'> {
  /**
   * What answers call the API, for clients that know it by a name of their own and take this server for their HTTP
   * proxy.
   *
   * @defaultValue where it listens
   */
  readonly apiUrl?: string | undefined;
  /**
   * What answers call the base of pages, likewise.
   *
   * @defaultValue where it listens
   */
  readonly htmlUrl?: string | undefined;
  /**
   * How far the server's clock is ahead of this machine's, in seconds; negative: behind it.
   *
   * @defaultValue 0
   */
  readonly clockSkewSeconds?: number | undefined;
}

/** A GitHub, or Gitea, that listens on loopback. */
export interface LocalGitHub {
  /** The API's base URL. */
  readonly apiUrl: string;
  /** The base URL of pages, of which there are none. */
  readonly htmlUrl: string;
  /** The store that hands out logs: another origin. Gitea hands them out itself. */
  readonly logsUrl: string;
  /** Milliseconds since its start. */
  now(): number;
  /** Every request so far. */
  requests(): RequestFacts[];
  /** Every run as it really is, whatever the API shows of it. */
  runs(): RunFacts[];
  /**
   * When the text can first be read through the API, in the run's title, a step's name, or a log: in milliseconds since
   * the start, or undefined if never.
   */
  clueVisibleAt(runId: number, text: string): number | undefined;
  /** How many bytes of bodies its sockets have taken so far: fewer than it answered with, where a client stops reading. */
  bytesWritten(): number;
  /** Closes everything, open connections too. */
  stop(): Promise<void>;
}

/**
 * Starts a GitHub.
 *
 * @throws Error if the options contradict each other: it says which
 */
export declare function startGitHub(options?: GitHubOptions): Promise<LocalGitHub>;
