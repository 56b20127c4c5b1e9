"""Made-up people for stores full of them: each like the one who was really asked, with records, values and a device."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.person import device_of
from bench.world import World, subject, values
from graph.records import Device, Record, Subject, Value
from graph.store import Change, Command
from graph.terms import DeviceKind


@dataclass(frozen=True, slots=True)
class Entrant:
    """Everything one person enters a store with."""

    subject: Subject
    device: Device
    values: tuple[Value, ...]
    command: Command
    change: Change


def name_of(number: int) -> str:
    """Return the `sub` of one of the crowd."""
    return f"crowd-{number}"


def entrant(world: World, number: int) -> Entrant:
    """Return one of the crowd."""
    own, person = world.model.own, name_of(number)
    at = max(record.recorded_at for record in own.records)
    key, known_as = subject(person), Command(f"crowd:{person}", "crowd")
    return Entrant(
        subject=replace(world.model.subject, id=key),
        device=Device(device_of(person), "headset", DeviceKind.HEADSET, shared=False, linked_at=at),
        values=values(world.asked, at),
        command=replace(known_as, key=f"{known_as.key}:values"),
        change=Change(key, 0, at, known_as, begins=tuple(_said(own.records, person))),
    )


def _said(records: Sequence[Record], person: str) -> Iterator[Record]:
    """Yield a person's records: those of the one who was really asked, said on her own device."""
    for number, record in enumerate(records):
        given_on = replace(record.given_on, device=device_of(person))
        yield replace(record, id=f"{person}-{number}", given_on=given_on, sequence=1)
