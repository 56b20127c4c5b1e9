"""What a caller was told is on record: no work sees less of the file, which may be an older copy put in its place."""

import sqlite3
from functools import partial
from typing import Final, TypeVar

from graph.errors import StoreUnavailable
from graph.sqlite_store.lanes import READ_SECONDS, WRITE_SECONDS, Lanes, Work
from graph.store import Seen

LOST: Final = "the store lacks what was seen of it before; put the right file back"

REVISION: Final = """-- revision of a party: READ
SELECT revision FROM party WHERE kind = ? AND id = ?"""

T = TypeVar("T")


class LanesAfter:
    """Lanes whose work begins only where all that was seen is there; one file has no other place to wait for."""

    def __init__(self, lanes: "Lanes | LanesAfter", seen: Seen) -> None:
        self._lanes, self._seen = lanes, seen

    async def read(self, work: Work[T], seconds: float = READ_SECONDS) -> T:
        """Run work that only reads; raises `StoreUnavailable` where something seen is not there."""
        return await self._lanes.read(partial(_begun, work=work, seen=self._seen), seconds)

    async def write(self, work: Work[T], seconds: float = WRITE_SECONDS) -> T:
        """Run work as one transaction; raises `StoreUnavailable` where something seen is not there."""
        return await self._lanes.write(partial(_begun, work=work, seen=self._seen), seconds)

    async def aclose(self) -> None:
        """Close the lanes."""
        await self._lanes.aclose()


def _begun(connection: sqlite3.Connection, work: Work[T], seen: Seen) -> T:
    for kind, party, revision in seen.parties:
        row = connection.execute(REVISION, (kind.value, party)).fetchone()
        if (0 if row is None else row[0]) < revision:
            raise StoreUnavailable(LOST)
    return work(connection)
