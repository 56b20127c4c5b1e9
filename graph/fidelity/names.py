"""The named transforms: `ancestor` and `truncate` name one of these, else a vocabulary of the pack."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from graph.fidelity import counts, positions, times, words


@dataclass(frozen=True, slots=True)
class ShowContext:
    """What a transform may depend on beside the value: the pack's words, the instant, the recipient group's key."""

    vocabularies: words.Vocabularies
    at: datetime
    pairwise: Callable[[str], str] = field(repr=False)


OF_A_WORD: Mapping[str, Callable[[str, ShowContext], str | None]] = {
    "initial": lambda word, _: words.initial(word),
    "initials": lambda word, _: words.initials(word),
    "given": lambda word, _: words.given(word),
    "primary": lambda word, _: words.primary(word),
    "sector": lambda word, _: words.sector(word),
    "grid4": lambda word, _: words.grid4(word),
    "hour": lambda word, _: times.hour(word),
    "day": lambda word, _: times.day(word),
    "month": lambda word, _: times.month(word),
    "daypart": lambda word, _: times.daypart(word),
    "recency_band": lambda word, context: times.recency_band(word, context.at),
    "utc_offset": lambda word, context: times.utc_offset(word, context.at),
    "pairwise_id": lambda word, context: context.pairwise(word),
}

OF_A_TIME = frozenset({"hour", "day", "month", "daypart", "recency_band"})
"""Those a TIMESTAMP has."""

OF_A_LIST: Mapping[str, Callable[[tuple[str, ...]], str]] = {
    "count_band": counts.count_band,
    "week_band": counts.week_band,
}
"""Those that speak of a list as a whole; the answer is a list of one word."""

ROOM = "stationary+room"
"""The one that speaks of a VEC3; beside it a VEC3 has levels of places."""


def of_word(word: str, name: str, context: ShowContext) -> str | None:
    """Return a word's coarser word by a named transform or a vocabulary, `None` if it has none."""
    transform = OF_A_WORD.get(name)
    return words.ancestor(word, name, context.vocabularies) if transform is None else transform(word, context)


def of_words(listed: tuple[str, ...], name: str, context: ShowContext) -> tuple[str, ...]:
    """Return the distinct coarser words of a list in first-seen order; a word without one is dropped."""
    if name in OF_A_LIST:
        return (OF_A_LIST[name](listed),)
    return distinct(of_word(word, name, context) for word in listed)


def of_position(position: tuple[float, ...], name: str, context: ShowContext) -> tuple[float, ...] | None:
    """Return the coarser three numbers of three numbers, `None` if there are none."""
    if name == ROOM:
        return positions.stationary_or_room(position)
    return positions.place_of(position, name, context.vocabularies)


def distinct(found: Iterable[str | None]) -> tuple[str, ...]:
    """Return the words there are, each once, in first-seen order."""
    return tuple(dict.fromkeys(word for word in found if word is not None))
