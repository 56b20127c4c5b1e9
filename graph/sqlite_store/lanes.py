"""The lanes to the file: one writer, a few readers, every wait bounded, a fresh connection after every fault."""

import math
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import anyio
from anyio import to_thread

from graph.errors import CatalogueTooOld, KeyReused, OfferUsed, RevisionConflict, StoreUnavailable
from graph.sqlite_store.connection import UNAVAILABLE, Identity, connected, has_log, identity, prepare, translated
from graph.sqlite_store.migrations import MIGRATIONS, schema_number

READERS: Final = 4  # a read is 30 µs of work; more threads only contend for the interpreter
LONG_READERS: Final = 1  # beside them: who counts over everybody, one after another, takes no reader of all others
READ_SECONDS: Final = 2.0  # a caller waits no longer for a read
LONG_READ_SECONDS: Final = 4.0  # nor for one that counts over everybody
WRITE_SECONDS: Final = 4.0  # nor for a write: below the 5 s promised
COMMIT_SECONDS: Final = 0.5  # so long before its caller gives up nothing is committed any more
READ_BUSY_MS: Final = 1000  # another process holds the whole file: half of what the caller waits
WRITE_BUSY_MS: Final = 2000  # other processes write: half of what the caller waits
CHECK_EVERY: Final = 100_000  # instructions between looks at the clock: about 1 ms

READING: Final = ("PRAGMA query_only = ON",)
# What one statement may have to undo is kept in memory: a temporary file for each write costs more than the write.
WRITING: Final = ("PRAGMA query_only = OFF", "PRAGMA temp_store = MEMORY")

T = TypeVar("T")
Work: TypeAlias = Callable[[sqlite3.Connection], T]
Lent: TypeAlias = tuple[Identity, sqlite3.Connection]
Mark: TypeAlias = tuple[bytes, int]
"""Which store it is, and how many writes it has seen."""

REPLACED: Final = "another file took the store's place; put the right one back"
REFUSALS: Final = (
    RevisionConflict,
    KeyReused,
    OfferUsed,
    CatalogueTooOld,
)  # the store said no; its connection is sound

WROTE: Final = """-- mark a write: WRITE
UPDATE tally SET writes = writes + 1 WHERE place = 1 RETURNING store, writes"""
MARK: Final = """-- mark of the newest write: READ
SELECT store, writes FROM tally WHERE place = 1"""


class Seats:
    """How many may read at once; a thread that hangs keeps its seat, though nobody waits for it any more."""

    def __init__(self, number: int) -> None:
        self.limiter, self.taken = anyio.CapacityLimiter(number), threading.BoundedSemaphore(number)


class Patience:
    """Until when a caller waits; it ends when nobody does any more, and with it what runs for them."""

    def __init__(self, until: float) -> None:
        self.until = until

    def end(self) -> None:
        """Wait no longer."""
        self.until = -math.inf


class Lanes:
    """Connections to one file, lent to work that runs in a thread; correct beside other processes on the same file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Lent | None = None
        self._idle: deque[Lent] = deque()
        self._pen = threading.Lock()  # INVARIANT: whoever holds it is the only one in this process to write
        self._reading, self._writing = Seats(READERS), anyio.CapacityLimiter(1)
        self._counting = Seats(LONG_READERS)
        self._known: Identity | None = None  # which file was last found to be the store
        self._newest: Mark | None = None  # grows only
        self._noting = threading.Lock()
        self._closed = False

    async def prepare(self) -> None:
        """Make the file if it is not there and bring its schema up to date."""
        until = time.monotonic() + WRITE_SECONDS - COMMIT_SECONDS
        await bounded(partial(self._prepare, until), self._writing, WRITE_SECONDS)

    async def read(self, work: Work[T], seconds: float = READ_SECONDS) -> T:
        """Run work that only reads, on a connection of its own; raises `StoreUnavailable` within `seconds`."""
        seats = self._reading if seconds <= READ_SECONDS else self._counting
        patience = Patience(time.monotonic() + seconds)
        try:
            return await bounded(partial(self._read, work, patience, seats.taken), seats.limiter, seconds)
        finally:
            patience.end()

    async def write(self, work: Work[T], seconds: float = WRITE_SECONDS) -> T:
        """Run work as one transaction, whole or not at all, durable when it returns.

        Raises `StoreUnavailable` within `seconds`; what is not committed shortly before is rolled back.
        """
        until = time.monotonic() + seconds - COMMIT_SECONDS
        return await bounded(partial(self._write, work, until), self._writing, seconds)

    async def lend(self, busy_ms: int, settings: tuple[str, ...]) -> Lent:
        """Open one more connection, for work too long for a lane; whoever asked closes it."""
        return await bounded(partial(self._lend, busy_ms, settings), self._reading.limiter, READ_SECONDS)

    def stands(self, place: Identity) -> bool:
        """Tell whether a file is still the one at the store's path; raises `OSError` if none is."""
        return identity(self._path) == place

    async def aclose(self) -> None:
        """Close every connection; calls that come later raise `StoreUnavailable`."""
        self._closed = True
        with suppress(StoreUnavailable):  # whoever still writes closes what it was lent
            await bounded(self._close, self._writing, WRITE_SECONDS)

    def _lend(self, busy_ms: int, settings: tuple[str, ...]) -> Lent:
        with translated():
            return self._opened(busy_ms, settings)

    def _prepare(self, until: float) -> None:
        with _held(self._pen, until), translated():
            prepare(self._path, WRITE_BUSY_MS, until)

    def _read(self, work: Work[T], patience: Patience, seats: threading.BoundedSemaphore) -> T:
        with _held(seats, patience.until), translated():
            lent = self._reader()
            try:
                watch(lent[1], patience)
                answer = work(lent[1])
            except REFUSALS:
                self._idle.append(lent)
                raise
            except BaseException:
                lent[1].close()
                raise
            self._idle.append(lent)
            if self._closed:
                self._drain()
            return answer

    def _write(self, work: Work[T], until: float) -> T:
        with _held(self._pen, until), translated(), self._lent_writer() as (place, connection):
            watch(connection, Patience(until))
            connection.execute("BEGIN IMMEDIATE")
            answer = work(connection)
            newest: Mark = connection.execute(WROTE).fetchone()
            if time.monotonic() > until or not self.stands(place):
                raise StoreUnavailable(UNAVAILABLE)
            connection.execute("COMMIT")
            self._note(newest)
            return answer

    @contextmanager
    def _lent_writer(self) -> Iterator[Lent]:
        lent, self._writer = self._writer or self._opened(WRITE_BUSY_MS, WRITING), None
        try:
            yield lent
        except REFUSALS:
            lent[1].rollback()
            self._writer = lent
            raise
        except BaseException:
            lent[1].close()  # rolls back; the next write starts afresh
            raise
        self._writer = lent

    def _reader(self) -> Lent:
        now = identity(self._path)
        while self._idle:
            lent = self._idle.pop()
            if lent[0] == now:
                return lent
            lent[1].close()
        return self._opened(READ_BUSY_MS, READING)

    def _opened(self, busy_ms: int, settings: tuple[str, ...]) -> Lent:
        if self._closed:
            raise StoreUnavailable("the store is closed; open it again")
        place = identity(self._path)
        if self._known not in (None, place) and has_log(self._path):
            raise StoreUnavailable(REPLACED)  # the log is the other file's: SQLite would play it into this one
        connection = connected(self._path, busy_ms)
        try:
            for setting in settings:
                connection.execute(setting)
            self._check(connection)
        except BaseException:
            connection.close()
            raise
        self._known = place
        return place, connection

    def _check(self, connection: sqlite3.Connection) -> None:
        """Refuse a file that lacks what this process saw: an older copy would bring consent back from the dead."""
        seen = self._newest  # before the file is read: the writer may move on meanwhile
        if schema_number(connection) != len(MIGRATIONS):
            raise StoreUnavailable(REPLACED)
        mark: Mark = connection.execute(MARK).fetchone()
        if seen is not None and (mark[0] != seen[0] or mark[1] < seen[1]):
            raise StoreUnavailable(REPLACED)
        self._note(mark)

    def _note(self, mark: Mark) -> None:
        """Keep the newest of all marks seen, whichever lane saw it, in whatever order they tell."""
        with self._noting:
            self._newest = max(mark, self._newest or mark, key=itemgetter(1))

    def _close(self) -> None:
        with _held(self._pen, time.monotonic() + WRITE_SECONDS):
            if self._writer is not None:
                self._writer[1].close()
                self._writer = None
        self._drain()

    def _drain(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()


async def bounded(job: Callable[[], T], limiter: anyio.CapacityLimiter, seconds: float) -> T:
    """Run a job in a thread; raises `StoreUnavailable` when the time is up, whatever the thread still waits for."""
    try:
        with anyio.fail_after(seconds):
            # A thread that hangs in the disk is left to itself; the pen and the seats keep its place taken.
            return await to_thread.run_sync(job, limiter=limiter, abandon_on_cancel=True)
    except TimeoutError:
        raise StoreUnavailable(UNAVAILABLE) from None


@contextmanager
def _held(lock: "threading.Lock | threading.BoundedSemaphore", until: float) -> Iterator[None]:
    if not lock.acquire(timeout=max(0.0, until - time.monotonic())):
        raise StoreUnavailable(UNAVAILABLE)
    try:
        yield
    finally:
        lock.release()


def watch(connection: sqlite3.Connection, patience: Patience) -> None:
    """Let no statement run on past its caller's patience."""
    connection.set_progress_handler(lambda: time.monotonic() > patience.until, CHECK_EVERY)
