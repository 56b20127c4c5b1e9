"""What is measured: one person who said yes to what she was offered, and the twenty attributes that she gives out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import documents
from bench.attributes import SHEET, Asked, candidates, controller, example
from bench.client import BadAnswer
from bench.person import Person, device_of
from bench.registering import registered
from bench.servers import Server, gateway, in_file
from gateway.demo import DEFAULTS
from gateway.tokens import subject_of
from gateway.wiring import opened
from graph.catalogue import Catalogue
from graph.decision.snapshot import Snapshot
from graph.pack import REFERENCE, load
from graph.records import Value
from graph.store import Command, Parties

MODEL = "bench-model"  # the person every measurement is about, or whose likes are


@dataclass(frozen=True, slots=True)
class World:
    """A filled store; the attributes, what the gateway answers of them by document, and the person as stored."""

    store: str
    catalogue: Catalogue
    asked: Asked
    answers: Mapping[str, Any]
    model: Snapshot


async def made(folder: Path) -> World:
    """Fill a store: values through its port, as the demonstration's people have theirs; consent through the door."""
    catalogue, url = load(REFERENCE).catalogue, in_file(folder / "bench.sqlite")
    wanted = candidates(catalogue)
    store = await opened(url)
    at = datetime.now(UTC)
    await store.put(subject(MODEL), values(wanted, at), Command("bench:values", "bench"), at)
    await store.aclose()
    with gateway(url) as server:
        person = await known(server, catalogue, wanted)
        await person.says_yes(wanted)
        asked = _released(await person.asks(documents.SHEET, variables(documents.SHEET, wanted)), wanted)
        person = await known(server, catalogue, asked)
        names = documents.asking(asked)
        answers = {name: await person.asks(name, variables(name, asked)) for name in names}
    return World(url, catalogue, asked, answers, await _stored(url))


async def known(server: Server, catalogue: Catalogue, asked: Asked, sub: str = MODEL) -> Person:
    """Return a person at a server, with the documents registered that she is measured by."""
    recipient = controller(catalogue)
    texts = {**documents.asking(asked), **documents.acting(asked.purpose)}
    return Person(server, recipient.clients[0], await registered(server, recipient.id, asked.purpose, texts), sub)


def variables(name: str, asked: Asked) -> dict[str, Any]:
    """Return the variables of a measured document."""
    return {"keys": list(asked.keys)} if name == documents.SHEET else {}


def subject(sub: str) -> str:
    """Return the subject's id behind a token's `sub`."""
    return subject_of(DEFAULTS["ISSUER"], sub)


def values(asked: Asked, at: datetime) -> tuple[Value, ...]:
    """Return a value of each attribute, recorded now."""
    return tuple(
        Value(one.key, example(one), at, asked.purpose, sources=tuple(sorted(row.key for row in one.sources)))
        for one in asked.attributes
    )


def _released(answer: Mapping[str, Any], wanted: Asked) -> Asked:
    """Return the first twenty attributes that are really given out."""
    given = [row["key"] for row in answer["me"]["sheet"]["entries"] if row["outcome"] == "RELEASED"]
    if len(given) < SHEET:
        raise BadAnswer(f"only {len(given)} attributes are released, not {SHEET}: {answer}")
    by_key = {one.key: one for one in wanted.attributes}
    return Asked(wanted.purpose, tuple(by_key[key] for key in given[:SHEET]))


async def _stored(url: str) -> Snapshot:
    store = await opened(url)
    try:
        return await store.snapshot(subject(MODEL), Parties(device=device_of(MODEL)))
    finally:
        await store.aclose()
