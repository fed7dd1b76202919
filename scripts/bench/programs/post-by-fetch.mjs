// One dispatch by the platform's fetch.
const { DISPATCH_URL = '', DISPATCH_TOKEN } = process.env;
const response = await fetch(DISPATCH_URL, {
  method: 'POST',
  headers: {
    authorization: `Bearer ${DISPATCH_TOKEN}`,
    'content-type': 'application/json',
    'user-agent': 'post',
    'x-github-api-version': '2026-03-10',
  },
  body: JSON.stringify({ ref: 'main', inputs: {} }),
});
const { workflow_run_id: id } = /** @type {any} */ (await response.json());
console.log(id.toString());
