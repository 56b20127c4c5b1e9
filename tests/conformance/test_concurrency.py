"""Several at once, on one handle and on several."""

from collections.abc import Awaitable, Callable

import anyio
import pytest

from graph.errors import RevisionConflict
from graph.ledger import LedgerState
from graph.store import Appended, DisclosureQuery, Page, Store
from tests.conformance.builders import ALONE, NOON, change, command, disclosure, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
Another = Callable[[], Awaitable[Store]]


async def test_of_two_appends_from_one_revision_exactly_one_wins(store: Store, another: Another, name: Name) -> None:
    handles = (store, await another())
    outcomes: list[object] = []

    async def tries(handle: Store, record: str) -> None:
        try:
            outcomes.append(await handle.append(given(name("ann"), 0, record)))
        except RevisionConflict as conflict:
            outcomes.append(conflict)

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(tries, handles[number % 2], f"r{number}")
    assert sorted(type(one).__name__ for one in outcomes) == ["Appended"] + ["RevisionConflict"] * 7
    assert len((await store.history(name("ann"), ALONE)).own.records) == 1


async def test_one_command_sent_by_many_is_applied_once(store: Store, another: Another, name: Name) -> None:
    handles, answers = (store, await another()), []
    once = given(name("ann"), 0, "r")

    async def sends(handle: Store) -> None:
        answers.append(await handle.append(once))

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(sends, handles[number % 2])
    assert sorted(one.replayed for one in answers) == [False] + [True] * 7
    assert {(one.revision, one.answer) for one in answers} == {(1, "answer")}


async def test_retrying_on_conflict_loses_no_change(store: Store, another: Another, name: Name) -> None:
    async def changes(handle: Store, who: str) -> None:
        for number in range(5):
            made: Appended | None = None
            while made is None:
                base = (await handle.snapshot(name("ann"), ALONE)).own.revision
                try:
                    made = await handle.append(given(name("ann"), base, f"{who}{number}"))
                except RevisionConflict:
                    continue

    async with anyio.create_task_group() as tasks:
        for who in "abcd":
            tasks.start_soon(changes, await another(), who)
    own = (await store.snapshot(name("ann"), ALONE)).own
    assert own.revision == 20
    assert {one.id for one in own.records} == {f"{who}{number}" for who in "abcd" for number in range(5)}
    assert [one.sequence for one in own.records] == list(range(1, 21))


async def test_a_value_of_a_later_grant_never_comes_with_an_earlier_revision(
    store: Store, another: Another, name: Name
) -> None:
    writer, seen, done = await another(), [], anyio.Event()
    nobody = await store.snapshot(name("ann"), ALONE)

    async def writes() -> None:
        for number in range(1, 31):  # the grant first, then the value that rests on it
            await writer.append(given(name("ann"), number - 1, f"r{number}"))
            await writer.put(name("ann"), (value("k", number),), command(), NOON)
        done.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writes)
        while not done.is_set():
            seen.append(await store.values(nobody, ("k",), NOON))
    seen.append(await store.values(nobody, ("k",), NOON))
    for one in seen:
        held = one.values["k"].held if "k" in one.values else 0
        number = one.snapshot.own.revision if one.snapshot else 0
        assert isinstance(held, int)
        assert held <= number


async def test_a_snapshot_is_of_one_instant(store: Store, another: Another, name: Name) -> None:
    writer, done = await another(), anyio.Event()

    async def writes() -> None:
        for number in range(30):
            await writer.append(given(name("ann"), number, f"r{number}", ends=(f"r{number - 1}",)))
        done.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writes)
        while not done.is_set():
            own = (await store.snapshot(name("ann"), ALONE)).own
            assert [one.sequence for one in own.records] == ([own.revision] if own.revision else [])


async def test_a_read_that_begins_after_a_change_was_answered_sees_it(
    store: Store, another: Another, name: Name
) -> None:
    elsewhere = await another()
    for number in range(20):
        await store.append(change(name("ann"), number, begins=given(name("ann"), number, f"r{number}").begins))
        assert (await elsewhere.snapshot(name("ann"), ALONE)).own.revision == number + 1


async def test_the_ledger_is_one_chain_whoever_writes_it(store: Store, another: Another, name: Name) -> None:
    before, handles = await store.ledger(), (store, await another())

    async def gives_out(handle: Store, number: int) -> None:
        await handle.disclose((disclosure(name("ann"), id=name(f"{number}")), disclosure(name("ann"))))

    async with anyio.create_task_group() as tasks:
        for number in range(40):
            tasks.start_soon(gives_out, handles[number % 2], number)
    after = await store.ledger()
    listed = await store.disclosures(DisclosureQuery(subject=name("ann")), Page(100))
    assert (after.length, after.intact) == (before.length + 80, True)
    assert {one.id for _, one in listed} >= {name(f"{number}") for number in range(40)}
    assert [position for position, _ in listed] == list(range(before.length + 1, before.length + 81))
    assert await handles[1].ledger(before.length) == after == LedgerState(after.length, after.head)


async def test_a_discloser_who_gives_up_spoils_nothing_for_the_others(store: Store, name: Name) -> None:
    async with anyio.create_task_group() as tasks:
        with anyio.move_on_after(0):
            await store.disclose((disclosure(name("gone")),))
        for _ in range(5):
            tasks.start_soon(store.disclose, (disclosure(name("stays")),))
    assert await store.count_disclosures(DisclosureQuery(subject=name("stays"))) == 5
    assert (await store.ledger()).intact


async def test_a_secret_is_the_same_for_all_who_ask_at_once(store: Store, another: Another, name: Name) -> None:
    handles, found = (store, await another()), set()

    async def asks(handle: Store) -> None:
        found.add(await handle.secret(name("secret")))

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(asks, handles[number % 2])
    assert [len(one) for one in found] == [32]
