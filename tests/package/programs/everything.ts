/**
 * A program that uses everything, and what must not compile. It is compiled in projects of several kinds, and runs in
 * those that are compiled to files.
 */
import {
  type CancelResult,
  type Code,
  type Conclusion,
  type DispatchOptions,
  dispatch,
  type Event,
  type OutputValue,
  ReturnDispatchError,
  type Run,
  type RunResult,
  waitForRun,
} from 'return-dispatch';
import {
  type GitHubOptions,
  type LocalGitHub,
  type RequestFacts,
  type RunFacts,
  type Scenario,
  startGitHub,
} from 'return-dispatch/simulator';

const ID = '${{ inputs.distinct_id }}';

const scenario: GitHubOptions = {
  server: 'ghes-3.19',
  seed: 5,
  clockSkewSeconds: 2,
  repositories: [
    {
      owner: 'octo',
      name: 'receiver',
      workflows: [
        {
          file: 'ci.yml',
          name: 'CI',
          inputs: { distinct_id: {}, environment: { required: true }, size: {}, dry: {} },
          runName: `Deploy [${ID}]`,
          jobs: [
            {
              name: 'deploy',
              steps: [
                { run: 'make', seconds: 0.1, prints: [`${ID} version=1.2.3`] },
                { run: 'ship', seconds: 0.1, conclusion: 'failure' },
              ],
            },
          ],
        },
      ],
    },
  ],
};

/** The value is of exactly this type, neither `any` nor a wider one. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_T extends true>(): void {}

function line(event: Event): string | undefined {
  switch (event.type) {
    case 'started':
      return event.distinctId;
    case 'identified':
      holds<Same<typeof event.identifiedBy, 'response' | 'title' | 'step' | 'log'>>();
      return `${event.runId.toFixed(0)} after ${event.seconds.toFixed(1)} s`;
    case 'job':
      // @ts-expect-error: it is told by `state` how a job does
      return event.conclusion;
    case 'step':
      return `${event.job}: ${event.name} ${event.conclusion}`;
    case 'summary':
      // @ts-expect-error: there may be no job
      event.jobs[0].name.trim();
      return event.jobs.map(({ name, seconds }) => `${name} ${seconds ?? '?'}`).join();
    case 'request':
      return event.status === null ? undefined : event.status.toFixed(0);
    default:
      // @ts-expect-error: only some events have it
      event.distinctId;
      return undefined;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof ReturnDispatchError)) throw error;
  const known: Code | 'internal' = error.code;
  const id: number | undefined = error.runId;
  // @ts-expect-error: it may have no result
  error.result.conclusion;
  // @ts-expect-error: there is no such code
  if (error.code === 'not_found_at_all') return known;
  switch (error.code) {
    case 'unsuccessful':
    case 'outputs_too_large': {
      const result: RunResult = error.result;
      holds<Same<typeof error.runId, number>>();
      return `${error.code}: ${result.conclusion}`;
    }
    case 'refused':
    case 'forbidden':
      return `${error.status?.toFixed(0) ?? id ?? ''}${error.hint ?? ''}`;
    case 'timed_out':
      return error.result?.conclusion ?? error.runUrl ?? '';
    default:
      return `${error.name}: ${error.message}${error.distinctId ?? ''}${String(error.cause)}`;
  }
}

function text(value: OutputValue | undefined): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  return JSON.stringify(value);
}

/** What stands in for `fetch` gets what `fetch` would. */
const send: NonNullable<DispatchOptions['fetch']> = async (url, init) => {
  const method: string = init.method ?? 'GET';
  return method === 'DELETE' ? new Response(null, { status: 405 }) : fetch(url, init);
};

export async function everything(): Promise<readonly string[]> {
  const lines: string[] = [];
  const github: LocalGitHub = await startGitHub(scenario);
  const connection = { token: 'ghs_simulated', repo: 'octo/receiver', apiUrl: github.apiUrl };
  try {
    const run: Run = await dispatch({
      ...connection,
      owner: undefined,
      workflow: 'ci.yml',
      ref: 'main',
      workflowInputs: { environment: 'staging', size: 2, dry: true },
      workflowTimeoutSeconds: 60,
      distinctIdInput: 'distinct_id',
      waitTimeoutSeconds: 60,
      pollIntervalSeconds: 0.2,
      cancelOnAbort: false,
      signal: new AbortController().signal,
      fetch: send,
      onEvent(event) {
        const said = line(event);
        if (said !== undefined) lines.push(said);
      },
    });
    const before: RunResult['outputs'] | undefined = run.outputs;
    lines.push(`${before === undefined}`);
    try {
      await run.wait({ logs: 'none', cancelOnTimeout: true });
    } catch (error) {
      lines.push(reason(error));
    }
    lines.push(text(run.outputs?.version));
    const { conclusion, outputs, seconds, attempt }: RunResult = await waitForRun({
      ...connection,
      runId: run.id,
      distinctId: run.distinctId,
      failOnUnsuccessful: false,
    });
    const how: Conclusion = conclusion;
    lines.push(`${how} ${text(outputs.version)} ${seconds === null || seconds >= 0} ${attempt}`);
    const cancelled: CancelResult = await run.cancel({ onEvent: (event) => void line(event) });
    lines.push(cancelled.conclusion);
    const requests: RequestFacts[] = github.requests();
    const runs: RunFacts[] = github.runs();
    lines.push(`${requests.length > 0} ${runs[0]?.inputs.environment}`);
    return lines;
  } finally {
    await github.stop();
  }
}

/** Never called: the lines below each expectation must not compile. */
export async function misuse(run: Run, error: ReturnDispatchError): Promise<void> {
  const call = { token: 't', repo: 'octo/receiver', workflow: 'ci.yml' } as const;
  // @ts-expect-error: there is no token
  await dispatch({ repo: 'octo/receiver', workflow: 'ci.yml' });
  // @ts-expect-error: there is no repository
  await dispatch({ token: 't', workflow: 'ci.yml' });
  // @ts-expect-error: there is no workflow
  await dispatch({ token: 't', repo: 'octo/receiver' });
  // @ts-expect-error: there are no options
  await dispatch();
  // @ts-expect-error: misspelt
  await dispatch({ ...call, workflowInput: {} });
  // @ts-expect-error: a number
  await dispatch({ ...call, workflowTimeoutSeconds: '60' });
  // @ts-expect-error: inputs are flat
  await dispatch({ ...call, workflowInputs: { a: { b: 1 } } });
  // @ts-expect-error: the inputs' values are text, numbers and truth values
  await dispatch({ ...call, workflowInputs: { a: null } });
  // @ts-expect-error: one of three
  await dispatch({ ...call, logs: 'some' });
  // @ts-expect-error: of an event, not of its name
  await dispatch({ ...call, onEvent: (type: string) => type });
  // @ts-expect-error: the controller is not its signal
  await dispatch({ ...call, signal: new AbortController() });
  // @ts-expect-error: there is no such event
  await dispatch({ ...call, onEvent: ({ type }) => type === 'begun' });
  // @ts-expect-error: the run is missing
  await waitForRun({ token: 't', repo: 'octo/receiver' });
  // @ts-expect-error: a run that is there is not dispatched
  await waitForRun({ token: 't', repo: 'octo/receiver', runId: 1, workflow: 'ci.yml' });
  // @ts-expect-error: the token is the dispatch's
  await run.wait({ token: 't' });
  // @ts-expect-error: nothing is waited for in another way here
  await run.cancel({ waitTimeoutSeconds: 1 });
  // @ts-expect-error: it is what it is
  run.id = 1;
  // @ts-expect-error: there is none before the run has ended
  run.outputs.version;
  // @ts-expect-error: a value need not be text
  (await run.wait()).outputs.version?.trim();
  // @ts-expect-error: not every error has one
  error.result.conclusion;
  // @ts-expect-error: errors are made by the package
  new ReturnDispatchError('no');
  // @ts-expect-error: there is no such server
  await startGitHub({ server: 'ghes-2.0' });
  // @ts-expect-error: the store listens where it can
  await startGitHub({ logsUrl: 'https://logs.example' });
  // @ts-expect-error: misspelt
  const wrong: Scenario = { repository: [] };
  void wrong;
}
