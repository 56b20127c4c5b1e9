"""A brand's server: its registered document, the ids it knows people by, and what it gets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from tests.support import documents
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import Answer, GraphqlClient


@dataclass(frozen=True, slots=True)
class Shared:
    """A partner's sheet."""

    entries: Mapping[str, Mapping[str, Any]]
    not_available: list[str]


@dataclass(frozen=True, slots=True)
class Brand:
    """One recipient with one registered document for one purpose."""

    client: GraphqlClient
    document_id: str
    people: Mapping[str, str]

    @classmethod
    def of(cls, gateway: GatewayRunning, role: str, purpose: str, body: str | None = None) -> "Brand":
        """Return a brand whose document the officer has registered."""
        text = documents.partner_sheet(purpose) if body is None else body
        rows = registered(gateway, role, {"name": "shared", "body": text, "purpose": purpose, "operation": "DISCLOSE"})
        return cls(gateway.role(role), rows[0]["id"], gateway.announced["pairwise"][role])

    def knows(self, name: str) -> str:
        """Return the id by which it knows somebody."""
        return self.people[name]

    def after(self, token: str) -> "Brand":
        """Return it with a consistency token that every call of its brings."""
        return replace(self, client=replace(self.client, token=token))

    def asks(self, person: str, *keys: str) -> Answer:
        """Ask about somebody; return the answer as it came."""
        return self.client.post({"documentId": self.document_id, "variables": {"id": person, "keys": list(keys)}})

    def sheet(self, person: str, *keys: str) -> Shared:
        """Ask about somebody."""
        found = self.asks(person, *keys).answered["subject"]["sheet"]
        return Shared({row["key"]: row for row in found["entries"]}, found["notAvailable"])


def registered(gateway: GatewayRunning, recipient: str, *rows: Mapping[str, str]) -> list[dict[str, Any]]:
    """Register documents for a recipient as the officer; return them as the gateway tells them."""
    sent = {"idempotencyKey": uuid4().hex, "recipientId": recipient, "documents": [dict(row) for row in rows]}
    act = gateway.role("officer").ask(documents.REGISTER, {"input": sent}).answered["act"]
    assert act["__typename"] == "DocumentsRegistered", act
    return list(act["documents"])
