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
 * @typedef {{ type: 'readFailed', message: string }} ReadFailed
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
 * @typedef {{ type: 'request', method: string, url: string, status: number | null, milliseconds: number }} Request
 * @typedef {Started | Dispatching | OlderServer | ReceiverWithoutDistinctId | Dispatched | DispatchUnanswered
 *   | Looked | ReadFailed | Identified | Request} Event
 */

export {};
