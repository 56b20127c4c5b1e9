"""What the graph looks like to whoever asks it in Cypher: a tree a person, and no path between two of them."""

from uuid import uuid4

import pytest
from neo4j import Session

from graph.neo4j_store import Neo4jStore
from graph.neo4j_store.names import joined, party_of
from graph.records import Scope, Subject
from graph.terms import PartyKind, RecordKind
from tests.conformance.builders import HOUR, NOON, change, command, device, record, value

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]

CELL = Scope("personalize.recommendation.product", "interest.topics", "loaded")


async def lived(store: Neo4jStore, who: str) -> str:
    """Let somebody sign in on a shared device, say yes, then no, and hold an inferred value; return her id there."""
    await store.open_subject(Subject(who), device("shared"), NOON)
    begins = (record("r1", scope=CELL, sequence=1), record("r2", sequence=1))
    await store.append(change(who, 0, begins=begins))
    no = record("r3", NOON + HOUR, RecordKind.WITHDRAWN, scope=CELL, sequence=2)
    await store.append(change(who, 1, NOON + HOUR, begins=(no,), ends=("r1",)))
    await store.put(who, (value("source", device="shared"), value("derived", sources=("source",))), command(), NOON)
    return party_of(PartyKind.SUBJECT, who)


async def test_records_move_from_holds_to_held_and_the_change_that_did_it_is_there(
    store: Neo4jStore, session: Session
) -> None:
    party = await lived(store, uuid4().hex)
    rows = session.run(
        "MATCH (:Subject {id: $party})-[how:HOLDS|HELD]->(record)<-[did:BEGAN|ENDED]-(change:Change) "
        "RETURN record.record AS record, type(how) AS how, type(did) AS did, change.revision AS revision "
        "ORDER BY record, revision",
        party=party,
    )
    assert [tuple(row.values()) for row in rows] == [
        ("r1", "HELD", "BEGAN", 1),
        ("r1", "HELD", "ENDED", 2),
        ("r2", "HOLDS", "BEGAN", 1),
        ("r3", "HOLDS", "BEGAN", 2),
    ]


async def test_a_record_in_force_is_covered_by_a_cohort_and_an_ended_one_is_not(
    store: Neo4jStore, session: Session
) -> None:
    party = await lived(store, uuid4().hex)
    rows = session.run(
        "MATCH (:Subject {id: $party})-[:HOLDS|HELD]->(record)-[:COVERS]->(cohort:Cohort) "
        "OPTIONAL MATCH (cohort)-[:FOR]->(purpose:Purpose) "
        "RETURN record.record AS record, cohort.yes AS yes, purpose.id AS purpose ORDER BY record",
        party=party,
    )
    assert [tuple(row.values()) for row in rows] == [("r2", True, None), ("r3", False, CELL.purpose)]


async def test_lineage_and_device_of_a_value_are_edges(store: Neo4jStore, session: Session) -> None:
    party = await lived(store, uuid4().hex)
    row = session.run(
        "MATCH (:Subject {id: $party})-[:HAS_VALUE]->(derived {attribute: 'derived'})-[:DERIVED_FROM]->(source) "
        "MATCH (source)-[:OBSERVED_ON]->(device:Device)<-[:USES]-(subject) "
        "RETURN source.attribute, device.device, subject.id",
        party=party,
    ).single(strict=True)
    assert row.values() == ["source", "shared", party]


async def test_the_state_names_the_records_that_hold(store: Neo4jStore, session: Session) -> None:
    party = await lived(store, uuid4().hex)
    row = session.run(
        "MATCH (subject:Subject {id: $party})-[:HAS_STATE]->(state:State) "
        "RETURN state.records AS text, COLLECT { MATCH (subject)-[:HOLDS]->(one) RETURN one.record } AS held",
        party=party,
    ).single(strict=True)
    assert row["text"].startswith("[2,[{")
    assert [one for one in ("r1", "r2", "r3") if f'"{one}"' in row["text"]] == sorted(row["held"]) == ["r2", "r3"]


async def test_no_path_joins_two_people_but_through_cohorts_and_the_catalogue(
    store: Neo4jStore, session: Session
) -> None:
    ann = await lived(store, uuid4().hex)
    await lived(store, uuid4().hex)
    rows = session.run(
        "MATCH (:Subject {id: $party})"
        "-[:HAS_STATE|USES|HOLDS|HELD|HAS_VALUE|BEGAN|ENDED|DERIVED_FROM|OBSERVED_ON|"
        "DISCLOSED|UNDER*1..6]-(other:Subject) "
        "RETURN DISTINCT other.id",
        party=ann,
    )
    assert [one for (one,) in rows if one != ann] == []


def test_two_lists_of_parts_never_give_one_id() -> None:
    assert joined("a/b", "c") != joined("a", "b/c")
    assert joined("a%2Fb", "c") != joined("a/b", "c")
