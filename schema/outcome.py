"""What an answer says of one attribute: one object type a kind, the flat entry, and why something is withheld."""

from dataclasses import dataclass
from typing import Any

import strawberry

from graph.catalogue import Attribute
from graph.decision.explain import Told
from graph.records import Held
from graph.terms import NextActionKind, Outcome, Reason, ValueKind
from resolvers.release import Entry
from schema.field import NO_DATA, AttributeKey, DateTime, PurposeKey, field
from schema.words import FidelityWord, fidelity_word

ATTRIBUTE = "user"  # the data category of a field that may hold any attribute's value


@strawberry.type(description="What a client can do about a withheld attribute.")
class NextAction:
    """One remedy and the keys it is for."""

    kind: NextActionKind = field("What to do.", category=NO_DATA)
    purpose: PurposeKey = field("The purpose asked for.", category=NO_DATA)
    keys: list[AttributeKey] = field("The attributes it would help.", category=NO_DATA)
    url: str | None = field("Where to do it, if that is on a page of ours.", category=NO_DATA)


@strawberry.type(description="Why an attribute is withheld, and what can be done.")
class Withheld:
    """The reasons a caller may see."""

    reasons: list[Reason] = field("Every reason that stands at the lowest gate.", category=NO_DATA)
    next_action: NextAction | None = field("What to do about it, if anything.", category=NO_DATA)


@strawberry.type(description="A withheld attribute in the flat form.")
class WithheldEntry:
    """A key with the reasons a caller may see."""

    key: AttributeKey = field("The attribute.", category=NO_DATA)
    reasons: list[Reason] = field("Every reason that stands at the lowest gate.", category=NO_DATA)
    next_action: NextAction | None = field("What to do about it, if anything.", category=NO_DATA)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a next action is told with."""

    purpose: str
    url: str | None = None

    def action(self, key: str, told: Told) -> NextAction | None:
        """Return the next action for one key."""
        if told.next_action is None:
            return None
        url = self.url if told.next_action is NextActionKind.STEP_UP else None
        return NextAction(kind=told.next_action, purpose=PurposeKey(self.purpose), keys=[AttributeKey(key)], url=url)

    def withheld(self, key: str, told: Told) -> WithheldEntry:
        """Return the flat form of one withheld key."""
        return WithheldEntry(key=AttributeKey(key), reasons=list(told.reasons), next_action=self.action(key, told))


def _shared(value: Any) -> dict[str, Any]:
    """Return the fields every attribute type has, in the contract's order."""
    return {
        "key": (AttributeKey, "The attribute."),
        "outcome": (Outcome, "What became of it."),
        **value,
        "effect": (bool | None, "The one Boolean to act on, at EFFECT_ONLY."),
        "fidelity": (FidelityWord | None, "How much of the value this is, if it was released."),
        "valid_until": (DateTime | None, "Ask again by then: something begins or ends."),
        "lease_seconds": (int | None, "How long it may be used without word from the gateway; null is no limit."),
        "withheld": (Withheld | None, "Why it is withheld, if it is."),
    }


def _attribute_type(name: str, value: object, *, banded: bool = False) -> Any:
    bounds = {
        "low": (float | None, "Lower bound of the band at CATEGORY; an open band has one bound."),
        "high": (float | None, "Upper bound of the band at CATEGORY, exclusive."),
    }
    fields = _shared(
        {"value": (value, "The value at COARSE, NOISED or PRECISE; a word's ancestor at CATEGORY.")}
        | (bounds if banded else {})
    )
    members: dict[str, Any] = {
        "__annotations__": {python: kind for python, (kind, _) in fields.items()},
        "__module__": __name__,
    }
    for python, (_, description) in fields.items():
        category = ATTRIBUTE if python in {"value", "low", "high", "effect"} else NO_DATA
        members[python] = field(description, category=category)
    return strawberry.type(type(name, (), members), description=f"One attribute whose value is of kind {name[:-9]}.")


IntAttribute = _attribute_type("IntAttribute", int | None, banded=True)
FloatAttribute = _attribute_type("FloatAttribute", float | None, banded=True)
StringAttribute = _attribute_type("StringAttribute", str | None)
BooleanAttribute = _attribute_type("BooleanAttribute", bool | None)
StringListAttribute = _attribute_type("StringListAttribute", list[str] | None)
FloatListAttribute = _attribute_type("FloatListAttribute", list[float] | None)

TYPES: dict[ValueKind, Any] = {
    ValueKind.INT: IntAttribute,
    ValueKind.FLOAT: FloatAttribute,
    ValueKind.STRING: StringAttribute,
    ValueKind.ENUM: StringAttribute,
    ValueKind.TIMESTAMP: StringAttribute,
    ValueKind.BOOLEAN: BooleanAttribute,
    ValueKind.LIST: StringListAttribute,
    ValueKind.VEC3: FloatListAttribute,
}
BANDED = frozenset({ValueKind.INT, ValueKind.FLOAT})

SLOTS: dict[ValueKind, str] = {
    ValueKind.INT: "int_value",
    ValueKind.FLOAT: "float_value",
    ValueKind.STRING: "string_value",
    ValueKind.ENUM: "string_value",
    ValueKind.TIMESTAMP: "string_value",
    ValueKind.BOOLEAN: "boolean_value",
    ValueKind.LIST: "string_list_value",
    ValueKind.VEC3: "float_list_value",
}


def typed(attribute: Attribute, entry: Entry, remedy: Remedy) -> Any:
    """Return an entry as the object of its attribute's kind."""
    shown = entry.shown
    bounds = {"low": shown and shown.low, "high": shown and shown.high} if attribute.kind in BANDED else {}
    return TYPES[attribute.kind](
        key=AttributeKey(entry.key),
        outcome=entry.outcome,
        value=listed(shown.value) if shown else None,
        effect=shown.effect if shown else None,
        fidelity=fidelity_word(entry.fidelity),
        valid_until=entry.valid_until,
        lease_seconds=entry.lease_seconds,
        withheld=Withheld(reasons=list(entry.told.reasons), next_action=remedy.action(entry.key, entry.told))
        if entry.told
        else None,
        **bounds,
    )


def listed(held: Held | None) -> Any:
    """Return a held value as the executor takes it: tuples as lists."""
    return list(held) if isinstance(held, tuple) else held


def flat(attribute: Attribute, entry: Entry) -> dict[str, Any]:
    """Return what the flat types say of a released or absent value, by field."""
    shown = entry.shown
    values: dict[str, Any] = dict.fromkeys((*SLOTS.values(), "low", "high", "effect"))
    if shown is not None:
        values |= {
            SLOTS[attribute.kind]: listed(shown.value),
            "low": shown.low,
            "high": shown.high,
            "effect": shown.effect,
        }
    return values | {
        "key": entry.key,
        "fidelity": fidelity_word(entry.fidelity),
        "valid_until": entry.valid_until,
        "lease_seconds": entry.lease_seconds,
    }


@strawberry.type(
    description="The flat form: the value of its kind is set at COARSE, NOISED, PRECISE; `low`/`high` at CATEGORY of a "
    "number; `effect` at EFFECT_ONLY; nothing but the outcome at PRESENCE."
)
class AttributeEntry:
    """One attribute in the flat form."""

    key: AttributeKey = field("The attribute.", category=NO_DATA)
    outcome: Outcome = field("RELEASED or NOT_HELD.", category=NO_DATA)
    int_value: int | None = field("Value of kind INT.", category=ATTRIBUTE)
    float_value: float | None = field("Value of kind FLOAT.", category=ATTRIBUTE)
    string_value: str | None = field("Value of kind STRING, ENUM or TIMESTAMP.", category=ATTRIBUTE)
    boolean_value: bool | None = field("Value of kind BOOLEAN.", category=ATTRIBUTE)
    string_list_value: list[str] | None = field("Value of kind LIST.", category=ATTRIBUTE)
    float_list_value: list[float] | None = field("Value of kind VEC3.", category=ATTRIBUTE)
    low: float | None = field("Lower bound of the band at CATEGORY.", category=ATTRIBUTE)
    high: float | None = field("Upper bound of the band at CATEGORY, exclusive.", category=ATTRIBUTE)
    effect: bool | None = field("The one Boolean to act on, at EFFECT_ONLY.", category=ATTRIBUTE)
    fidelity: FidelityWord | None = field("How much of the value this is.", category=NO_DATA)
    valid_until: DateTime | None = field("Ask again by then.", category=NO_DATA)
    lease_seconds: int | None = field("How long it may be used without word from the gateway.", category=NO_DATA)


@strawberry.type(
    description="Each key asked stands once, in the order first asked: in entries if RELEASED or NOT_HELD, else in "
    "withheld."
)
class AttributeSheet:
    """Many attributes in the flat form."""

    entries: list[AttributeEntry] = field("What is released, or permitted and not held.", category=NO_DATA)
    withheld: list[WithheldEntry] = field("What is withheld, with reasons.", category=NO_DATA)
    revision: str = field("The consent state this was decided on.", category=NO_DATA)
    valid_until: DateTime | None = field("Ask again by then: something begins or ends.", category=NO_DATA)
