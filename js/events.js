/**
 * The events of a call, as `src/event.rs` defines and documents them.
 *
 * @typedef {{ type: 'started', distinctId: string }} Started
 * @typedef {{ type: 'dispatching', repository: string, workflow: string, ref: string, inputs: string[] }} Dispatching
 * @typedef {{ type: 'olderServer', message: string }} OlderServer
 * @typedef {{ type: 'receiverWithoutDistinctId', input: string }} ReceiverWithoutDistinctId
 * @typedef {{ type: 'dispatched' }} Dispatched
 * @typedef {{ type: 'dispatchUnanswered', message: string }} DispatchUnanswered
 * @typedef {{ type: 'looked', candidates: number, logs: number, seconds: number }} Looked
 * @typedef {{ type: 'trouble', message: string, tryingAgain: boolean }} Trouble
 * @typedef {{ type: 'waiting', reason: string, seconds: number }} Waiting
 * @typedef {{ type: 'dispatchRepeated', seconds: number }} DispatchRepeated
 * @typedef {{ type: 'duplicate', kept: number, runId: number, runUrl: string, problem: string | null }} Duplicate
 * @typedef {{ type: 'duplicatePossible', kept: number }} DuplicatePossible
 * @typedef {{
 *   type: 'identified',
 *   runId: number,
 *   runUrl: string,
 *   runApiUrl: string,
 *   distinctId: string,
 *   identifiedBy: 'response' | 'title' | 'step' | 'log',
 *   requests: number,
 *   seconds: number,
 * }} Identified
 * @typedef {{ type: 'following', runId: number, runUrl: string, runApiUrl: string, cancelOnCancel: boolean }} Following
 * @typedef {{ type: 'sought', distinctId: string, since: string | null }} Sought
 * @typedef {{ type: 'unfollowed' }} Unfollowed
 * @typedef {{ type: 'leftBehind', runId: number | null, quietSeconds: number }} LeftBehind
 * @typedef {{ type: 'runWaits', reason: string }} RunWaits
 * @typedef {{ type: 'attempt', number: number }} Attempt
 * @typedef {{ type: 'job', name: string, state: string, url: string, seconds: number | null }} Job
 * @typedef {{ type: 'step', job: string, name: string, conclusion: string, seconds: number | null }} Step
 * @typedef {{ type: 'cancelling', runId: number, force: boolean }} Cancelling
 * @typedef {{ type: 'valueMasked', name: string }} ValueMasked
 * @typedef {{ type: 'valueNotJson', name: string }} ValueNotJson
 * @typedef {{ type: 'jobsMissing', problem: string }} JobsMissing
 * @typedef {{ type: 'valuesMissing', job: string, problem: string }} ValuesMissing
 * @typedef {{
 *   type: 'ended',
 *   runId: number,
 *   runUrl: string,
 *   status: string,
 *   conclusion: string,
 *   attempt: number,
 *   seconds: number | null,
 *   outputs: string,
 *   requests: number,
 *   counted: number,
 * }} Ended
 * @typedef {{
 *   name: string,
 *   url: string,
 *   conclusion: string,
 *   began: number | null,
 *   ended: number | null,
 *   seconds: number | null,
 *   steps: Span[],
 * }} Span
 * @typedef {{
 *   type: 'summary',
 *   runId: number,
 *   runUrl: string,
 *   conclusion: string,
 *   seconds: number | null,
 *   outputs: string,
 *   jobs: Span[],
 * }} Summary
 * @typedef {{ type: 'logBegins', title: string }} LogBegins
 * @typedef {{ type: 'logLine', text: string }} LogLine
 * @typedef {{ type: 'logEnds' }} LogEnds
 * @typedef {{ type: 'request', method: string, url: string, status: number | null, milliseconds: number }} Request
 * @typedef {Started | Dispatching | OlderServer | ReceiverWithoutDistinctId | Dispatched | DispatchUnanswered
 *   | Looked | Trouble | Waiting | DispatchRepeated | Duplicate | DuplicatePossible | Identified | Sought | Following
 *   | Unfollowed | LeftBehind | RunWaits | Attempt | Job | Step | Cancelling | ValueMasked | ValueNotJson
 *   | JobsMissing | ValuesMissing | Ended | Summary | LogBegins | LogLine | LogEnds | Request} Event
 */

export {};
