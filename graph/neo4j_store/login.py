"""Who comes into the server: a password that may be changed while the gateway runs, read again when it is refused."""

from collections.abc import Callable
from contextlib import suppress

from neo4j import Auth, basic_auth
from neo4j.auth_management import AsyncAuthManager
from neo4j.exceptions import Neo4jError


class Rotating(AsyncAuthManager):
    """A name and a password, read again when the store asks for it.

    The driver's own asks again only where a connection stood: not where one is refused on the way in, which is what a
    changed password looks like.
    """

    def __init__(self, user: str, password: str, renewed: Callable[[], str] | None) -> None:
        """Begin with a password; `renewed` reads it again."""
        self._user, self._renewed = user, renewed
        self._shown = basic_auth(user, password)

    def renew(self) -> None:
        """Read the password again, for the next connection; one that cannot be read stays what it was."""
        if self._renewed is not None:
            with suppress(Exception):  # whatever keeps it from being read
                self._shown = basic_auth(self._user, self._renewed())

    async def get_auth(self) -> Auth:
        """Return what the next connection shows."""
        return self._shown

    async def handle_security_exception(self, auth: object, error: Neo4jError) -> bool:  # noqa: ARG002 the driver's
        """Leave it to the store to try again."""
        return False
