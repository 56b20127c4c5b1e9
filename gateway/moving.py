"""`export` and `import`: a store into a file or pipe and out of it, with progress, and one line when it is done.

What passes holds personal data and the store's secrets; what is said of it here is numbers and digests alone.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import IO, Final, TextIO

from anyio import to_thread

from gateway.archive_lines import entry_of, lines, written
from gateway.wiring import Login, opened, refuse_absent, utc_now
from gateway.wrong_call import WrongCall
from graph.archive import Entry, LedgerEnd, LedgerEntry, Party
from graph.errors import ArchiveRefused, StoreNotEmpty
from graph.ledger import GENESIS, LedgerState, compared, verify

MOVED, REFUSED = 0, 1  # exit codes (4.7): done, the answer is no
AT_ONCE: Final = 500  # lines read at once
OWNER_ALONE: Final = 0o600
SAID_EVERY: Final = 1.0  # seconds between two lines of progress
MEGABYTE: Final = 1_000_000
PIPE: Final = "-"  # standard output or input instead of a file


@dataclass(frozen=True, slots=True)
class Move:
    """One move: the store's URL and who comes into it, the file's path or `-`, and which program says so."""

    store: str
    login: Login
    file: str
    program: str


@dataclass(slots=True)
class Progress:
    """Counts what passes, says so from time to time, and checks the ledger on its way."""

    command: str
    said: TextIO
    clock: Callable[[], float] = monotonic
    size: int = 0
    counts: Counter[type] = field(default_factory=Counter)
    ledger: LedgerState = field(default_factory=lambda: LedgerState(0, GENESIS))
    _end: LedgerEnd = field(default_factory=lambda: LedgerEnd(0, GENESIS))
    _last: float = 0.0

    def __post_init__(self) -> None:
        """Begin to wait for the first line."""
        self._last = self.clock()

    def passed(self, size: int) -> None:
        """Count bytes; says a line if none was said for a while."""
        self.size += size
        now = self.clock()
        if now >= self._last + SAID_EVERY:
            self._last = now
            self.said.write(f"{self.command}: {self._sum()}\n")
            self.said.flush()

    def noted(self, entry: Entry) -> Entry:
        """Count an entry; returns it."""
        self.counts[type(entry)] += 1
        if isinstance(entry, LedgerEnd):
            self._end = entry
        elif isinstance(entry, LedgerEntry):
            row = (entry.position, entry.text, entry.head)
            state = verify((row,), self.ledger.head, self.ledger.length)
            self.ledger = LedgerState(state.length, state.head, self.ledger.first_broken or state.first_broken)
        return entry

    def finished(self) -> None:
        """Say what was moved."""
        state = compared(self.ledger, self._end.length, self._end.head)
        if not state.intact:
            self.said.write(f"warning: the ledger does not fit from entry {state.first_broken} on; moved as it is\n")
        self.said.write(
            f"{self.command}: done, {self._sum()}, {self.counts[Party]:,} parties; "
            f"the ledger has {self._end.length:,} entries and ends in {self._end.head}\n"
        )

    def _sum(self) -> str:
        return f"{self.counts.total():,} entries, {self.size / MEGABYTE:,.1f} MB"


def exported(move: Move, progress: Progress) -> int:
    """Write a store into a file that is not there yet, readable by its owner alone; what is left half done is removed.

    Raises what a store raises, `WrongCall` for a store that is not there, `OSError`.
    """
    return _told(progress, lambda: asyncio.run(_exported(move, progress)), "nothing was written")


def imported(move: Move, progress: Progress) -> int:
    """Take a file into a store that holds nothing; returns 1 for a file or store that is not fit for it.

    Raises what a store raises, `OSError`.
    """
    return _told(
        progress, lambda: asyncio.run(_imported(move, progress)), "do it again: the store tells if it was done"
    )


def _told(progress: Progress, work: Callable[[], None], interrupted: str) -> int:
    try:
        work()
    except (ArchiveRefused, StoreNotEmpty) as refused:
        progress.said.write(f"consent-gateway {progress.command}: {refused}\n")
        return REFUSED
    except KeyboardInterrupt:
        progress.said.write(f"consent-gateway {progress.command}: interrupted; {interrupted}\n")
        return REFUSED
    progress.finished()
    return MOVED


async def _exported(move: Move, progress: Progress) -> None:
    refuse_absent(move.store)
    store, at = await opened(move.store, move.login), utc_now()
    try:
        with _writable(move.file) as file:
            async with aclosing(store.dump(at)) as entries:
                async for line in written(_noted(entries, progress), at, move.program):
                    file.write(line)
                    progress.passed(len(line))
    finally:
        await store.aclose()


async def _imported(move: Move, progress: Progress) -> None:
    with _readable(move.file) as file:
        if file.seekable():  # a file is proven whole before the store is touched; a pipe only as it ends
            for _ in lines(file):
                pass
            file.seek(0)
        store = await opened(move.store, move.login, half_done=True)
        try:
            await store.restore(_read(file, progress))
        finally:
            await store.aclose()


async def _noted(entries: AsyncIterable[Entry], progress: Progress) -> AsyncIterator[Entry]:
    async for entry in entries:
        yield progress.noted(entry)


async def _read(file: IO[bytes], progress: Progress) -> AsyncIterator[Entry]:
    """Read entries in a thread: whoever waits for a pipe can be interrupted."""
    rows = lines(file)
    while page := await to_thread.run_sync(lambda: list(islice(rows, AT_ONCE)), abandon_on_cancel=True):
        progress.passed(sum(map(len, page)))
        for line in page:
            yield progress.noted(entry_of(line))


@contextmanager
def _writable(name: str) -> Iterator[IO[bytes]]:
    """Open a new file that only its owner may read, or standard output; after a fault no file is left."""
    if name == PIPE:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with _opened(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink()
            raise


def _readable(name: str) -> IO[bytes]:
    if name == PIPE:  # not `sys.stdin`: a thread that still waits for it would keep the interpreter from ending
        return os.fdopen(0, "rb", closefd=False)
    return _opened(name, os.O_RDONLY)


def _opened(name: str, flags: int) -> IO[bytes]:
    try:
        return os.fdopen(os.open(name, flags, OWNER_ALONE), "wb" if flags & os.O_WRONLY else "rb")
    except FileExistsError:
        raise WrongCall(f"`{name}` is there already; name a new file, or remove it") from None
    except OSError as fault:
        raise WrongCall(f"`{name}` cannot be opened: {fault.strerror}; name another file") from None
