"""Whole worlds for the laws: a catalogue, people with a history, and a request that has to do with both."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from graph.catalogue import Catalogue
from graph.decision.request import Request
from graph.decision.snapshot import MOST_RECORDS, PartyState, Snapshot
from graph.records import GivenOn, Record, Scope
from graph.terms import PartyKind, RecordKind
from tests.support.worlds_catalogue import catalogue, day
from tests.support.worlds_dice import Dice, Drawn, Thrown, chance, pick
from tests.support.worlds_records import DEVICES, GRID, history, no, openings, signal
from tests.support.worlds_request import device, instant, request, subject


@dataclass(frozen=True, slots=True)
class World:
    """Everything one decision looks at."""

    request: Request
    snapshot: Snapshot
    catalogue: Catalogue
    keys: tuple[str, ...]
    seed: int | None = None

    def __repr__(self) -> str:
        """Say how to make it again: whole it would fill a screen."""
        fields = ("request", "snapshot", "catalogue")
        whole = ", ".join(f"{name}={getattr(self, name)!r}" for name in fields)
        return f"World({whole})" if self.seed is None else f"seeded({self.seed})"

    def with_own(self, *records: Record) -> "World":
        """Return the same world with other records in the subject's own party."""
        own = replace(self.snapshot.own, records=tuple(records))
        return replace(self, snapshot=replace(self.snapshot, parties=(own, *self.snapshot.parties[1:])))

    def asking(self, **changed: object) -> "World":
        """Return the same world with another request."""
        return replace(self, request=replace(self.request, **changed))  # type: ignore[arg-type]  # the fields of a request, by name


def world(dice: Dice) -> World:
    """Make a world: at least six records, and in most of them something that can be released."""
    asked = request(dice)
    kinds = catalogue(dice)
    keys = tuple(kinds.attributes)
    own = history(dice, asked)
    if not chance(dice, 10):
        first, last = kinds.notices["n1"][0].ref, kinds.notices["n1"][-1].ref
        served = Record("", RecordKind.NOTICE_SERVED, day(0), notice=pick(dice, (first, last, last)))
        if chance(dice, 15):  # below assurance 2: to one device
            served = replace(served, assurance=1, given_on=GivenOn(device=pick(dice, DEVICES)))
        own.insert(0, served)
    if not chance(dice, 10):
        for _ in range(1 + dice.number(2)):
            own += openings(dice, asked, kinds, pick(dice, (*keys, "told", "seen", "told", "seen")))
    if asked.signals and chance(dice, 20):  # one that comes on record after most requests
        own.append(replace(signal(dice, day(GRID + 3)), given_on=GivenOn(device=asked.device)))
    parties = [PartyState(PartyKind.SUBJECT, "someone", len(own), tuple(own))]
    for kind in (PartyKind.DEVICE, PartyKind.HOUSEHOLD):
        if chance(dice, 35):
            others = history(dice, asked, least=2)[: 1 + dice.number(3)]
            if chance(dice, 30):  # at the instant of the last yeses: ties go to the no
                others.append(no(dice, asked, day(GRID)))
            parties.append(PartyState(kind, kind.value.lower(), len(others), tuple(others)))
    numbered = _numbered(parties)
    person = subject(dice)
    known = device(dice, asked)
    at = instant(dice, kinds, numbered)
    return World(replace(asked, at=at), Snapshot(person, numbered, known), kinds, keys)


def _numbered(parties: list[PartyState]) -> tuple[PartyState, ...]:
    return tuple(
        replace(
            party,
            records=tuple(
                replace(record, id=f"{party.kind[0].lower()}{number}", sequence=number)
                for number, record in enumerate(party.records, start=1)
            ),
        )
        for party in parties
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[World, Dice]:
    """Draw a world, and choices for what a law then does to it: a failure can be made small, choice by choice.

    From a seed a world is made twenty-five times as fast.
    """
    return world(Drawn(draw)), Thrown(draw(st.integers(0, 2**48)))


def crowded(seed: int, *, more: int) -> World:
    """Make the world of a seed with 512 records, and some more, in one party's tree; none of them reaches anything."""
    one = seeded(seed)
    others = [PartyState(PartyKind.HOUSEHOLD, "household"), *one.snapshot.parties[1:]][-1]
    first = Record("", RecordKind.REFUSED, day(0), given_on=GivenOn(device="d9"))
    many = tuple(
        replace(first, id=f"x{number}", scope=Scope(recipient="agency", session=f"x{number}"))
        for number in range(MOST_RECORDS + more)
    )
    last = PartyState(PartyKind.DEVICE if others.kind is PartyKind.HOUSEHOLD else PartyKind.HOUSEHOLD, "silent")
    parties = (one.snapshot.own, replace(others, records=many), last)
    return replace(one, snapshot=replace(one.snapshot, parties=parties), seed=None)


def seeded(seed: int) -> World:
    """Make the world of a seed."""
    return replace(world(Thrown(seed)), seed=seed)
