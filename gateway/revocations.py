"""Tokens taken back before their end: a file of the operator's with each one's `jti`, looked at again each second."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import anyio
import anyio.to_thread
import msgspec

from gateway.tokens import MOST_WORD_CHARACTERS
from gateway.wrong_call import WrongCall

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 1.0  # a token taken back is refused that soon; a list of 1,000 is read in a fraction of a millisecond
READ_SECONDS = 2.0  # a disk that takes longer is broken: the list as it was counts until it answers
MOST_BYTES = 4 * 1024 * 1024  # 100,000 ids of 36 characters; tokens that have ended may be taken out again


class Revocations:
    """Holds the last good list. A file that cannot be read later leaves it standing, and is told."""

    def __init__(self, path: Path, clock: Callable[[], float] = monotonic) -> None:
        """Read the list; raises `WrongCall` for a file that is none: a gateway that cannot read it does not start."""
        self._path, self._clock = path, clock
        self._ids: frozenset[str] = frozenset()
        self._digest = b""
        self._stale = self._looking = False
        self._ends: anyio.Event | None = None
        self._look()
        self._looked_at = clock()

    async def revoked(self, token: str | None) -> bool:
        """Tell whether a token of this `jti` was taken back; one without cannot be."""
        await self._looked_after()
        return token in self._ids

    async def lost(self) -> bool:
        """Tell whether the file cannot be read any more, so that an older list counts."""
        await self._looked_after()
        return self._stale

    async def _looked_after(self) -> None:
        """Look at the file if that is due; who comes meanwhile waits: by the list as it was a token would be let in."""
        while self._ends is not None:
            await self._ends.wait()
        if not self._looking and self._clock() - self._looked_at >= LOOK_SECONDS:
            self._looked_at, self._ends = self._clock(), anyio.Event()
            try:
                await self._looked()
            finally:
                self._ends.set()
                self._ends = None

    async def _looked(self) -> None:
        """Look at the file, whoever leaves; what stands in the way is said once, until it is over."""
        try:
            with anyio.fail_after(READ_SECONDS, shield=True):
                await anyio.to_thread.run_sync(self._look, abandon_on_cancel=True)
        except (WrongCall, TimeoutError):
            if not self._stale:
                LOG.exception("the list of revoked tokens cannot be read, the last one counts")
            self._stale = True
        else:
            self._stale = False

    def _look(self) -> None:
        """Read the file, and what it says if that is something else than before; raises `WrongCall`."""
        self._looking = True  # until this ends, whoever stopped waiting for it: a dead disk holds one thread, not many
        try:
            with self._path.open("rb") as file:
                document = file.read(MOST_BYTES + 1)
        except OSError:
            raise WrongCall(f"`{self._path}` cannot be read; see that it is there and yours to read") from None
        finally:
            self._looking = False
        digest = hashlib.sha256(document).digest()
        if digest != self._digest:
            self._ids, self._digest = _ids(document), digest


def _ids(document: bytes) -> frozenset[str]:
    """Return the ids of a list; raises `WrongCall` for what is none."""
    if len(document) > MOST_BYTES:
        raise WrongCall(f"the list of revoked tokens is over {MOST_BYTES} bytes; take out tokens that have ended")
    try:
        text = document.decode("utf-8-sig").strip()  # some editors begin a file with a mark, which is no part of an id
        found = msgspec.json.decode(text, type=list[str]) if text[:1] in ("[", "{") else _lines(text)
    except (ValueError, msgspec.MsgspecError):
        raise WrongCall("the list of revoked tokens is none; write one `jti` a line, or a JSON list of them") from None
    ids = frozenset(found) - {""}
    if any(len(one) > MOST_WORD_CHARACTERS for one in ids):
        raise WrongCall(f"the list of revoked tokens has one over {MOST_WORD_CHARACTERS} characters; no `jti` is")
    return ids


def _lines(text: str) -> list[str]:
    """Return the ids of lines; raises `ValueError` for one in quotes: it would be kept with them and be nobody's."""
    found = [line.strip() for line in text.split("\n")]
    if any(one.startswith('"') for one in found):
        raise ValueError("a line in quotes is JSON, or of a table")
    return found
