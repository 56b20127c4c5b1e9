"""A small world to act in: a catalogue with one of everything, a real store, and callers with their contexts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from gateway.consistency import SealedConsistency
from gateway.cursors import SealedCursors
from gateway.keys import seeded
from gateway.pairwise import SivPseudonyms
from gateway.signing import Ed25519Signer
from graph.catalogue import (
    Attribute,
    Catalogue,
    Category,
    Channel,
    LawRow,
    NoticeCell,
    NoticeText,
    NoticeVersion,
    Purpose,
    Recipient,
    RegisterRow,
    Source,
    Tables,
    compiled,
)
from graph.decision.request import EVERYTHING
from graph.records import NoticeRef, Record, Subject
from graph.store import AsOf, Change, Command, Page, Store
from graph.terms import (
    AgeBand,
    Audience,
    Basis,
    CategoryClass,
    Fidelity,
    Operation,
    Origin,
    PartyKind,
    Regime,
    Sensitivity,
    ValueKind,
)
from resolvers.acts import CellChoice, Changed, GiveConsent
from resolvers.caller import Caller
from resolvers.consent import give
from resolvers.context import Context
from resolvers.offers import OfferShown, offer
from tests.support.answers import done as done
from tests.support.answers import problem as problem

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PLAY, SIZE, ADS, TALK = "play.match", "play.size", "ads.targeted", "talk"
APP, STUDIO, SUNRISE = "app", "studio", "sunrise"
HOBBY, HEIGHT, TURNING = "hobby.list", "body.height", "comfort.turning"
GUESS, NOTE, TOPICS = "hobby.guess", "health.note", "ads.topics"
EVERYWHERE = frozenset({"headset", "phone", "tablet", "tv", "mail"})
F = Fidelity


def attribute(key: str, category: str, sensitivity: Sensitivity, **more: Any) -> Attribute:
    plain: dict[str, Any] = {
        "kind": ValueKind.STRING,
        "origin": Origin.DECLARED,
        "rungs": (F.NONE, F.PRESENCE, F.PRECISE),
        "purposes": frozenset({PLAY}),
        "channels": EVERYWHERE,
        "observed_on": EVERYWHERE,
    }
    return Attribute(key=key, category=category, sensitivity=sensitivity, **(plain | more))


ATTRIBUTES = (
    attribute(HOBBY, "hobby", Sensitivity.S2, kind=ValueKind.LIST, purposes=frozenset({PLAY, SIZE})),
    attribute(
        HEIGHT,
        "body.height",
        Sensitivity.S3,
        kind=ValueKind.FLOAT,
        rungs=(F.NONE, F.CATEGORY, F.COARSE, F.NOISED, F.PRECISE),
        purposes=frozenset({PLAY, SIZE}),
        minimum=50.0,
        maximum=250.0,
    ),
    attribute(TURNING, "comfort", Sensitivity.S1, rungs=(F.NONE, F.EFFECT_ONLY, F.PRECISE), safety=True),
    attribute("health.calm", "health", Sensitivity.S4, rungs=(F.NONE, F.EFFECT_ONLY, F.PRECISE), safety=True),
    attribute(
        GUESS,
        "guess",
        Sensitivity.S2,
        origin=Origin.INFERRED,
        intrusion=4,
        sources=(Source(HOBBY),),
    ),
    attribute(NOTE, "health", Sensitivity.S4),
    attribute(TOPICS, "topics", Sensitivity.S2, purposes=frozenset({ADS})),
    attribute("gaze.stream", "gaze", Sensitivity.S5, kind=ValueKind.SENSOR, exposed=False),
    attribute("friend.name", "friend", Sensitivity.S5, exposed=False),
    attribute("later.thing", "hobby", Sensitivity.S2, exposed=False),
)
CATEGORIES = (
    Category("hobby", "", Sensitivity.S2),
    Category("body", "", Sensitivity.S2),
    Category("body.height", "body", Sensitivity.S3),
    Category("comfort", "", Sensitivity.S1),
    Category("guess", "", Sensitivity.S2),
    Category("health", "", Sensitivity.S4, art9="health"),
    Category("topics", "", Sensitivity.S2),
    Category("gaze", "", Sensitivity.S5, raw_sensor=True),
    Category("friend", "", Sensitivity.S5, bystander=True),
)
PURPOSES = (
    Purpose("play", ""),
    Purpose(PLAY, "play"),
    Purpose(SIZE, "play"),
    Purpose("ads", ""),
    Purpose(ADS, "ads", us_operations=frozenset({"sale"}), gpc_objects=True),
    Purpose(TALK, ""),
)
RECIPIENTS = (
    Recipient(APP, "The App", region="XX", clients=("app-client",)),
    Recipient(STUDIO, "Studio", third_party=True, region="XX", clients=("studio-client",)),
    Recipient(SUNRISE, third_party=True, group="ad_group", region="XX"),
)
CHANNELS = (
    Channel("headset", "unknown", True, Sensitivity.S4, Sensitivity.S4, 2, name="Headset", identity="wearer"),
    Channel("phone", "no", True, Sensitivity.S4, Sensitivity.S4, 3, name="Phone", identity="personal"),
    Channel("tablet", "unknown", True, Sensitivity.S3, Sensitivity.S3, 3, identity="household"),
    Channel("tv", "yes", False, Sensitivity.S1, Sensitivity.S2, 1, identity="household"),
    Channel("mail", "no", True, Sensitivity.S0, Sensitivity.S2, 1, identity="address"),
    Channel("partner_server", "no", False, Sensitivity.S0, Sensitivity.S3, 0),
)


def row(recipient: str, purpose: str, category: str, operation: Operation, **more: Any) -> RegisterRow:
    return RegisterRow(recipient, purpose, category, operation, more.pop("basis", Basis.CONSENT), **more)


REGISTER = (
    row(APP, "play", "hobby", Operation.USE),
    row(APP, "play", "body", Operation.USE),
    row(APP, PLAY, "guess", Operation.USE),
    row(APP, PLAY, "health", Operation.USE),
    row(APP, PLAY, "comfort", Operation.USE, basis=Basis.CONTRACT),
    row(APP, "play", "hobby", Operation.COLLECT, retention_days=30),
    row(APP, PLAY, "hobby", Operation.COLLECT, retention_days=7),
    row(APP, "play", "body", Operation.COLLECT),
    row(APP, PLAY, "comfort", Operation.COLLECT, basis=Basis.CONTRACT),
    row(STUDIO, PLAY, "hobby", Operation.DISCLOSE),
    row(SUNRISE, ADS, "topics", Operation.DISCLOSE, basis=Basis.LEGITIMATE_INTERESTS),
    row(SUNRISE, ADS, "topics", Operation.SELL, basis=Basis.LEGITIMATE_INTERESTS),
)
LAW = (
    LawRow("XX", Regime.NOTICE_ONLY, category_class=CategoryClass.ORDINARY, source="XX 1"),
    LawRow("XX", Regime.EXPLICIT_CONSENT, category_class=CategoryClass.SPECIAL, source="XX 2"),
    LawRow("XX", Regime.NOTICE_ONLY, age_band=AgeBand.CHILD, guardian=True, source="XX 3"),
    LawRow("TT", Regime.NOTICE_ONLY, age_band=AgeBand.TEEN, guardian=True, source="TT 1"),
    LawRow("SS", Regime.NOTICE_ONLY, min_assurance=3, source="SS 1"),
    LawRow("PP", Regime.PROHIBITED, source="PP 1"),
    LawRow("OO", Regime.OPT_OUT, max_age_days=10, source="OO 1"),
)
GENERAL = NoticeVersion(
    NoticeRef("general", 1),
    1,
    NOON - 90 * DAY,
    texts=(
        NoticeText("de-DE", "Hinweis", "Was wir tun."),
        NoticeText("en", "Notice", "What we do."),
        NoticeText("fr", "Avis", "Ce que nous faisons."),
    ),
)
TABLES = Tables(
    categories=CATEGORIES,
    purposes=PURPOSES,
    recipients=RECIPIENTS,
    attributes=ATTRIBUTES,
    channels=CHANNELS,
    register=REGISTER,
    law=LAW,
    notices=(GENERAL,),
)


def notice(name: str, version: int, since: datetime, cells: tuple[NoticeCell, ...] | None = None) -> NoticeVersion:
    texts = (NoticeText("en", f"{name} {version}", ""),)
    return NoticeVersion(NoticeRef(name, version), 1, since, cells, texts)


@dataclass
class World:
    """One store and one catalogue; `now` is the clock, and every id is a number nobody had before."""

    store: Store
    tables: Tables = TABLES
    now: datetime = NOON
    signer: Ed25519Signer = Ed25519Signer((seeded(bytes(32)),))
    pseudonyms: SivPseudonyms = field(default_factory=lambda: SivPseudonyms(bytes(32)))
    consistency: SealedConsistency = field(default_factory=lambda: SealedConsistency(bytes(32)))
    numbers: Iterable[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.catalogue: Catalogue = compiled(self.tables)
        self._ids = iter(self.numbers)

    def fresh_id(self) -> str:
        return f"id{next(self._ids)}"

    def changed(self, **tables: Any) -> "World":
        """Return the same world under another catalogue."""
        return replace(self, tables=replace(self.tables, **tables), numbers=self._ids)

    async def refreshed(self, revision: int) -> Catalogue:
        return self.catalogue

    def caller(self, **more: Any) -> Caller:
        plain: dict[str, Any] = {
            "recipient": APP,
            "client_id": "app-client",
            "audience": Audience.CLIENT,
            "channel": "headset",
            "subject": "noor",
            "expires_at": self.now + HOUR,
            "token": EVERYTHING,
            "assurance": 2,
            "device": "noor-headset",
            "attested": True,
            "residence": "XX",
            "age_band": AgeBand.ADULT,
        }
        return Caller(**(plain | more))

    def context(self, caller: Caller | None = None, **more: Any) -> Context:
        return Context(
            caller=caller or self.caller(),
            store=self.store,
            catalogue=self.catalogue,
            at=self.now,
            signer=self.signer,
            pseudonyms=self.pseudonyms,
            cursors=SealedCursors(bytes(32)),
            consistency=self.consistency,
            fresh_id=self.fresh_id,
            refreshed=self.refreshed,
            **more,
        )

    def of(self, **more: Any) -> Context:
        """Return the context of Noor's own headset, but for what is said of the caller."""
        return self.context(self.caller(**more))

    def later(self, by: timedelta = HOUR) -> "World":
        self.now += by
        return self

    async def records(self, subject: str = "noor") -> tuple[Record, ...]:
        found = await self.store.records(subject, Page(10_000), AsOf())
        return tuple(one.record for one in found)

    async def open(self, subject: Subject) -> None:
        await self.store.open_subject(subject, None, self.now)

    async def guarded(self, child: str, guardian: str) -> None:
        """Make somebody the guardian of a child."""
        await self.open(Subject(child, age_band=AgeBand.CHILD, jurisdictions=("XX",)))
        await self.store.append(Change(child, 0, self.now, Command(f"guardian of {child}", ""), guardians=(guardian,)))

    async def recorded(self, subject: str, *records: Record, kind: PartyKind = PartyKind.SUBJECT) -> None:
        """Put records on record as they are."""
        snapshot = await self.store.history(subject, self.of().parties)
        base = next(party.revision for party in snapshot.parties if party.kind is kind) if subject == "noor" else 0
        change = Change(subject, base, records[-1].recorded_at, Command(self.fresh_id(), ""), begins=records, kind=kind)
        await self.store.append(change)


async def shown(context: Context, *keys: str, purpose: str = PLAY, recipient: str | None = None) -> OfferShown:
    return await offer(context, purpose, keys, recipient, "en")


def all_of(made: OfferShown, fidelity: Fidelity | None = None) -> tuple[CellChoice, ...]:
    """Choose every cell of an offer, as far as it goes or up to one rung."""
    return tuple(
        CellChoice(cell.purpose, cell.category, cell.operation, fidelity or cell.max_fidelity) for cell in made.cells
    )


async def said_yes(context: Context, *keys: str, **more: Any) -> Changed:
    """Say yes to everything an offer of these keys asks; `more` is what else the act says."""
    made = await shown(context, *keys, purpose=more.pop("purpose", PLAY), recipient=more.pop("recipient", None))
    choices = all_of(made, more.pop("fidelity", None))
    plain = {"key": made.token[-40:], "offer_token": made.token, "choices": choices}
    return done(await give(context, GiveConsent(**(plain | more))))
