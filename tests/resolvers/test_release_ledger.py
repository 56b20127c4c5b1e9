"""What a release leaves in the ledger, that a fault anywhere lets nothing out, and what a partner costs and learns."""

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.pairwise import SivPseudonyms
from graph.catalogue import Recipient
from graph.errors import StoreUnavailable
from graph.ledger import Disclosure
from graph.records import Scope, Subject
from graph.sqlite_store import open_store
from graph.store import DisclosureQuery, Page, RegisteredDocument
from graph.terms import Fidelity, Operation, RecordKind, Standing
from resolvers.partner import NOBODY, person
from resolvers.release import release_of, release_own
from tests.support.worlds_governance import MART, SHOP, Office, office, record
from tests.support.worlds_release import (
    ASKED,
    HERS,
    YES,
    brand,
    held,
    ledger,
    released,
    sharing,
    watched,
)
from tests.support.worlds_resolvers import APP, HEIGHT, HOBBY, HOUR, PLAY, STUDIO, World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(world: World) -> Office:
    return await sharing(world)


# The ledger


async def test_the_ledger_says_who_got_which_keys_how_far_on_whose_word_and_never_aheld(here: Office) -> None:
    document = RegisteredDocument("sha256:1", APP, "Sheet", "{ a }", PLAY, Operation.USE)
    context = replace(here.of(), document=document, trace="4bf92f3577b34da6a3ce929d0e0e4736")
    await release_own(context, PLAY, ASKED)
    (entry,) = await ledger(here)
    assert entry == Disclosure(
        id=entry.id,
        subject=here.pseudonyms.seal_subject("noor"),
        recipient=APP,
        purpose=PLAY,
        operation=Operation.USE,
        released=((HOBBY, Fidelity.PRECISE),),
        evidence=("yes",),
        revision="s2.d0",
        catalogue_version=1,
        at=here.now,
        document="sha256:1",
        trace="4bf92f3577b34da6a3ce929d0e0e4736",
    )
    assert "canary" not in repr(entry)
    assert "noor" not in repr(entry)


async def test_what_a_third_party_is_given_is_a_disclosure(here: Office) -> None:
    await release_own(here.of(recipient=STUDIO), PLAY, (HOBBY,))
    assert [(one.recipient, one.operation) for one in await ledger(here)] == [(STUDIO, Operation.DISCLOSE)]


async def test_one_record_that_proves_two_keys_is_named_once(here: Office) -> None:
    both = Scope(operations=frozenset({Operation.USE}))
    await here.told("noor", record("both", here.now, scope=both))
    await release_own(here.of(), PLAY, (HOBBY, HEIGHT))
    assert [(one.keys, one.evidence) for one in await ledger(here)] == [((HOBBY, HEIGHT), ("both",))]


async def test_the_proof_of_what_was_not_held_is_no_part_of_an_entry(here: Office) -> None:
    await here.told("noor", record("height", here.now, scope=Scope(category="body")))
    await here.store.discard("noor", (HEIGHT,))
    await release_own(here.of(), PLAY, (HEIGHT, HOBBY))
    assert [(one.keys, one.evidence) for one in await ledger(here)] == [((HOBBY,), ("yes",))]


async def test_an_entry_is_of_the_instant_that_was_decided_on(here: Office) -> None:
    ahead = here.now + HOUR
    await here.told("noor", record("ahead", ahead, RecordKind.REFUSED, scope=Scope(category="topics")))
    await release_own(here.of(), PLAY, (HOBBY,))
    assert [one.at for one in await ledger(here)] == [ahead]


async def test_nothing_is_written_where_nothing_is_released(here: Office) -> None:
    await here.store.discard("noor", (HOBBY,))
    watched(here).forget()
    await release_own(here.of(), PLAY, ASKED)
    assert watched(here).calls == ["recent", "values"]


async def test_what_was_answered_is_on_the_disk(here: Office, tmp_path: Path) -> None:
    await release_own(here.of(), PLAY, (HOBBY,))
    other = await open_store(tmp_path / "store.sqlite3")
    found = [entry for _, entry in await other.disclosures(DisclosureQuery(), Page(10))]
    await other.aclose()
    assert [entry.keys for entry in found] == [(HOBBY,)]


# A fault anywhere


@pytest.mark.parametrize("call", ["recent", "values", "disclose"])
async def test_where_a_call_of_the_store_fails_nothing_leaves_and_nothing_is_written(here: Office, call: str) -> None:
    async def failing() -> None:
        raise StoreUnavailable("the disk is gone")

    watched(here).before(call, failing)
    with pytest.raises(StoreUnavailable, match="the disk is gone"):
        await release_own(here.of(), PLAY, (HOBBY,))
    assert await ledger(here) == []


class _Lost(SivPseudonyms):
    """Pseudonyms whose keys cannot be had."""

    def pairwise(self, subject: str, recipient: Recipient) -> str:
        raise OSError("no key")

    def seal_subject(self, subject: str) -> str:
        raise OSError("no key")


async def test_where_the_subject_cannot_be_sealed_nothing_leaves_and_nothing_is_written(here: Office) -> None:
    context = replace(here.of(), pseudonyms=_Lost(bytes(32)))
    with pytest.raises(OSError, match="no key"):
        await release_own(context, PLAY, (HOBBY,))
    assert await ledger(here) == []


# Words that become pseudonyms


def _handled(here: Office) -> Office:
    """Return the same place where a hobby, coarsely, is a word that each recipient's group knows by another name."""
    ladder = {Fidelity.COARSE: {"transform": "truncate", "to": "pairwise_id"}}
    rungs = (Fidelity.NONE, Fidelity.COARSE, Fidelity.PRECISE)
    attributes = tuple(
        replace(one, rungs=rungs, ladder=ladder) if one.key == HOBBY else one for one in here.tables.attributes
    )
    return office(here.store, tables=replace(here.tables, attributes=attributes), numbers=iter(range(1000, 2000)))


async def test_a_word_shown_as_a_pseudonym_is_the_same_for_one_group_and_for_one_person_alone(here: Office) -> None:
    there = _handled(here)
    coarse = record("coarse", here.now, scope=YES, cap=Fidelity.COARSE)
    await there.told("noor", coarse)
    await there.person("jon")
    await there.told("jon", coarse)
    await there.holds("jon", held(HOBBY, here, HERS))
    found = {
        (recipient, subject): released(await release_of(brand(there, recipient), subject, PLAY, (HOBBY,)))[HOBBY]
        for recipient in (MART, SHOP)
        for subject in ("noor", "jon")
    }
    own = released(await release_own(there.of(), PLAY, (HOBBY,)))[HOBBY]
    assert found[MART, "noor"] == found[SHOP, "noor"]
    assert len({found[MART, "noor"], found[MART, "jon"], own}) == 3
    assert "canary" not in repr((found, own))


async def test_where_a_word_cannot_be_made_a_pseudonym_nothing_leaves_and_nothing_is_written(here: Office) -> None:
    there = _handled(here)
    await there.told("noor", record("coarse", here.now, scope=YES, cap=Fidelity.COARSE))
    with pytest.raises(OSError, match="no key"):
        await release_own(replace(there.of(), pseudonyms=_Lost(bytes(32))), PLAY, (HOBBY,))
    assert await ledger(there) == []


# A partner


async def test_a_partner_is_given_what_she_shares_and_the_ledger_names_it(here: Office) -> None:
    context = brand(here)
    noor = person(context, here.pseudonyms.pairwise("noor", context.recipient))
    assert released(await release_of(context, noor, PLAY, ASKED)) == {HOBBY: HERS}
    assert [(one.recipient, one.operation, one.keys) for one in await ledger(here)] == [
        (MART, Operation.DISCLOSE, (HOBBY,))
    ]


@pytest.mark.parametrize("whose", ["known", "unheld", "unknown", "restricted", "erased", "malformed"])
async def test_whoever_a_partner_asks_about_costs_the_same_calls(here: Office, whose: str) -> None:
    await here.person("known")
    await here.person("unheld")
    await here.told("unheld", record("hers", here.now, scope=YES))
    await here.told("restricted", standing=Standing.RESTRICTED)
    await here.told("erased", standing=Standing.ERASED)
    context = brand(here)
    pairwise = "malformed" if whose == "malformed" else here.pseudonyms.pairwise(whose, context.recipient)
    watched(here).forget()
    found = await release_of(context, person(context, pairwise), PLAY, ASKED)
    assert watched(here).calls == ["snapshot", "values"]
    assert released(found) == {}


async def test_a_partner_who_asks_makes_nobody(here: Office) -> None:
    await release_of(brand(here), NOBODY, PLAY, ASKED)
    assert (await here.store.snapshot(NOBODY, here.officer().parties)).subject == Subject(
        NOBODY, standing=Standing.UNKNOWN
    )
