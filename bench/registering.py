"""Registers the documents of the bench, as production wants it: by the officer, each for one recipient."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.client import BadAnswer, asked
from bench.documents import REGISTER
from bench.servers import Server


@dataclass(frozen=True, slots=True)
class Registered:
    """Documents by name, each by its id."""

    ids: Mapping[str, str]

    def body(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of a request for a document."""
        return {"documentId": self.ids[name], "variables": dict(variables)}


async def registered(server: Server, recipient: str, purpose: str, texts: Mapping[str, str]) -> Registered:
    """Register documents for a recipient under their names; raises `BadAnswer`."""
    rows = [{"name": name, "body": text, "purpose": purpose, "operation": "USE"} for name, text in texts.items()]
    sent = {"idempotencyKey": uuid4().hex, "recipientId": recipient, "documents": rows}
    body = {"query": REGISTER, "variables": {"input": sent}}
    act = (await asked(server.place, body, server.announced["tokens"]["officer"]))["act"]
    if act["__typename"] != "DocumentsRegistered":
        raise BadAnswer(f"the documents were not registered: {act}")
    return Registered({row["name"]: row["id"] for row in act["documents"]})
