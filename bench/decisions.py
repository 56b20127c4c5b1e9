"""The measurement of the decision alone, in this process: how long it takes for how many attributes and records."""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import islice, product
from statistics import median

from bench.attributes import CHANNEL, controller
from bench.person import device_of
from bench.report import Row, Table
from bench.rounds import MICROSECONDS, Plan
from bench.world import MODEL, World
from graph.decision.decide import decide
from graph.decision.request import Request
from graph.decision.snapshot import Snapshot
from graph.records import Record, Scope
from graph.terms import Operation, RecordKind

ATTRIBUTES, RECORDS = (1, 20, 48), (6, 500)
AT_ONCE = 5  # decisions between two looks at the clock
LATER = timedelta(hours=1)  # after everything on record
NOTE = (
    "Eight gates, reasons, evidence and end of validity, for one request in memory. The attributes are those of the "
    "sheet, then others of the same channel in the catalogue's order; six records are a person's who said yes to a "
    "few categories, five hundred one's who spoke of every purpose and category there is."
)


def decided(world: World, plan: Plan) -> Table:
    """Measure the decision for each number of attributes and records."""
    rows = tuple(
        Row(f"{records} records", tuple(_microseconds(world, keys, records, plan) for keys in ATTRIBUTES))
        for records in RECORDS
    )
    return Table("Decision of so many attributes, µs", NOTE, tuple(f"of {number}" for number in ATTRIBUTES), rows)


def _microseconds(world: World, attributes: int, records: int, plan: Plan) -> float:
    keys, snapshot = _keys(world)[:attributes], _with(world, records)
    at = max(record.recorded_at for record in snapshot.own.records) + LATER
    request = Request(controller(world.catalogue).id, world.asked.purpose, CHANNEL, at, device=device_of(MODEL))
    found = []
    for _ in range(plan.decisions):
        began = time.process_time()
        for _ in range(AT_ONCE):
            decide(request, snapshot, world.catalogue, keys)
        found.append((time.process_time() - began) / AT_ONCE * MICROSECONDS)
    return median(found)


def _keys(world: World) -> tuple[str, ...]:
    others = (one.key for one in world.catalogue.attributes.values() if one.exposed and CHANNEL in one.channels)
    return tuple(dict.fromkeys((*world.asked.keys, *others)))


def _with(world: World, number: int) -> Snapshot:
    """Return the person with so many yeses and nos in force, her own first; the notice she was served comes on top."""
    own = world.model.own
    notices = tuple(one for one in own.records if one.kind is RecordKind.NOTICE_SERVED)
    said = tuple(one for one in own.records if one.kind is not RecordKind.NOTICE_SERVED)
    told = (*said, *islice(_more(world, said[-1]), max(number - len(said), 0)))[:number]
    return replace(world.model, parties=(replace(own, records=(*notices, *told)), *world.model.parties[1:]))


def _more(world: World, like: Record) -> Iterable[Record]:
    """Yield a yes for every purpose and category, each as the last one that was really said."""
    for place, (purpose, category) in enumerate(product(world.catalogue.purposes, world.catalogue.categories)):
        scope = Scope(purpose, category, controller(world.catalogue).id, operations=frozenset({Operation.USE}))
        yield replace(like, id=f"more-{place}", scope=scope, names=frozenset({category}))
