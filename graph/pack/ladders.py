"""Fidelity ladders of a pack: rungs and their parameters read and checked; NOISED counts as absent in this version."""

from collections.abc import Collection, Mapping
from math import isclose
from typing import Annotated, Literal

import msgspec

from graph.catalogue import Attribute, Rung
from graph.fidelity import check_ladder
from graph.pack.cells import choice, member, spelled, words
from graph.pack.reading import Row
from graph.terms import Fidelity

_LADDER = msgspec.json.Decoder(dict[str, dict[str, object]])
_RUNGS = spelled(Fidelity)


class Noise(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Parameters of the rung NOISED: clamp to low..high, then noise by one of the epsilons."""

    mechanism: Literal["bounded_laplace", "randomised_response"]
    epsilon: Annotated[tuple[Annotated[float, msgspec.Meta(gt=0)], ...], msgspec.Meta(min_length=1)]
    low: float = 0.0
    high: float = 0.0
    sensitivity: float = 0.0


_FLAT_NOISE = {"noise_mechanism": "mechanism", "noise_low": "low", "noise_high": "high"}
_FLAT_NOISE |= {"noise_sensitivity": "sensitivity", "noise_epsilons": "epsilon"}


def rungs_of(row: Row) -> tuple[Fidelity, ...]:
    """Return the rungs as written, NOISED among them."""
    for word in words(row, "rungs"):
        if word not in _RUNGS:
            raise row.fault("rungs", f"`{word}` is not a rung; use {', '.join(f'`{name}`' for name in _RUNGS)}")
    found = tuple(_RUNGS[word] for word in words(row, "rungs"))
    if Fidelity.NONE not in found:
        raise row.fault("rungs", "the rung `NONE` is missing; every ladder begins with it")
    if list(found) != sorted(found):
        raise row.fault("rungs", "the rungs do not rise; list them from `NONE` upwards")
    return found


def ladder_of(row: Row) -> Mapping[Fidelity, Rung]:
    """Return the parameters of each rung; an empty cell states none."""
    if not row["ladder"]:
        return {}
    try:
        found = _LADDER.decode(row["ladder"])
    except (msgspec.MsgspecError, RecursionError):
        message = 'this is not a JSON object of rungs; write it like `{"NONE":{},"PRECISE":{}}`'
        raise row.fault("ladder", message) from None
    for name in found:
        if name not in _RUNGS:
            raise row.fault("ladder", f"`{name}` is not a rung; use the words of `rungs`")
    return {rung: found[name] for name, rung in _RUNGS.items() if name in found}


def default_fidelity(row: Row, rungs: tuple[Fidelity, ...]) -> Fidelity:
    """Return the rung an offer proposes; NOISED is rounded down."""
    found = member(row, "default_fidelity", Fidelity, default=Fidelity.NONE)
    if found not in rungs:
        raise row.fault("default_fidelity", f"`{found.name}` is not in `rungs`; name a rung of the ladder")
    return max(rung for rung in rungs if rung <= found and rung is not Fidelity.NOISED)


def check_rungs(
    row: Row, attribute: Attribute, *, rungs: tuple[Fidelity, ...], vocabularies: Collection[str] | None
) -> None:
    """Check that ladder, rungs and the flat columns that repeat them agree, and that each rung can be applied."""
    ladder = attribute.ladder
    if ladder and set(ladder) != set(rungs):
        wrong = min(set(ladder) ^ set(rungs)).name
        raise row.fault("ladder", f"`ladder` and `rungs` disagree about `{wrong}`; state it in both or in neither")
    fault = check_ladder(attribute, vocabularies)
    if fault is not None:
        raise row.fault("ladder", fault)
    _check_noise(row, ladder.get(Fidelity.NOISED, {}))
    choice(row, "top_fidelity", (rungs[-1].name,))
    for column, stated in _flat(ladder).items():
        if row[column] and _items(row[column]) != stated:
            raise row.fault(column, f"`{row[column]}` is not what `ladder` says; make them agree or empty the cell")


def _check_noise(row: Row, rung: Rung) -> None:
    """Check parameters nobody applies yet, so that they hold when somebody does."""
    if not rung:
        return
    try:
        noise = msgspec.convert(rung, Noise)
    except msgspec.ValidationError as error:
        raise row.fault("ladder", f"rung `NOISED`: {str(error).lower()}; correct it") from None
    if noise.epsilon != tuple(sorted(set(noise.epsilon))):
        raise row.fault("ladder", "rung `NOISED`: `epsilon` does not rise; list strong, medium, light noise")
    if noise.mechanism == "bounded_laplace" and not (noise.low < noise.high and _is_span(noise)):
        raise row.fault("ladder", "rung `NOISED`: `sensitivity` is not `high` - `low`; correct the bounds")


def _is_span(noise: Noise) -> bool:
    return isclose(noise.sensitivity, noise.high - noise.low)


def _flat(ladder: Mapping[Fidelity, Rung]) -> Mapping[str, frozenset[object]]:
    """Return what the flat columns may say of a ladder."""
    effect, noise = ladder.get(Fidelity.EFFECT_ONLY, {}), ladder.get(Fidelity.NOISED, {})
    return {
        "effect_field": _stated(effect.get("field")),
        "category_bands": _named(ladder.get(Fidelity.CATEGORY, {})),
        "coarse_rule": _named(ladder.get(Fidelity.COARSE, {})),
        **{column: _stated(noise.get(name)) for column, name in _FLAT_NOISE.items()},
    }


def _named(rung: Rung) -> frozenset[object]:
    if "k" in rung:
        return frozenset({f"top{rung['k']}"})
    groups = rung.get("map")
    if isinstance(groups, Mapping):
        return frozenset(groups.values())
    return _stated(next((rung[name] for name in ("edges", "level", "to", "step") if name in rung), None))


def _stated(parameter: object) -> frozenset[object]:
    found = parameter if isinstance(parameter, list) else [parameter]
    return frozenset(float(one) if isinstance(one, int) else one for one in found if one is not None)


def _items(cell: str) -> frozenset[object]:
    return frozenset(_read(item) for item in cell.split(";"))


def _read(item: str) -> object:
    try:
        return float(item)
    except ValueError:
        return item
