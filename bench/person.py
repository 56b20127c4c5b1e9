"""People as the bench meets them: with tokens of their own, asking and saying yes through the gateway's own door."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.attributes import CHANNEL, Asked
from bench.client import BadAnswer, asked, request
from bench.documents import GIVE, OFFER
from bench.registering import Registered
from bench.servers import Server
from gateway.issuer import minted
from gateway.keys import private_keys

LIFETIME_SECONDS = 24 * 3600  # longer than any run


@dataclass(frozen=True)
class Person:
    """An adult in Germany, signed in on an attested headset of her own."""

    server: Server
    client: str
    documents: Registered
    sub: str

    @cached_property
    def token(self) -> str:
        """Return an access token of hers, signed by the demonstration's issuer."""
        key = private_keys(Path(self.server.announced["issuer_key_file"]).read_bytes())[0]
        now = int(time.time())
        own = {"sub": self.sub, "client_id": self.client, "cg_channel": CHANNEL, "cg_device": device_of(self.sub)}
        said = {"cg_residence": "DE", "cg_age_band": "ADULT", "cg_attested": True, "acr": "login"}
        times = {"nbf": now, "exp": now + LIFETIME_SECONDS}
        return minted(key, {**claims_of(self.server.announced["tokens"]["noor_headset"]), **own, **said, **times})

    def request(self, name: str, variables: Mapping[str, Any]) -> bytes:
        """Return a registered document with its variables as it goes over the wire."""
        return request(self.server.place, self.documents.body(name, variables), self.token)

    def free_request(self, text: str, variables: Mapping[str, Any]) -> bytes:
        """Return a document sent as text."""
        return request(self.server.place, {"query": text, "variables": dict(variables)}, self.token)

    async def asks(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Send a registered document and return the data of its answer."""
        return await asked(self.server.place, self.documents.body(name, variables), self.token)

    async def says_yes(self, wanted: Asked) -> None:
        """Say yes to everything that is offered for these attributes, as far as it is offered."""
        offer = (await self.asks(OFFER, {"keys": list(wanted.keys)}))["offer"]
        act = (await self.asks(GIVE, {"input": giving(offer)}))["act"]
        if act["__typename"] != "ConsentChanged":
            raise BadAnswer(f"a yes was answered with a problem: {act}")


def device_of(sub: str) -> str:
    """Return the id of a person's headset."""
    return f"{sub}-headset"


def claims_of(token: str) -> dict[str, Any]:
    """Return a token's claims."""
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def giving(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the input that says yes to every cell of an offer, as far as it goes."""
    named = ("purpose", "category", "operation")
    choices = [{**{name: cell[name] for name in named}, "fidelity": cell["maxFidelity"]} for cell in offer["cells"]]
    return {"idempotencyKey": uuid4().hex, "offerToken": offer["token"], "choices": choices}
