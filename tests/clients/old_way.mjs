// Clients before GraphQL over HTTP throw the body of a 4xx away: `application/json` gives 200 to all that is well formed.
// The headers and bodies are those that Unity, Apollo iOS and Apollo Kotlin send.
import assert from 'node:assert/strict';
import test from 'node:test';
import { FORGED, GIVE, MODERN, OLD, bearer, given, only, view, yesTo } from './given.mjs';

const { otherPurpose, domain, field } = given.asked;
const IOS = `multipart/mixed;deferSpec=20220824,${MODERN},${OLD}`;
const IOS_BEFORE = `multipart/mixed;boundary="graphql";subscriptionSpec=1.0,${OLD}`;
const KOTLIN = `multipart/mixed;deferSpec=20220824, ${MODERN}, ${OLD}`;

async function posted(accept, body, { token, graphql } = given) {
  const headers = { accept, 'content-type': OLD, 'x-apollo-operation-name': 'View', ...bearer(token) };
  const response = await fetch(graphql, { method: 'POST', headers, body: JSON.stringify(body) });
  const { status, headers: told } = response;
  return { status, type: told.get('content-type'), headers: told, ...await response.json() };
}

const codeOf = ({ status, errors }) => [status, only(errors).extensions.code];

const WRONG = {
  'no GraphQL at all': [{ query: '{' }, 'GRAPHQL_PARSE_FAILED'],
  'a field nobody has': [{ query: '{ none }' }, 'GRAPHQL_VALIDATION_FAILED'],
  'two purposes': [
    { query: `{ a: me(purpose: "${otherPurpose}") { id } b: me(purpose: "${given.asked.purpose}") { id } }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'a variable of a wrong form': [{ query: GIVE, variables: { input: 1 } }, 'BAD_USER_INPUT'],
  'an operation that is not there': [{ query: 'query A { devices { id } }', operationName: 'B' }, 'BAD_USER_INPUT'],
  'a document that is not registered': [{ documentId: `sha256:${'0'.repeat(64)}` }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
};

for (const [what, [body, code]] of Object.entries(WRONG)) {
  test(`${what} is told with 200 and errors`, async () => {
    const answer = await posted(OLD, body);
    assert.deepEqual(codeOf(answer), [200, code]);
    assert.ok(!('data' in answer));
    assert.equal(answer.type, `${OLD}; charset=utf-8`);
  });
}

test('what is withheld is an answer, and a problem of a mutation is data', async () => {
  const answer = await posted(OLD, { query: view(otherPurpose) });
  const problem = await posted(OLD, { query: GIVE, variables: yesTo({ token: 'forged', cells: [] }) });
  assert.deepEqual([answer.status, answer.errors], [200, undefined]);
  assert.equal(answer.data.me[domain][field].outcome, 'WITHHELD');
  assert.deepEqual([problem.status, problem.errors, problem.data.giveConsent.code], [200, undefined, 'OFFER_INVALID']);
});

test('no good token and too many calls keep their statuses', async () => {
  const ask = { query: '{ devices { id } }' };
  const stranger = await posted(OLD, ask, { ...given, token: FORGED });
  await posted(OLD, ask, given.slow);
  const often = await posted(OLD, ask, given.slow);
  assert.deepEqual(codeOf(stranger), [401, 'UNAUTHENTICATED']);
  assert.match(stranger.headers.get('www-authenticate'), /^Bearer/);
  assert.deepEqual(codeOf(often), [429, 'RATE_LIMITED']);
  assert.ok(Number(often.headers.get('retry-after')) > 0);
});

const PHONES = [[IOS, MODERN, 422], [IOS_BEFORE, OLD, 200], [KOTLIN, MODERN, 422], [OLD, OLD, 200]];

for (const [accept, type, status] of PHONES) {
  test(`a phone that accepts ${accept} is answered in ${type}`, async () => {
    const extensions = { clientLibrary: { name: 'apollo-ios', version: '2.0.0' } };
    const whole = { operationName: 'View', query: view(otherPurpose), variables: null, extensions };
    const answered = await posted(accept, whole);
    const refused = await posted(accept, { operationName: null, query: '{ none }', variables: {}, extensions });
    assert.equal(answered.data.me[domain][field].outcome, 'WITHHELD');
    assert.equal(answered.type, `${type}; charset=utf-8`);
    assert.deepEqual(codeOf(refused), [status, 'GRAPHQL_VALIDATION_FAILED']);
  });
}
