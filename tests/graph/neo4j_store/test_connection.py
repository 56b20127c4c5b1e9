"""What every call has in common: what is tried again, how often, and whose fault a fault is."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
import uvloop
from anyio import to_thread
from neo4j import Session
from neo4j.exceptions import ClientError, ServiceUnavailable, TransientError

from graph.catalogue import Purpose, Tables, compiled
from graph.errors import StoreUnavailable
from graph.group import Patience
from graph.instants import micros
from graph.neo4j_store import Neo4jStore, subjects
from graph.neo4j_store.catalogue import serve
from graph.neo4j_store.commands import FORGET
from graph.neo4j_store.connection import READERS, TRIES, WRITERS, Attempt, Link, Server
from graph.neo4j_store.deposits import Deposit, put
from graph.neo4j_store.faults import cut_told
from graph.neo4j_store.fitness import unfit
from graph.neo4j_store.mirror import MIRRORED
from graph.records import Subject
from graph.store import Appended, DisclosureQuery
from graph.terms import AgeBand, Standing
from tests.conformance.builders import ALONE, NOON, change, command, disclosure, value
from tests.graph.neo4j_store.waiting import waits_for_a_lock
from tests.support.polling import until

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]


LONG = "UNWIND range(1, 1000000000) AS one RETURN sum(one) AS sum"  # as long as a reader waits, and longer


@pytest.fixture
async def link(loaded: Server) -> AsyncIterator[Link]:
    link = Link(loaded)
    yield link
    await link.aclose()


def losing(races: int, tried: list[int]) -> object:
    async def work(_: Attempt) -> str:
        tried.append(1)
        if len(tried) <= races:
            raise TransientError("a deadlock")
        return "won"

    return work


def cut(times: int, tried: list[int]) -> object:
    async def work(_: Attempt) -> str:
        tried.append(1)
        if len(tried) <= times:
            raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")
        return "written"

    return work


@pytest.mark.parametrize("races", range(TRIES))
async def test_what_lost_a_race_for_locks_is_tried_again(link: Link, races: int) -> None:
    tried: list[int] = []
    assert await link.write(losing(races, tried)) == "won"  # type: ignore[arg-type]  # it is work
    assert len(tried) == races + 1


async def test_what_lost_every_race_is_unavailable(link: Link) -> None:
    tried: list[int] = []
    with pytest.raises(StoreUnavailable):
        await link.write(losing(TRIES, tried))  # type: ignore[arg-type]  # it is work
    assert len(tried) == TRIES


async def test_what_wrote_to_a_connection_the_loop_had_closed_is_tried_once_more(link: Link) -> None:
    tried: list[int] = []
    assert await link.write(cut(1, tried)) == "written"  # type: ignore[arg-type]  # it is work
    with pytest.raises(StoreUnavailable):
        await link.write(cut(2, []))  # type: ignore[arg-type]  # it is work


def test_uvloop_tells_of_a_connection_it_has_closed_as_the_store_expects() -> None:
    async def written_too_late() -> None:
        there = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        async with there:
            _, writer = await asyncio.open_connection(*there.sockets[0].getsockname())
            writer.transport.abort()
            await asyncio.sleep(0)  # the loop closes it
            writer.write(b"too late")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, pytest.raises(ServiceUnavailable), cut_told():
        runner.run(written_too_late())


def test_another_fault_of_a_running_program_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="ours"), cut_told():
        raise RuntimeError("ours")


async def forgotten_when(began: asyncio.Event, store: Neo4jStore, at: datetime) -> None:
    await began.wait()
    await store.sweep(at)


async def test_who_stands_in_line_loses_no_time_to_be_answered_in(link: Link) -> None:
    free, seconds = asyncio.Event(), 0.2

    async def holding(_: Attempt) -> bool:
        return await free.wait()

    async def answering(_: Attempt) -> str:
        return "answered"

    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(link.write(holding, 60.0))
        last = group.create_task(link.write(answering, seconds))
        await asyncio.wait({last}, timeout=4 * seconds)  # both its tries would be over
        free.set()
    assert last.result() == "answered"


async def test_a_release_is_read_however_many_count_over_everybody(link: Link) -> None:
    counts = [asyncio.create_task(link.scan(LONG, {})) for _ in range(READERS)]
    await asyncio.sleep(0)  # all of them read now, or stand in line
    assert (await link.read("RETURN 1 AS one", {}))["one"] == 1
    assert [one.done() for one in counts] == [False] * READERS
    for one in counts:
        one.cancel()
    await asyncio.wait(counts)


async def test_no_entry_lands_in_the_ledger_after_its_caller_gave_up_in_line(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, free, who = Neo4jStore(link, secrets.token_bytes), asyncio.Event(), uuid4().hex

    async def holding(_: Attempt) -> bool:
        return await free.wait()

    monkeypatch.setattr(store.ledger_queue, "patience", Patience(0.3, 0.1))
    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(link.write(holding, 60.0))
        await asyncio.sleep(0)  # all of them write now
        with pytest.raises(StoreUnavailable):
            await store.disclose((disclosure(who),))
        free.set()
    await store.ledger_queue.settled()
    number = await store.count_disclosures(DisclosureQuery(subject=who))
    await store.rolling_up.aclose()
    assert number == 0


async def test_a_query_that_does_not_hold_is_a_fault_of_ours(link: Link) -> None:
    with pytest.raises(ClientError):
        await link.read("RETURN nothing", {})


async def test_a_server_whose_settings_nobody_is_shown_is_used(link: Link) -> None:
    assert await unfit(link) == ()
    await link.aclose()
    assert await unfit(link) == ()


async def test_a_catalogue_that_was_mirrored_meanwhile_is_left_alone(link: Link) -> None:
    mark = (await link.read(MIRRORED, {}))["mark"]
    served = compiled(Tables(purposes=(Purpose("meanwhile", ""),)), version=int(mark[0]) + 1)
    for _ in range(2):
        await link.write(partial(serve, catalogue=served))
    assert (await link.read(MIRRORED, {}))["mark"] == [str(served.version), served.digest]


async def test_nothing_is_added_to_a_subject_who_was_erased_meanwhile(store: Neo4jStore, link: Link) -> None:
    who = Subject(uuid4().hex)
    await store.append(change(who.id, standing=Standing.ERASED))
    grown = replace(who, age_band=AgeBand.ADULT)
    await link.write(partial(subjects.open_subject, subject=grown, device=None, at=NOON))
    assert (await store.snapshot(who.id, ALONE)).subject.age_band is AgeBand.UNKNOWN


async def test_the_sweep_forgets_commands_that_are_past_their_day(store: Neo4jStore, session: Session) -> None:
    who, past = uuid4().hex, NOON.replace(year=1980)
    await store.put(who, (value("k"),), command("old"), past)
    await store.put(who, (value("k"),), command("kept"), past + timedelta(hours=1))
    await store.sweep(past + timedelta(hours=24))
    kept = session.run("MATCH (one:Command) WHERE one.id STARTS WITH $of RETURN one.id", of=f"PERSON/{who}").value()
    assert [one.rpartition("/")[2] for one in kept] == ["kept"]


async def test_a_command_whose_key_came_back_while_it_was_forgotten_is_kept(
    store: Neo4jStore, link: Link, session: Session
) -> None:
    who, past, began = uuid4().hex, NOON.replace(year=1980), asyncio.Event()
    later = past + timedelta(hours=25)
    await store.put(who, (value("k"),), command("again"), past)
    forgetting = asyncio.create_task(forgotten_when(began, store, later))

    async def again(attempt: Attempt) -> Appended:
        answer = await put(attempt, Deposit(who, (value("k"),), command("again"), later))
        began.set()
        await to_thread.run_sync(until, lambda: waits_for_a_lock(session))
        return answer

    await link.write(again, 30.0)
    await forgetting
    assert await store.answered(who, command("again"), later) is not None


@pytest.mark.parametrize("effective", [False, True])
async def test_a_command_that_was_forgotten_while_its_key_came_back_is_kept(
    store: Neo4jStore, link: Link, session: Session, *, effective: bool
) -> None:
    who, past = uuid4().hex, NOON.replace(year=1980)
    later = past + timedelta(hours=25)
    await store.put(who, (value("k"),), command("again"), past)
    waiting = list[asyncio.Task[Appended]]()

    async def forgetting(attempt: Attempt) -> None:
        await attempt.row(FORGET, {"at": micros(past), "lock": attempt.lock})
        standing = Standing.RESTRICTED if effective else None
        again = replace(change(who, standing=standing, at=later), command=command("again"))
        waiting.append(asyncio.create_task(store.append(again)))
        await to_thread.run_sync(until, lambda: waits_for_a_lock(session))

    await link.write(forgetting, 30.0)
    await waiting[0]
    assert await store.answered(who, command("again"), later) is not None
