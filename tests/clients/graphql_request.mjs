// graphql-request, in the new media type and in the old one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ClientError, GraphQLClient } from 'graphql-request';
import {
  FORGED, GIVE, MODERN, OFFER, OLD, WITHDRAW, asksFor, bearer, given, noTo, only, view, yesTo,
} from './given.mjs';

const { attribute, purpose, otherPurpose, category, domain, field } = given.asked;
const DEVICES = '{ devices { id } }';

const clientOf = (accept, { token, graphql } = given) =>
  new GraphQLClient(graphql, { headers: { accept, ...bearer(token) } });

async function refusal(client, text) {
  const error = await client.request(text).then(() => assert.fail('it was answered'), (caught) => caught);
  assert.ok(error instanceof ClientError, `${error}`);
  return [error.response.status, only(error.response.errors).extensions.code];
}

for (const accept of [MODERN, OLD]) {
  test(`a yes, a read for two purposes, and the yes taken back, as ${accept}`, async () => {
    const client = clientOf(accept);
    const { offer } = await client.request(OFFER, asksFor(purpose, attribute));
    const { giveConsent } = await client.request(GIVE, yesTo(offer));
    assert.ok(giveConsent.revision, JSON.stringify(giveConsent));

    const released = await client.rawRequest(view(purpose));
    const other = await client.request(view(otherPurpose));
    const { withdrawConsent } = await client.request(WITHDRAW, noTo(category));
    const after = await client.request(view(purpose));

    assert.ok(released.headers.get('content-type').startsWith(accept));
    assert.equal(released.data.me[domain][field].outcome, 'RELEASED');
    assert.deepEqual([other.me[domain][field].outcome, other.me[domain][field].value], ['WITHHELD', null]);
    assert.equal(withdrawConsent.boundTo, 'SUBJECT');
    assert.ok(after.me[domain][field].withheld.reasons.includes('CONSENT_WITHDRAWN'));
  });
}

test('errors have their codes, and the statuses of their media type', async () => {
  const strangers = [MODERN, OLD].map((accept) => clientOf(accept, { ...given, token: FORGED }));
  for (const client of strangers) assert.deepEqual(await refusal(client, DEVICES), [401, 'UNAUTHENTICATED']);
  assert.deepEqual(await refusal(clientOf(MODERN), '{ none }'), [422, 'GRAPHQL_VALIDATION_FAILED']);
  assert.deepEqual(await refusal(clientOf(OLD), '{ none }'), [200, 'GRAPHQL_VALIDATION_FAILED']);
  await clientOf(MODERN, given.slow).request(DEVICES);
  for (const accept of [MODERN, OLD]) {
    assert.deepEqual(await refusal(clientOf(accept, given.slow), DEVICES), [429, 'RATE_LIMITED']);
  }
});
