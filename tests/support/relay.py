"""A relay on loopback between a client and a server, that can fail as networks and servers do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from anyio.from_thread import start_blocking_portal

COMMIT: Final = b"\x00\x02\xb0\x12\x00\x00"  # the one Bolt message without which nothing a transaction wrote stays
# What the leader of a cluster says that cannot tell whether the others have it: a failure, as Bolt 5.7 spells it.
DENIAL_CODE: Final = b"Neo.TransientError.Cluster.ReplicationFailure"
DENIAL_BODY: Final = (
    b"\xb1\x7f\xa4"
    + b"\x8aneo4j_code\xd0"
    + bytes([len(DENIAL_CODE)])
    + DENIAL_CODE
    + b"\x87message\x8bReplication\x8agql_status\x8550N42\x8bdescription\x8bReplication"
)
DENIAL: Final = len(DENIAL_BODY).to_bytes(2) + DENIAL_BODY + b"\x00\x00"
CHUNK: Final = 65536
SETTLE_SECONDS: Final = 0.3  # for the server to do what it was told before its client hears nothing of it


@dataclass(slots=True)
class Relay:
    """Passes bytes on until told otherwise."""

    host: str
    target: int
    port: int = 0
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    lost_answers: int = 0
    lost_commits: int = 0
    denied_commits: int = 0
    away: bool = False
    misheard: tuple[bytes, bytes] = (b"", b"")  # what the server says, and what its client hears: equally long
    _deny: bool = False
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def freeze(self) -> None:
        """Pass nothing on, either way; every connection stays open."""
        self.flowing.clear()

    def thaw(self) -> None:
        """Pass on again, what waited first."""
        self.flowing.set()

    def cut(self) -> None:
        """End every connection; new ones are welcome unless `away`."""
        for writer in self._open:
            writer.close()
        self._open.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join one client to the server."""
        if self.away:
            writer.close()
            return
        try:
            there, back = await asyncio.open_connection(self.host, self.target)
        except OSError:  # the server is down: so is whoever relays to it
            writer.close()
            return
        self._open |= {writer, back}
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(self._pass(reader, back, self._told), self._pass(there, writer, self._kept))
        writer.close()
        back.close()

    async def _pass(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, seen: Callable[[bytes], bytes | None]
    ) -> None:
        while chunk := await source.read(CHUNK):
            await self.flowing.wait()
            passed = seen(chunk)
            if passed is not None:
                sink.write(passed)
                await sink.drain()
            if passed is None or (COMMIT in chunk and self.lost_answers > 0):
                await self._lose()
                return
        sink.close()

    def _told(self, chunk: bytes) -> bytes | None:
        """Return what the server is told of what a client sent; a commit may get lost on the way."""
        if COMMIT in chunk and self.lost_commits > 0:
            self.lost_commits -= 1
            return None
        if COMMIT in chunk and self.denied_commits > 0:
            self.denied_commits, self._deny = self.denied_commits - 1, True
        return chunk

    def _kept(self, chunk: bytes) -> bytes:
        """Return what a client hears of what the server said; of a commit that was made, perhaps that it was not."""
        if self._deny:
            self._deny = False
            return DENIAL
        return chunk.replace(*self.misheard)

    async def _lose(self) -> None:
        """End every connection once the server has done what it was told: nobody hears of it."""
        self.lost_answers = max(0, self.lost_answers - 1)
        self.freeze()
        await asyncio.sleep(SETTLE_SECONDS)
        self.cut()
        self.thaw()


@asynccontextmanager
async def relaying(host: str, target: int) -> AsyncIterator[Relay]:
    """Relay to a port until the end of the block."""
    relay = Relay(host, target)
    relay.thaw()
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        relay.thaw()
        relay.cut()
        await asyncio.sleep(0)


@contextmanager
def relaying_aside(host: str, target: int) -> Iterator[Relay]:
    """Relay in a thread of its own, for whoever has no event loop; only plain fields may be set from outside."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(relaying(host, target)) as relay:
        yield relay
