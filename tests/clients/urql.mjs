// urql: queries and mutations by POST, errors with their codes; what it does unless told otherwise is GET, and refused.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { FORGED, GIVE, OFFER, WITHDRAW, asksFor, bearer, given, noTo, only, view, yesTo } from './given.mjs';

const { attribute, purpose, otherPurpose, category, domain, field } = given.asked;
const DEVICES = '{ devices { id } }';

const clientOf = ({ token, graphql } = given, more = {}) => new Client({
  url: graphql,
  preferGetMethod: false,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers: bearer(token) },
  ...more,
});

const told = ({ data }) => data.me[domain][field];

async function codeOf(client, text) {
  const { data, error } = await client.query(text, {});
  assert.equal(data, undefined);
  return [error.response.status, only(error.graphQLErrors).extensions.code];
}

test('a yes, a read for two purposes, and the yes taken back', async () => {
  const client = clientOf();
  const { data: { offer } } = await client.query(OFFER, asksFor(purpose, attribute));
  const given_ = await client.mutation(GIVE, yesTo(offer));
  assert.equal(given_.data?.giveConsent.__typename, 'ConsentChanged', `${given_.error}`);

  const released = told(await client.query(view(purpose), {}));
  const other = told(await client.query(view(otherPurpose), {}));
  const again = told(await client.query(view(otherPurpose), {}, { requestPolicy: 'cache-only' }));
  const taken = await client.mutation(WITHDRAW, noTo(category));
  const after = told(await client.query(view(purpose), {}, { requestPolicy: 'network-only' }));

  assert.equal(released.outcome, 'RELEASED');
  assert.deepEqual([other.outcome, other.value], ['WITHHELD', null]);
  assert.deepEqual(again, other);
  assert.equal(taken.data?.withdrawConsent.__typename, 'ConsentChanged', `${taken.error}`);
  assert.equal(after.outcome, 'WITHHELD');
  assert.ok(after.withheld.reasons.includes('CONSENT_WITHDRAWN'), JSON.stringify(after));
});

test('errors have their codes, whatever the status', async () => {
  assert.deepEqual(await codeOf(clientOf({ ...given, token: FORGED }), DEVICES), [401, 'UNAUTHENTICATED']);
  assert.deepEqual(await codeOf(clientOf(), '{ none }'), [422, 'GRAPHQL_VALIDATION_FAILED']);
  const slow = clientOf(given.slow);
  await slow.query(DEVICES, {});
  assert.deepEqual(await codeOf(slow, '{ devices { id name } }'), [429, 'RATE_LIMITED']);
});

test('left alone it would put the document into the address, which is refused', async () => {
  assert.deepEqual(await codeOf(clientOf(given, { preferGetMethod: undefined }), DEVICES), [405, 'BAD_REQUEST']);
});
