"""One write proves for all who ask at once, and for a moment after; a failure proves nothing."""

import asyncio

import pytest

from gateway.proof import PROVEN_SECONDS, Proof
from graph.errors import StoreUnavailable

pytestmark = pytest.mark.anyio


class Disk:
    """Counts writes, each of which waits to be let through or failed."""

    def __init__(self) -> None:
        self.writes, self.time, self.full = 0, 0.0, False
        self.let_through = asyncio.Event()
        self.let_through.set()

    async def write(self) -> None:
        self.writes += 1
        await self.let_through.wait()
        if self.full:
            raise StoreUnavailable("full")

    def clock(self) -> float:
        return self.time


async def test_who_asks_at_once_shares_one_write() -> None:
    disk = Disk()
    proof = Proof(disk.write, disk.clock)
    disk.let_through.clear()
    asking = [asyncio.create_task(proof.hold()) for _ in range(5)]
    await asyncio.sleep(0)
    disk.let_through.set()
    await asyncio.gather(*asking)
    assert disk.writes == 1


async def test_a_write_stands_for_a_moment_and_not_longer() -> None:
    disk = Disk()
    proof = Proof(disk.write, disk.clock)
    await proof.hold()
    disk.time = PROVEN_SECONDS - 0.001
    await proof.hold()
    assert disk.writes == 1
    disk.time = PROVEN_SECONDS
    await proof.hold()
    assert disk.writes == 2


async def test_a_fresh_proof_is_never_an_old_one() -> None:
    disk = Disk()
    proof = Proof(disk.write, disk.clock)
    await proof.hold()
    await proof.fresh()
    assert disk.writes == 2


async def test_nothing_stands_once_another_write_has_failed() -> None:
    disk = Disk()
    proof = Proof(disk.write, disk.clock)
    await proof.hold()
    proof.doubt()
    await proof.hold()
    assert disk.writes == 2


async def test_a_failure_is_told_and_the_next_one_tries_again() -> None:
    disk = Disk()
    proof = Proof(disk.write, disk.clock)
    disk.full = True
    with pytest.raises(StoreUnavailable):
        await proof.hold()
    disk.full = False
    await proof.hold()
    assert disk.writes == 2


async def test_who_gives_up_takes_the_proof_from_nobody() -> None:
    disk = Disk()
    proof = Proof(disk.write, disk.clock)
    disk.let_through.clear()
    impatient, patient = asyncio.create_task(proof.hold()), asyncio.create_task(proof.hold())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    disk.let_through.set()
    await patient
    assert (impatient.cancelled(), disk.writes) == (True, 1)
