"""Requests and people for the laws, with instants on and beside every boundary of their world."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from graph.catalogue import Catalogue
from graph.decision.request import EVERYTHING, Claims, Request, TokenEntry
from graph.decision.snapshot import DeviceState, PartyState
from graph.records import Record, Subject
from graph.terms import (
    AgeBand,
    Audience,
    Level,
    Occupancy,
    Operation,
    Signal,
    Standing,
    Visibility,
)
from tests.support.worlds_catalogue import CATEGORIES, CHANNELS, INNER, LEAVES, PURPOSES, SPEAKING, day
from tests.support.worlds_dice import Dice, chance, pick, some

MICROSECOND = timedelta(microseconds=1)
STATED = ((Operation.COLLECT,), (Operation.INFER,), (Operation.COLLECT, Operation.INFER))
LATE = day(22)  # after every history, before most ends


def request(dice: Dice) -> Request:
    """Make a request; its instant is chosen later, when the world is there."""
    if chance(dice, 20):
        partner = pick(dice, ("shop", "mart", "shop", "mart", "shop", "agency"))
        channel = pick(dice, (*("partner_server",) * 5, "phone"))
        asked = Request(partner, pick(dice, LEAVES), channel, LATE, Audience.PARTNER)
    else:
        asked = Request(
            recipient=pick(dice, ("house", "house", "house", "shop", "shop", "mart")),
            purpose=pick(dice, (*LEAVES, *LEAVES, *LEAVES[:2], INNER)),
            channel=pick(dice, ("phone", "phone", "visor", "visor", "wall")) if not chance(dice, 2) else "unheard_of",
            at=LATE,
            device=pick(dice, ("d1", "d1", "d1", "d1", "d1", None)),
            session=pick(dice, (None, None, "s1")),
            claims=_claims(dice),
        )
    return replace(
        asked,
        assurance=pick(dice, (2, 2, 3, 3, 1, 0)),
        signals=frozenset({Signal.GPC}) if chance(dice, 35) else frozenset(),
        token=EVERYTHING if not chance(dice, 14) else _token(dice),
        operations=pick(dice, (*(None,) * 9, *STATED)),
        trains=chance(dice, 10),
        place_jurisdiction=pick(dice, (None, None, None, "XA", "XB", "XX")),
        controller_region=pick(dice, (None, None, None, "XA", "XB")),
        unknown_age=pick(dice, (None, None, AgeBand.TEEN, AgeBand.CHILD)),
        step_up_until=pick(dice, (None, LATE + timedelta(minutes=4))),
    )


def _claims(dice: Dice) -> Claims:
    if not chance(dice, 25):
        return Claims()
    return Claims(
        pick(dice, (None, *Occupancy)), pick(dice, (None, *Visibility)), pick(dice, (None, "HOME", "WORK", "SCHOOL"))
    )


def _token(dice: Dice) -> tuple[TokenEntry, ...]:
    return tuple(
        TokenEntry(
            pick(dice, (None, None, frozenset(some(dice, PURPOSES)))),
            pick(dice, (None, None, frozenset(some(dice, CATEGORIES)))),
            pick(dice, (None, None, frozenset(some(dice, CHANNELS)))),
            pick(dice, (None, None, frozenset(some(dice, SPEAKING)))),
        )
        for _ in range(dice.number(2))
    )


def subject(dice: Dice) -> Subject:
    """Make a person."""
    standing = Standing.ACTIVE if not chance(dice, 2) else pick(dice, tuple(Standing))
    levels: tuple[tuple[str, Level], ...] = ()
    if chance(dice, 55):
        levels = (("*", Level.PREDICTIVE if chance(dice, 85) else pick(dice, tuple(Level))),)
    if chance(dice, 15):
        levels = (*levels, (pick(dice, CHANNELS), pick(dice, tuple(Level))))
    return Subject(
        "someone",
        standing=standing,
        age_band=pick(dice, (*(AgeBand.ADULT,) * 3, AgeBand.UNKNOWN, AgeBand.TEEN, AgeBand.CHILD)),
        jurisdictions=pick(dice, (("XA",), ("XA",), ("XB",), (), ("XA", "XB"), ("XX",), ("XU",))),
        levels=levels,
    )


def device(dice: Dice, asked: Request) -> DeviceState | None:
    """Make what is known of the request's device."""
    if asked.device is None or chance(dice, 8):
        return None
    return DeviceState(asked.device, linked=not chance(dice, 10), attested=chance(dice, 45), shared=chance(dice, 15))


def boundaries(catalogue: Catalogue, parties: Iterable[PartyState]) -> list[datetime]:
    """List every instant at which something in this world may begin or end."""
    found = {edge for party in parties for record in party.records for edge in _edges(record, catalogue)}
    found |= {row.in_force_from for rows in catalogue.law.values() for row in rows if row.in_force_from}
    found |= {version.effective_from for versions in catalogue.notices.values() for version in versions}
    return sorted(found)


def _edges(record: Record, catalogue: Catalogue) -> set[datetime]:
    ages = {row.max_age_days for rows in catalogue.law.values() for row in rows if row.max_age_days is not None}
    ends = {record.recorded_at + timedelta(days=age) for age in ages}
    return {record.recorded_at, record.starts, *ends} | ({record.valid_until} if record.valid_until else set())


def instant(dice: Dice, catalogue: Catalogue, parties: Sequence[PartyState]) -> datetime:
    """Choose when to ask: late for the most part, else on a boundary or a microsecond beside it."""
    if not chance(dice, 36):
        return LATE
    edges = boundaries(catalogue, parties)
    if chance(dice, 50):  # of one of the last things the subject said: those decide
        edges = sorted(_edges(pick(dice, parties[0].records[-6:]), catalogue))
    laws = sorted({row.in_force_from for rows in catalogue.law.values() for row in rows if row.in_force_from})
    if laws and chance(dice, 40):
        edges = laws
    return pick(dice, edges) + pick(dice, (timedelta(0), MICROSECOND, -MICROSECOND))
