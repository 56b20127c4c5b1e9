"""Catalogues for the laws: trees four deep that grew and moved, recipients, register, law, notices, channels."""

from datetime import UTC, datetime, timedelta

from graph.catalogue import (
    Attribute,
    Catalogue,
    Category,
    Channel,
    LawRow,
    NoticeCell,
    NoticeVersion,
    Purpose,
    Recipient,
    RegisterRow,
    Source,
    Tables,
    compiled,
)
from graph.records import NoticeRef
from graph.terms import (
    AgeBand,
    Basis,
    CategoryClass,
    Fidelity,
    Operation,
    Origin,
    Regime,
    Sensitivity,
    ValueKind,
)
from tests.support.worlds_dice import Dice, chance, pick, some

START = datetime(2026, 1, 1, tzinfo=UTC)
VERSION = 3  # of every catalogue made here; nodes came with 1 to 3

# four deep, with siblings on two levels and a second root
PURPOSES = ("do", "do.play", "do.play.team", "do.play.team.match", "do.play.team.talk", "do.play.solo", "sell")
LEAVES = ("do.play.team.match", "do.play.team.talk", "do.play.solo", "sell")
INNER = "do.play.team"  # no document asks for it; the decision is total
CATEGORIES = (
    "me",
    "me.body",
    "me.body.size",
    "me.body.size.foot",
    "me.body.size.hand",
    "me.mood",
    "place",
    "me.bodyguard",
)  # and one whose name only begins like another's
RECIPIENTS = ("house", "shop", "mart", "agency")
CHANNELS = ("visor", "phone", "wall", "partner_server")
SEEN = (Sensitivity.S1, Sensitivity.S2, Sensitivity.S3, Sensitivity.S4)  # S0 and S5 are rarer
JURISDICTIONS = ("XA", "XB", "XU")
PARENTS = (("XA", "XU"), ("XB", "XU"))
SPEAKING = (Operation.USE, Operation.DISCLOSE, Operation.INFER, Operation.SELL, Operation.TARGET, Operation.TRAIN)

LADDERS = (
    (Fidelity.NONE, Fidelity.PRECISE),
    (Fidelity.NONE, Fidelity.COARSE, Fidelity.PRECISE),
    (Fidelity.NONE, Fidelity.EFFECT_ONLY, Fidelity.CATEGORY, Fidelity.COARSE, Fidelity.PRECISE),
    (Fidelity.NONE, Fidelity.PRESENCE, Fidelity.CATEGORY, Fidelity.PRECISE),
    (Fidelity.NONE, Fidelity.EFFECT_ONLY, Fidelity.PRESENCE, Fidelity.COARSE),
    (Fidelity.NONE, Fidelity.EFFECT_ONLY, Fidelity.PRECISE),
    (Fidelity.NONE, Fidelity.PRESENCE, Fidelity.CATEGORY, Fidelity.COARSE, Fidelity.PRECISE),
    (Fidelity.NONE, Fidelity.EFFECT_ONLY),
    (Fidelity.NONE, Fidelity.CATEGORY, Fidelity.COARSE, Fidelity.PRECISE),
    (Fidelity.NONE, Fidelity.EFFECT_ONLY, Fidelity.PRESENCE, Fidelity.CATEGORY, Fidelity.COARSE, Fidelity.PRECISE),
)


def day(number: int) -> datetime:
    """An instant on the grid on which everything in a world happens."""
    return START + timedelta(days=number)


def catalogue(dice: Dice) -> Catalogue:
    """Make a catalogue."""
    purposes = tuple(_purpose(dice, key) for key in PURPOSES)
    categories = tuple(_category(dice, key) for key in CATEGORIES)
    tables = Tables(
        categories=categories,
        purposes=purposes,
        recipients=_recipients(dice),
        attributes=_attributes(dice),
        channels=_channels(dice),
        parents=PARENTS,
        register=_register(dice),
        law=_law(dice),
        notices=_notices(dice),
    )
    return compiled(tables, version=VERSION, digest="worlds")


def _since(dice: Dice) -> int:
    return pick(dice, (1, 1, 1, 1, 1, 2, 3))


def _moved(dice: Dice) -> int | None:
    return pick(dice, (None, None, None, None, None, 2, 3))


def _parent(key: str) -> str:
    return key.rpartition(".")[0]


def _purpose(dice: Dice, key: str) -> Purpose:
    marks = pick(dice, ((), (), (), (), (), ("sale",), ("share", "profiling"), ("sale", "targeted")))
    objects = chance(dice, 60 if marks else 20)
    return Purpose(key, _parent(key), "", frozenset(marks), objects, since=_since(dice), moved=_moved(dice))


def _category(dice: Dice, key: str) -> Category:
    return Category(
        key,
        _parent(key),
        Sensitivity.S1,
        art9=pick(dice, ("", "", "", "", "", "health")),
        us_sensitive=chance(dice, 15),
        raw_sensor=chance(dice, 1),
        bystander=chance(dice, 1),
        life_event=chance(dice, 10),
        emotion=chance(dice, 15),
        since=_since(dice),
        moved=_moved(dice),
    )


def _recipients(dice: Dice) -> tuple[Recipient, ...]:
    regions = ("", "XA", "XB", "XU")
    return (
        Recipient("house", region=pick(dice, regions)),
        Recipient("shop", group="guild", third_party=True, region=pick(dice, regions), since=pick(dice, (1, 1, 2, 3))),
        Recipient("mart", group="guild", third_party=True, region=pick(dice, regions), since=pick(dice, (1, 1, 2, 3))),
        Recipient("agency", third_party=True, region=pick(dice, regions)),
    )


def _attributes(dice: Dice) -> tuple[Attribute, ...]:
    masks = lambda: frozenset(some(dice, CATEGORIES[1:4])) if chance(dice, 25) else frozenset()  # noqa: E731 thrown anew for each source
    made = (Origin.DERIVED, Origin.INFERRED)
    return (
        _attribute(dice, "told", Origin.DECLARED),
        _attribute(dice, "seen", Origin.OBSERVED),
        _attribute(dice, "worked_out", pick(dice, made), (Source("told", masks()), Source("seen", masks()))),
        _attribute(dice, "guessed", pick(dice, made), (Source("worked_out", masks()),)),
        _attribute(dice, "odd", pick(dice, (Origin.DECLARED, Origin.DECLARED, *made))),
    )


def _attribute(dice: Dice, key: str, origin: Origin, sources: tuple[Source, ...] = ()) -> Attribute:
    levels = {Origin.DECLARED: 2, Origin.OBSERVED: 3, Origin.DERIVED: 4, Origin.INFERRED: 4}
    channels = frozenset(CHANNELS if not chance(dice, 5) else some(dice, CHANNELS))
    return Attribute(
        key=key,
        category=pick(dice, CATEGORIES),
        kind=ValueKind.STRING,
        sensitivity=pick(dice, (*Sensitivity, *SEEN)),
        origin=origin,
        rungs=pick(dice, LADDERS) if not chance(dice, 2) else (Fidelity.NONE,),
        purposes=frozenset((*LEAVES, INNER) if not chance(dice, 5) else some(dice, LEAVES)),
        channels=channels,
        observed_on=frozenset(CHANNELS if not chance(dice, 8) else some(dice, CHANNELS)),
        safety=chance(dice, 35),
        exposed=not chance(dice, 3),
        intrusion=pick(dice, (levels[origin], levels[origin], levels[origin], 1, 3, 5)),
        sources=sources,
    )


def _channels(dice: Dice) -> tuple[Channel, ...]:
    most = (*(Sensitivity.S4,) * 4, Sensitivity.S3, Sensitivity.S2, Sensitivity.S1, Sensitivity.S0)
    return (
        Channel("visor", "unknown", True, Sensitivity.S4, pick(dice, most), pick(dice, (2, 3))),
        Channel("phone", "no", True, Sensitivity.S4, pick(dice, most), 3),
        Channel("wall", "yes", chance(dice, 50), Sensitivity.S2, pick(dice, most), pick(dice, (3, 2, 1))),
        Channel("partner_server", "no", False, Sensitivity.S1, Sensitivity.S3, 2),
    )


def _register(dice: Dice) -> tuple[RegisterRow, ...]:
    bases = (
        Basis.CONSENT,
        Basis.CONSENT,
        Basis.LEGITIMATE_INTERESTS,
        Basis.CONTRACT,
        Basis.PUBLIC_TASK,
        Basis.LEGAL_OBLIGATION,
        Basis.VITAL_INTERESTS,
    )
    rows = []
    for recipient in RECIPIENTS[:3]:
        first = Operation.USE if recipient == "house" else Operation.DISCLOSE
        for operation in (first, *SPEAKING[2:], Operation.COLLECT):
            basis = pick(dice, bases)
            if not chance(dice, 4):
                rows += [
                    RegisterRow(recipient, purpose, category, operation, basis)
                    for purpose in ("do", "sell")
                    for category in ("me", "place")
                ]
    for _ in range(dice.number(2)):
        operation, basis = pick(dice, SPEAKING), pick(dice, bases)
        rows.append(RegisterRow(pick(dice, RECIPIENTS), pick(dice, PURPOSES), pick(dice, CATEGORIES), operation, basis))
    return tuple(rows)


def _law(dice: Dice) -> tuple[LawRow, ...]:
    rows = [_law_row(dice, pick(dice, ("XA", "XB", "XU", "XA", "ZZ"))) for _ in range(dice.number(5))]
    if not chance(dice, 8):
        rows.append(LawRow("ZZ", pick(dice, (Regime.NOTICE_ONLY, Regime.OPT_OUT, Regime.CONSENT))))
    if not chance(dice, 20):
        calm = (Regime.NOTICE_ONLY, Regime.OPT_OUT, Regime.CONSENT)
        rows.append(
            LawRow(
                "XU",
                pick(dice, calm),
                max_age_days=pick(dice, (None, None, 40, 8)),
                min_assurance=pick(dice, (0, 0, 0, 0, 2, 3)),
                art9_ground=pick(dice, ("", "explicit law")),
            )
        )
    if chance(dice, 20):
        rows.append(LawRow("XU", Regime.CONSENT, age_band=AgeBand.TEEN, guardian=True))
    return tuple(rows)


def _law_row(dice: Dice, jurisdiction: str) -> LawRow:
    strict = (Regime.PROHIBITED,) if chance(dice, 15) else (Regime.CONSENT, Regime.OPT_OUT, Regime.NOTICE_ONLY)
    return LawRow(
        jurisdiction,
        pick(dice, (*strict, Regime.EXPLICIT_CONSENT)),
        purpose=pick(dice, (None, None, "do", "do.play.team", "do.play.team.match", "sell")),
        category_class=pick(dice, (None, *CategoryClass)),
        operation=pick(dice, (None, None, *SPEAKING)),
        age_band=pick(dice, (None, None, AgeBand.ADULT, AgeBand.CHILD, AgeBand.TEEN)),
        recipient_region=pick(dice, (None, None, None, "XU", "XA")),
        max_age_days=pick(dice, (None, None, 30, 12, 5)),
        min_assurance=pick(dice, (0, 0, 0, 1, 2, 3)),
        guardian=chance(dice, 20),
        art9_ground=pick(dice, ("", "explicit law")),
        in_force_from=pick(dice, (None, None, day(4), day(12), day(30))),
    )


def _notices(dice: Dice) -> tuple[NoticeVersion, ...]:
    first = NoticeVersion(NoticeRef("n1", 1), 1, day(-5))
    rest = [
        NoticeVersion(NoticeRef("n1", 2 + number), 1 + number, pick(dice, (day(6), day(14), day(25))), _cells(dice))
        for number in range(dice.number(2))
    ]
    other = [NoticeVersion(NoticeRef("n2", 1), 1, pick(dice, (day(-5), day(10))))]
    return (first, *rest, *(other if chance(dice, 30) else ()))


def _cells(dice: Dice) -> tuple[NoticeCell, ...] | None:
    if chance(dice, 15):
        return None
    return tuple(
        NoticeCell(
            pick(dice, (None, *PURPOSES)),
            pick(dice, (None, *CATEGORIES)),
            pick(dice, (None, *RECIPIENTS[:2])),
            pick(dice, (None, *SPEAKING[:3])),
            material=not chance(dice, 40),
        )
        for _ in range(dice.number(2))
    )
