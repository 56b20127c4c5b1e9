// A typed client of forty lines: it sends a document's id, and the compiler knows what comes back.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useFragment } from './generated';
import { ComfortDocument, ToldFragmentDoc, WithdrawDocument, type Outcome } from './generated/graphql';

declare const process: { env: Record<string, string> };
const { graphql, token, key } = JSON.parse(process.env.GIVEN) as Record<'graphql' | 'token' | 'key', string>;

type Answered<Result> = { data?: Result; errors?: { message: string; extensions: { code: string } }[] };

async function run<Result, Variables>(
  document: TypedDocumentNode<Result, Variables>, variables: Variables,
): Promise<Result> {
  const documentId = (document as { __meta__?: Record<string, unknown> }).__meta__?.hash;
  const response = await fetch(graphql, {
    method: 'POST',
    headers: {
      'authorization': `Bearer ${token}`,
      'content-type': 'application/json',
      'accept': 'application/graphql-response+json, application/json;q=0.9',
    },
    body: JSON.stringify({ documentId, variables }),
  });
  const { data, errors } = await response.json() as Answered<Result>;
  if (data === undefined || errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function main(): Promise<void> {
  const { me } = await run(ComfortDocument, {});
  const turning = useFragment(ToldFragmentDoc, me?.comfort?.turning);
  const released: Outcome = 'RELEASED';
  if (turning?.outcome !== released || turning.value !== 'snap_45') throw new Error(JSON.stringify(me));
  // @ts-expect-error the fragment was not asked for a key
  turning.key;

  const { withdrawConsent } = await run(WithdrawDocument, {
    input: { idempotencyKey: key, scope: { category: 'user.biometric.body.height' } },
  });
  if (!('revision' in withdrawConsent)) throw new Error(withdrawConsent.message);
  // @ts-expect-error an input without its key is refused by the compiler
  const wrong: Parameters<typeof run<unknown, { input: { idempotencyKey: string } }>>[1] = { input: {} };
  void wrong;
}

void main();
