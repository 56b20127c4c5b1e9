"""The documents of the demonstration: for each partner and purpose one that asks for all it is registered for."""

import re
from collections.abc import Iterable

from gateway.documents import document_id
from graph.catalogue import Catalogue, Recipient
from graph.store import RegisteredDocument
from graph.terms import Operation

DOCUMENT = """query {name}($ids: [ID!]!) {{
  subjects(ids: $ids, purpose: "{purpose}") {{
    id
    sheet(keys: [{keys}]) {{
      entries {{ key fidelity intValue floatValue stringValue booleanValue stringListValue floatListValue low high
        effect validUntil leaseSeconds }}
      notAvailable
      validUntil
    }}
  }}
}}
"""


def documents(catalogue: Catalogue, partners: Iterable[str]) -> tuple[RegisteredDocument, ...]:
    """Return one document for each partner and each purpose the register opens to it."""
    rows = [catalogue.recipients[partner] for partner in partners if partner in catalogue.recipients]
    return tuple(document for row in rows for document in _of(catalogue, row))


def _of(catalogue: Catalogue, recipient: Recipient) -> Iterable[RegisteredDocument]:
    disclosed = catalogue.register.get((recipient.id, Operation.DISCLOSE), ())
    for purpose in sorted({row.purpose for row in disclosed if catalogue.trees.purposes.is_leaf(row.purpose)}):
        keys = sorted(_keys(catalogue, recipient, purpose))
        if keys:
            name = re.sub(r"\W|^(?=\d)", "_", f"{recipient.id}_{purpose}", flags=re.ASCII)  # a GraphQL name
            body = DOCUMENT.format(name=name, purpose=purpose, keys=", ".join(f'"{key}"' for key in keys))
            yield RegisteredDocument(
                document_id(body), recipient.id, name, body, purpose, Operation.DISCLOSE, tuple(keys)
            )


def _keys(catalogue: Catalogue, recipient: Recipient, purpose: str) -> set[str]:
    rows = [row for row in catalogue.register[recipient.id, Operation.DISCLOSE] if row.purpose == purpose]
    within = catalogue.trees.categories.within
    return {
        one.key
        for one in catalogue.attributes.values()
        if one.exposed and purpose in one.purposes and any(within(one.category, row.category) for row in rows)
    }
