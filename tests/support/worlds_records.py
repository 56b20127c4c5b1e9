"""Histories for the laws: records of every kind whose scopes relate to what is asked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from graph.catalogue import Catalogue
from graph.decision.request import Request
from graph.records import ALL_OPERATIONS, GivenOn, NoticeRef, Record, Scope
from graph.terms import Fidelity, GivenBy, Operation, RecordKind
from tests.support.worlds_catalogue import CATEGORIES, CHANNELS, PURPOSES, RECIPIENTS, SPEAKING, day
from tests.support.worlds_dice import Dice, chance, pick, some

YES = (RecordKind.GIVEN, RecordKind.GIVEN, RecordKind.GIVEN, RecordKind.RENEWED)
NO = (RecordKind.REFUSED, RecordKind.WITHDRAWN, RecordKind.OBJECTED, RecordKind.REVOKED)
CAPS = (Fidelity.PRECISE, Fidelity.PRECISE, Fidelity.COARSE, Fidelity.CATEGORY, Fidelity.PRESENCE, Fidelity.EFFECT_ONLY)
WIDER: tuple[dict[str, Any], ...] = (
    {"recipient": None},
    {"recipient": None},
    {"recipient": None, "group": "guild"},
    {"operations": ALL_OPERATIONS},
    {"purpose": None},
    {"category": None},
    {"session": None},
)
GRID = 20  # days over which a history stretches
DEVICES = ("d1", "d2")


def history(dice: Dice, asked: Request, least: int = 6) -> list[Record]:
    """Make a party's records in the store's order; the instant of recording never goes back."""
    made: list[Record] = []
    when = 0
    for _ in range(least + dice.number(4)):
        when = min(GRID, when + pick(dice, (0, 1, 2, 3, 4)))
        made.append(record(dice, asked, day(when)))
        if chance(dice, 35):  # a scope that was there before: what rule 7 is about
            earlier = pick(dice, made)
            made[-1] = replace(made[-1], scope=earlier.scope, given_on=earlier.given_on, assurance=earlier.assurance)
    return made


def record(dice: Dice, asked: Request, at: datetime) -> Record:
    """Make one record; about half of them say yes."""
    kinds = (*YES, *YES, *NO, RecordKind.SIGNAL, RecordKind.NOTICE_SERVED)
    kind = RecordKind.RESTRICTED if dice.number(299) == 299 else pick(dice, kinds)
    if kind is RecordKind.SIGNAL:
        return signal(dice, at)
    if kind in (RecordKind.NOTICE_SERVED, RecordKind.RESTRICTED):
        low = chance(dice, 20)
        where = given_on(dice, 1) if low else GivenOn()
        served = Scope() if not chance(dice, 10) else scope(dice, asked)
        return Record("", kind, at, served, notice=_notice(dice), assurance=1 if low else 2, given_on=where)
    return yes(dice, asked, at, kind) if kind in YES else no(dice, asked, at, kind)


def yes(dice: Dice, asked: Request, at: datetime, kind: RecordKind = RecordKind.GIVEN) -> Record:
    """Make a yes that starts before, at or after its recording and may end."""
    assurance = pick(dice, (2, 2, 2, 3, 1, 0))
    return Record(
        "",
        kind,
        at,
        scope=scope(dice, asked),
        cap=pick(dice, CAPS),
        valid_from=pick(dice, (None, None, None, None, *(at + timedelta(days=days) for days in (-2, 2, 6)))),
        valid_until=pick(dice, (None, None, at + timedelta(days=3), at + timedelta(days=9), at + timedelta(days=60))),
        notice=_notice(dice),
        catalogue_version=pick(dice, (3, 3, 2, 1)),
        explicit=not chance(dice, 20),
        names=frozenset(CATEGORIES if not chance(dice, 25) else some(dice, CATEGORIES)),
        assurance=assurance,
        given_by=pick(dice, (GivenBy.SUBJECT, GivenBy.SUBJECT, GivenBy.GUARDIAN, GivenBy.AGENT)),
        given_on=given_on(dice, assurance),
        answers_signal=chance(dice, 35),
    )


def no(dice: Dice, asked: Request, at: datetime, kind: RecordKind = RecordKind.REFUSED) -> Record:
    """Make a no; what it says of its start and end counts for nothing."""
    assurance = pick(dice, (2, 2, 3, 1, 0))
    late = pick(dice, (None, None, None, at + timedelta(days=2)))
    return Record(
        "",
        kind,
        at,
        scope=scope(dice, asked),
        cap=Fidelity.NONE,
        valid_from=late,
        notice=_notice(dice),
        assurance=assurance,
        given_on=given_on(dice, assurance),
    )


def signal(dice: Dice, at: datetime) -> Record:
    """Make a recorded GPC signal of one device."""
    speaks = pick(dice, (frozenset({Operation.SELL, Operation.TARGET}), ALL_OPERATIONS))
    assurance = pick(dice, (2, 1))
    on = GivenOn(device=pick(dice, (*DEVICES, *DEVICES, *DEVICES, None)))
    return Record(
        "",
        RecordKind.SIGNAL,
        at,
        scope=Scope(operations=speaks),
        cap=Fidelity.NONE,
        assurance=assurance,
        given_by=GivenBy.DEVICE,
        given_on=on,
    )


def given_on(dice: Dice, assurance: int) -> GivenOn:
    """Say where a record was made; a device mostly, below assurance 2 nearly always."""
    device = pick(dice, ("d1", "d1", "d1", "d1", "d2", None)) if assurance < 2 else pick(dice, (None, "d1", "d2"))
    return GivenOn(channel=pick(dice, CHANNELS), device=device)


def scope(dice: Dice, asked: Request) -> Scope:
    """Make a scope that relates to the request in most dimensions: all, above, the same, beside, below."""
    group, recipient = None, None
    receiver = pick(dice, ("*", "*", "same", "same", "group", "other"))
    if receiver == "group":
        group = "guild"
    elif receiver != "*":
        recipient = asked.recipient if receiver == "same" else pick(dice, RECIPIENTS)
    return Scope(
        purpose=pick(dice, (None, None, *_up(asked.purpose), *_up(asked.purpose), *PURPOSES)),
        category=pick(dice, (None, None, None, *CATEGORIES)),
        recipient=recipient,
        group=group,
        channel=pick(dice, (None, None, None, asked.channel, pick(dice, CHANNELS))),
        device=pick(dice, (None, None, None, None, "d1", "d2")),
        session=pick(dice, (None, None, None, None, None, "s1")),
        operations=_operations(dice),
    )


def _operations(dice: Dice) -> frozenset[Operation]:
    if chance(dice, 50):
        return frozenset({pick(dice, SPEAKING)}) if chance(dice, 50) else frozenset(some(dice, SPEAKING))
    return ALL_OPERATIONS


def _up(key: str) -> tuple[str, ...]:
    steps = key.split(".")
    return tuple(".".join(steps[:count]) for count in range(len(steps), 0, -1))


def _notice(dice: Dice) -> NoticeRef | None:
    refs = (NoticeRef("n1", 1), NoticeRef("n1", 1), NoticeRef("n1", 2), NoticeRef("n1", 3), NoticeRef("n2", 1))
    return None if chance(dice, 3) else pick(dice, refs)


def openings(dice: Dice, asked: Request, catalogue: Catalogue, key: str) -> list[Record]:
    """Make the late and narrow yeses that would open one attribute: one for each category and operation."""
    attribute = catalogue.attributes[key]
    speaking = asked.operations or _asked_operations(asked, catalogue)
    cells = [(attribute.category, one) for one in speaking]
    cells += [(one, Operation.INFER) for one in sorted(catalogue.inherited[key])]
    made = [_obstacle(dice, asked)] if chance(dice, 20) else []
    for category, operation in cells:
        given = yes(dice, asked, day(GRID))
        narrow = Scope(asked.purpose, category, asked.recipient, operations=frozenset({operation}))
        if chance(dice, 50):
            narrow = replace(narrow, channel=asked.channel, device=asked.device, session=asked.session)
        if chance(dice, 25):  # wider in one dimension than an earlier no may be
            narrow = replace(narrow, **pick(dice, WIDER))
        made.append(replace(given, scope=narrow, **_sound(dice, given)))
    return [*made, _afterthought(dice, made[-1])] if chance(dice, 20) else made


def _obstacle(dice: Dice, asked: Request) -> Record:
    """Make a no that is narrow in one dimension: only a yes as narrow lifts it."""
    narrow: tuple[dict[str, Any], ...] = (
        {"group": "guild"},
        {"group": "guild"},
        {"recipient": asked.recipient},
        {"channel": asked.channel},
        {"device": asked.device},
        {"session": asked.session},
        {"operations": frozenset({pick(dice, SPEAKING)})},
        {"purpose": pick(dice, _up(asked.purpose))},
        {"category": pick(dice, CATEGORIES)},
    )
    return Record("", pick(dice, NO), day(GRID), scope=Scope(**pick(dice, narrow)), cap=Fidelity.NONE)


def _afterthought(dice: Dice, given: Record) -> Record:
    """Make a second yes of the same scope that is less than the first: implied, lower, or not begun."""
    late = given.recorded_at + timedelta(days=pick(dice, (1, 3, 6)))
    lower = pick(dice, CAPS[2:])
    changes: tuple[dict[str, Any], ...] = (
        {"explicit": False},
        {"valid_from": late},
        {"cap": lower, "valid_from": late},
        {"cap": lower, "explicit": False},
    )
    return replace(given, **pick(dice, changes))


def _asked_operations(asked: Request, catalogue: Catalogue) -> Iterable[Operation]:
    first = Operation.DISCLOSE if catalogue.recipients[asked.recipient].third_party else Operation.USE
    marks = catalogue.purposes[asked.purpose].us_operations
    more = [Operation.SELL] if "sale" in marks else []
    more += [Operation.TARGET] if marks & {"share", "targeted"} else []
    return (first, *more, *([Operation.TRAIN] if asked.trains else []))


def _sound(dice: Dice, given: Record) -> dict[str, Any]:
    """Mostly nothing is wrong with such a yes; now and then one thing is."""
    sound: dict[str, Any] = {
        "cap": Fidelity.PRECISE,
        "valid_from": None,
        "valid_until": None,
        "notice": NoticeRef("n1", 1),
        "catalogue_version": 3,
        "explicit": True,
        "names": frozenset(CATEGORIES),
        "assurance": 3,
        "given_by": GivenBy.GUARDIAN,
        "answers_signal": True,
    }
    wrong: tuple[tuple[str, Any], ...] = (
        ("cap", pick(dice, CAPS)),
        ("valid_from", given.recorded_at + timedelta(days=pick(dice, (1, 3)))),
        ("valid_until", given.recorded_at + timedelta(days=pick(dice, (1, 2, 60)))),
        ("notice", _notice(dice)),
        ("catalogue_version", pick(dice, (1, 2))),
        ("catalogue_version", 1),
        ("explicit", False),
        ("names", frozenset()),
        ("assurance", pick(dice, (0, 1))),
        ("assurance", 2),
        ("given_by", GivenBy.SUBJECT),
        ("answers_signal", False),
    )
    return sound | dict([pick(dice, wrong)]) if chance(dice, 40) else sound
