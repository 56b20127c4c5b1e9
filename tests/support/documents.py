"""The documents the journeys send."""

ENTRY = """key outcome fidelity intValue floatValue stringValue booleanValue stringListValue floatListValue
low high effect validUntil leaseSeconds"""
WITHHELD = "key reasons nextAction { kind purpose keys url }"

SHEET = f"""query Sheet($purpose: PurposeKey!, $keys: [AttributeKey!]!) {{
  me(purpose: $purpose) {{
    id purpose revision validUntil
    sheet(keys: $keys) {{ revision validUntil entries {{ {ENTRY} }} withheld {{ {WITHHELD} }} }}
  }}
}}"""

OFFER = """query Offer($input: OfferInput!) {
  offer(input: $input) {
    token expiresAt raisesLevelTo
    notice { id version title body locale effectiveFrom }
    cells { purpose category recipientName operation special maxFidelity }
  }
}"""

CONSENT_PAYLOAD = f"""__typename
... on Problem {{ code message path }}
... on ConsentChanged {{
  revision consistencyToken boundTo neededForContract
  receipt {{ id jws issuedAt }}
  stillWithheld {{ {WITHHELD} }}
}}"""


def consent_act(field: str) -> str:
    """Return the document of one consent mutation."""
    kind = f"{field[0].upper()}{field[1:]}Input"
    return f"mutation Act($input: {kind}!) {{ act: {field}(input: $input) {{ {CONSENT_PAYLOAD} }} }}"


def device_act(field: str) -> str:
    """Return the document of one device mutation."""
    kind = f"{field[0].upper()}{field[1:]}Input"
    return f"""mutation Act($input: {kind}!) {{
  act: {field}(input: $input) {{
    __typename
    ... on Problem {{ code message path }}
    ... on DeviceChanged {{ revision endedSessions device {{ id name kind shared linkedAt unlinkedAt }} }}
  }}
}}"""


RECORD_VALUES = f"""mutation Record($input: RecordValuesInput!) {{
  act: recordValues(input: $input) {{
    __typename
    ... on Problem {{ code message path }}
    ... on ValuesRecorded {{ keys notRecorded {{ {WITHHELD} }} }}
  }}
}}"""

CONSENTS = """query Consents($after: String) {
  consents(first: 100, after: $after) {
    edges { cursor node { id purpose category recipientName channel operations fidelity state givenAt endsAt } }
    pageInfo { hasNextPage endCursor }
  }
}"""

SHARED = """key intValue floatValue stringValue booleanValue stringListValue floatListValue
low high effect fidelity validUntil leaseSeconds"""


def partner_sheet(purpose: str) -> str:
    """Return a partner's document for one purpose; the person and the keys are variables."""
    return f"""query Shared($id: ID!, $keys: [AttributeKey!]!) {{
  subject(id: $id, purpose: "{purpose}") {{
    id sheet(keys: $keys) {{ validUntil notAvailable entries {{ {SHARED} }} }}
  }}
}}"""


REGISTER = """mutation Register($input: RegisterDocumentsInput!) {
  act: registerDocuments(input: $input) {
    __typename
    ... on Problem { code message path }
    ... on DocumentsRegistered { documents { id name purpose operation keys lastUsedAt } }
  }
}"""

RECORDS = """query Records($id: ID!, $after: String) {
  subject(id: $id) {
    id state revision ageBand jurisdictions
    records(first: 100, after: $after) {
      totalCount
      edges { node {
        id sequence kind fidelity validFrom validUntil recordedAt endedAt notice assurance givenBy offerId
        scope { purpose category recipientId channel deviceId operations }
      } }
      pageInfo { hasNextPage endCursor }
    }
    values { key origin recordedAt expiresAt sources stale }
  }
}"""

LEDGER = "query Ledger { ledger { length head intact firstBroken } }"
