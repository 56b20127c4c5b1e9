"""Every query names itself, is planned on an index, and reads in the order that the promise of page 5.2 rests on."""

import re

import pytest
from neo4j import Session

from tests.graph.neo4j_store.queries import Plan, Query, queries

pytestmark = pytest.mark.neo4j

NAMED = re.compile(r"// [a-z][a-z ,]*: (READ|WRITE)\n")
WRITING = re.compile(r"^\s*(CREATE|MERGE|SET|DELETE|DETACH DELETE|REMOVE|FOREACH)\b", re.MULTILINE)
# Each walks what grows with people, or joins what nothing joins.
WALKS = {
    "AllNodesScan",
    "NodeByLabelScan",
    "UnionNodeByLabelsScan",
    "NodeIndexScan",
    "NodeUniqueIndexScan",
    "NodeIndexContainsScan",
    "NodeIndexEndsWithScan",
    "DirectedRelationshipTypeScan",
    "UndirectedRelationshipTypeScan",
    "DirectedAllRelationshipsScan",
    "UndirectedAllRelationshipsScan",
    "DirectedRelationshipIndexScan",
    "UndirectedRelationshipIndexScan",
    "CartesianProduct",
}
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


@EACH
def test_a_query_names_itself_and_says_whether_it_writes(query: Query) -> None:
    assert NAMED.match(query.text)
    assert bool(WRITING.search(query.text)) == query.writes


@EACH
def test_a_query_walks_nothing_that_grows_with_people_and_the_server_has_nothing_to_say(
    query: Query, session: Session
) -> None:
    plan = query.plan(session)

    assert plan.operators & WALKS == set()
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


def test_every_value_is_read_before_any_state_that_proves_it(session: Session) -> None:
    (query,) = [one for one in ALL if one.name == "values.READ"]

    plan = query.plan(session)

    (barrier,) = [step for step in plan.steps if step.operator == "EagerAggregation"]
    states = [step for step in plan.steps if ":State(" in step.details]
    assert [step.operator for step in barrier.below] == ["NodeUniqueIndexSeek"]
    assert "value:Value(id)" in barrier.below[0].details
    assert len(states) == 3
    assert not [step for step in barrier.below if step in states]
    (apply,) = [step for step in plan.steps if step.operator == "Apply" and barrier in step.below]
    assert apply.below[0] == barrier  # what an Apply takes first, it has in full before it asks its other side
