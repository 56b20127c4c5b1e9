// Relay's runtime with what its compiler made: documents by `doc_id`, views apart in its store, pages of a connection.
import assert from 'node:assert/strict';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import relay from 'relay-runtime';
import { bearer, given, noTo } from './given.mjs';

const { Environment, Network, RecordSource, Store, commitMutation, fetchQuery, getSelector } = relay;
const artifact = async (name) => (await import(pathToFileURL(`${given.folder}/artifacts/${name}.graphql.js`))).default;

function environmentOf(sent = []) {
  const network = Network.create(async ({ id, text }, variables) => {
    sent.push(text);
    const response = await fetch(given.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: given.modern, ...bearer(given.token) },
      body: JSON.stringify({ doc_id: id, variables }),
    });
    return response.json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

const shown = async (environment, comfort) =>
  environment.lookup(getSelector(await artifact('Comfort_turning'), comfort)).data.turning;

test('a query with a fragment runs by its id, and each purpose is a view of its own', async () => {
  const sent = [];
  const environment = environmentOf(sent);

  const { me } = await fetchQuery(environment, await artifact('ComfortQuery'), {}).toPromise();
  const { me: other } = await fetchQuery(environment, await artifact('ComfortCalibrationQuery'), {}).toPromise();

  assert.deepEqual(sent, [null, null], 'a text is in the artifact');
  assert.equal((await shown(environment, me.comfort)).value, 'snap_45');
  const { heightCm } = other.body;
  assert.deepEqual([heightCm.outcome, heightCm.value], ['WITHHELD', null]);
  assert.ok(heightCm.withheld.reasons.length > 0);
  assert.notEqual(me.id, other.id);
});

test('a mutation is answered, and a connection shows what it left', async () => {
  const environment = environmentOf();
  const mutation = await artifact('ConsentsWithdrawMutation');
  const { withdrawConsent } = await new Promise((onCompleted, onError) => {
    commitMutation(environment, { mutation, variables: noTo('user.biometric.body'), onCompleted, onError });
  });
  assert.equal(withdrawConsent.boundTo, 'SUBJECT', JSON.stringify(withdrawConsent));

  const { consents } = await fetchQuery(environment, await artifact('ConsentsQuery'), { first: 1 }).toPromise();
  assert.equal(consents.edges.length, 1);
  assert.equal(typeof consents.pageInfo.hasNextPage, 'boolean');
});
