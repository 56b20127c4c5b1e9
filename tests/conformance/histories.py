"""One of everything that can happen to a store, made through the port; and all that a store shows and tells."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from graph.archive import AdditionsAt, Entry, LedgerEnd, MovableStore
from graph.catalogue import NoticeVersion, Purpose, Recipient, Tables, compiled
from graph.catalogue.rules import NoticeCell, NoticeText
from graph.ledger import GENESIS
from graph.records import GivenOn, NoticeRef, Scope, Subject, Value
from graph.store import Additions, DisclosureQuery, Page, Parties, RegisteredDocument
from graph.terms import AgeBand, DeviceKind, Fidelity, GivenBy, Level, Operation, PartyKind, Standing
from tests.conformance.builders import (
    EVER,
    FULL_SCOPE,
    HOUR,
    NOON,
    change,
    command,
    device,
    disclosure,
    given,
    record,
    value,
)
from tests.conformance.stores import Room

PEOPLE = ("ann", "Ann", "bob:1", "é \x00 ☃ 🥽")  # no two are one, whatever a store makes of case, signs and planes
EVERYBODY = Parties("set", "home")
DAY = timedelta(days=1)
NOTICE = NoticeVersion(
    NoticeRef("n", 2), 3, NOON, (NoticeCell("p", material=False),), (NoticeText("de", "Titel", "Zeile\nzwei"),)
)
DOCUMENT = RegisteredDocument("sha256:1", "acme", "sizes", "{ a }", "p", Operation.DISCLOSE, ("k",))
WHOLE = record(
    "whole",
    scope=FULL_SCOPE,
    cap=Fidelity.COARSE,
    valid_from=NOON + HOUR,
    valid_until=NOON + DAY,
    catalogue_version=7,
    offer_id="offer",
    explicit=False,
    names=frozenset({"acme", "zeta", "brand"}),
    assurance=1,
    given_by=GivenBy.GUARDIAN,
    given_on=GivenOn("vr_headset", "set", "session"),
    answers_signal=True,
    sequence=1,
)

SERVED = 7  # the catalogue served last

NOTHING: list[Entry] = [AdditionsAt(0), LedgerEnd(0, GENESIS)]


async def everything_happens(store: MovableStore) -> None:
    """Let one of each thing happen that a store can keep."""
    await store.secret("pairwise")
    await store.mirror(compiled(Tables(purposes=(Purpose("p", ""),)), version=SERVED))
    recipients = (Recipient("acme", "Acme", "brands", clients=("a", "b")), Recipient("zeta"))
    await store.add(Additions(recipients=recipients), command("add"), NOON)
    await store.add(Additions(notices=(NOTICE,), documents=(DOCUMENT,)), command(), NOON)
    await store.open_subject(Subject("ann", age_band=AgeBand.CHILD, jurisdictions=("DE",)), device("set"), NOON)
    await store.open_subject(Subject("ann", age_band=AgeBand.ADULT, jurisdictions=("US-CA", "US")), None, NOON)
    levels, guardians = (("*", Level.CONTEXTUAL), ("web", Level.OFF)), ("gus", "eva")
    ended = change("ann", 1, begins=(WHOLE, record("old", sequence=2)), levels=levels, guardians=guardians)
    await store.append(replace(ended, offer="offer", command=command("said"), standing=Standing.RESTRICTED))
    devices = (device("set", unlinked_at=NOON + HOUR), device("tv", kind=DeviceKind.TV, shared=True))
    await store.append(given("ann", 2, "new", at=NOON + HOUR, ends=("old",), devices=devices))
    await store.append(given("bob:1", 0, "b", "a"))
    await store.append(change("nobody", command=command("nothing", answer="done"), offer="unwanted"))
    await store.append(given("set", 0, "a", at=NOON + HOUR, kind=PartyKind.DEVICE))
    await store.append(given("home", 0, "a", kind=PartyKind.HOUSEHOLD))
    await store.put(
        "ann", (_full_value(), value("list", ("a", "b")), value("vec", (0.1, -2.0, 3e300))), command(), NOON
    )
    await store.put("bob:1", (value("k", 7), value("float", 7.0), value("yes", held=True)), command("put"), NOON)
    whole = disclosure("ann", document="sha256:1", evidence=("whole", "new"), trace="t", recipient="acme")
    await store.disclose((whole, disclosure("bob:1", NOON + HOUR, released=(("l", Fidelity.COARSE),))))
    await store.append(change("erased", standing=Standing.ERASED, erases_values=True))


def _full_value() -> Value:
    return value(
        "k", "é", expires_at=NOON + DAY, observed_at=NOON - HOUR, device="set", sources=("b", "a"), input_revision=4
    )


async def seen(store: MovableStore, people: Iterable[str] = PEOPLE) -> dict[str, Any]:
    """Return all that the port shows."""
    return {
        "additions": await store.additions(),
        "secret": await store.secret("pairwise"),
        "ledger": await store.ledger(),
        "disclosures": await store.disclosures(DisclosureQuery(), Page(1000)),
        "documents": await store.disclosures(DisclosureQuery(key="k", recipient="acme", record="new"), Page(1000)),
        "population": await store.population(Scope(), NOON + HOUR),
        "people": [await _person(store, one) for one in (*people, "nobody", "erased")],
    }


async def _person(store: MovableStore, subject: str) -> tuple[object, ...]:
    return (
        await store.snapshot(subject, EVERYBODY),
        await store.history(subject, EVERYBODY),
        await store.records(subject, Page(1000), EVER),
        await store.devices(subject),
        await store.held(subject),
    )


async def told(store: MovableStore, at: datetime = NOON) -> list[Entry]:
    """Return all that a store tells."""
    return [entry async for entry in store.dump(at)]


async def stream(entries: Iterable[Entry]) -> AsyncIterator[Entry]:
    """Tell entries one by one."""
    for entry in entries:
        yield entry


async def moved(source: Room, target: Room) -> MovableStore:
    """Return a store that took in one of everything."""
    first = await (await source())()
    await everything_happens(first)
    entries = await told(first)
    second = await (await target())()
    await second.restore(stream(entries))
    return second
