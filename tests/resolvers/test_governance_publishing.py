"""Publishing a notice: numbered, checked, outdating only what it changed, and counting whom that makes us ask again."""

from dataclasses import replace
from typing import Any

import pytest

from graph.catalogue import NoticeCell, NoticeText, NoticeVersion
from graph.errors import StoreUnavailable
from graph.records import NoticeRef, Scope
from graph.store import Additions, Command
from graph.terms import Operation, Outcome, RecordKind, Standing
from resolvers.commit import TRIES
from resolvers.publishing import NewNotice, Published, publish_notice
from resolvers.release import release_own
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import MART, Office, office, record, value
from tests.support.worlds_resolvers import ADS, APP, DAY, HEIGHT, HOBBY, HOUR, PLAY, STUDIO, World, problem

pytestmark = pytest.mark.anyio
TEXT = NoticeText("en", "Notice", "What we do now.")
HOBBIES = NoticeCell(PLAY, "hobby", APP, Operation.USE, material=True)
BODY = NoticeCell(PLAY, "body", APP, Operation.USE, material=True)


@pytest.fixture
async def here(world: World) -> Office:
    found = office(WatchedStore(world.store))
    await found.refreshed(0)
    return found


async def published(here: Office, key: str = "k", officer: str = "officer", **more: Any) -> Any:
    plain = {"id": "general", "effective_from": here.now, "cells": (HOBBIES,), "texts": (TEXT,), **more}
    return await publish_notice(here.officer(officer), key, NewNotice(**plain))


async def versions(here: Office, notice: str = "general") -> tuple[NoticeVersion, ...]:
    revision = (await here.store.additions()).revision
    return (await here.refreshed(revision)).notices.get(notice, ())


async def says_yes(here: Office, subject: str, *scopes: Scope, **more: Any) -> None:
    await here.person(subject)
    yeses = (record(f"{subject} {number}", here.now, scope=one, **more) for number, one in enumerate(scopes))
    await here.told(subject, *yeses)


# What it makes


async def test_a_notice_is_published_under_its_next_number(here: Office) -> None:
    assert await published(here) == Published("general", 2, 0)
    assert await published(here, "again", cells=()) == Published("general", 3, 0)
    assert await published(here, "new", id="games") == Published("games", 1, 0)
    assert (await versions(here))[1] == NoticeVersion(NoticeRef("general", 2), 1, here.now, (HOBBIES,), (TEXT,))


async def test_a_yes_to_a_cell_it_changed_is_outdated_and_no_other(here: Office) -> None:
    await says_yes(here, "noor", Scope())
    await here.holds("noor", value(HOBBY, here.now), value(HEIGHT, here.now))
    await published(here, cells=(HOBBIES, replace(BODY, material=False)), effective_from=here.now + HOUR)
    asked = (HOBBY, HEIGHT)
    before = [one.outcome for one in (await release_own(here.of(), PLAY, asked)).entries]
    here.later()
    after = [one.outcome for one in (await release_own(here.of(), PLAY, asked)).entries]
    assert (before, after) == ([Outcome.RELEASED] * 2, [Outcome.WITHHELD, Outcome.RELEASED])


# Whom it makes us ask again


async def test_everybody_with_a_yes_to_a_cell_it_changed_is_counted_once(here: Office) -> None:
    await says_yes(here, "ann", Scope(PLAY, "hobby", APP), Scope(PLAY, "body", APP))
    await says_yes(here, "bob", Scope("play", "hobby"))
    await says_yes(here, "cat", Scope(ADS, "topics"))
    await says_yes(here, "dan", Scope(PLAY, "hobby", STUDIO))
    await here.given("eve", recipient=APP)
    assert (await published(here, cells=(HOBBIES, BODY))).ask_again == 2
    assert (await published(here, "body", cells=(BODY,))).ask_again == 1
    assert (await published(here, "studio", cells=(replace(HOBBIES, recipient=STUDIO),))).ask_again == 2


async def test_of_two_counts_that_are_never_too_low_the_lower_is_told(here: Office) -> None:
    await says_yes(here, "ann", Scope(PLAY, "hobby", APP))
    await says_yes(here, "bob", Scope(ADS, "topics", STUDIO))
    await says_yes(here, "cat", Scope(ADS, "hobby", STUDIO))
    await here.given("eve", recipient=APP)
    topics = NoticeCell(ADS, "topics", STUDIO, Operation.DISCLOSE)
    assert (await published(here, cells=(HOBBIES, topics))).ask_again == 2


async def test_a_yes_to_a_group_is_a_yes_to_its_member(here: Office) -> None:
    await says_yes(here, "ann", Scope(PLAY, "hobby", group="shops"))
    assert (await published(here, cells=(replace(HOBBIES, recipient=MART),))).ask_again == 1
    assert (await published(here, "other", cells=(replace(HOBBIES, recipient=STUDIO),))).ask_again == 0


@pytest.mark.parametrize("cells", [(), (replace(HOBBIES, material=False),)])
async def test_a_version_that_changes_nothing_asks_nobody_again(here: Office, cells: tuple[NoticeCell, ...]) -> None:
    await says_yes(here, "ann", Scope())
    assert (await published(here, cells=cells)).ask_again == 0


async def test_the_first_version_of_a_notice_outdates_no_yes_that_cites_another(here: Office) -> None:
    await says_yes(here, "noor", Scope())
    await here.holds("noor", value(HOBBY, here.now))
    assert (await published(here, id="games")).ask_again == 0
    assert [one.outcome for one in (await release_own(here.of(), PLAY, (HOBBY,))).entries] == [Outcome.RELEASED]


async def test_who_took_it_back_let_it_end_or_was_erased_is_not_asked_again(here: Office) -> None:
    await says_yes(here, "ann", Scope())
    await here.told("ann", record("no", here.now, RecordKind.WITHDRAWN), ends=("ann 0",))
    await says_yes(here, "bob", Scope(), valid_until=here.now)
    await says_yes(here, "cat", Scope())
    await here.told("cat", standing=Standing.ERASED)
    assert (await published(here)).ask_again == 0


# Keys


async def test_the_same_key_and_input_publish_once_and_get_the_same_answer(here: Office) -> None:
    await says_yes(here, "ann", Scope())
    now = here.now
    first = await published(here)
    await published(here, "newer", effective_from=now + DAY)
    assert await published(here, effective_from=now) == first == Published("general", 2, 1)
    assert [one.ref.version for one in await versions(here)] == [1, 2, 3]


async def test_another_input_under_the_same_key_is_refused_and_each_officer_has_her_own(here: Office) -> None:
    await published(here)
    assert problem(await published(here, cells=())).code == "IDEMPOTENCY_KEY_REUSED"
    assert (await published(here, officer="another")).version == 3


async def test_whoever_is_second_gets_the_next_number(here: Office) -> None:
    assert isinstance(here.store, WatchedStore)
    here.store.before("add", lambda: published(here, officer="another", cells=()))
    assert (await published(here)).version == 3
    assert [one.ref.version for one in await versions(here)] == [1, 2, 3]


async def test_who_is_second_again_and_again_is_told_to_try_once_more(here: Office) -> None:
    assert isinstance(here.store, WatchedStore)
    store = here.store

    async def faster() -> None:
        number = max(one.ref.version for one in await versions(here)) + 1
        row = NoticeVersion(NoticeRef("general", number), 1, here.now, (), (TEXT,))
        await store.store.add(Additions(notices=(row,)), Command(here.fresh_id(), ""), here.now)

    store.before("add", *([faster] * TRIES))
    with pytest.raises(StoreUnavailable, match="try again with the same key"):
        await published(here)


# What does not hold


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"id": ""}, "OUT_OF_BOUNDS", ("noticeId",)),
        ({"id": "general@2"}, "OUT_OF_BOUNDS", ("noticeId",)),
        ({"id": "n" * 101}, "OUT_OF_BOUNDS", ("noticeId",)),
        ({"texts": ()}, "TEXT_MISSING", ("texts",)),
        ({"texts": (TEXT, replace(TEXT, title=" "))}, "TEXT_MISSING", ("texts", "1", "title")),
        ({"texts": (replace(TEXT, body=""),)}, "TEXT_MISSING", ("texts", "0", "body")),
        ({"texts": (replace(TEXT, locale="e"),)}, "LOCALE_MALFORMED", ("texts", "0", "locale")),
        ({"texts": (replace(TEXT, locale="en-" + "-".join(["abcdefgh"] * 4)),)}, "LOCALE_MALFORMED", None),
        ({"texts": (TEXT, replace(TEXT, locale="EN"))}, "LOCALE_REPEATED", ("texts",)),
        ({"cells": (HOBBIES, replace(HOBBIES, purpose="nowhere"))}, "UNKNOWN_PURPOSE", ("cells", "1", "purpose")),
        ({"cells": (replace(HOBBIES, category="nothing"),)}, "UNKNOWN_CATEGORY", ("cells", "0", "category")),
        ({"cells": (replace(HOBBIES, recipient="nobody"),)}, "UNKNOWN_RECIPIENT", ("cells", "0", "recipientId")),
    ],
)
async def test_a_notice_that_does_not_hold_is_refused_with_the_path_of_what_does_not(
    here: Office, more: dict[str, Any], code: str, path: tuple[str, ...] | None
) -> None:
    found = problem(await published(here, **more))
    assert found.code == code
    assert path in (None, found.path)
    assert (await here.store.additions()).notices == ()


async def test_a_version_does_not_come_into_force_before_an_older_one(here: Office) -> None:
    await published(here, effective_from=here.now + DAY)
    found = problem(await published(here, "earlier", effective_from=here.now + DAY - HOUR))
    assert (found.code, found.path) == ("EFFECTIVE_TOO_EARLY", ("effectiveFrom",))
    assert (await published(here, "same", effective_from=here.now + DAY)).version == 3


@pytest.mark.parametrize("locale", ["de", "de-AT", "zh-Hant-TW", "gsw"])
async def test_a_text_may_be_in_any_language(here: Office, locale: str) -> None:
    assert (await published(here, texts=(TEXT, replace(TEXT, locale=locale)))).version == 2
