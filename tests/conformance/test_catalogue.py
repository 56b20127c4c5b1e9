"""What governance adds at run time, and the secrets of a store."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from graph.catalogue import NoticeCell, NoticeText, NoticeVersion, Purpose, Recipient, Tables, compiled
from graph.errors import CatalogueTooOld, KeyReused, RevisionConflict
from graph.records import NoticeRef
from graph.store import Additions, Appended, RegisteredDocument, Store
from graph.terms import Operation
from tests.conformance.builders import ALONE, HOUR, NOON, TICK, command, disclosure

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
DAY = 24 * HOUR


def notice(key: str, version: int = 1) -> NoticeVersion:
    cells = (NoticeCell("purpose", "category", "acme", Operation.SELL, material=False), NoticeCell())
    texts = (NoticeText("de", "Titel", "Ein Text"), NoticeText("en", "Title", "A text"))
    return NoticeVersion(NoticeRef(key, version), 2, NOON, cells, texts)


def document(key: str, recipient: str) -> RegisteredDocument:
    return RegisteredDocument(key, recipient, "Sheet", "{ a }", "purpose", Operation.DISCLOSE, ("k", "l"))


async def test_what_was_added_comes_back_whole_and_in_order(store: Store, name: Name) -> None:
    more = Additions(
        recipients=(
            Recipient(name("b"), "B", "group", third_party=True, region="EU", clients=("c",), since=3),
            Recipient(name("a")),
        ),
        notices=(notice(name("n")), replace(notice(name("n"), 2), cells=None, texts=())),
        documents=(document(name("d"), name("a")),),
    )
    await store.add(more, command(), NOON)
    added = await store.additions()
    assert added.recipients[-2:] == more.recipients
    assert added.notices[-2:] == more.notices
    assert added.documents[-1:] == more.documents


async def test_each_addition_makes_one_new_revision_that_snapshots_carry(store: Store, name: Name) -> None:
    before = await store.additions()
    appended = await store.add(
        Additions(99, recipients=(Recipient(name("a")), Recipient(name("b")))), command(answer="added"), NOON
    )
    assert appended == Appended(before.revision + 1, "added")
    assert (await store.additions()).revision == before.revision + 1
    assert (await store.snapshot(name("nobody"), ALONE)).catalogue_revision == before.revision + 1


async def test_adding_nothing_keeps_the_revision(store: Store) -> None:
    before = await store.additions()
    assert (await store.add(Additions(), command(), NOON)).revision == before.revision
    assert await store.additions() == before


async def test_the_same_key_adds_once(store: Store, name: Name) -> None:
    once = command(name("key"), answer="first")
    first = await store.add(Additions(recipients=(Recipient(name("a")),)), once, NOON)
    after = await store.additions()
    assert await store.add(Additions(recipients=(Recipient(name("b")),)), once, NOON) == replace(first, replayed=True)
    assert await store.additions() == after
    with pytest.raises(KeyReused):
        await store.add(Additions(), command(name("key"), "another"), NOON)


async def test_what_a_key_added_can_be_asked_for_within_a_day_and_by_its_input_alone(store: Store, name: Name) -> None:
    once = command(name("key"), answer="first")
    assert await store.added(once, NOON) is None
    appended = await store.add(Additions(), once, NOON)
    before = await store.additions()
    assert await store.added(once, NOON + DAY - TICK) == replace(appended, replayed=True)
    assert await store.added(once, NOON + DAY) is None
    with pytest.raises(KeyReused):
        await store.added(command(name("key"), "another"), NOON)
    assert await store.additions() == before


async def test_a_recipient_or_document_of_the_same_id_replaces_the_older_one(store: Store, name: Name) -> None:
    first = Additions(recipients=(Recipient(name("a"), "Old"),), documents=(document(name("d"), name("a")),))
    newer = Additions(
        recipients=(Recipient(name("a"), "New"),),
        documents=(replace(document(name("d"), name("a")), name="New"), document(name("d"), name("b"))),
    )
    await store.add(first, command(), NOON)
    await store.add(newer, command(), NOON)
    added = await store.additions()
    assert [one.name for one in added.recipients if one.id == name("a")] == ["New"]
    assert [(one.recipient, one.name) for one in added.documents if one.id == name("d")] == [
        (name("a"), "New"),
        (name("b"), "Sheet"),
    ]


async def test_a_notice_version_never_changes_once_it_is_there(store: Store, name: Name) -> None:
    await store.add(Additions(notices=(notice(name("n")),)), command(), NOON)
    edited = replace(notice(name("n")), texts=(NoticeText("en", "Title", "Another text"),))
    refused = Additions(recipients=(Recipient(name("with it")),), notices=(edited,))
    with pytest.raises(RevisionConflict):
        await store.add(refused, command(), NOON)
    added = await store.additions()
    assert [one for one in added.notices if one.ref.id == name("n")] == [notice(name("n"))]
    assert name("with it") not in {one.id for one in added.recipients}
    await store.add(Additions(notices=(notice(name("n")),)), command(), NOON)  # the same again is no change


async def test_a_documents_last_use_is_its_recipients_last_disclosure_by_it(store: Store, name: Name) -> None:
    acme, zeta = document(name("d"), name("acme")), document(name("d"), name("zeta"))
    await store.add(Additions(documents=(acme, zeta)), command(), NOON)
    for at in (NOON + HOUR, NOON):
        await store.disclose((disclosure(name("ann"), at, recipient=name("acme"), document=name("d")),))
    used = [one for one in (await store.additions()).documents if one.id == name("d")]
    assert used == [replace(acme, last_used_at=NOON + HOUR), zeta]


async def test_a_gateway_with_an_older_catalogue_than_one_served_before_is_refused(store: Store) -> None:
    newer = time.time_ns()  # newer than whatever a run before this one left in this place
    fit = Purpose("served.fit", ""), Purpose("served.fit.size", "served.fit")
    for version in (newer, newer, newer + 1):
        await store.mirror(compiled(Tables(purposes=fit), version=version))
    with pytest.raises(CatalogueTooOld):
        await store.mirror(compiled(Tables(purposes=fit), version=newer))
    await store.mirror(compiled(Tables(purposes=fit), version=newer + 1))


async def test_a_secret_is_made_once_and_is_its_names_own(store: Store, name: Name) -> None:
    first = await store.secret(name("one"))
    assert len(first) == 32
    assert await store.secret(name("one")) == first
    assert await store.secret(name("another")) != first


async def test_a_store_that_can_be_read_and_written_is_ready(store: Store) -> None:
    await store.ready()
