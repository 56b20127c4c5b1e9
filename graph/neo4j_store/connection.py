"""The way to the server: one driver, every wait bounded, tried again where that is safe, faults in the port's words."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext, suppress
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString, TypeAlias, TypeVar

import neo4j
from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncGraphDatabase, AsyncSession, AsyncTransaction
from neo4j.exceptions import ServiceUnavailable, SessionExpired, TransientError

from graph.errors import StoreUnavailable
from graph.neo4j_store.faults import CLOSED, cut_told, translated
from graph.neo4j_store.login import Rotating
from graph.neo4j_store.seen import Awaited
from graph.neo4j_store.trying import tried
from graph.store import Seen

# A frozen server hangs every setting of the driver but two, so each call has a time-out of its own round it.
READ_SECONDS: Final = 1.0
LONG_READ_SECONDS: Final = 4.0  # one that counts over everybody, or checks a stretch of the ledger
WRITE_SECONDS: Final = 2.0
PROMISED_SECONDS: Final = 4.5  # below the 5 s of the port, all tries together
COMMIT_SECONDS: Final = 0.1  # so long before its caller gives up no flight of the ledger sets out any more
CLOSE_SECONDS: Final = 2.0
CONNECT_SECONDS: Final = 0.5
CONNECTIONS: Final = 16
WRITERS: Final = 8  # more only wait for each other's locks in the server
READERS: Final = (
    CONNECTIONS - WRITERS
)  # whoever comes later stands in line here: for a connection there is half a second
SCANS: Final = 3  # of those readers at most: however many count over everybody, releases are read beside them
TRIES: Final = 3  # of what lost a race for locks
PAUSE_MS: Final = (5, 50)  # between those tries, at random, so that two do not meet again

T = TypeVar("T")
Parameters: TypeAlias = dict[str, Any]
Row: TypeAlias = neo4j.Record


@dataclass(frozen=True, slots=True)
class Server:
    """Where the store is and who comes in; without a user the server must let everybody in.

    `renewed` reads the password again after the server refused it: it may have been changed meanwhile.
    """

    uri: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str = "neo4j"
    renewed: Callable[[], str] | None = field(default=None, repr=False, compare=False)


@dataclass(slots=True)
class Attempt:
    """One try of a write; `uncertain` once a commit before it went out and nobody said that it was made."""

    transaction: AsyncTransaction
    lock: str
    uncertain: bool = False

    async def row(self, query: LiteralString, parameters: Parameters) -> Row:
        """Run a query that answers one row."""
        return await (await self.transaction.run(query, parameters)).single(strict=True)

    async def run(self, query: LiteralString, parameters: Parameters) -> None:
        """Run a query whose answer nobody needs."""
        await (await self.transaction.run(query, parameters)).consume()

    async def forget(self) -> None:
        """Undo what this try wrote: it only read after all."""
        await self.transaction.rollback()


@dataclass(slots=True)
class Phase:
    """How far a try came: once it is `committing`, only the server knows the end of it."""

    committing: bool = False


Work: TypeAlias = Callable[[Attempt], Awaitable[T]]


class Link:
    """The driver and what every call through it has in common."""

    def __init__(self, server: Server) -> None:
        """Begin without a connection: the first call makes one."""
        self._login = None if server.user is None else Rotating(server.user, server.password or "", server.renewed)
        self._driver, self._database = _driver(server.uri, self._login), server.database
        self._readers, self._writers = asyncio.Semaphore(READERS), asyncio.Semaphore(WRITERS)
        self._scans = asyncio.Semaphore(SCANS)
        self._closed = asyncio.Event()
        # A member of a cluster that is behind has what this process wrote or read before it answers: costs no trip.
        self.bookmarks = AsyncGraphDatabase.bookmark_manager()
        self.awaited = Awaited()

    def after(self, seen: Seen) -> "Link":
        """Return the same way to the same server, whose calls find at least what was seen."""
        link = copy(self)
        link.awaited = self.awaited.further(seen)
        return link

    async def read(self, query: LiteralString, parameters: Parameters, seconds: float = READ_SECONDS) -> Row:
        """Run one query that answers one row: one round trip, of at most `seconds`."""

        async def once() -> Row:
            async with self._session(READ_ACCESS) as session:
                await self.awaited.reached(session, seconds)
                result = await session.run(neo4j.Query(query, timeout=seconds), parameters)
                return await result.single(strict=True)

        with self._told():
            self._refuse_closed()
            return await _again(once, seconds, self._readers)

    async def scan(self, query: LiteralString, parameters: Parameters) -> Row:
        """Run one query over what grows with people or with the ledger; it waits for others like it, never a release.

        As long as a long read, the line before it included in what is promised.
        """
        with translated():
            async with asyncio.timeout(PROMISED_SECONDS), self._scans:
                return await self.read(query, parameters, LONG_READ_SECONDS)

    async def write(self, work: Work[T], seconds: float = WRITE_SECONDS, within: float = PROMISED_SECONDS) -> T:
        """Run work as one transaction, whole or not at all, durable when it returns.

        Each try takes at most `seconds`, all of them and the line before them `within`, if that is longer. Work is run
        again after a lost race or a lost connection, also of a commit: it must find out by itself what became of that.
        """
        uncertain = False

        async def once() -> T:
            nonlocal uncertain
            phase = Phase()
            try:
                return await self._transacted(work, seconds, phase, uncertain=uncertain)
            except BaseException:
                # Of a commit whose answer is lost nobody knows, and a cluster's leader that lost its place while
                # committing does not either, though it answers. So whatever came of a commit is found out.
                uncertain = uncertain or phase.committing
                raise

        with self._told():
            self._refuse_closed()
            return await _again(once, seconds, self._writers, within)

    async def alone(self, query: LiteralString, seconds: float) -> None:
        """Run a query that shares its transaction with no other, as the schema's cannot; it may be run twice."""

        async def once() -> None:
            async with self._session(WRITE_ACCESS) as session:
                await (await session.run(query)).consume()

        with self._told():
            self._refuse_closed()
            await _again(once, seconds, nullcontext())

    async def agent(self) -> str:
        """Return what the server calls itself, e.g. `Neo4j/5.26.28`."""
        with self._told():
            return (await tried(self._driver.get_server_info, LONG_READ_SECONDS)).agent

    async def aclose(self) -> None:
        """Close every connection; calls that come later raise `StoreUnavailable`."""
        self._closed.set()
        with suppress(StoreUnavailable), translated():
            await tried(self._driver.close, CLOSE_SECONDS)

    async def _transacted(self, work: Work[T], seconds: float, phase: "Phase", *, uncertain: bool) -> T:
        async with self._session(WRITE_ACCESS) as session:
            await self.awaited.reached(session, seconds)
            async with await session.begin_transaction(timeout=seconds) as transaction:
                answer = await work(Attempt(transaction, secrets.token_hex(8), uncertain))
                if not transaction.closed():
                    phase.committing = True
                    await transaction.commit()
                return answer

    def _session(self, mode: str) -> AsyncSession:
        return self._driver.session(
            database=self._database,
            default_access_mode=mode,
            fetch_size=-1,
            disable_auto_commit_retries=True,
            bookmarks=self.awaited.bookmarks,
            bookmark_manager=self.bookmarks,
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell faults in the port's words; a password that was changed meanwhile is there for the next call."""
        try:
            with translated():
                yield
        except StoreUnavailable:
            if self._login is not None:
                self._login.renew()
            raise

    def _refuse_closed(self) -> None:
        if self._closed.is_set():
            raise StoreUnavailable(CLOSED)


def _driver(uri: str, login: Rotating | None) -> AsyncDriver:
    return AsyncGraphDatabase.driver(
        uri,
        auth=login,
        connection_timeout=CONNECT_SECONDS,
        connection_acquisition_timeout=CONNECT_SECONDS,
        connection_write_timeout=1.0,
        max_connection_pool_size=CONNECTIONS,
        max_transaction_retry_time=0,  # we try again ourselves: which faults, how often, is for us to know
        telemetry_disabled=True,
        notifications_min_severity="OFF",  # a plan is for the tests to judge
    )


async def _again(
    once: Callable[[], Coroutine[Any, Any, T]],
    seconds: float,
    line: AbstractAsyncContextManager[None],
    within: float = PROMISED_SECONDS,
) -> T:
    """Stand in line, then try; again what lost a race for locks, and once what lost its connection or its patience.

    Each try takes at most `seconds`, all of them together no longer than `within`, or than one may.
    """
    loop = asyncio.get_running_loop()
    races, cuts, until = 0, 0, loop.time() + max(seconds, within)
    async with asyncio.timeout_at(until), line:
        while True:
            try:
                with cut_told():
                    return await tried(once, seconds)
            except TransientError:
                races += 1
                if races == TRIES:
                    raise
                await asyncio.sleep((PAUSE_MS[0] + secrets.randbelow(PAUSE_MS[1] - PAUSE_MS[0])) / 1000)
            except (ServiceUnavailable, SessionExpired, TimeoutError):
                cuts += 1
                if cuts > 1 or loop.time() + seconds > until:
                    raise
