"""The catalogue as it stands now: the pack and what governance added, at this gateway or at another on the store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.documents import document_id
from gateway.living import LivingCatalogue, clients_of
from gateway.wiring import opened
from graph.catalogue import NoticeVersion, Recipient
from graph.pack import Pack, load
from graph.records import NoticeRef
from graph.store import Additions, Command, RegisteredDocument, Store
from graph.terms import Operation
from tests.support import pack_folder

pytestmark = pytest.mark.anyio
AT = datetime(2026, 7, 1, tzinfo=UTC)
BODY = '{ subjects(ids: [], purpose: "play.match") { id } }'
DOCUMENT = RegisteredDocument(document_id(BODY), "acme", "One", BODY, "play.match", Operation.DISCLOSE)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load(str(pack_folder.written(tmp_path / "pack")))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = await opened(f"sqlite:///{tmp_path}/store.sqlite")
    yield found
    await found.aclose()


async def added(store: Store, additions: Additions) -> int:
    await store.add(additions, Command(f"key {additions!r}", "print"), AT)
    return (await store.additions()).revision


async def test_it_begins_with_the_pack_and_no_document(pack: Pack, store: Store) -> None:
    living = LivingCatalogue(pack, store)
    assert living.catalogue is pack.catalogue
    assert len(living.documents) == 0


async def test_what_was_added_elsewhere_is_known_once_it_is_asked_for(pack: Pack, store: Store) -> None:
    living = LivingCatalogue(pack, store)
    await added(store, Additions(recipients=(Recipient("newco", "New", third_party=True, region="XX"),)))
    notice = NoticeVersion(NoticeRef("n1", 3), catalogue_version=3, effective_from=AT)
    revision = await added(store, Additions(notices=(notice,), documents=(DOCUMENT,)))
    found = await living.refreshed(revision)
    assert found is living.catalogue
    assert "newco" in found.recipients
    assert found.notice_in_force("n1", AT) == notice
    assert (found.version, found.digest) == (pack.catalogue.version + revision, pack.catalogue.digest)
    assert living.documents.find("acme", DOCUMENT.id) == DOCUMENT


async def test_what_is_known_already_is_not_compiled_again(pack: Pack, store: Store) -> None:
    living = LivingCatalogue(pack, store)
    revision = await added(store, Additions(documents=(DOCUMENT,)))
    known = await living.refreshed(revision)
    await living.renewed()
    assert await living.refreshed(revision) is living.catalogue is known
    assert await living.refreshed(revision - 1) is known


def test_a_client_stands_for_the_recipient_whose_row_names_it_and_one_added_later_for_itself(pack: Pack) -> None:
    assert clients_of(pack.catalogue) == {"front": "house", "shop": "acme", "till": "acme"}
    later = {**pack.catalogue.recipients, "newco": Recipient("newco"), "shop": Recipient("shop")}
    assert clients_of(replace(pack.catalogue, recipients=later)) == {
        "front": "house",
        "shop": "acme",
        "till": "acme",
        "newco": "newco",
    }, "nobody may take a client by taking its name"
