"""The check of a ladder: what each rung of an attribute must state, so that a bad one is found before anybody asks."""

from collections.abc import Callable, Collection, Iterator, Mapping

from graph.catalogue import Attribute, Rung
from graph.fidelity.effects import ORDERED, STATED
from graph.fidelity.names import OF_A_LIST, OF_A_TIME, OF_A_WORD, ROOM
from graph.fidelity.sorts import is_int, is_number, is_sequence
from graph.terms import Fidelity, ValueKind

_NUMBERS = frozenset({ValueKind.FLOAT, ValueKind.INT})
_WORDS = frozenset({ValueKind.STRING, ValueKind.ENUM})
_UNHELD = frozenset({ValueKind.SENSOR, ValueKind.NODE})

PARAMETERS: Mapping[str, frozenset[str]] = {
    "band": frozenset({"edges"}),
    "group": frozenset({"map"}),
    "ancestor": frozenset({"level"}),
    "truncate": frozenset({"to"}),
    "top_k": frozenset({"k"}),
    "round": frozenset({"step"}),
}
"""What each transform must state, and nothing else."""

_EFFECT = frozenset({"field", "type", "op", "value"})
_NOISE = frozenset({"mechanism", "low", "high", "sensitivity", "epsilon"})
_NAMED = _WORDS | {ValueKind.LIST, ValueKind.TIMESTAMP, ValueKind.VEC3}

KINDS: Mapping[tuple[Fidelity, str], frozenset[ValueKind]] = {
    (Fidelity.CATEGORY, "band"): _NUMBERS,
    (Fidelity.CATEGORY, "group"): _WORDS | {ValueKind.LIST},
    (Fidelity.CATEGORY, "ancestor"): _NAMED,
    (Fidelity.CATEGORY, "truncate"): _NAMED,
    (Fidelity.COARSE, "group"): _WORDS | {ValueKind.LIST},
    (Fidelity.COARSE, "ancestor"): _NAMED,
    (Fidelity.COARSE, "truncate"): _NAMED,
    (Fidelity.COARSE, "top_k"): frozenset({ValueKind.LIST}),
    (Fidelity.COARSE, "round"): _NUMBERS | {ValueKind.VEC3},
}
"""For which kinds a rung may use a transform: CATEGORY of a number is a band, CATEGORY never shows a word itself."""

Faults = Iterator[str]


def check_ladder(attribute: Attribute, vocabularies: Collection[str] | None = None) -> str | None:
    """Return what is wrong with an attribute's ladder and what to do, `None` if nothing is.

    `vocabularies` are the names of the pack's vocabularies; without them a name that is no named transform passes.
    """
    for fault in _rungs(attribute):
        return fault
    for fidelity in attribute.rungs:
        for fault in _rung(attribute, fidelity, vocabularies):
            return f"rung `{fidelity.name}`: {fault}"
    return None


def _rungs(attribute: Attribute) -> Faults:
    rungs = attribute.rungs
    if not rungs or rungs[0] is not Fidelity.NONE or list(rungs) != sorted(set(rungs)):
        yield "`rungs` must begin with `NONE` and rise; list each rung once, lowest first"
    if attribute.kind in _UNHELD and len(rungs) > 1:
        yield f"kind `{attribute.kind}` is never released; leave `NONE` as its only rung"
    for fidelity, rung in attribute.ladder.items():
        # NOISED counts as absent in this version, whether or not it is listed
        if rung and fidelity not in (*rungs, Fidelity.NOISED):
            yield f"`ladder` states `{fidelity.name}`, which is not in `rungs`; add it there or take it out here"


def _rung(attribute: Attribute, fidelity: Fidelity, vocabularies: Collection[str] | None) -> Faults:
    rung = attribute.ladder.get(fidelity, {})
    if fidelity in (Fidelity.NONE, Fidelity.PRECISE):
        yield from _unexpected(rung, frozenset())
    elif fidelity is Fidelity.PRESENCE:
        yield from _unexpected(rung, frozenset({"type"}))
    elif fidelity is Fidelity.NOISED:
        yield from _unexpected(rung, _NOISE)
    elif fidelity is Fidelity.EFFECT_ONLY:
        yield from _effect(attribute, rung)
    else:
        yield from _transform(attribute, fidelity, rung)
        yield from _vocabulary(rung, vocabularies)


def _unexpected(rung: Rung, expected: frozenset[str]) -> Faults:
    for name in rung:
        if name not in expected:
            yield f"unexpected `{name}`; take it out" + (f" or write one of {_listed(expected)}" if expected else "")


def _transform(attribute: Attribute, fidelity: Fidelity, rung: Rung) -> Faults:
    name = str(rung.get("transform", ""))
    possible = [one for (rung_of, one), kinds in KINDS.items() if rung_of is fidelity and attribute.kind in kinds]
    if not possible:
        yield f"kind `{attribute.kind}` has no such rung; take it out of `rungs`"
    elif name not in possible:
        yield f"transform `{name}` does not fit kind `{attribute.kind}`; use one of {_listed(possible)}"
    else:
        yield from _unexpected(rung, PARAMETERS[name] | {"transform"})
        yield from _CHECKS[name](attribute, rung)


def _band(_: Attribute, rung: Rung) -> Faults:
    stated = rung.get("edges")
    edges = [edge for edge in stated if is_number(edge)] if is_sequence(stated) else []
    if not edges or not is_sequence(stated) or len(edges) != len(stated):
        yield "`edges` must be a list of numbers; write at least one"
    elif edges != sorted(set(edges)):
        yield "`edges` must rise; sort them and write each once"


def _group(attribute: Attribute, rung: Rung) -> Faults:
    groups = rung.get("map")
    if not isinstance(groups, Mapping) or not groups or not all(isinstance(one, str) for one in groups.values()):
        yield '`map` must give a group to each word; write `{"word": "group"}`'
    elif attribute.enum_values:
        yield from (f"`map` has no group for `{word}`; add it" for word in attribute.enum_values if word not in groups)
        yield from (
            f"`map` names `{word}`, which is not in `enum_values`; add it there or take it out here"
            for word in groups
            if word not in attribute.enum_values
        )


def _step(attribute: Attribute, rung: Rung) -> Faults:
    step = rung.get("step")
    if not is_number(step) or step <= 0:
        yield "`step` must be a number above 0; write one"
    elif attribute.kind is ValueKind.INT and step != int(step):
        yield "`step` of an INT must be whole; write a whole number"


def _k(_: Attribute, rung: Rung) -> Faults:
    k = rung.get("k")
    if not is_int(k) or k < 1:
        yield "`k` must be a whole number from 1; write one"


def _name(attribute: Attribute, rung: Rung) -> Faults:
    name = rung.get("level", rung.get("to"))
    if not isinstance(name, str) or not name:
        yield "the transform must name what it makes; write `level` for an ancestor, `to` for a truncation"
    elif not _applies(name, attribute.kind):
        yield f"`{name}` does not speak of kind `{attribute.kind}`; name another transform or a vocabulary"


def _applies(name: str, kind: ValueKind) -> bool:
    if kind is ValueKind.TIMESTAMP:
        return name in OF_A_TIME
    if name in OF_A_LIST:
        return kind is ValueKind.LIST
    if name in OF_A_WORD:
        return kind is not ValueKind.VEC3
    return name != ROOM or kind is ValueKind.VEC3


def _vocabulary(rung: Rung, vocabularies: Collection[str] | None) -> Faults:
    name = rung.get("level", rung.get("to"))
    known = (*OF_A_LIST, *OF_A_WORD, ROOM)
    if vocabularies is not None and isinstance(name, str) and name not in known and name not in vocabularies:
        yield f"`{name}` is no named transform and no vocabulary of this pack; correct it or add the vocabulary"


def _effect(attribute: Attribute, rung: Rung) -> Faults:
    yield from _unexpected(rung, _EFFECT)
    op, kind, wanted = rung.get("op"), attribute.kind, rung.get("value")
    ops = _ops(kind)
    if rung.get("type", "Boolean") != "Boolean":
        yield "the `type` of an effect is `Boolean`; write that or leave it out"
    if not isinstance(rung.get("field", ""), str):
        yield "`field` must be the effect's name; write a word"
    if op not in ops:
        yield f"`op` does not fit kind `{kind}`; use one of {_listed(ops)}"
    elif op in STATED:
        if "value" in rung:
            yield f"`{op}` compares with nothing; take `value` out"
    elif op == "in" and not (is_sequence(wanted) and wanted):
        yield "`in` needs a list in `value`; write at least one"
    else:
        for one in wanted if op == "in" and is_sequence(wanted) else (wanted,):
            yield from _compared(attribute, one)


def _ops(kind: ValueKind) -> tuple[str, ...]:
    if kind in _NUMBERS:
        return ("eq", "ne", "in", *ORDERED, "held")
    if kind in _WORDS:
        return ("eq", "ne", "in", "non_empty", "held")
    if kind is ValueKind.BOOLEAN:
        return ("eq", "ne", "held")
    return ("non_empty", "held") if kind is ValueKind.LIST else ("held",)


def _compared(attribute: Attribute, wanted: object) -> Faults:
    kind = attribute.kind
    if kind in _NUMBERS and not is_number(wanted):
        yield "`value` must be a number; write one"
    elif kind is ValueKind.BOOLEAN and not isinstance(wanted, bool):
        yield "`value` must be `true` or `false`; write one of them"
    elif kind in _WORDS and not isinstance(wanted, str):
        yield "`value` must be a word; write one"
    elif kind is ValueKind.ENUM and wanted not in attribute.enum_values:
        yield f"`value` names `{wanted}`, which is not in `enum_values`; correct it"


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


_CHECKS: Mapping[str, Callable[[Attribute, Rung], Faults]] = {
    "band": _band,
    "group": _group,
    "round": _step,
    "top_k": _k,
    "ancestor": _name,
    "truncate": _name,
}
