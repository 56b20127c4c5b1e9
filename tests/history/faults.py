"""What is done to a cluster while it is used; each returns when it was felt and what was taken is back."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from tests.history.cluster import Cluster
from tests.history.journal import Journal

FELT = 16  # failed tries after which every gateway and most clients have felt it


@dataclass(slots=True)
class Faults:
    """Counts what it does."""

    cluster: Cluster
    journal: Journal
    random: Random
    done: Counter[str] = field(default_factory=Counter)

    async def happen(self, kind: str) -> None:
        """Do one kind of harm."""
        await KINDS[kind](self)
        self.done[kind] += 1

    async def kill_gateway(self) -> None:
        """Kill a gateway, with whatever it was answering, and start one in its place."""
        gateway = self.random.choice(self.cluster.gateways.all)
        await gateway.kill()
        await gateway.start()

    async def kill_server(self) -> None:
        """Kill the server and start it again on the same data."""
        await asyncio.to_thread(self.cluster.server.kill)
        await self._felt()
        await asyncio.to_thread(self.cluster.server.start)

    async def freeze_server(self) -> None:
        """Stop the server, every connection open, until its callers gave up."""
        self.cluster.server.freeze()
        try:
            await self._felt()
        finally:
            self.cluster.server.thaw()

    async def cut_connections(self) -> None:
        """End every connection between one gateway and the server."""
        self.cluster.relay.cut()

    async def lose_an_answer(self) -> None:
        """Let a commit happen without an answer."""
        self.cluster.relay.lost_answers += 1
        await self.journal.until(lambda: not self.cluster.relay.lost_answers)

    async def lose_a_commit(self) -> None:
        """Let a commit get lost on its way."""
        self.cluster.relay.lost_commits += 1
        await self.journal.until(lambda: not self.cluster.relay.lost_commits)

    async def _felt(self) -> None:
        enough = self.journal.failed + FELT
        await self.journal.until(lambda: self.journal.failed >= enough)


KINDS: Mapping[str, Callable[[Faults], Awaitable[None]]] = {
    "gateway killed": Faults.kill_gateway,
    "server killed": Faults.kill_server,
    "server frozen": Faults.freeze_server,
    "connections cut": Faults.cut_connections,
    "answer of a commit lost": Faults.lose_an_answer,
    "commit lost": Faults.lose_a_commit,
}
