"""Whom a partner's ids open to, and what its token leaves open."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.pairwise import SivPseudonyms
from graph.decision.request import TokenEntry
from graph.terms import Audience, Operation
from resolvers.context import Context
from resolvers.partner import NOBODY, Access, accessible, person
from tests.support.worlds_governance import MART, OFFICE_TABLES, SERVER, SHOP, Office, office
from tests.support.worlds_resolvers import ADS, HEIGHT, HOBBY, PLAY, REGISTER, SIZE, STUDIO, SUNRISE, TOPICS, World, row

pytestmark = pytest.mark.anyio
OPEN = frozenset({HOBBY, HEIGHT, TOPICS, "gaze.stream", "later.thing"})
ELSEWHERE = SivPseudonyms(b"e" * 32)
TABLES = replace(
    OFFICE_TABLES,
    attributes=tuple(
        replace(one, channels=one.channels | {SERVER}) if one.key in OPEN else one for one in OFFICE_TABLES.attributes
    ),
    register=(
        *REGISTER,
        row(MART, PLAY, "hobby", Operation.DISCLOSE),
        row(MART, "play", "gaze", Operation.DISCLOSE),
        row(MART, SIZE, "body", Operation.DISCLOSE),
        row(SHOP, ADS, "topics", Operation.DISCLOSE),
    ),
)


@pytest.fixture
def here(world: World) -> Office:
    return office(world.store, tables=TABLES)


def brand(here: Office, recipient: str = MART, **more: Any) -> Context:
    plain = {"recipient": recipient, "audience": Audience.PARTNER, "channel": SERVER, "device": None, **more}
    return here.context(here.caller(**plain))


def known(here: Office, subject: str, recipient: str) -> str:
    return here.pseudonyms.pairwise(subject, here.catalogue.recipients[recipient])


# Whom an id opens to


async def test_a_pairwise_id_opens_to_its_subject_for_every_member_of_the_group(here: Office) -> None:
    noor = known(here, "noor", MART)
    assert (person(brand(here), noor), person(brand(here, SHOP), noor)) == ("noor", "noor")


async def test_another_groups_id_and_what_was_never_an_id_open_to_nobody(here: Office) -> None:
    noor = known(here, "noor", MART)
    for strange in (
        known(here, "noor", STUDIO),
        "noor",
        "",
        noor[:-1],
        noor + "A",
        noor.swapcase(),
        "ü" * 9,
        "A" * 9999,
    ):
        assert person(brand(here), strange) == NOBODY
    assert person(brand(here, STUDIO), noor) == NOBODY


async def test_a_token_about_one_person_opens_her_and_nobody_else(here: Office) -> None:
    noor, jon = known(here, "noor", MART), known(here, "jon", MART)
    bound, service = brand(here, sub=noor), brand(here, sub="the service itself")
    assert (person(bound, noor), person(bound, jon)) == ("noor", NOBODY)
    assert (person(service, noor), person(service, jon)) == ("noor", "jon")


async def test_a_token_about_somebody_whose_id_opens_no_more_is_no_services_token(here: Office) -> None:
    ann = "a" * 64
    old, theirs = (made.pairwise(ann, here.catalogue.recipients[MART]) for made in (here.pseudonyms, ELSEWHERE))
    rotated = replace(here, pseudonyms=SivPseudonyms(bytes(32), (b"n" * 32,)))
    new = known(rotated, ann, MART)
    for sub in (old, theirs, known(here, ann, STUDIO), f"{new}=", f" {new}", new[:70]):
        assert (person(brand(rotated, sub=sub), new), person(brand(rotated, sub=sub), old)) == (NOBODY, NOBODY)
    assert person(brand(rotated, sub=new), new) == ann


async def test_a_token_about_one_person_opens_her_old_id_and_her_new_one(here: Office) -> None:
    ann, jon = "a" * 64, "b" * 64
    kept = replace(here, pseudonyms=SivPseudonyms(bytes(32), (b"n" * 32, bytes(32))))
    ids = [known(made, ann, MART) for made in (here, kept)]
    assert [person(brand(kept, sub=sub), one) for sub in ids for one in ids] == [ann] * 4
    assert [person(brand(kept, sub=sub), known(kept, jon, MART)) for sub in ids] == [NOBODY] * 2


# What a token leaves open


async def test_access_lists_what_register_and_catalogue_foresee_and_nothing_raw_or_hidden(here: Office) -> None:
    context = brand(here)
    assert accessible(context) == Access("Mart", (PLAY, SIZE), (HEIGHT, HOBBY), context.caller.expires_at)


async def test_a_recipient_without_a_name_is_called_by_its_id(here: Office) -> None:
    assert accessible(brand(here, SUNRISE)).recipient_name == SUNRISE


async def test_a_purpose_that_sells_needs_the_register_to_foresee_the_sale(here: Office) -> None:
    sold, shown = accessible(brand(here, SUNRISE)), accessible(brand(here, SHOP))
    assert (sold.purposes, sold.keys) == ((ADS,), (TOPICS,))
    assert (shown.purposes, shown.keys) == ((), ())


@pytest.mark.parametrize(
    ("entry", "purposes", "keys"),
    [
        (TokenEntry(purposes=frozenset({"play"})), (PLAY, SIZE), (HEIGHT, HOBBY)),
        (TokenEntry(purposes=frozenset({PLAY})), (PLAY,), (HOBBY,)),
        (TokenEntry(purposes=frozenset({ADS})), (), ()),
        (TokenEntry(categories=frozenset({"body"})), (SIZE,), (HEIGHT,)),
        (TokenEntry(channels=frozenset({"phone"})), (), ()),
        (TokenEntry(channels=frozenset({SERVER})), (PLAY, SIZE), (HEIGHT, HOBBY)),
        (TokenEntry(operations=frozenset({Operation.USE})), (), ()),
        (TokenEntry(purposes=frozenset()), (), ()),
    ],
)
async def test_access_is_no_wider_than_the_token(
    here: Office, entry: TokenEntry, purposes: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    found = accessible(brand(here, token=(entry,)))
    assert (found.purposes, found.keys) == (purposes, keys)


async def test_two_entries_of_a_token_do_not_add_up_and_none_opens_nothing(here: Office) -> None:
    halves = (
        TokenEntry(purposes=frozenset({PLAY}), categories=frozenset({"body"})),
        TokenEntry(purposes=frozenset({SIZE}), categories=frozenset({"hobby"})),
    )
    assert accessible(brand(here, token=halves)).keys == ()
    assert accessible(brand(here, token=())).keys == ()


async def test_access_is_asked_of_no_store(here: Office) -> None:
    await here.store.aclose()
    assert accessible(brand(here)).keys == (HEIGHT, HOBBY)
