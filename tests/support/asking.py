"""What a person does on one device: asks, says yes or no, takes it back; each an act over HTTP, read back as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from tests.support import documents
from tests.support.graphql_client import GraphqlClient


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answered sheet, by key."""

    entries: Mapping[str, Mapping[str, Any]]
    withheld: Mapping[str, Mapping[str, Any]]
    revision: str

    def released(self, key: str) -> Mapping[str, Any]:
        """Return the entry of a released attribute."""
        assert key in self.entries, self.withheld[key]
        assert self.entries[key]["outcome"] == "RELEASED", self.entries[key]
        return self.entries[key]

    def reasons(self, key: str) -> list[str]:
        """Return why an attribute is withheld."""
        assert key in self.withheld, self.entries[key]
        return list(self.withheld[key]["reasons"])


@dataclass(frozen=True, slots=True)
class Asking:
    """One person on one device."""

    client: GraphqlClient

    def after(self, token: str) -> "Asking":
        """Return her with a consistency token that every call of hers brings."""
        return Asking(replace(self.client, token=token))

    def sheet(self, purpose: str, *keys: str, session: Mapping[str, str] | None = None) -> Sheet:
        """Ask for attributes for one purpose."""
        more = {} if session is None else {"extensions": {"session": dict(session)}}
        data = self.client.ask(documents.SHEET, {"purpose": purpose, "keys": list(keys)}, **more).answered
        found = data["me"]["sheet"]
        return Sheet(
            {row["key"]: row for row in found["entries"]},
            {row["key"]: row for row in found["withheld"]},
            found["revision"],
        )

    def offer(self, purpose: str, *keys: str, recipient: str | None = None) -> dict[str, Any]:
        """Ask for an offer."""
        asked: dict[str, Any] = {"purpose": purpose, "keys": list(keys)}
        if recipient is not None:
            asked["recipientId"] = recipient
        return dict(self.client.ask(documents.OFFER, {"input": asked}).answered["offer"])

    def answers(self, offer: Mapping[str, Any], fidelity: str | None = None, **more: Any) -> dict[str, Any]:
        """Say yes to every cell of an offer, up to a rung where one is stated; what is inferred up to what is offered.

        `more` are other members of the input.
        """
        choices = [choice(cell, fidelity) for cell in offer["cells"]]
        return self.act("giveConsent", offerToken=offer["token"], **{"choices": choices, **more})

    def says_yes(
        self, purpose: str, *keys: str, fidelity: str | None = None, recipient: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """Take an offer and say yes to it; the yes must be accepted."""
        found = self.answers(self.offer(purpose, *keys, recipient=recipient), fidelity, **more)
        assert found["__typename"] == "ConsentChanged", found
        return found

    def withdraws(self, **scope: Any) -> dict[str, Any]:
        """Take back a scope; a withdrawal always succeeds."""
        found = self.act("withdrawConsent", scope=scope)
        assert found["__typename"] == "ConsentChanged", found
        return found

    def act(self, field: str, key: str | None = None, **members: Any) -> dict[str, Any]:
        """Do one consent act; return its payload, which may be a problem."""
        sent = {"idempotencyKey": key or uuid4().hex, **members}
        return dict(self.client.ask(documents.consent_act(field), {"input": sent}).answered["act"])

    def device(self, field: str, **members: Any) -> dict[str, Any]:
        """Link or unlink a device; return the payload."""
        sent = {"idempotencyKey": uuid4().hex, **members}
        return dict(self.client.ask(documents.device_act(field), {"input": sent}).answered["act"])

    def records(self, purpose: str, *values: Mapping[str, Any]) -> dict[str, Any]:
        """Record values; return the payload."""
        sent = {"idempotencyKey": uuid4().hex, "purpose": purpose, "values": [dict(value) for value in values]}
        return dict(self.client.ask(documents.RECORD_VALUES, {"input": sent}).answered["act"])

    def consents(self) -> Sequence[dict[str, Any]]:
        """Return every consent record she sees."""
        return paged(self.client, documents.CONSENTS, {}, ("consents",))


def choice(cell: Mapping[str, Any], fidelity: str | None) -> dict[str, Any]:
    """Return the choice of a cell."""
    rung = cell["maxFidelity"] if fidelity is None or cell["operation"] == "INFER" else fidelity
    return {**{name: cell[name] for name in ("purpose", "category", "operation")}, "fidelity": rung}


def paged(
    client: GraphqlClient, document: str, variables: Mapping[str, Any], path: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the nodes of every page of a connection."""
    nodes: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        found = client.ask(document, {**variables, "after": after}).answered
        for name in path:
            found = found[name]
        nodes += [edge["node"] for edge in found["edges"]]
        if not found["pageInfo"]["hasNextPage"]:
            return nodes
        after = found["pageInfo"]["endCursor"]
