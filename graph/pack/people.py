"""People a demonstration is filled with: who they are, their devices, and what is held about them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from graph.catalogue import Attribute, Category
from graph.errors import InvalidValue
from graph.pack.cells import flag, key, known, member, unique
from graph.pack.reading import Row, Table, rows
from graph.pack.values import held
from graph.records import Held
from graph.terms import AgeBand, DeviceKind

PEOPLE = Table.of("people.csv", "id", "name residence age_band guardian", needed=False)
DEVICES = Table.of("people_devices.csv", "person device kind channel", "name shared attested", needed=False)
VALUES = Table.of("people_values.csv", "person attribute value purpose", needed=False)


@dataclass(frozen=True, slots=True)
class PersonDevice:
    """A device a person has linked, with the channel its token names."""

    id: str
    kind: DeviceKind
    channel: str
    name: str = ""
    shared: bool = False
    attested: bool = False


@dataclass(frozen=True, slots=True)
class PersonValue:
    """What is held about a person: one attribute's value, written for one purpose."""

    key: str
    held: Held = field(repr=False)
    purpose: str


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person; `guardian` is the id of another one."""

    id: str
    name: str
    residence: str
    age_band: AgeBand
    guardian: str
    devices: tuple[PersonDevice, ...]
    values: tuple[PersonValue, ...]


def people(
    files: Mapping[str, bytes],
    *,
    attributes: Mapping[str, Attribute],
    categories: Mapping[str, Category],
    channels: Collection[str],
) -> tuple[Person, ...]:
    """Read the people with their devices and values, if the pack has any."""
    found = rows(files, PEOPLE)
    unique(((row, key(row, "id")) for row in found), "id")
    ids = {row["id"] for row in found}
    kinds = {key: (one, categories[one.category]) for key, one in attributes.items()}
    devices = _devices(files, ids, channels)
    values = _values(files, ids, kinds)
    return tuple(_person(row, ids, devices=devices[row["id"]], values=values[row["id"]]) for row in found)


def _person(
    row: Row, ids: Collection[str], *, devices: tuple[PersonDevice, ...], values: tuple[PersonValue, ...]
) -> Person:
    if row["guardian"] and known(row, "guardian", ids, table=PEOPLE.file) == row["id"]:
        raise row.fault("guardian", f"`{row['id']}` cannot be the own guardian; name another person")
    return Person(
        id=row["id"],
        name=row["name"],
        residence=row["residence"],
        age_band=member(row, "age_band", AgeBand, default=AgeBand.UNKNOWN),
        guardian=row["guardian"],
        devices=devices,
        values=values,
    )


def _devices(
    files: Mapping[str, bytes], ids: Collection[str], channels: Collection[str]
) -> Mapping[str, tuple[PersonDevice, ...]]:
    found = rows(files, DEVICES)
    unique(((row, (row["person"], key(row, "device"))) for row in found), "device")
    by_person: dict[str, list[PersonDevice]] = {person: [] for person in ids}
    for row in found:
        by_person[known(row, "person", ids, table=PEOPLE.file)].append(
            PersonDevice(
                id=row["device"],
                kind=member(row, "kind", DeviceKind),
                channel=known(row, "channel", channels, table="channels.csv"),
                name=row["name"],
                shared=flag(row, "shared"),
                attested=flag(row, "attested"),
            )
        )
    return {person: tuple(devices) for person, devices in by_person.items()}


def _values(
    files: Mapping[str, bytes], ids: Collection[str], kinds: Mapping[str, tuple[Attribute, Category]]
) -> Mapping[str, tuple[PersonValue, ...]]:
    found = rows(files, VALUES)
    unique(((row, (row["person"], row["attribute"])) for row in found), "attribute")
    by_person: dict[str, list[PersonValue]] = {person: [] for person in ids}
    for row in found:
        person = known(row, "person", ids, table=PEOPLE.file)
        by_person[person].append(_value(row, *kinds[known(row, "attribute", kinds, table="attributes.csv")]))
    return {person: tuple(values) for person, values in by_person.items()}


def _value(row: Row, attribute: Attribute, category: Category) -> PersonValue:
    try:
        value = held(attribute, category, row["value"])
    except InvalidValue as error:
        raise row.fault("value", str(error)) from None
    if row["purpose"] not in attribute.purposes:
        message = f"`{row['purpose']}` is not a purpose of `{attribute.key}`; name one of its `purposes`"
        raise row.fault("purpose", message)
    return PersonValue(key=attribute.key, held=value, purpose=row["purpose"])
