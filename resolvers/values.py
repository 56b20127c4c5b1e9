"""Values on their way in: checked whole, decided like everything else, and stored only where that lets them (2.7)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from graph.catalogue import Attribute, Catalogue
from graph.decision.decide import decide
from graph.decision.explain import told as told_of
from graph.decision.request import Decision
from graph.errors import InvalidValue
from graph.incoming import Given, checked
from graph.records import Cell, Held, Value
from graph.store import Appended, Change
from graph.terms import Gate, Operation, PartyKind
from resolvers.acts import GivenValue, ValuesRecorded, WithheldKey
from resolvers.commit import Key, committed, kept, keyed, told, told_again
from resolvers.context import Context
from resolvers.problems import Refused, invalid
from resolvers.reading import Reading, read_own

# The contract's name of each kind a value can come in, by ours.
FIELDS = {
    "int_": "int",
    "float_": "float",
    "string": "string",
    "boolean": "boolean",
    "string_list": "stringList",
    "float_list": "floatList",
}
ABOUT_THE_VALUE = frozenset({"OUT_OF_BOUNDS", "WRONG_KIND"})  # the other codes are about the key
CLOCK_AHEAD = timedelta(minutes=1)  # a headset's clock is seldom right to the second; what it saw then, it saw now


@dataclass(frozen=True, slots=True)
class _Input:
    """One value that was found well formed."""

    attribute: Attribute
    held: Held
    stated: GivenValue


@told
async def record_values(context: Context, key: str, purpose: str, values: tuple[GivenValue, ...]) -> ValuesRecorded:
    """Store what consent lets in of some values; one bad value refuses them all."""
    named = keyed(context, key, "values", purpose, values)

    async def act() -> Appended:
        reading = await read_own(context)
        inputs = _inputs(reading, purpose, values)
        return await _stored(reading, purpose, inputs, key=named)

    places = ((PartyKind.SUBJECT, context.caller.subject),)
    return told_again(await committed(context, named, act, places=places), ValuesRecorded)


def _inputs(reading: Reading, purpose: str, values: tuple[GivenValue, ...]) -> tuple[_Input, ...]:
    catalogue = reading.context.catalogue
    if not catalogue.trees.purposes.is_leaf(purpose):
        raise invalid("UNKNOWN_PURPOSE", "unknown purpose; give a leaf purpose of the catalogue", "purpose")
    if not values:
        raise invalid("NOTHING_CHOSEN", "no value is given; give at least one", "values")
    seen: set[str] = set()
    found = []
    for place, stated in enumerate(values):
        if stated.key in seen:
            raise _bad("DUPLICATE_KEY", "this key is given twice; give each key once", place, "key")
        seen.add(stated.key)
        found.append(_input(stated, place, reading))
    return tuple(found)


def _input(stated: GivenValue, place: int, reading: Reading) -> _Input:
    catalogue = reading.context.catalogue
    attribute = catalogue.attributes.get(stated.key)
    category = catalogue.categories.get(attribute.category) if attribute else None
    if attribute is None or category is None:
        raise _bad("UNKNOWN_KEY", "unknown key; give a key of the catalogue", place, "key")
    try:
        held = checked(attribute, category, stated.given)
    except InvalidValue as fault:
        raise _bad(fault.code, str(fault), place, *_field(fault.code, stated.given)) from None
    if not frozenset(stated.sources) <= {source.key for source in attribute.sources}:
        message = "a source is none of this attribute's sources; give those of the catalogue, or none"
        raise _bad("SOURCE_UNKNOWN", message, place, "sources")
    if stated.observed_at is not None and stated.observed_at > reading.at + CLOCK_AHEAD:
        message = "`observedAt` is in the future; give when it was observed, or leave it out"
        raise _bad("OBSERVED_IN_THE_FUTURE", message, place, "observedAt")
    return _Input(attribute, held, stated)


def _field(code: str, given: Given) -> Iterable[str]:
    """Return the one field that is at fault; none where there is not exactly one value."""
    if code not in ABOUT_THE_VALUE:
        return ("key",)
    named = [FIELDS[one.name] for one in fields(given) if getattr(given, one.name) is not None]
    return named if len(named) == 1 else ()


def _bad(code: str, message: str, place: int, *path: str) -> Refused:
    return invalid(code, message, "values", str(place), *path)


async def _stored(reading: Reading, purpose: str, inputs: tuple[_Input, ...], *, key: Key) -> Appended:
    """Store what may be collected and keep the answer, unless her consent changed since it was read."""
    context, party = reading.context, reading.snapshot.own
    decided = tuple(zip(inputs, _collecting(reading, purpose, inputs), strict=True))
    values = tuple(_value(one, purpose, reading) for one, decision in decided if _lets_in(decision, one))
    withheld = tuple(
        WithheldKey(decision.key, told_of(decision, third_party=context.third_party))
        for one, decision in decided
        if not _lets_in(decision, one)
    )
    answer = kept(ValuesRecorded(tuple(value.key for value in values), withheld))
    command = key.command(party.id, answer)
    if not values:
        return await context.store.append(Change(party.id, party.revision, reading.at, command))
    return await context.store.put(party.id, values, command, reading.at, base=party.revision)


def _collecting(reading: Reading, purpose: str, inputs: tuple[_Input, ...]) -> tuple[Decision, ...]:
    """Decide by every gate but the last, which is about what goes out."""
    context = reading.context
    question = replace(context.question(purpose, reading.snapshot), operations=(Operation.COLLECT,))
    keys = tuple(one.attribute.key for one in inputs)
    decisions = decide(question, reading.snapshot, context.catalogue, keys)
    inward = (tuple(answer for answer in one.gates if answer.gate is not Gate.CONTEXT) for one in decisions)
    return tuple(
        replace(one, gates=gates, ceiling=min(answer.ceiling for answer in gates))
        for one, gates in zip(decisions, inward, strict=True)
    )


def _lets_in(decision: Decision, one: _Input) -> bool:
    """Tell whether the value itself may be stored: at the top of its ladder, or not at all."""
    return decision.ceiling == one.attribute.top


def _value(one: _Input, purpose: str, reading: Reading) -> Value:
    context = reading.context
    return Value(
        key=one.attribute.key,
        held=one.held,
        recorded_at=reading.at,
        purpose=purpose,
        expires_at=_end(_cell(one.attribute, purpose, context), context.catalogue, reading.at),
        observed_at=min(one.stated.observed_at, reading.at) if one.stated.observed_at else None,
        device=context.caller.device,
        sources=one.stated.sources,
        input_revision=reading.snapshot.own.revision,
    )


def _cell(attribute: Attribute, purpose: str, context: Context) -> Cell:
    caller = context.caller
    return Cell(purpose, attribute.category, caller.recipient, caller.channel, Operation.COLLECT)


def _end(cell: Cell, catalogue: Catalogue, at: datetime) -> datetime | None:
    """Return when a value collected under a cell ends: the shortest retention of its register rows."""
    days = [row.retention_days for row in catalogue.register_rows(cell) if row.retention_days is not None]
    return at + timedelta(days=min(days)) if days else None
