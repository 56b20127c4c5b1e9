"""Whether a server is one the store can rely on: its version, and the settings that bound what it does."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from neo4j.exceptions import ClientError

from graph.errors import StoreError, StoreUnavailable
from graph.neo4j_store.connection import LONG_READ_SECONDS, Link

OLDEST: Final = (5, 26)  # the long-term release everything was measured on; 5.23 brought the subqueries in use
VERSION: Final = re.compile(r"Neo4j/(\d+)\.(\d+)")

# A server that does not know a setting does not show it.
SETTINGS: Final = """SHOW SETTINGS YIELD name, value
RETURN collect([name, value]) AS settings"""

UNBOUNDED: Final = frozenset({"0s", "0ms", "0", ""})
FIT: Final[Mapping[str, Callable[[str], bool]]] = {
    "server.bolt.connection_keep_alive": lambda value: value == "1s",  # a frozen server is noticed in two
    "db.transaction.monitor.check.interval": lambda value: value.endswith("ms"),  # 2 s: locks are held that much longer
    "db.transaction.timeout": lambda value: value not in UNBOUNDED,
    "db.lock.acquisition.timeout": lambda value: value not in UNBOUNDED,
    "db.logs.query.enabled": lambda value: value.upper() == "OFF",  # parameters are personal data
}


def refuse_older(agent: str) -> None:
    """Raise `StoreError` for a server that cannot run the store's queries."""
    found = VERSION.match(agent)
    if found is not None and (int(found[1]), int(found[2])) < OLDEST:
        raise StoreError(f"the store's server is `{agent}`; start Neo4j 5.26 or newer")


async def unfit(link: Link) -> tuple[str, ...]:
    """Return the names of the settings that are not as they should be, of those this server shows."""
    try:
        shown = dict((await link.read(SETTINGS, {}, LONG_READ_SECONDS))["settings"])
    except (ClientError, StoreUnavailable):  # a hosted server shows nobody its settings
        return ()
    return tuple(name for name, fits in FIT.items() if name in shown and not fits(shown[name] or ""))
