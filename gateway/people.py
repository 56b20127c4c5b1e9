"""Fills a store with a pack's demo people, once: who they are, their devices, what is held, the notice served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.tokens import subject_of
from graph.catalogue import Catalogue
from graph.errors import RevisionConflict
from graph.pack import Pack, Person, PersonValue
from graph.records import Cell, Device, Record, Subject, Value
from graph.store import Change, Command, Parties, Store
from graph.terms import GivenBy, Operation, RecordKind

DEMO = "demo"  # the idempotency keys of filling; a demonstration's own people have no others like it


@dataclass(frozen=True, slots=True)
class Filling:
    """What people are filled in with."""

    store: Store
    pack: Pack
    issuer: str
    at: datetime

    def subject(self, person: str) -> str:
        """Return a person's subject id."""
        return subject_of(self.issuer, person)


async def filled(filling: Filling) -> dict[str, str]:
    """Fill in every person who is not there yet; returns their subject ids by name. A later call adds nothing."""
    for person in filling.pack.people:
        subject = filling.subject(person.id)
        if (await filling.store.snapshot(subject, Parties())).own.revision == 0:
            await _person(filling, person, subject)
    return {person.id: filling.subject(person.id) for person in filling.pack.people}


async def _person(filling: Filling, person: Person, subject: str) -> None:
    """Fill in one person: the change that makes her revision comes last, so half a person is filled again."""
    store, at = filling.store, filling.at
    known = Subject(subject, age_band=person.age_band, jurisdictions=(person.residence,) if person.residence else ())
    await store.open_subject(known, None, at)
    values = tuple(_value(filling, value) for value in person.values)
    await store.put(subject, values, Command(f"{DEMO}:values", DEMO), at)
    change = Change(
        subject=subject,
        base=0,
        at=at,
        command=Command(f"{DEMO}:person", DEMO),
        begins=tuple(_notices(filling.pack.catalogue, at)),
        devices=tuple(Device(one.id, one.name or one.id, one.kind, one.shared, at) for one in person.devices),
        guardians=(filling.subject(person.guardian),) if person.guardian else None,
    )
    try:
        await store.append(change)
    except RevisionConflict:
        return  # another demonstration on the same store was faster: she is there


def _notices(catalogue: Catalogue, at: datetime) -> Iterable[Record]:
    """Yield the notices in force as served."""
    for number, notice in enumerate(catalogue.notices):
        version = catalogue.notice_in_force(notice, at)
        if version is not None:
            yield Record(
                id=f"{DEMO}-notice-{number}",
                kind=RecordKind.NOTICE_SERVED,
                recorded_at=at,
                notice=version.ref,
                catalogue_version=version.catalogue_version,
                given_by=GivenBy.OPERATOR,
                sequence=1,
            )


def _value(filling: Filling, value: PersonValue) -> Value:
    catalogue = filling.pack.catalogue
    attribute = catalogue.attributes[value.key]
    held = {source.key for source in attribute.sources}
    return Value(
        key=value.key,
        held=value.held,
        recorded_at=filling.at,
        purpose=value.purpose,
        expires_at=_end(catalogue, value, filling.at),
        sources=tuple(sorted(held)),
    )


def _end(catalogue: Catalogue, value: PersonValue, at: datetime) -> datetime | None:
    """Return when a value ends: after the shortest retention the register names for collecting it."""
    category = catalogue.attributes[value.key].category
    days = [
        row.retention_days
        for recipient in catalogue.recipients
        for row in catalogue.register_rows(Cell(value.purpose, category, recipient, "", Operation.COLLECT))
        if row.retention_days is not None
    ]
    return at + timedelta(days=min(days)) if days else None
