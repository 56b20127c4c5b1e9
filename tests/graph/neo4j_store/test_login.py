"""Who comes into the server: the password is the store's to read again, never the driver's."""

import pytest
from neo4j import basic_auth
from neo4j.exceptions import Neo4jError

from graph.neo4j_store.login import Rotating

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]


async def test_the_driver_is_never_asked_to_try_again() -> None:
    login = Rotating("gateway", "old", lambda: "new")
    assert await login.handle_security_exception(await login.get_auth(), Neo4jError()) is False
    assert await login.get_auth() == basic_auth("gateway", "old")


async def test_a_password_is_read_again_and_one_that_cannot_be_read_stays() -> None:
    texts = iter(["new"])
    login = Rotating("gateway", "old", lambda: next(texts))
    for _ in range(2):  # the second time there is none to read
        login.renew()
        assert await login.get_auth() == basic_auth("gateway", "new")


async def test_a_password_that_stands_nowhere_else_stays() -> None:
    login = Rotating("gateway", "old", None)
    login.renew()
    assert await login.get_auth() == basic_auth("gateway", "old")
