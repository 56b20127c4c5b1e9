"""Recipients and their documents: listed, registered once for each key, asked for in vain."""

from dataclasses import replace
from typing import Any

import pytest

from graph.catalogue import Recipient
from graph.errors import StoreUnavailable
from graph.store import Additions, Command, RegisteredDocument
from graph.terms import Fidelity, Operation
from resolvers.cursors import Listing, Paged
from resolvers.problems import Problem, Refused
from resolvers.registry import (
    NewDocument,
    NewRecipient,
    RecipientShown,
    recipient_of,
    recipients_shown,
    register_documents,
    register_recipient,
    unused_keys,
)
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import MART, OFFICE_TABLES, Office, office
from tests.support.worlds_resolvers import HEIGHT, HOBBY, PLAY, STUDIO, World, problem

pytestmark = pytest.mark.anyio
BRAND = NewRecipient("Größe & Co.", None, "XX", third_party=True)
DOCUMENT = NewDocument("sha256:1", "Sizes", "{ access }", PLAY, Operation.DISCLOSE, (HOBBY, HEIGHT))
IDS = [one.id for one in OFFICE_TABLES.recipients]


async def listed(here: Office, first: int | None = None, after: str | None = None) -> Paged[RecipientShown]:
    context = here.officer()
    listing = Listing(context.cursors, context.caller.audience, "recipients")
    return await recipients_shown(context, listing, first=first, after=after)


async def registered(here: Office, key: str = "k", officer: str = "officer", **more: Any) -> Recipient:
    found = await register_recipient(here.officer(officer), key, replace(BRAND, **more))
    assert isinstance(found, RecipientShown), found
    return found.recipient


async def documented(here: Office, key: str = "d", *documents: NewDocument) -> Any:
    return await register_documents(here.officer(), key, STUDIO, documents=documents or (DOCUMENT,))


async def test_recipients_of_the_pack_come_first_then_those_registered_since(world: World) -> None:
    here = office(world.store)
    made = await registered(here)
    found = await listed(here)
    assert [row.recipient.id for _, row in found.rows] == [*IDS, made.id]
    assert (found.has_next, found.has_previous, found.total) == (False, False, len(IDS) + 1)


async def test_recipients_come_in_pages(world: World) -> None:
    here = office(world.store)
    first = await listed(here, 2)
    assert [row.recipient.id for _, row in first.rows] == IDS[:2]
    assert (first.has_next, first.has_previous, first.total) == (True, False, len(IDS))
    second = await listed(here, 100, first.rows[-1][0])
    assert [row.recipient.id for _, row in second.rows] == IDS[2:]
    assert (second.has_next, second.has_previous) == (False, True)


async def test_a_recipient_is_registered_under_an_id_made_from_its_name(world: World) -> None:
    here = office(world.store)
    assert await registered(here, group="shops") == Recipient(
        "groe_co",
        "Größe & Co.",
        group="shops",
        third_party=True,
        region="XX",
        since=2,
    )


async def test_two_recipients_of_one_name_get_two_ids(world: World) -> None:
    here = office(world.store)
    ids = [(await registered(here, key, name="Mart!")).id for key in ("a", "b", "c")]
    assert ids == ["mart_2", "mart_3", "mart_4"]


async def test_an_id_somebody_else_is_just_registering_is_not_given_twice(world: World) -> None:
    here = office(world.store)
    await here.store.add(Additions(), Command("recipient:brand", "another act"), here.now)
    assert (await registered(here, name="Brand")).id == "brand_2"


async def _nothing() -> None:
    """Let the call before which this stands go by."""


async def test_two_calls_with_one_key_at_the_same_moment_never_replace_a_recipient_that_was_there(world: World) -> None:
    store = WatchedStore(world.store)
    here = office(store)
    twin = office(world.store, numbers=iter(range(100, 200)))
    store.before("add", _nothing, lambda: registered(twin, name="Mart!"))
    assert await registered(here, name="Mart!") == (await world.store.additions()).recipients[0]
    assert [one.id for one in (await world.store.additions()).recipients] == ["mart_2"]


async def test_a_registration_cut_off_after_it_took_its_id_gets_that_id_with_the_same_key(world: World) -> None:
    store = WatchedStore(world.store)
    here = office(store)

    async def cut_off() -> None:
        raise StoreUnavailable("the disk is gone")

    store.before("add", _nothing, cut_off)
    with pytest.raises(StoreUnavailable):
        await registered(here, name="Mart!")
    assert (await registered(here, name="Mart!")).id == "mart_2"
    assert (await registered(here, "other", name="Mart!")).id == "mart_3"


async def test_a_key_answered_before_takes_no_further_id(world: World) -> None:
    here = office(world.store)
    ids = [(await registered(here, key, name="Brand")).id for key in ("a", "a", "a", "b")]
    assert ids == ["brand", "brand", "brand", "brand_2"]


@pytest.mark.parametrize(("name", "slug"), [("品牌", "recipient"), ("a" * 200, "a" * 60), ("é--1", "e_1")])
async def test_any_name_makes_an_id(world: World, name: str, slug: str) -> None:
    assert (await registered(office(world.store), name=name)).id == slug


async def test_a_membership_is_younger_than_every_yes_given_before_it(world: World) -> None:
    here = office(world.store)
    before = (await here.refreshed(0)).version
    made = await registered(here, group="shops")
    assert before < made.since == (await here.refreshed(1)).version


async def test_the_same_key_and_input_registers_once(world: World) -> None:
    here = office(world.store)
    first = await registered(here)
    assert await registered(here) == first
    assert (await listed(here)).total == len(IDS) + 1


async def test_keys_are_each_officers_own(world: World) -> None:
    here = office(world.store)
    first, second = await registered(here), await registered(here, officer="another")
    assert first.id != second.id


async def test_another_input_under_the_same_key_is_refused(world: World) -> None:
    here = office(world.store)
    await registered(here)
    again = problem(await register_recipient(here.officer(), "k", replace(BRAND, name="Other")))
    assert (again.code, again.path) == ("IDEMPOTENCY_KEY_REUSED", ("idempotencyKey",))
    assert problem(await documented(here, "k")).code == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_of_no_length_or_too_long_is_refused(world: World, key: str) -> None:
    here = office(world.store)
    for answer in (await register_recipient(here.officer(), key, BRAND), await documented(here, key)):
        assert problem(answer).path == ("idempotencyKey",)


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"name": ""}, "OUT_OF_BOUNDS", "name"),
        ({"name": "  "}, "OUT_OF_BOUNDS", "name"),
        ({"name": "n" * 201}, "OUT_OF_BOUNDS", "name"),
        ({"name": "a\nb"}, "OUT_OF_BOUNDS", "name"),
        ({"group": ""}, "OUT_OF_BOUNDS", "group"),
        ({"region": "QQ"}, "UNKNOWN_REGION", "region"),
        ({"region": ""}, "UNKNOWN_REGION", "region"),
    ],
)
async def test_a_recipient_that_does_not_hold_is_refused(
    world: World, more: dict[str, Any], code: str, path: str
) -> None:
    here = office(world.store)
    found = problem(await register_recipient(here.officer(), "k", replace(BRAND, **more)))
    assert (found.code, found.path) == (code, (path,))
    assert (await listed(here)).total == len(IDS)


async def test_a_region_may_be_any_place_the_law_or_the_tree_of_places_names_but_not_the_unknown_one(
    world: World,
) -> None:
    unknown = replace(OFFICE_TABLES.law[0], jurisdiction="ZZ")
    tables = replace(OFFICE_TABLES, parents=(("XX-1", "EU"),), law=(*OFFICE_TABLES.law, unknown))
    here = office(world.store, tables=tables)
    for region in ("XX-1", "EU", "XX"):
        assert (await registered(here, region, region=region)).region == region
    assert problem(await register_recipient(here.officer(), "z", replace(BRAND, region="ZZ"))).code == "UNKNOWN_REGION"


async def test_documents_are_registered_for_their_recipient_and_listed_with_it(world: World) -> None:
    here = office(world.store)
    row = RegisteredDocument("sha256:1", STUDIO, "Sizes", "{ access }", PLAY, Operation.DISCLOSE, (HOBBY, HEIGHT))
    assert await documented(here) == (row,)
    assert {row.recipient.id: row.documents for _, row in (await listed(here)).rows if row.documents} == {
        STUDIO: (row,)
    }


async def test_the_same_document_again_is_the_same_one(world: World) -> None:
    here = office(world.store)
    first, second, third = await documented(here), await documented(here), await documented(here, "other key")
    assert first == second == third
    assert len((await here.store.additions()).documents) == 1


async def test_the_same_documents_again_change_nothing_though_one_ran_meanwhile(world: World) -> None:
    here = office(world.store)
    await documented(here)
    await here.given(document=DOCUMENT.id, recipient=STUDIO)
    before = await here.store.additions()
    assert before.documents[0].last_used_at is not None
    await documented(here, "other key", DOCUMENT, DOCUMENT)
    assert await here.store.additions() == before


async def test_of_two_that_are_one_document_the_last_is_kept(world: World) -> None:
    here = office(world.store)
    for key in ("a", "b"):
        await documented(here, key, replace(DOCUMENT, name="First"), DOCUMENT)
        assert [one.name for one in (await here.store.additions()).documents] == [DOCUMENT.name]


@pytest.mark.parametrize("name", ["", "n" * 201])
async def test_a_document_needs_a_name(world: World, name: str) -> None:
    found = problem(await documented(office(world.store), "d", DOCUMENT, replace(DOCUMENT, name=name)))
    assert (found.code, found.path) == ("OUT_OF_BOUNDS", ("documents", "1", "name"))


async def test_unused_keys_are_those_documents_ask_for_that_the_recipient_was_never_given(world: World) -> None:
    here = office(world.store)
    await documented(here)
    await here.given(recipient=MART, released=((HEIGHT, Fidelity.COARSE),))
    await here.given(recipient=STUDIO, released=((HOBBY, Fidelity.PRECISE),))
    rows = {row.recipient.id: row for _, row in (await listed(here)).rows}
    assert await unused_keys(here.officer(), rows[STUDIO]) == (HEIGHT,)
    assert await unused_keys(here.officer(), rows[MART]) == ()


async def test_a_recipient_is_known_by_its_id_alone(world: World) -> None:
    here = office(world.store)
    made = await registered(here)
    assert await recipient_of(here.officer(), made.id) == made
    with pytest.raises(Refused) as refused:
        await recipient_of(here.officer(), "stranger")
    assert isinstance(refused.value.problem, Problem)
    assert (refused.value.problem.code, refused.value.problem.path) == ("UNKNOWN_RECIPIENT", ("recipientId",))
