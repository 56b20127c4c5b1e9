"""The measurement of an answer: the whole path of the gateway beside servers that do less."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.client import request
from bench.cpu import SERVERS, pinned
from bench.documents import asking
from bench.person import Person
from bench.report import Row, Table
from bench.rounds import CONNECTIONS, Measured, Plan, Target, alternated, percentile, same
from bench.servers import Server, gateway, peer
from bench.world import World, known, variables

FULL, KNOWN, NEVER = "gateway, registered document", "gateway, known text", "gateway, text never seen before"
STOCK, SERVED, TUNED = "stock Strawberry", "the same, served as the gateway is", "the same, with its caches too"
RAW = "raw ASGI"
PEERS = {STOCK: "stock", SERVED: "served", TUNED: "tuned", RAW: "raw"}
COLUMNS = ("CPU µs", "× stock", "× raw", "p50 ms", "p99 ms", "alone p50 ms", "alone p99 ms")
NOTE = (
    "The first is the whole path as production runs it: token, decision, two reads, ledger on disk, answer; texts are "
    "for development. The peers say the same from memory, without token, consent or ledger: Strawberry's own view "
    "under uvicorn as it comes; then with what was made at the start kept from Python's collector, as here; then with "
    "parser and validation caches too. "
    f"CPU is the server's; p50 and p99 are those of {CONNECTIONS} callers at once, alone those of one."
)


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of one run, all up at once."""

    production: Server
    development: Server
    unknown: Server
    peers: Mapping[str, Server]


async def served(world: World, plan: Plan, folder: Path) -> tuple[Table, ...]:
    """Measure both documents at every server, in one run."""
    with _servers(world, folder) as servers:
        here = await known(servers.production, world.catalogue, world.asked)
        free = [await known(one, world.catalogue, world.asked) for one in (servers.development, servers.unknown)]
        tables = []
        for name in asking(world.asked):
            targets = (*_asked(world, name, here, *free), *_peers(world, name, servers.peers))
            tables.append(_table(world, name, await alternated(targets, plan)))
        return tuple(tables)


@contextmanager
def _servers(world: World, folder: Path) -> Iterator[Servers]:
    file = folder / "answers.json"
    file.write_text(json.dumps(world.answers))
    with ExitStack() as stack:
        production = stack.enter_context(gateway(world.store))
        development, unknown = (stack.enter_context(gateway(world.store, development=True)) for _ in range(2))
        peers = {name: stack.enter_context(peer(kind, file)) for name, kind in PEERS.items()}
        for server in (production, development, unknown, *peers.values()):
            pinned(server.process, SERVERS)
        yield Servers(production, development, unknown, peers)


def _asked(world: World, name: str, here: Person, there: Person, stranger: Person) -> tuple[Target, ...]:
    text, given, numbers = asking(world.asked)[name], variables(name, world.asked), count(1)

    def unseen(wanted: int) -> Sequence[bytes]:
        return [stranger.free_request(f"{text} # {next(numbers)}", given) for _ in range(wanted)]

    return (
        Target(FULL, here.server, same(here.request(name, given))),
        Target(KNOWN, there.server, same(there.free_request(text, given))),
        Target(NEVER, stranger.server, unseen),
    )


def _peers(world: World, name: str, peers: Mapping[str, Server]) -> tuple[Target, ...]:
    body = {"query": asking(world.asked)[name], "variables": variables(name, world.asked), "operationName": name}
    return tuple(Target(kind, server, same(request(server.place, body))) for kind, server in peers.items())


def _table(world: World, name: str, found: Mapping[str, Measured]) -> Table:
    size = len(json.dumps({"data": world.answers[name]}, separators=(",", ":")))
    title = f"{name}: {len(world.asked.keys)} attributes, {_fields(world.answers[name])} fields, {size:,} bytes"
    return Table(title, NOTE, COLUMNS, tuple(_row(kind, one, found) for kind, one in found.items()))


def _row(kind: str, one: Measured, found: Mapping[str, Measured]) -> Row:
    latencies = (percentile(times, hundredth) for times in (one.loaded, one.alone) for hundredth in (50, 99))
    return Row(kind, (one.microseconds, one.over(found[STOCK]), one.over(found[RAW]), *latencies))


def _fields(answer: object) -> int:
    if isinstance(answer, dict):
        return sum(1 + _fields(one) for one in answer.values())
    return sum(map(_fields, answer)) if isinstance(answer, list) else 0
