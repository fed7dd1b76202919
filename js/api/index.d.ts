/**
 * Call a GitHub Actions workflow in another repository like a function.
 *
 * ```js
 * import { dispatch } from 'return-dispatch';
 *
 * const run = await dispatch({ token, repo: 'octo-org/deployments', workflow: 'deploy.yml', workflowInputs: { to: 'eu' } });
 * const { conclusion, outputs } = await run.wait();
 * ```
 *
 * @packageDocumentation
 */
import type { Code, Event } from '../types/events.js';

export type * from '../types/events.js';

/** Where the workflow is, and who asks for it. */
export interface ConnectionOptions {
  /**
   * A token that may dispatch the workflow and read its runs (`actions: write` on the target repository). It is sent
   * to the origin of `apiUrl` and nowhere else, and stands in no message.
   */
  readonly token: string;
  /** Owner of the target repository, unless `repo` names it. */
  readonly owner?: string | undefined;
  /** Name of the target repository, or `owner/name`. */
  readonly repo: string;
  /**
   * Base URL of the server's REST API: `https://HOST/api/v3` for a GitHub Enterprise Server.
   *
   * @defaultValue `https://api.github.com`
   */
  readonly apiUrl?: string | undefined;
  /**
   * What requests are sent by, such as one that goes through a proxy. Redirects are asked for as `manual`.
   *
   * @defaultValue `globalThis.fetch`
   */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** How a call is followed and ended early. */
export interface CallOptions {
  /**
   * Ends the call: what is under way is given up, and the promise is rejected with the code `cancelled` and the
   * signal's reason as its cause. The run goes on, unless `cancelOnAbort` says otherwise.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether an abort cancels the run, too. GitHub is asked at once; the promise is rejected when it is known what became
   * of the run: after two minutes at most, by force if it does not react for one. An abort while the dispatch is under
   * way first looks for the run for a minute at most, so that it is not left behind.
   *
   * @defaultValue false
   */
  readonly cancelOnAbort?: boolean | undefined;
  /**
   * A fixed pause between looks at the server, in seconds.
   *
   * @defaultValue one that grows with the time waited
   */
  readonly pollIntervalSeconds?: number | undefined;
  /** Is told what happens, as it happens. What it throws, or rejects, is lost: a call does not fail because of it. */
  readonly onEvent?: ((event: Event) => unknown) | undefined;
}

/**
 * What {@link dispatch} takes. How the run is waited for may be given here as well: it is checked before anything is
 * dispatched, and holds for {@link Run.wait} unless that is told otherwise.
 */
export interface DispatchOptions extends ConnectionOptions, WaitOptions {
  /** The workflow: its file name (`build.yml`), path, numeric ID, or display name. */
  readonly workflow: string | number;
  /**
   * Branch or tag to run it on. A commit SHA is not possible.
   *
   * @defaultValue the default branch of the target repository
   */
  readonly ref?: string | undefined;
  /** Inputs of the workflow; as text, a flat mapping as JSON or YAML. */
  readonly workflowInputs?:
    | Readonly<Record<string, string | number | boolean>>
    | string
    | undefined;
  /**
   * How long dispatching and identifying the run may take, in seconds.
   *
   * @defaultValue 300
   */
  readonly workflowTimeoutSeconds?: number | undefined;
  /**
   * The value that marks this call, so that its run can be told from others.
   *
   * @defaultValue a random UUID
   */
  readonly distinctId?: string | undefined;
  /**
   * Name of the workflow's input that gets `distinctId`. Empty: none is sent.
   *
   * @defaultValue `distinct_id`
   */
  readonly distinctIdInput?: string | undefined;
}

/** What {@link Run.wait} takes. Whatever is left out is as it was for the dispatch. */
export interface WaitOptions extends CallOptions {
  /**
   * How long to wait, in seconds. 0: as long as it takes.
   *
   * @defaultValue 0
   */
  readonly waitTimeoutSeconds?: number | undefined;
  /**
   * Whether to cancel the run when that time has passed.
   *
   * @defaultValue false
   */
  readonly cancelOnTimeout?: boolean | undefined;
  /**
   * Whether the promise is rejected, with the code `unsuccessful`, unless the run's conclusion is `success`.
   *
   * @defaultValue true
   */
  readonly failOnUnsuccessful?: boolean | undefined;
  /**
   * Which logs come as events once the run has ended: none, those of failed steps, or all.
   *
   * @defaultValue `none`
   */
  readonly logs?: 'none' | 'failed' | 'all' | undefined;
}

/** What {@link waitForRun} takes. */
export interface WaitForRunOptions extends ConnectionOptions, WaitOptions {
  /** ID of the run. */
  readonly runId: number | string;
  /** The ID by which the run returns values, if it has been given one. */
  readonly distinctId?: string | undefined;
}

/** A value that a run returned: a string, or what a name that ends in `:json` stands for. */
export type OutputValue =
  | string
  | number
  | boolean
  | null
  | readonly OutputValue[]
  | { readonly [name: string]: OutputValue };

/** How a run ended. GitHub may come to know others. */
export type Conclusion =
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'timed_out'
  | 'action_required'
  | 'neutral'
  | 'skipped'
  | 'stale'
  | 'startup_failure'
  | (string & {});

/** A run that has ended. */
export interface RunResult {
  /** Its ID. */
  readonly runId: number;
  /** Its page. */
  readonly runUrl: string;
  /** `completed`. */
  readonly status: string;
  /** How it ended. */
  readonly conclusion: Conclusion;
  /** Number of the attempt that ended so, from 1; null where it is not known (a Gitea whose jobs could not be read). */
  readonly attempt: number | null;
  /** Seconds that this attempt took, where the server says so. */
  readonly seconds: number | null;
  /** The values that it returned, by their names. */
  readonly outputs: Readonly<Record<string, OutputValue>>;
  /** Requests to the API that this wait took. */
  readonly requests: number;
  /** Of these, what counted against the rate limit. */
  readonly counted: number;
}

/** A run that was to be cancelled, and has ended. */
export interface CancelResult {
  /** Its ID. */
  readonly runId: number;
  /** How it ended: `cancelled`, unless it was faster. */
  readonly conclusion: Conclusion;
  /** What became of it, for people. */
  readonly message: string;
}

/** A run that a dispatch created besides the one that is kept. */
export interface Duplicate {
  /** Its ID. */
  readonly runId: number;
  /** Its page. */
  readonly runUrl: string;
  /** Why it could not be cancelled; null: it is being cancelled. */
  readonly problem: string | null;
}

/** The run that a dispatch created. */
export interface Run {
  /** Its ID. */
  readonly id: number;
  /** Its page. */
  readonly url: string;
  /** Its place in the REST API. */
  readonly apiUrl: string;
  /** The value that marks the call. */
  readonly distinctId: string;
  /** By what the run was identified: the server named it, or it shows the `distinctId` in its title, a step's name, or a log. */
  readonly identifiedBy: 'response' | 'title' | 'step' | 'log';
  /**
   * Other runs that this call's dispatch created, as it got no clear answer and was repeated. Almost always empty: each
   * one is being cancelled, unless there is a problem with that.
   */
  readonly duplicates: readonly Duplicate[];
  /**
   * Whether there may be another run of this call, because its dispatch was retried and only one run is known. The event
   * `duplicatePossible` has the pages of the runs in question.
   */
  readonly duplicatePossible: boolean;
  /** What the run returned, once {@link Run.wait} has seen its end. */
  readonly outputs: RunResult['outputs'] | undefined;
  /**
   * Waits until the run has ended.
   *
   * @throws {@link ReturnDispatchError} if it ends in another way than `success` (see
   *   {@link WaitOptions.failOnUnsuccessful}), or not in time, or cannot be read
   */
  wait(options?: WaitOptions): Promise<RunResult>;
  /**
   * Cancels the run, and resolves once it has ended: by force, if it does not react for a minute.
   *
   * @throws {@link ReturnDispatchError} if it may go on: with the code `timed_out` after two minutes
   */
  cancel(options?: Pick<CallOptions, 'signal' | 'onEvent'>): Promise<CancelResult>;
}

/**
 * Dispatches a workflow, and resolves to exactly the run that this created.
 *
 * @throws {@link ReturnDispatchError} if nothing was dispatched, or if the run cannot be identified beyond doubt: its
 *   code says which
 */
export declare function dispatch(options: DispatchOptions): Promise<Run>;

/**
 * Waits for a run that is there already, and resolves to how it ended.
 *
 * @throws {@link ReturnDispatchError} as {@link Run.wait}
 */
export declare function waitForRun(options: WaitForRunOptions): Promise<RunResult>;

/** What every error has. */
export interface ErrorOf<C extends string> extends Error {
  readonly name: 'ReturnDispatchError';
  /** What went wrong, for programs. It stays the same from version to version; messages may change. */
  readonly code: C;
  /** What to do about it. The message ends with it. */
  readonly hint?: string;
  /** The HTTP status, where an answer of the server is the reason. */
  readonly status?: number;
  /** True where something was dispatched, or may have been: look before you dispatch again. */
  readonly mayHaveDispatched?: boolean;
  /** The value that marks the call, where there is one yet. */
  readonly distinctId?: string;
  /** What the platform said, where that is the reason; of an abort, the signal's reason. */
  readonly cause?: unknown;
}

/** The run has ended, in another way than it had to. */
export interface EndedError extends ErrorOf<'unsuccessful' | 'outputs_too_large'> {
  /** The run's ID. */
  readonly runId: number;
  /** The run's page. */
  readonly runUrl?: string;
  /** How it ended, and what it returned all the same. */
  readonly result: RunResult;
}

/** Whatever else ended a call. */
export interface CallError
  extends ErrorOf<Exclude<Code, 'unsuccessful' | 'outputs_too_large'> | 'internal'> {
  /** The run's ID, where it is known. */
  readonly runId?: number;
  /** The run's page, where it is known. */
  readonly runUrl?: string;
  /** How it ended, where that is known. */
  readonly result?: RunResult;
}

/**
 * What every promise here is rejected with. Its `code` tells the reasons apart.
 *
 * ```ts
 * if (error instanceof ReturnDispatchError && error.code === 'unsuccessful') console.log(error.result.conclusion);
 * ```
 */
export type ReturnDispatchError = EndedError | CallError;

/** For `instanceof`; the errors are made here. */
export declare const ReturnDispatchError: abstract new (
  ...made: never
) => ReturnDispatchError;
