// What the person said, page by page, and how she takes it back.
import { graphql } from 'relay-runtime';

export const query = graphql`
  query ConsentsQuery($first: Int!, $after: String) {
    consents(first: $first, after: $after) @connection(key: "Consents_consents") {
      edges { node { id purpose state } }
    }
  }
`;

export const withdraw = graphql`
  mutation ConsentsWithdrawMutation($input: WithdrawConsentInput!) {
    withdrawConsent(input: $input) {
      ... on ConsentChanged { revision boundTo }
      ... on Problem { code message path }
    }
  }
`;
