// Apollo Client: its normalised cache keeps purposes apart and reasons whole, and it tells errors as what they are.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError, gql,
} from '@apollo/client';
import { filter, firstValueFrom, tap } from 'rxjs';
import {
  FORGED, GIVE, MODERN, OFFER, OLD, WITHDRAW, asksFor, bearer, given, noTo, only, view, yesTo,
} from './given.mjs';

const { attribute, purpose, otherPurpose, category, domain, field, beside } = given.asked;
const DOMAIN = domain[0].toUpperCase() + domain.slice(1);
const PROBLEMS = ['InvalidInput', 'OfferExpired', 'StepUpRequired', 'GuardianRequired'];

// Two answers of one view may hold different fields of a domain: they add up. What became of an attribute never does.
const cache = () => new InMemoryCache({
  possibleTypes: { Problem: PROBLEMS },
  typePolicies: { [DOMAIN]: { merge: true } },
});

function clientOf(token = given.token, { graphql = given.graphql, accept, seen = [] } = {}) {
  const headers = { ...bearer(token), ...(accept ? { accept } : {}) };
  const noting = new ApolloLink((operation, forward) => forward(operation).pipe(tap({
    finalize: () => seen.push(operation.getContext().response),
  })));
  const link = ApolloLink.from([noting, new HttpLink({ uri: graphql, headers })]);
  return { client: new ApolloClient({ link, cache: cache() }), seen };
}

const asked = (of) => gql(view(of));
const told = ({ data }) => data.me[domain][field];

async function saysYes(client) {
  const offered = await client.query({
    query: gql(OFFER), variables: asksFor(purpose, attribute), fetchPolicy: 'no-cache',
  });
  const { data } = await client.mutate({ mutation: gql(GIVE), variables: yesTo(offered.data.offer) });
  assert.equal(data.giveConsent.__typename, 'ConsentChanged', JSON.stringify(data));
}

const takesBack = (client, more) =>
  client.mutate({ mutation: gql(WITHDRAW), variables: noTo(category), ...more });

test('a value released for one purpose is in no answer for another', async () => {
  const { client } = clientOf();
  await saysYes(client);

  const released = await client.query({ query: asked(purpose) });
  const unasked = client.readQuery({ query: asked(otherPurpose) });
  const other = await client.query({ query: asked(otherPurpose) });
  const again = [purpose, otherPurpose].map((of) => told({ data: client.readQuery({ query: asked(of) }) }));

  assert.equal(told(released).outcome, 'RELEASED');
  assert.notEqual(told(released).value, null);
  assert.equal(unasked, null, 'the cache answers for a purpose nobody asked for');
  assert.deepEqual([told(other).outcome, told(other).value], ['WITHHELD', null]);
  assert.deepEqual(again, [told(released), told(other)], 'the cache mixes two purposes');
  assert.notEqual(released.data.me.id, other.data.me.id, 'two purposes are one thing to the cache');
  await takesBack(client);
});

test('a withheld attribute survives the second read, with its reasons and what to do', async () => {
  const { client, seen } = clientOf();

  const first = await client.query({ query: asked(otherPurpose) });
  const second = await client.query({ query: asked(otherPurpose) });

  assert.equal(seen.length, 1, 'the second read is asked of the gateway');
  assert.deepEqual(second.data, first.data);
  assert.ok(told(second).withheld.reasons.length > 0);
});

test('a withdrawal and the refetch take the value out of the cache, and leave the reasons', async () => {
  const { client } = clientOf();
  await saysYes(client);
  const watched = client.watchQuery({ query: asked(purpose) });
  const shown = [];
  const watching = watched.subscribe((result) => result.data && shown.push(told(result)));
  await firstValueFrom(watched.pipe(filter(({ data }) => data !== undefined)));

  const { data } = await takesBack(client, { refetchQueries: ['View'], awaitRefetchQueries: true });
  watching.unsubscribe();

  assert.equal(data.withdrawConsent.__typename, 'ConsentChanged', JSON.stringify(data));
  const [before, after] = [shown[0], shown.at(-1)];
  assert.deepEqual([before.outcome, after.outcome], ['RELEASED', 'WITHHELD']);
  assert.ok(after.withheld.reasons.includes('CONSENT_WITHDRAWN'), JSON.stringify(after));
  assert.ok(!JSON.stringify(client.extract()).includes(JSON.stringify(before.value)), 'the cache still holds the value');
});

test('an answer that does not ask for the value leaves none of before behind', async () => {
  const { client } = clientOf();
  await saysYes(client);
  await client.query({ query: asked(purpose) });
  await takesBack(client);

  const outcome = gql(`query Outcome { me(purpose: "${purpose}") { id ${domain} { ${field} { outcome } } } }`);
  await client.query({ query: outcome, fetchPolicy: 'network-only' });

  assert.equal(client.readQuery({ query: asked(purpose) }), null, 'an old value stands beside a new outcome');
});

test('two documents that ask for different fields of a domain keep what each was told', { skip: !beside }, async () => {
  const { client, seen } = clientOf();
  const documents = [field, beside].map((one, place) => gql(view(purpose, { domain, field: one }, `View${place}`)));

  const answers = [];
  for (const query of documents) answers.push((await client.query({ query })).data);
  const again = documents.map((query) => client.readQuery({ query }));

  assert.equal(seen.length, 2);
  assert.deepEqual(again, answers);
});

test('a problem is data, with its code and what to do', async () => {
  const { client } = clientOf();
  const { data } = await client.mutate({ mutation: gql(GIVE), variables: yesTo({ token: 'forged', cells: [] }) });
  assert.equal(data.giveConsent.code, 'OFFER_INVALID', JSON.stringify(data));
});

async function refusal({ client }, text) {
  const { error } = await client.query({ query: gql(text), errorPolicy: 'all', fetchPolicy: 'network-only' });
  return error;
}

const DEVICES = '{ devices { id } }';

test('errors have their codes, whatever the status', async () => {
  const wrong = [
    [clientOf(FORGED), DEVICES, 401, 'UNAUTHENTICATED'],
    [clientOf(), '{ none }', 422, 'GRAPHQL_VALIDATION_FAILED'],
  ];
  for (const [asking, text, status, code] of wrong) {
    const error = await refusal(asking, text);
    assert.ok(CombinedGraphQLErrors.is(error), `${error}`);
    assert.equal(only(error.errors).extensions.code, code);
    assert.equal(only(asking.seen).status, status);
    assert.ok(only(asking.seen).headers.get('content-type').startsWith(MODERN));
  }
});

test('a caller that asks too often reads when to come back', { skip: !given.slow }, async () => {
  const asking = clientOf(given.slow.token, given.slow);
  await asking.client.query({ query: gql(DEVICES) });

  const error = await refusal(asking, DEVICES);

  assert.ok(CombinedGraphQLErrors.is(error), `${error}`);
  assert.equal(only(error.errors).extensions.code, 'RATE_LIMITED');
  assert.ok(Number(asking.seen.at(-1).headers.get('retry-after')) > 0);
});

test('the old way, an error of the document comes with 200, and one before it as a server error', async () => {
  const old = { accept: OLD };
  const unread = await refusal(clientOf(FORGED, old), DEVICES);
  const invalid = await refusal(clientOf(given.token, old), '{ none }');

  assert.ok(ServerError.is(unread), `${unread}`);
  assert.equal(unread.statusCode, 401);
  assert.equal(only(JSON.parse(unread.bodyText).errors).extensions.code, 'UNAUTHENTICATED');
  assert.ok(CombinedGraphQLErrors.is(invalid), `${invalid}`);
  assert.equal(only(invalid.errors).extensions.code, 'GRAPHQL_VALIDATION_FAILED');
});
