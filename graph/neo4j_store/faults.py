"""What the driver's faults mean: ours, the server's, or a commit nobody knows the end of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError, ServiceUnavailable

from graph.errors import StoreUnavailable

UNAVAILABLE: Final = "the store cannot be read or written now; try again, and check its server and the way there"
CLOSED: Final = "the store is closed; open it again"
REFUSED: Final = "the store's server refuses user or password; check `STORE_USER` and `STORE_PASSWORD_FILE`"
OURS: Final = ("Neo.ClientError.Statement.", "Neo.ClientError.Schema.")  # a query or a value of ours does not hold


GONE: Final = "the handler is closed"  # how uvloop ends what it says of a connection that it has closed already


class LoginRefused(StoreUnavailable):
    """The server lets nobody in under this name and password; waiting does not help."""


@contextmanager
def cut_told() -> Iterator[None]:
    """Raise `ServiceUnavailable` for a connection that was cut just before something was written to it.

    uvloop tells that by a `RuntimeError`, which the driver takes for a fault of its caller and lets through.
    """
    try:
        yield
    except RuntimeError as fault:
        if not str(fault).endswith(GONE):
            raise
        raise ServiceUnavailable(str(fault)) from fault


@contextmanager
def translated() -> Iterator[None]:
    """Raise `StoreUnavailable` for what server, network and clock did; a fault of ours stays what it is."""
    try:
        with cut_told():
            yield
    except (DriverError, Neo4jError, OSError, TimeoutError) as fault:
        if isinstance(fault, ClientError) and (fault.code or "").startswith(OURS):
            raise
        if isinstance(fault, AuthError):
            raise LoginRefused(REFUSED) from fault
        raise StoreUnavailable(UNAVAILABLE) from fault
