"""Noor on her own headset, ready to be asked about: what she shares, with whom, and what the ledger says of it."""

from dataclasses import replace
from typing import Any

from graph.ledger import Disclosure
from graph.records import Device, Scope, Value
from graph.store import DisclosureQuery, Page
from graph.terms import Audience, DeviceKind, Operation, RecordKind
from resolvers.context import Context
from resolvers.release import Released
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import MART, OFFICE_TABLES, SERVER, SHOP, Office, office, record
from tests.support.worlds_resolvers import DAY, HEIGHT, HOBBY, NOTE, PLAY, REGISTER, World, row

HERS = ("canary chess", "canary climbing")
ASKED = (HOBBY, HEIGHT, NOTE)
YES = Scope(category="hobby", operations=frozenset({Operation.USE, Operation.DISCLOSE}))
BRANDS = (row(MART, PLAY, "hobby", Operation.DISCLOSE), row(SHOP, PLAY, "hobby", Operation.DISCLOSE))


async def sharing(world: World) -> Office:
    """Return the world in which Noor said yes to her hobbies, not to her height, and holds both."""
    found = office(
        WatchedStore(world.store), tables=replace(OFFICE_TABLES, register=(*REGISTER, *BRANDS)), numbers=world.numbers
    )
    await found.person()
    headset = Device("noor-headset", "Hers", DeviceKind.HEADSET, shared=False, linked_at=found.now)
    yes = record("yes", found.now, scope=YES, valid_until=found.now + DAY)
    await found.told("noor", yes, devices=(headset,))
    await found.holds("noor", held(HOBBY, found, HERS), held(HEIGHT, found, 172.4))
    await found.refreshed(0)
    watched(found).forget()
    return found


def watched(here: Office) -> WatchedStore:
    assert isinstance(here.store, WatchedStore)
    return here.store


def held(key: str, here: Office, what: Any, **more: Any) -> Value:
    return Value(key, what, here.now, PLAY, **more)


def brand(here: Office, recipient: str = MART) -> Context:
    """Return the context of a brand's server with a service token."""
    return here.context(
        here.caller(recipient=recipient, audience=Audience.PARTNER, channel=SERVER, subject="service", device=None)
    )


async def ledger(here: Office) -> list[Disclosure]:
    return [entry for _, entry in await here.store.disclosures(DisclosureQuery(), Page(100))]


async def withdrawn(here: Office, name: str = "no") -> None:
    await here.told("noor", record(name, here.now, RecordKind.WITHDRAWN, scope=YES))


async def said(here: Office, name: str) -> None:
    """Let Noor say something that changes nothing of what is asked."""
    await here.told("noor", record(name, here.now, RecordKind.REFUSED, scope=Scope(category="topics")))


async def permits(here: Office, key: str) -> None:
    """Let Noor say yes to one key more."""
    scopes = {HOBBY: YES, HEIGHT: Scope(category="body"), NOTE: Scope(category="health")}
    names = frozenset({"health"} if key == NOTE else ())
    await here.told("noor", record(f"yes to {key}", here.now, scope=scopes[key], names=names))


def released(found: Released) -> dict[str, Any]:
    return {one.key: one.shown.value for one in found.entries if one.shown is not None}
