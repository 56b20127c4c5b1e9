"""The small world as a governance officer sees it: a catalogue that grows with what she adds, and people to look at."""

from dataclasses import replace
from typing import Any

from graph.catalogue import Catalogue, Channel, Purpose, Recipient, Tables, compiled
from graph.ledger import Disclosure
from graph.records import NoticeRef, Record, Subject, Value
from graph.store import Change, Command, Parties
from graph.terms import AgeBand, Audience, RecordKind, Sensitivity
from resolvers.context import Context
from tests.support.worlds_acts import given
from tests.support.worlds_resolvers import HOBBY, PLAY, TABLES, World

SERVER = "brand_server"
MART, SHOP = "mart", "shop"
GENERAL_1 = NoticeRef("general", 1)
OFFICE_TABLES = replace(
    TABLES,
    recipients=(
        *TABLES.recipients,
        Recipient(MART, "Mart", group="shops", third_party=True, region="XX"),
        Recipient(SHOP, "Shop", group="shops", third_party=True, region="XX"),
    ),
    channels=(
        *TABLES.channels,
        Channel(SERVER, "no", False, Sensitivity.S0, Sensitivity.S3, 0, identity="none"),
    ),
    purposes=(*TABLES.purposes, Purpose("play.solo", "play")),
    attributes=tuple(
        replace(one, channels=one.channels | {SERVER}) if one.key == HOBBY else one for one in TABLES.attributes
    ),
)


class Office(World):
    """The world with an officer in it; as a gateway does, it reads what was added only when a number says so."""

    known = -1

    async def refreshed(self, revision: int) -> Catalogue:
        if revision <= self.known:
            return self.catalogue
        added = await self.store.additions()
        assert added.revision >= revision
        self.known = added.revision
        more = Tables(recipients=added.recipients, notices=added.notices)
        self.catalogue = compiled(self.tables.plus(more), version=1 + added.revision, digest="0" * 64)
        return self.catalogue

    def officer(self, name: str = "officer", **more: Any) -> Context:
        caller = self.caller(
            audience=Audience.GOVERNANCE, subject=name, client_id="desk", channel="", device=None, attested=False
        )
        return self.context(caller, **more)

    async def person(self, name: str = "noor", **more: Any) -> None:
        """Let a person come to be, with the notice served."""
        await self.open(Subject(name, **{"age_band": AgeBand.ADULT, "jurisdictions": ("XX",), **more}))
        await self.told(name, record(f"{name}-served", self.now, RecordKind.NOTICE_SERVED))

    async def told(self, subject: str, *records: Record, **more: Any) -> None:
        """Put records on record in a subject's tree."""
        base = (await self.store.snapshot(subject, Parties())).own.revision
        begins = tuple(replace(one, sequence=base + 1) for one in records)
        at = records[-1].recorded_at if records else self.now
        await self.store.append(Change(subject, base, at, Command(self.fresh_id(), ""), begins=begins, **more))

    async def holds(self, subject: str, *values: Value) -> None:
        await self.store.put(subject, values, Command(self.fresh_id(), ""), self.now)

    async def given(self, subject: str = "noor", **more: Any) -> Disclosure:
        """Write a disclosure about a subject to the ledger, as a release does."""
        return await given(self, subject, **more)


def office(store: Any, **more: Any) -> Office:
    return Office(store, **{"tables": OFFICE_TABLES, **more})


def record(name: str, at: Any, kind: RecordKind = RecordKind.GIVEN, **more: Any) -> Record:
    return Record(name, kind, at, **{"notice": GENERAL_1, **more})


def value(key: str, at: Any, **more: Any) -> Value:
    return Value(key, "canary-of-a-value", at, PLAY, **more)
