/** What bundlers are given, for programs without a page. */
export { dispatch, ReturnDispatchError, waitForRun } from 'return-dispatch';
