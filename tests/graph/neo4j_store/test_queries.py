"""Every query names itself, is planned on an index, and reads in the order that the promise of page 5.2 rests on."""

import re
from pathlib import Path

import pytest
from neo4j import Session

import graph.neo4j_store
from tests.graph.neo4j_store.queries import Plan, Query, Step, queries, walks

pytestmark = pytest.mark.neo4j

FOLDER = Path(graph.neo4j_store.__path__[0])
NAMED = re.compile(r"// [a-z][a-z ,]*: (READ|WRITE)\n")
WRITING = re.compile(r"^\s*(CREATE|MERGE|SET|DELETE|DETACH DELETE|REMOVE|FOREACH)\b", re.MULTILINE)
SORTS = {"Sort", "Top", "PartialSort", "PartialTop"}
LOCKS = re.compile(r"^(\w+)\.lock = ")

ALL = sorted(set(queries()), key=lambda query: (query.name, query.text))
EACH = pytest.mark.parametrize("query", ALL, ids=[f"{query.name}-{query.title}" for query in ALL])


def locks_without_a_barrier(plan: Plan) -> list[str]:
    """Return the locks whose query answers something it may have read before them: the planner reads where it likes.

    It reads behind an aggregation only what it asks for behind it, whatever the statistics are.
    """
    locks = [step for step in plan.steps if step.operator == "SetProperty" and LOCKS.match(step.details)]
    barriers = [step for step in plan.steps if step.operator == "EagerAggregation"]
    safe = {id(lock) for lock in locks for barrier in barriers if lock in barrier.below}
    return [lock.details for lock in locks if plan.answers and id(lock) not in safe]


def test_there_are_queries_to_look_at() -> None:
    assert len(ALL) > 50


def test_every_query_that_names_itself_anywhere_in_the_store_is_among_those() -> None:
    written = {name for file in FOLDER.rglob("*.py") for name in re.findall(r"// ([a-z][a-z ,]*): ", file.read_text())}
    assert written - {query.title for query in ALL} == set()


def test_a_walk_is_found(session: Session) -> None:
    unsafe = """// records that ended: READ
MATCH (record:Record) WHERE record.endedAt > $at
RETURN count(*) AS number"""

    assert walks(Query("unsafe", unsafe).plan(session)) == {"NodeByLabelScan"}


@EACH
def test_a_query_names_itself_and_says_whether_it_writes(query: Query) -> None:
    assert NAMED.match(query.text)
    assert bool(WRITING.search(query.text)) == query.writes


@EACH
def test_a_query_walks_nothing_that_grows_with_people_and_the_server_has_nothing_to_say(
    query: Query, session: Session
) -> None:
    plan = query.plan(session)

    assert walks(plan) == set()
    assert query.writes or "Eager" not in plan.operators
    assert plan.told == ()


@EACH
def test_no_query_sorts_what_an_index_holds_in_order(query: Query, session: Session) -> None:
    assert query.plan(session).operators & SORTS == set()


@EACH
def test_what_a_write_answers_it_reads_behind_its_locks(query: Query, session: Session) -> None:
    assert locks_without_a_barrier(query.plan(session)) == []


def test_a_lock_without_its_barrier_is_found(session: Session) -> None:
    unsafe = """// a party read before its lock: WRITE
OPTIONAL MATCH (state:State {id: $party})
SET state.lock = $lock
WITH state
RETURN state.records AS records, state.head AS head"""

    assert locks_without_a_barrier(Query("unsafe", unsafe).plan(session)) != []


def unproven(plan: Plan) -> list[str]:
    """Return what of a fused read the server may read in another order than the proof needs.

    Every value stands behind one barrier, by its id and nothing else; each state is sought once, on the other side of
    an Apply: what that takes first, it has in full before it asks its other side.
    """
    barriers = [step for step in plan.steps if step.operator == "EagerAggregation"]
    states = [step for step in plan.steps if ":State(" in step.details]
    before = [step for barrier in barriers for step in barrier.below]
    applies = [step for step in plan.steps if step.operator == "Apply" and step.below[0] in barriers]
    faults = {
        "one barrier": len(barriers) == 1,
        "behind it values alone": [step.operator for step in before] == ["NodeUniqueIndexSeek"]
        and "value:Value(id)" in before[0].details,
        "no state behind it": not [step for step in before if step in states],
        "each state once": len(states) == 3 == len({step.details for step in states}),
        "states on the other side": all(any(state in apply.below for apply in applies) for state in states),
        "no nodes": not set(plan.steps[0].details.split(", ")) & {"value", "own", "device", "household", "additions"},
    }
    return [fault for fault, holds in faults.items() if not holds]


def test_every_value_is_read_before_any_state_that_proves_it(session: Session) -> None:
    (query,) = [one for one in ALL if one.name == "values.READ"]

    assert unproven(query.plan(session)) == []


def test_the_additions_are_read_after_the_states(session: Session) -> None:
    (query,) = [one for one in ALL if one.name == "values.READ"]

    (last,) = [step for step in query.plan(session).steps if ":Additions(" in step.details]

    assert not [step for step in last.below if ":State(" in step.details]
    (above,) = [step for step in query.plan(session).steps if step.operator == "Apply" and _asks(step, ":Additions(")]
    assert [step for step in above.below if step.operator == "Projection"]


def test_the_changes_of_one_feed_are_sought_between_both_ends(session: Session) -> None:
    (query,) = [one for one in ALL if one.name == "feed.MOVED"]

    (seek,) = [step for step in query.plan(session).steps if step.operator == "NodeIndexSeekByRange"]

    assert "place > cursor.after AND place < cursor.end" in seek.details


def _asks(apply: Step, detail: str) -> bool:
    """Tell whether an Apply asks for something on its other side alone."""
    return detail in apply.below[-1].details


STATE_FIRST = """// the states, then the values: READ
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
WITH own.revision AS ownRevision, device.revision AS deviceRevision, household.revision AS householdRevision
OPTIONAL MATCH (value:Value)
WHERE value.id IN $values
RETURN ownRevision, deviceRevision, householdRevision, collect(value.sealed) AS sealed"""
NO_BARRIER = """// a value a row, and the states beside each: READ
MATCH (value:Value)
WHERE value.id IN $values
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
RETURN value.sealed AS sealed, own.revision AS ownRevision, device.revision AS deviceRevision,
  household.revision AS householdRevision"""
MATCHED_TWICE = """// the subject's state matched again for its records: READ
MATCH (value:Value)
WHERE value.id IN $values
WITH collect(value.sealed) AS sealed
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
OPTIONAL MATCH (again:State {id: $subject})
RETURN sealed, own.revision AS ownRevision, again.records AS ownRecords, device.revision AS deviceRevision,
  household.revision AS householdRevision"""
NODES = """// nodes, whose properties are read after the last row: READ
MATCH (value:Value)
WHERE value.id IN $values
WITH collect(value.sealed) AS sealed
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
RETURN sealed, own, device, household"""


@pytest.mark.parametrize("unsafe", [STATE_FIRST, NO_BARRIER, MATCHED_TWICE, NODES], ids=lambda text: text.split(":")[0])
def test_a_fused_read_in_an_order_that_proves_nothing_is_found(unsafe: str, session: Session) -> None:
    assert unproven(Query("unsafe", unsafe).plan(session)) != []
