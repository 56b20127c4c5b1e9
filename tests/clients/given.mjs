// What a script is given, and the few things all of them say.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export const given = JSON.parse(process.env.GIVEN);

export const MODERN = 'application/graphql-response+json';
export const OLD = 'application/json';
export const FORGED = 'a.forged.token';

// Names a command once: the same key would be answered as the first time.
export const key = () => randomUUID();

export const bearer = (token) => ({ authorization: `Bearer ${token}` });

export function only(list) {
  assert.equal(list.length, 1, `one is wanted, not ${JSON.stringify(list)}`);
  return list[0];
}

// The documents that the journeys of the general clients send; what they name is the catalogue's, and given.
export function view(purpose, { domain, field } = given.asked, name = 'View') {
  return `query ${name} {
    me(purpose: "${purpose}") {
      id purpose
      ${domain} { ${field} { key outcome value fidelity withheld { reasons nextAction { kind purpose keys } } } }
    }
  }`;
}

export const OFFER = `query Offer($input: OfferInput!) {
  offer(input: $input) { token cells { purpose category operation maxFidelity } }
}`;

export const GIVE = `mutation Give($input: GiveConsentInput!) {
  giveConsent(input: $input) {
    ... on ConsentChanged { revision stillWithheld { key reasons } }
    ... on Problem { code message path }
  }
}`;

export const WITHDRAW = `mutation Withdraw($input: WithdrawConsentInput!) {
  withdrawConsent(input: $input) {
    ... on ConsentChanged { revision boundTo }
    ... on Problem { code message path }
  }
}`;

export const asksFor = (purpose, attribute) => ({ input: { purpose, keys: [attribute] } });

export const yesTo = ({ token, cells }) => ({
  input: {
    idempotencyKey: key(),
    offerToken: token,
    choices: cells.map(({ purpose, category, operation, maxFidelity }) => ({
      purpose, category, operation, fidelity: maxFidelity,
    })),
  },
});

export const noTo = (category) => ({ input: { idempotencyKey: key(), scope: { category } } });
