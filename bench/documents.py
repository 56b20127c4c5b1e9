"""The documents of the bench: the flat sheet, the typed query of the same attributes, and what people do."""

from itertools import groupby

from bench.attributes import Asked
from graph.catalogue import Attribute
from graph.pack.typed_fields import domain_field
from graph.terms import ValueKind

SHEET, TYPED, OFFER, GIVE, WITHDRAW = "Sheet", "Typed", "Offer", "Give", "Withdraw"

# Everything the contract says of an attribute: a client cannot know beforehand at which rung, or whether at all.
REMEDY = "reasons nextAction { kind purpose keys url }"
VALUES = "intValue floatValue stringValue booleanValue stringListValue floatListValue low high effect"
ENTRY = f"key outcome fidelity {VALUES} validUntil leaseSeconds"
TYPED_ENTRY = f"key outcome fidelity value effect validUntil leaseSeconds withheld {{ {REMEDY} }}"
BANDED = frozenset({ValueKind.INT, ValueKind.FLOAT})  # what has bounds at CATEGORY


def sheet(asked: Asked) -> str:
    """Return the flat query; its keys are a variable."""
    return f"""query {SHEET}($keys: [AttributeKey!]!) {{
  me(purpose: "{asked.purpose}") {{
    purpose revision validUntil
    sheet(keys: $keys) {{ revision validUntil entries {{ {ENTRY} }} withheld {{ key {REMEDY} }} }}
  }}
}}"""


def typed(asked: Asked) -> str:
    """Return the typed query: one field an attribute, grouped by domain."""
    domains = groupby(sorted(asked.attributes, key=lambda one: one.graphql_type), lambda one: one.graphql_type)
    selected = "\n    ".join(
        f"{domain_field(name)} {{ {' '.join(_selected(one) for one in rows)} }}" for name, rows in domains
    )
    return f"""query {TYPED} {{
  me(purpose: "{asked.purpose}") {{
    purpose revision validUntil
    {selected}
  }}
}}"""


def _selected(attribute: Attribute) -> str:
    bounds = " low high" if attribute.kind in BANDED else ""
    return f"{attribute.graphql_field} {{ {TYPED_ENTRY}{bounds} }}"


def asking(asked: Asked) -> dict[str, str]:
    """Return the two measured documents by name."""
    return {SHEET: sheet(asked), TYPED: typed(asked)}


def acting(purpose: str) -> dict[str, str]:
    """Return what people say yes and no with, by name."""
    return {
        OFFER: f'query {OFFER}($keys: [AttributeKey!]!) {{ offer(input: {{purpose: "{purpose}", keys: $keys}}) '
        "{ token cells { purpose category operation maxFidelity } } }",
        GIVE: f"mutation {GIVE}($input: GiveConsentInput!) {{ act: giveConsent(input: $input) {CHANGED} }}",
        WITHDRAW: f"mutation {WITHDRAW}($input: WithdrawConsentInput!) "
        f"{{ act: withdrawConsent(input: $input) {CHANGED} }}",
    }


CHANGED = "{ __typename ... on ConsentChanged { revision receipt { id jws } } }"
REGISTER = """mutation Register($input: RegisterDocumentsInput!) { act: registerDocuments(input: $input) {
  __typename ... on Problem { code message path } ... on DocumentsRegistered { documents { id name } } } }"""
