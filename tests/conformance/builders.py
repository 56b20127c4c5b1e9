"""Values for the suite: what is not said is the plainest there is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from graph.ledger import Disclosure
from graph.records import Device, NoticeRef, Record, Scope, Value
from graph.store import AsOf, Change, Command, Parties, Store
from graph.terms import DeviceKind, Fidelity, Operation, RecordKind

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
ALONE = Parties()
EVER = AsOf()


def command(key: str | None = None, fingerprint: str = "input", answer: str = "answer") -> Command:
    return Command(key or uuid4().hex, fingerprint, answer)


def record(name: str, at: datetime = NOON, kind: RecordKind = RecordKind.GIVEN, **rest: Any) -> Record:
    return Record(name, kind, at, **{"notice": NoticeRef("notice", 1), **rest})


def change(subject: str, base: int = 0, at: datetime = NOON, **rest: Any) -> Change:
    return Change(subject, base, at, **{"command": command(), **rest})


def given(subject: str, base: int, *names: str, at: datetime = NOON, **rest: Any) -> Change:
    begins = tuple(record(one, at, sequence=base + 1) for one in names)
    return change(subject, base, at, begins=begins, **rest)


def device(name: str, linked_at: datetime = NOON, **rest: Any) -> Device:
    return Device(name, f"the {name}", **{"kind": DeviceKind.HEADSET, "shared": False, "linked_at": linked_at, **rest})


def value(key: str, held: object = "a value", **rest: Any) -> Value:
    return Value(key, held, NOON, "some.purpose", **rest)  # type: ignore[arg-type]  # any held value will do here


async def values(
    store: Store, subject: str, keys: tuple[str, ...], at: datetime = NOON, parties: Parties = ALONE
) -> dict[str, Value]:
    """Read values on the newest snapshot."""
    return dict((await store.values(await store.snapshot(subject, parties), keys, at)).values)


def disclosure(subject: str, at: datetime = NOON, **rest: Any) -> Disclosure:
    plain = Disclosure(
        id=uuid4().hex,
        subject=subject,
        recipient="recipient",
        purpose="some.purpose",
        operation=Operation.DISCLOSE,
        released=(("some.key", Fidelity.PRECISE),),
        evidence=(),
        revision="s1",
        catalogue_version=1,
        at=at,
    )
    return replace(plain, **rest)


FULL_SCOPE = Scope(
    "some.purpose",
    "some.category",
    "recipient",
    "group",
    "vr_headset",
    "device",
    "session",
    frozenset({Operation.USE, Operation.SELL}),
)
