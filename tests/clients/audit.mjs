// The audits of graphql-http, each of them, and for each that need not pass the reason; nothing else may fail.
import assert from 'node:assert/strict';
import test from 'node:test';
import { serverAudits } from 'graphql-http';
import { bearer, given } from './given.mjs';

const GET = 'POST only: a document in an address would be kept by every proxy and log on its way (4.4)';

const FORM = 'JSON that is no request is 422, as the draft of August 2026 says; the audit may still want 400';
const OF_FORM = '423L LKJ0 LKJ1 LKJ2 LKJ3 6C00 6C01 6C02 6C03 4760 4761 4762 4763 58B0 58B1 58B2 58B3 3E3A'.split(' ');

const EXCEPTIONS = {
  '86EE': 'a variable of a wrong form is 422, as the draft of August 2026 says; the audit still wants 400',
  ...Object.fromEntries(OF_FORM.map((id) => [id, FORM])),
  '5A70': GET,
  'D6D5': GET,
  '6A70': GET,
};

const fetchFn = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, ...bearer(given.token) } });

for (const audit of serverAudits({ url: given.graphql, fetchFn })) {
  const exception = EXCEPTIONS[audit.id];
  test(`${audit.id} ${audit.name}`, async () => {
    const { status, reason } = await audit.fn();
    if (exception) assert.notEqual(status, 'ok', `it passes, so it is no exception any more: ${exception}`);
    else assert.equal(status, 'ok', reason);
  });
}

test('every exception is an audit, and one at most is more than a MAY', () => {
  const names = new Map(serverAudits({ url: given.graphql }).map(({ id, name }) => [id, name]));
  assert.deepEqual(Object.keys(EXCEPTIONS).filter((id) => !names.has(id)), []);
  assert.deepEqual(Object.keys(EXCEPTIONS).filter((id) => !names.get(id).startsWith('MAY ')), ['86EE']);
});
