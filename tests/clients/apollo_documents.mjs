// Apollo's registered documents: the manifest of its own tool, sent by its own link as a hash and nothing else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import { bearer, given, noTo, only } from './given.mjs';

const manifest = JSON.parse(readFileSync(`${given.folder}/persisted-query-manifest.json`, 'utf8'));
const written = (name) => readFileSync(`${given.folder}/src/${name}.graphql`, 'utf8');

// One operation with its fragments: what a screen of the app imports.
const named = (name) => gql(written(name) + (name === 'Turning' ? written('Told') : ''));

function clientOf() {
  const sent = [];
  const fetch_ = (url, init) => { sent.push(JSON.parse(init.body)); return fetch(url, init); };
  const link = ApolloLink.from([
    new PersistedQueryLink({
      ...generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest }),
      retry: () => false,
      disable: () => false,
    }),
    new HttpLink({ uri: given.graphql, headers: bearer(given.token), fetch: fetch_ }),
  ]);
  return { client: new ApolloClient({ link, cache: new InMemoryCache() }), sent };
}

test('every document of the manifest runs by its hash alone', async () => {
  const { client, sent } = clientOf();

  const turning = await client.query({ query: named('Turning') });
  const height = await client.query({ query: named('Height') });
  const taken = await client.mutate({ mutation: named('Withdraw'), variables: noTo('user.biometric.body.height') });

  assert.equal(turning.data.me.comfort.turning.value, 'snap_45');
  assert.equal(height.data.me.body.heightCm.outcome, 'WITHHELD');
  assert.equal(taken.data.withdrawConsent.__typename, 'ConsentChanged', JSON.stringify(taken.data));
  for (const body of sent) {
    assert.ok(!('query' in body), 'the text went along');
    assert.match(body.extensions.persistedQuery.sha256Hash, /^[0-9a-f]{64}$/);
  }
});

async function refusalOf(fields) {
  const { errors } = await (await fetch(given.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: given.modern, ...bearer(given.token) },
    body: JSON.stringify(fields),
  })).json();
  return only(errors).extensions.code;
}

test('a hash nobody registered is told as that, and its text does not help', async () => {
  const persistedQuery = { version: 1, sha256Hash: '0'.repeat(64) };
  assert.equal(await refusalOf({ extensions: { persistedQuery } }), 'PERSISTED_DOCUMENT_NOT_FOUND');
  assert.equal(
    await refusalOf({ query: '{ devices { id } }', extensions: { persistedQuery } }), 'PERSISTED_DOCUMENT_REQUIRED',
  );
});

test('left to itself the link sends a text after its hash was refused only if the gateway asked for that', async () => {
  const sent = [];
  const fetch_ = (url, init) => { sent.push(JSON.parse(init.body)); return fetch(url, init); };
  const link = ApolloLink.from([
    new PersistedQueryLink({ generateHash: () => '0'.repeat(64) }),
    new HttpLink({ uri: given.graphql, headers: bearer(given.token), fetch: fetch_ }),
  ]);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const { error } = await client.query({ query: named('Turning'), errorPolicy: 'all' });
  assert.ok(CombinedGraphQLErrors.is(error), `${error}`);
  assert.equal(sent.length, 1, 'the text was sent');
});
