"""The documents the clients of a history send."""

from tests.history.pack import KEY, READ_FOR

OWN = """query Own($purpose: PurposeKey!, $keys: [AttributeKey!]!) {
  me(purpose: $purpose) { sheet(keys: $keys) { revision entries { outcome floatValue } withheld { key } } }
}"""
SHARED = f"""query Shared($ids: [ID!]!) {{
  subjects(ids: $ids, purpose: "{READ_FOR}") {{ sheet(keys: ["{KEY}"]) {{ entries {{ floatValue }} notAvailable }} }}
}}"""
OFFER = """query Offer($input: OfferInput!) {
  offer(input: $input) { token cells { purpose category operation maxFidelity } }
}"""
REGISTER = """mutation Register($input: RegisterDocumentsInput!) {
  act: registerDocuments(input: $input) {
    __typename ... on Problem { code message } ... on DocumentsRegistered { documents { id } }
  }
}"""
RECORD = """mutation Record($input: RecordValuesInput!) {
  act: recordValues(input: $input) { __typename ... on Problem { code message } ... on ValuesRecorded { keys } }
}"""


def act(field: str) -> str:
    """Return the document of one consent mutation."""
    kind = f"{field[0].upper()}{field[1:]}Input"
    told = (
        "__typename ... on Problem { code message } ... on ConsentChanged { revision consistencyToken receipt { jws } }"
    )
    return f"mutation Act($input: {kind}!) {{ act: {field}(input: $input) {{ {told} }} }}"
