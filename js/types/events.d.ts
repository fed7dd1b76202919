export type Started = { type: 'started', distinctId: string };
export type Dispatching = { type: 'dispatching', repository: string, workflow: string, ref: string, inputs: string[] };
export type OlderServer = { type: 'olderServer', message: string };
export type ReceiverWithoutDistinctId = { type: 'receiverWithoutDistinctId', input: string };
export type Dispatched = { type: 'dispatched' };
export type DispatchUnanswered = { type: 'dispatchUnanswered', message: string };
export type Looked = { type: 'looked', candidates: number, logs: number, seconds: number };
export type Trouble = { type: 'trouble', message: string, tryingAgain: boolean };
export type Waiting = { type: 'waiting', reason: string, seconds: number };
export type DispatchRepeated = { type: 'dispatchRepeated', seconds: number };
export type Duplicate = { type: 'duplicate', kept: number, runId: number, runUrl: string, problem: string | null };
export type DuplicatePossible = { type: 'duplicatePossible', kept: number };
export type Identified = {
  type: 'identified',
  runId: number,
  runUrl: string,
  runApiUrl: string,
  distinctId: string,
  identifiedBy: 'response' | 'title' | 'step' | 'log',
  requests: number,
  seconds: number,
};
export type Following = { type: 'following', runId: number, runUrl: string, runApiUrl: string, cancelOnCancel: boolean };
export type Sought = { type: 'sought', distinctId: string, since: string | null };
export type Unfollowed = { type: 'unfollowed' };
export type LeftBehind = { type: 'leftBehind', runId: number | null, quietSeconds: number };
export type RunWaits = { type: 'runWaits', reason: string };
export type Attempt = { type: 'attempt', number: number };
export type Job = { type: 'job', name: string, state: string, url: string, seconds: number | null };
export type Step = { type: 'step', job: string, name: string, conclusion: string, seconds: number | null };
export type Cancelling = { type: 'cancelling', runId: number, force: boolean };
export type ValueMasked = { type: 'valueMasked', name: string };
export type ValueNotJson = { type: 'valueNotJson', name: string };
export type JobsMissing = { type: 'jobsMissing', problem: string };
export type ValuesMissing = { type: 'valuesMissing', job: string, problem: string };
export type Ended = {
  type: 'ended',
  runId: number,
  runUrl: string,
  status: string,
  conclusion: string,
  attempt: number,
  seconds: number | null,
  outputs: string,
  requests: number,
  counted: number,
};
export type Span = {
  name: string,
  url: string,
  conclusion: string,
  began: number | null,
  ended: number | null,
  seconds: number | null,
  steps: Span[],
};
export type Summary = {
  type: 'summary',
  runId: number,
  runUrl: string,
  conclusion: string,
  seconds: number | null,
  outputs: string,
  jobs: Span[],
};
export type LogBegins = { type: 'logBegins', title: string };
export type LogLine = { type: 'logLine', text: string };
export type LogEnds = { type: 'logEnds' };
export type Request = { type: 'request', method: string, url: string, status: number | null, milliseconds: number };
export type Event = Started | Dispatching | OlderServer | ReceiverWithoutDistinctId | Dispatched | DispatchUnanswered
  | Looked | Trouble | Waiting | DispatchRepeated | Duplicate | DuplicatePossible | Identified | Sought | Following
  | Unfollowed | LeftBehind | RunWaits | Attempt | Job | Step | Cancelling | ValueMasked | ValueNotJson
  | JobsMissing | ValuesMissing | Ended | Summary | LogBegins | LogLine | LogEnds | Request;
export type Code = 'unsuccessful' | 'outputs_too_large' | 'timed_out' | 'cancelled' | 'invalid_input';
