"""Who writes and who reads, over HTTP, at whichever gateway is up; each operation is noted with its two instants."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from time import monotonic
from typing import Any
from uuid import uuid4

import msgspec

from tests.history import documents
from tests.history.connection import Connection, Unanswered
from tests.history.journal import Journal
from tests.history.operations import Act, Deposit, Outcome, Read, Says
from tests.history.pack import BRAND, HOUSE, KEY, READ_FOR, WRITTEN_FOR
from tests.support.minting import claims_of

PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)  # after tries that failed in a row, as a well-behaved client waits
PATIENCE_SECONDS = 180.0  # the longest that a command may be tried; a server of the tests is up again in ten
OK, UNAVAILABLE = 200, 503
NOWHERE = 1  # a port nobody listens on, for while no gateway is up


@dataclass(frozen=True, slots=True)
class Person:
    """Whom it is about: her id, her app's token, and the id a brand knows her by."""

    subject: str
    token: str
    pairwise: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all clients have in common: people, where gateways listen, the journal, the brand's token and document."""

    people: Sequence[Person]
    ports: Callable[[], list[int]]
    journal: Journal
    brand_token: str
    brand_document: str


@dataclass(slots=True)
class Client:
    """One client with connections of its own; `least` and `tokens` are what it knows of people by its own acts."""

    number: int
    around: Surroundings
    random: Random
    least: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    _in_a_row: int = 0
    _connections: dict[int, Connection] = field(default_factory=dict)
    _traces: "count[int]" = field(default_factory=lambda: count(1))

    async def says(self, person: Person, recipient: str, says: Says) -> None:
        """Say yes or no for one recipient, once, however often it has to be sent."""
        name, sent = await self._command(person, recipient, says)
        ticket, invoked = self.around.journal.begins(person.subject)
        data = await self.settled(person.token, documents.act(name), {"input": sent})
        told = data["act"]
        assert told["__typename"] == "ConsentChanged", told
        records = tuple(sorted(row["id"] for row in claims_of(told["receipt"]["jws"])["records"]))
        act = Act(
            self.number, person.subject, recipient, says, invoked, monotonic(), place_of(told["revision"]), records
        )
        self.around.journal.acted(ticket, act)
        self._knows(person, act.revision)
        self.tokens[person.subject] = told["consistencyToken"]

    async def writes(self, person: Person) -> None:
        """Write the person's next number."""
        number = next(self.around.journal.lives[person.subject].numbers)
        value = {"key": KEY, "float": float(number)}
        sent = {"idempotencyKey": uuid4().hex, "purpose": WRITTEN_FOR, "values": [value]}
        ticket, invoked = self.around.journal.begins(person.subject)
        told = (await self.settled(person.token, documents.RECORD, {"input": sent}))["act"]
        assert told == {"__typename": "ValuesRecorded", "keys": [KEY]}, told
        deposit = Deposit(self.number, person.subject, number, invoked, monotonic())
        self.around.journal.deposited(ticket, deposit)

    async def reads_own(self, person: Person) -> None:
        """Read her number at her own app, with the token of this client's last act for her, if there is one."""
        body: dict[str, Any] = {
            "query": documents.OWN,
            "variables": {"purpose": READ_FOR, "keys": [KEY]},
        }
        if person.subject in self.tokens:
            body["extensions"] = {"consistencyToken": self.tokens[person.subject]}
        least, trace, invoked = self.least.get(person.subject, 0), self._trace(), monotonic()
        found = await self._tried(person.token, body, trace)
        if found is None:
            self._note(person, HOUSE, trace, invoked, Outcome.UNKNOWN)
            return
        sheet = found["me"]["sheet"]
        revision, numbers = place_of(sheet["revision"]), [row["floatValue"] for row in sheet["entries"]]
        outcome = Outcome.RELEASED if numbers else Outcome.WITHHELD
        self._note(person, HOUSE, trace, invoked, outcome, revision=revision, number=_number(numbers), least=least)
        self._knows(person, revision)

    async def reads_shared(self, people: Sequence[Person]) -> None:
        """Read several people's numbers for the brand."""
        body = {
            "documentId": self.around.brand_document,
            "variables": {"ids": [person.pairwise for person in people]},
        }
        trace, invoked = self._trace(), monotonic()
        found = await self._tried(self.around.brand_token, body, trace)
        if found is None:
            for person in people:
                self._note(person, BRAND, trace, invoked, Outcome.UNKNOWN)
            return
        for person, row in zip(people, found["subjects"], strict=True):
            numbers = [entry["floatValue"] for entry in row["sheet"]["entries"]]
            outcome = Outcome.RELEASED if numbers else Outcome.WITHHELD
            self._note(person, BRAND, trace, invoked, outcome, number=_number(numbers))

    async def revision(self, person: Person) -> int:
        """Return her revision, as her own app is told."""
        variables = {"purpose": READ_FOR, "keys": []}
        return place_of((await self.settled(person.token, documents.OWN, variables))["me"]["sheet"]["revision"])

    async def settled(self, token: str, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Send the same until it is answered."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (
                found := await self._tried(token, {"query": document, "variables": variables}, self._trace())
            ) is None:
                pass
            return found

    async def offered(self, person: Person, recipient: str) -> dict[str, Any]:
        """Return an offer."""
        asked = {"purpose": READ_FOR, "keys": [KEY], "recipientId": recipient}
        return dict((await self.settled(person.token, documents.OFFER, {"input": asked}))["offer"])

    def close(self) -> None:
        """End its connections."""
        for connection in self._connections.values():
            connection.close()

    async def _command(self, person: Person, recipient: str, says: Says) -> tuple[str, dict[str, Any]]:
        key = {"idempotencyKey": uuid4().hex}
        if says is Says.NO:
            return "withdrawConsent", {**key, "scope": {"purpose": READ_FOR, "recipientId": recipient}}
        offer = await self.offered(person, recipient)
        choices = [
            {"purpose": cell["purpose"], "category": cell["category"], "operation": cell["operation"]}
            | {"fidelity": cell["maxFidelity"]}
            for cell in offer["cells"]
        ]
        return "giveConsent", {**key, "offerToken": offer["token"], "choices": choices}

    async def _tried(self, token: str, body: Mapping[str, Any], trace: str) -> dict[str, Any] | None:
        """Send once, to a gateway that is up; returns `None` if nobody knows what became of it."""
        headers = {"Authorization": f"Bearer {token}", "traceparent": f"00-{trace}-{'1' * 16}-00"}
        port = self.random.choice(self.around.ports() or [NOWHERE])
        connection = self._connections.setdefault(port, Connection())
        try:
            status, content = await connection.post(port, headers, msgspec.json.encode(body))
        except Unanswered:
            status, content = UNAVAILABLE, b""
        data = _data(status, content)
        if data is None:
            if status != UNAVAILABLE:
                self.around.journal.is_told(status, content)
            self.around.journal.fails()
            await asyncio.sleep(PAUSES_SECONDS[self._in_a_row])
            self._in_a_row = min(self._in_a_row + 1, len(PAUSES_SECONDS) - 1)
            return None
        self._in_a_row = 0
        return data

    def _note(self, person: Person, recipient: str, trace: str, invoked: float, outcome: Outcome, **seen: Any) -> None:
        self.around.journal.read(
            Read(self.number, person.subject, recipient, trace, invoked, monotonic(), outcome, **seen)
        )

    def _knows(self, person: Person, revision: int) -> None:
        self.least[person.subject] = max(revision, self.least.get(person.subject, 0))

    def _trace(self) -> str:
        return f"{self.number + 1:08x}{next(self._traces):024x}"


def place_of(revision: str) -> int:
    """Return the person's own part of a revision over several parties, `s12.d0`."""
    return int(revision.split(".")[0].removeprefix("s"))


def _data(status: int, content: bytes) -> dict[str, Any] | None:
    """Return the data of an answer; `None` for whatever is none."""
    if status != OK:
        return None
    try:
        found = msgspec.json.decode(content)
    except msgspec.DecodeError:
        return None
    return None if "errors" in found else dict(found["data"])


def _number(numbers: Sequence[float | None]) -> int | None:
    """Return the number released; `None` for nothing, and for a value that is not held."""
    return int(numbers[0]) if numbers and numbers[0] is not None else None
