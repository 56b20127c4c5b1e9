"""What was edited beside the store, or is half there while somebody writes: it is seen, and nothing is made up."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from neo4j import Session

from graph.errors import StoreUnavailable
from graph.neo4j_store import Neo4jStore, disclosures
from graph.neo4j_store.names import party_of
from graph.store import DisclosureQuery, Page
from graph.terms import PartyKind
from tests.conformance.builders import ALONE, disclosure, given
from tests.support.resting import Counting

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]


@contextmanager
def edited(session: Session, label: str, key: str, value: object, name: str) -> Iterator[None]:
    """Let a property be gone for a while: another test needs it back."""
    find = f"MATCH (one:{label} {{{key}: $value}}) "
    before = session.run(find + f"RETURN one.{name}", value=value).single(strict=True).value()  # type: ignore[arg-type]  # names of ours
    session.run(find + f"SET one.{name} = $other", value=value, other="[9, 9, 9]").consume()  # type: ignore[arg-type]  # names of ours
    yield
    session.run(find + f"SET one.{name} = $before", value=value, before=before).consume()  # type: ignore[arg-type]  # names of ours


async def position(store: Neo4jStore) -> int:
    who = uuid4().hex
    await store.disclose((disclosure(who), disclosure(who), disclosure(who)))
    ((first, _),) = await store.disclosures(DisclosureQuery(subject=who), Page(1))
    return first


async def test_a_history_with_a_record_missing_is_no_history(store: Neo4jStore, session: Session) -> None:
    who = uuid4().hex
    await store.append(given(who, 0, "a", "b"))
    session.run(
        "MATCH (one:Record {party: $party, place: 1}) DETACH DELETE one", party=party_of(PartyKind.SUBJECT, who)
    ).consume()
    with pytest.raises(StoreUnavailable):
        await store.history(who, ALONE)


async def test_additions_that_are_not_all_there_are_not_read(store: Neo4jStore, session: Session) -> None:
    with edited(session, "Additions", "id", "additions", "tally"), pytest.raises(StoreUnavailable):
        await store.additions()
    assert (await store.additions()).revision > 0


async def test_an_edited_entry_breaks_the_chain_at_its_place_wherever_one_begins_before_it(
    store: Neo4jStore, session: Session
) -> None:
    first = await position(store)
    with edited(session, "Entry", "position", first + 1, "text"):
        assert (await store.ledger(first)).first_broken == first + 1
        assert (await store.ledger()).first_broken == first + 1
        assert (await store.ledger(first + 1)).intact
    assert (await store.ledger()).intact


async def test_an_entry_that_is_gone_is_missed_where_a_check_would_begin_with_it(
    store: Neo4jStore, session: Session
) -> None:
    first = await position(store)
    with edited(session, "Entry", "position", first, "head"):
        session.run("MATCH (one:Entry {position: $at}) SET one.position = -$at", at=first).consume()
        assert (await store.ledger(first)).first_broken == first
        session.run("MATCH (one:Entry {position: -$at}) SET one.position = $at", at=first).consume()


async def test_a_long_ledger_is_checked_stretch_by_stretch(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosures, "CHECKED_AT_ONCE", 2)
    first = await position(store)
    rests = Counting()
    state = await store.ledger(first - 1, rests.rest)
    assert (state.length, state.intact, rests.rests) == (first + 2, True, 2)
