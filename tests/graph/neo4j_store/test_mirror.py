"""The catalogue in the graph: joined as page 5.1 draws it, whatever came first, each node under a name."""

from dataclasses import replace
from time import time_ns
from uuid import uuid4

import pytest
from neo4j import Session

from graph.catalogue import Catalogue, NoticeVersion, Recipient
from graph.neo4j_store import Neo4jStore
from graph.pack import REFERENCE, load
from graph.records import NoticeRef, Scope
from graph.store import Additions, RegisteredDocument
from graph.terms import Operation
from tests.conformance.builders import NOON, change, command, record

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]

# The figure: which kinds of nodes are joined by what.
DRAWN = {
    "Recipient MEMBER_OF RecipientGroup",
    "Recipient OPERATES Document",
    "Document REQUESTS Attribute",
    "Document FOR Purpose",
    "Purpose BROADER Purpose",
    "Attribute IN_CATEGORY Category",
    "Category BROADER Category",
    "Attribute DERIVED_FROM Attribute",
    "NoticeVersion DISCLOSES Purpose",
    "Subject HAS_STATE State",
    "Subject USES Device",
    "Subject HOLDS Record",
    "Subject HELD Record",
    "Change BEGAN Record",
    "Change ENDED Record",
    "Subject HAS_VALUE Value",
    "Value DERIVED_FROM Value",
    "Value OBSERVED_ON Device",
    "Subject DISCLOSED Disclosure",
    "Disclosure UNDER Record",
    "Record COVERS Cohort",
    "Cohort OF Category",
    "Cohort FOR Purpose",
    "Cohort TO Recipient",
}
# The ledger is no part of the figure: entries, and the ways to find them.
LEDGER = {"Entry RELEASED ReleasedKey", "Entry PROVEN_BY Evidence"}
JOINED = """MATCH (one)-[edge]->(other)
RETURN DISTINCT labels(one)[0] + ' ' + type(edge) + ' ' + labels(other)[0]"""


@pytest.fixture
def newest() -> Catalogue:
    """Return a catalogue newer than any that was served."""
    return replace(load(REFERENCE).catalogue, version=time_ns())


def test_the_graph_is_joined_as_it_is_drawn(session: Session) -> None:
    assert {row.value() for row in session.run(JOINED)} == DRAWN | LEDGER


def test_every_node_people_look_at_has_a_name(session: Session) -> None:
    kinds = sorted({kind for edge in DRAWN for kind in edge.split()[::2]})
    unnamed = "MATCH (one) WHERE labels(one)[0] IN $kinds AND coalesce(one.name, '') = '' RETURN labels(one)[0]"
    assert [row.value() for row in session.run(unnamed, kinds=kinds)] == []


async def test_what_was_added_before_the_catalogue_was_served_is_joined_with_it(
    store: Neo4jStore, session: Session, newest: Catalogue
) -> None:
    (recipient, purpose, key), hash_ = ("acme", "play.match", "hobby.list"), uuid4().hex
    attribute = replace(next(iter(newest.attributes.values())), key=f"{key} {hash_}", sources=())
    document = RegisteredDocument(hash_, recipient, "Sheet", "{ a }", purpose, Operation.DISCLOSE, (attribute.key,))
    await store.add(Additions(documents=(document,)), command(), NOON)
    acme = Recipient(recipient)
    served = replace(
        newest,
        attributes={**newest.attributes, attribute.key: attribute},
        purposes={**newest.purposes, purpose: replace(next(iter(newest.purposes.values())), key=purpose)},
        recipients={**newest.recipients, recipient: acme},
    )
    await store.mirror(served)
    row = session.run(
        "MATCH (recipient:Recipient)-[:OPERATES]->(document:Document {hash: $hash})-[:REQUESTS]->(attribute:Attribute) "
        "MATCH (document)-[:FOR]->(purpose:Purpose) RETURN recipient.name, attribute.name, purpose.id",
        hash=hash_,
    ).single(strict=True)
    assert row.values() == [recipient, attribute.key, purpose]


async def test_a_cohort_that_was_there_before_its_recipient_is_joined_with_it(
    store: Neo4jStore, session: Session
) -> None:
    who, late = uuid4().hex, uuid4().hex
    await store.append(change(who, 0, begins=(record(who, scope=Scope(recipient=late), sequence=1),)))
    await store.add(Additions(recipients=(Recipient(late, "Late"),)), command(), NOON)
    asked = "MATCH (:Record {record: $who})-[:COVERS]->(:Cohort)-[:TO]->(recipient:Recipient) RETURN recipient.name"
    assert session.run(asked, who=who).single(strict=True).value() == "Late"


async def test_a_notice_version_that_names_no_cell_discloses_every_tree_of_purposes(
    store: Neo4jStore, session: Session, newest: Catalogue
) -> None:
    await store.mirror(newest)
    told = NoticeVersion(NoticeRef(uuid4().hex, 1), 1, NOON)
    await store.add(Additions(notices=(told,)), command(), NOON)
    asked = "MATCH (:NoticeVersion {id: $id})-[:DISCLOSES]->(top:Purpose) RETURN top.id"
    tops = {one.key for one in newest.purposes.values() if not one.parent}
    assert {row.value() for row in session.run(asked, id=str(told.ref))} >= tops
    below = "MATCH (:NoticeVersion {id: $id})-[:DISCLOSES]->(:Purpose)-[:BROADER]->(top:Purpose) RETURN top.id"
    assert [row.value() for row in session.run(below, id=str(told.ref))] == []
