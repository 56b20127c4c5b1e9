"""The attribute catalogue: one row a value; ladders and the edges of lineage are read elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from graph.catalogue import INTRUSION, Attribute, Category, Source
from graph.pack.cells import choice, flag, key, known, known_words, member, number, unique, whole, words
from graph.pack.ladders import check_rungs, default_fidelity, ladder_of, rungs_of
from graph.pack.reading import Row, Table, rows
from graph.pack.typed_fields import Taken, check_typed_fields, graphql_name
from graph.terms import Fidelity, Level, Origin, Sensitivity, ValueKind

ATTRIBUTES = Table.of(
    "attributes.csv",
    "key category kind sensitivity origin rungs purposes channels",
    "graphql_type graphql_field title wave unit format min max enum_values tier intrusion exposed safety top_fidelity "
    "effect_field category_bands coarse_rule noise_mechanism noise_low noise_high noise_sensitivity noise_epsilons "
    "ladder default_release default_fidelity default_duration default_effect derived_from observed_on lease_s "
    "platform_gate evidence",
)
WAVE = "v1"
"""The wave whose attributes are served; rows of a later one are loaded, never exposed (2.6)."""

_MADE = (Origin.DERIVED, Origin.INFERRED)
_INT_LIMIT = 2**31 - 1  # a GraphQL Int has 32 bits
_UNHELD = (ValueKind.SENSOR, ValueKind.NODE)
_NUMBERS = (ValueKind.FLOAT, ValueKind.INT, ValueKind.VEC3)
_LISTED = (ValueKind.ENUM, ValueKind.LIST)
_LENGTHS = (ValueKind.STRING, ValueKind.LIST)
_RELEASES = ("allow", "deny", "never", "allow-in-session", "coarse")
_DURATIONS = ("STANDING", "SESSION")


@dataclass(frozen=True, slots=True)
class Around:
    """The rows of other tables an attribute names, and the names it may not take."""

    categories: Mapping[str, Category]
    purposes: Collection[str]
    leaves: Collection[str]
    channels: Collection[str]
    vocabularies: Collection[str] | None
    taken: Taken = Taken()


def attributes(files: Mapping[str, bytes], around: Around) -> tuple[tuple[Row, Attribute], ...]:
    """Read the attributes with their rows; a source stands as written, without rule and masks."""
    found = rows(files, ATTRIBUTES)
    unique(((row, key(row, "key")) for row in found), "key")
    pairs = tuple((row, _attribute(row, around)) for row in found)
    check_typed_fields(pairs, around.taken)
    return pairs


def _attribute(row: Row, around: Around) -> Attribute:
    rungs = rungs_of(row)
    attribute = _described(row, _decided_on(row, around, rungs), rungs)
    check_rungs(row, attribute, rungs=rungs, vocabularies=around.vocabularies)
    return attribute


def _decided_on(row: Row, around: Around, rungs: tuple[Fidelity, ...]) -> Attribute:
    """Return what a decision looks at."""
    kind, origin = member(row, "kind", ValueKind), member(row, "origin", Origin)
    channels = known_words(row, "channels", around.channels, table="channels.csv")
    observed_on = known_words(row, "observed_on", around.channels, table="channels.csv")
    return Attribute(
        key=row["key"],
        category=known(row, "category", around.categories, table="categories.csv"),
        kind=kind,
        sensitivity=_sensitivity(row, around.categories),
        origin=origin,
        rungs=tuple(rung for rung in rungs if rung is not Fidelity.NOISED),
        purposes=frozenset(_purposes(row, around)),
        channels=frozenset(channels),
        observed_on=frozenset(observed_on or channels),
        safety=flag(row, "safety"),
        exposed=_exposed(row, kind),
        intrusion=_intrusion(row, origin),
        sources=tuple(Source(source) for source in _sources(row, origin)),
    )


def _described(row: Row, attribute: Attribute, rungs: tuple[Fidelity, ...]) -> Attribute:
    """Return the attribute with what schema, values and offers need."""
    least, most = _bounds(row, attribute.kind)
    return replace(
        attribute,
        ladder=ladder_of(row),
        graphql_type=graphql_name(row, "graphql_type"),
        graphql_field=graphql_name(row, "graphql_field"),
        title=row["title"],
        unit=row["unit"],
        format=row["format"],
        minimum=least,
        maximum=most,
        enum_values=_enum_values(row, attribute.kind),
        lease_seconds=whole(row, "lease_s"),
        default_fidelity=default_fidelity(row, rungs),
        default_release=choice(row, "default_release", _RELEASES),
        default_duration=choice(row, "default_duration", _DURATIONS),
        default_effect=row["default_effect"],
    )


def _sensitivity(row: Row, categories: Mapping[str, Category]) -> Sensitivity:
    found = member(row, "sensitivity", Sensitivity)
    least = categories[row["category"]].sensitivity
    if found < least:
        message = f"`{found.name}` is less sensitive than its category; write at least `{least.name}`"
        raise row.fault("sensitivity", message)
    return found


def _purposes(row: Row, around: Around) -> tuple[str, ...]:
    found = known_words(row, "purposes", around.purposes, table="purposes.csv")
    for purpose in found:
        if purpose not in around.leaves:
            raise row.fault("purposes", f"`{purpose}` has purposes below it; name the leaves that are meant")
    return found


def _exposed(row: Row, kind: ValueKind) -> bool:
    return flag(row, "exposed", default=True) and (row["wave"] or WAVE) == WAVE and kind not in _UNHELD


def _intrusion(row: Row, origin: Origin) -> int:
    found = whole(row, "intrusion", most=Level.PREDICTIVE)
    return INTRUSION[origin] if found is None else found


def _sources(row: Row, origin: Origin) -> tuple[str, ...]:
    found = words(row, "derived_from")
    if origin in _MADE and not found:
        raise row.fault("derived_from", f"`{origin.value}` has no sources; name the attributes it is made from")
    if found and origin not in _MADE:
        raise row.fault("derived_from", f"`{origin.value}` is made from nothing; empty the cell or correct `origin`")
    return found


def _bounds(row: Row, kind: ValueKind) -> tuple[float | None, float | None]:
    for column in ("min", "max"):
        if row[column] and kind not in _NUMBERS + _LENGTHS:
            raise row.fault(column, f"kind `{kind}` has no bounds; empty the cell")
        if kind in (*_LENGTHS, ValueKind.INT):
            whole(row, column, least=0 if kind in _LENGTHS else -_INT_LIMIT, most=_INT_LIMIT)
    least, most = number(row, "min"), number(row, "max")
    if least is not None and most is not None and least > most:
        raise row.fault("max", f"`{row['max']}` is below `min`; swap or correct them")
    return least, most


def _enum_values(row: Row, kind: ValueKind) -> tuple[str, ...]:
    found = words(row, "enum_values")
    if kind is ValueKind.ENUM and not found:
        raise row.fault("enum_values", f"kind `{kind}` needs its values; list them")
    if found and kind not in _LISTED:
        raise row.fault("enum_values", f"kind `{kind}` has no values of its own; empty the cell")
    return found
