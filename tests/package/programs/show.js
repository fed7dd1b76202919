/** Dispatches from a page, shows what happens, and hands the page to the server of the test. */

/** @typedef {import('return-dispatch').Event} Event */

const TOKEN = 'ghs_simulated';

/**
 * @param {typeof import('return-dispatch')} program
 */
export async function show({ dispatch, ReturnDispatchError }) {
  const page = /** @type {any} */ (globalThis).document;
  const query = new URLSearchParams(/** @type {any} */ (globalThis).location.search);
  const list = page.querySelector('ol');
  const result = page.querySelector('#result');
  let lastJob = performance.now();
  /** @param {Event} event */
  const onEvent = (event) => {
    const text = lineOf(event);
    if (text === undefined) return;
    const item = page.createElement('li');
    item.className = event.type === 'valuesMissing' ? 'problem' : '';
    item.textContent = text;
    list.append(item);
    // How long it takes to learn that logs cannot be read.
    if (event.type === 'job') lastJob = performance.now();
    if (event.type === 'ended') {
      result.dataset.after = (performance.now() - lastJob).toFixed(0);
    }
  };
  try {
    const run = await dispatch({
      token: TOKEN,
      repo: 'octo/receiver',
      workflow: query.get('workflow') ?? '',
      ref: 'main',
      apiUrl: query.get('api') ?? '',
      workflowInputs: { environment: 'staging' },
      pollIntervalSeconds: 0.2,
      onEvent,
    });
    const { conclusion, outputs } = await run.wait();
    result.textContent = `${conclusion}: ${JSON.stringify(outputs)}`;
  } catch (error) {
    result.textContent =
      error instanceof ReturnDispatchError ? `${error.code}: ${error.message}` : String(error);
  }
  await fetch('/shown', { method: 'POST', body: page.documentElement.outerHTML });
}

/**
 * @param {Event} event
 * @returns {string | undefined}
 */
function lineOf(event) {
  switch (event.type) {
    case 'dispatching':
      return `Dispatching ${event.workflow} in ${event.repository}`;
    case 'identified':
      return `Run ${event.runId}, by ${event.identifiedBy}`;
    case 'job':
      return `${event.name}: ${event.state}`;
    case 'step':
      return `${event.job}: ${event.name}: ${event.conclusion}`;
    case 'valuesMissing':
      return `What ${event.jobs.join(', ')} returned is missing: ${event.problem}`;
    case 'ended':
      return `Run ${event.runId} ended with ${event.conclusion}`;
    default:
      return undefined;
  }
}
