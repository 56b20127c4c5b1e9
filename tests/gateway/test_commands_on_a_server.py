"""`migrate` and `check` on a real Neo4j: each thing that can stand in the way, in one line that says what to do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from neo4j import Session

from gateway.commands import ALL_HOLDS
from graph.neo4j_store.migrations import MIGRATIONS
from tests.support.command import Called, called
from tests.support.neo4j_server import Neo4jServer, free_port, own
from tests.support.operator import Operator

pytestmark = pytest.mark.neo4j

LONG = "db.transaction.timeout"
Calling = Callable[..., Called]
COMMANDS = pytest.mark.parametrize(("command", "code"), [("migrate", 2), ("check", 1)])


@pytest.fixture(scope="module")
def server() -> Neo4jServer:
    """Return a server with a setting that should be otherwise."""
    return own(**{LONG: "0s"})


@pytest.fixture
def session(server: Neo4jServer) -> Iterator[Session]:
    """Give the server's graph, with nothing in it."""
    with server.driver() as driver, driver.session(database="neo4j") as session:
        session.run("MATCH (one) DETACH DELETE one").consume()
        yield session


@pytest.fixture
def calling(operator: Operator, server: Neo4jServer, session: Session, tmp_path: Path) -> Calling:
    """Call a command with this server as the store; settings may be changed."""

    def call(command: str, *, password: str = server.password, store: str = server.uri) -> Called:
        (tmp_path / "password").write_text(password)
        login = {"STORE_USER": server.user, "STORE_PASSWORD_FILE": str(tmp_path / "password")}
        return called(command, settings=operator.settings(STORE=store, **login))

    return call


def applied(session: Session) -> list[int]:
    return [row.value() for row in session.run("MATCH (one:Migration) RETURN one.number ORDER BY one.number")]


ALL = list(range(1, len(MIGRATIONS) + 1))


def test_a_new_store_is_made_and_a_made_one_is_left_alone(calling: Calling, session: Session) -> None:
    for _ in range(2):
        told = calling("migrate")
        assert (told.code, told.out) == (0, "the store is at this version\n")
        assert applied(session) == ALL


def test_an_older_store_is_told_by_a_check_and_brought_to_this_version(calling: Calling, session: Session) -> None:
    calling("migrate")
    session.run("MATCH (one:Migration) WHERE one.number > 1 DELETE one").consume()
    told = calling("check")
    line = f"store: the store has schema `1`, this program knows `{len(MIGRATIONS)}`; run `consent-gateway migrate`\n"
    assert (told.code, told.out, applied(session)) == (1, line, [1])
    assert (calling("migrate").code, applied(session)) == (0, ALL)


@COMMANDS
def test_a_newer_store_is_refused_and_left_as_it_is(
    calling: Calling, session: Session, command: str, code: int
) -> None:
    calling("migrate")
    session.run("CREATE (:Migration {number: 77, checksum: 'of tomorrow'})").consume()
    told = calling(command)
    line = f"the store has schema `77`, this program knows `{len(MIGRATIONS)}`; start a newer program\n"
    assert (told.code, (told.out + told.err).endswith(line), applied(session)) == (code, True, [*ALL, 77])


@COMMANDS
def test_a_store_whose_migration_was_edited_is_refused(
    calling: Calling, session: Session, command: str, code: int
) -> None:
    calling("migrate")
    session.run("MATCH (one:Migration {number: 1}) SET one.checksum = 'another'").consume()
    told = calling(command)
    line = "migration `1` was edited after this store was made; start the program it knows\n"
    assert (told.code, (told.out + told.err).endswith(line)) == (code, True)


@COMMANDS
def test_a_wrong_password_is_told_at_once(calling: Calling, command: str, code: int) -> None:
    told = calling(command, password="another password")
    line = "the store's server refuses user or password; check `STORE_USER` and `STORE_PASSWORD_FILE`\n"
    assert (told.code, (told.out + told.err).endswith(line)) == (code, True)
    assert (told.out + told.err).count("\n") == 1


def test_a_server_that_is_not_there_is_told(calling: Calling) -> None:
    told = calling("check", store=f"bolt://127.0.0.1:{free_port()}")
    line = "store: the store cannot be read or written now; try again, and check its server and the way there\n"
    assert (told.code, told.out) == (1, line)


def test_a_check_warns_of_a_setting_that_should_be_otherwise_and_holds(calling: Calling) -> None:
    calling("migrate")
    told = calling("check")
    line = f"warning: store: the server's setting `{LONG}` should be otherwise; see the operating guide\n"
    assert (told.code, told.out, told.err) == (0, f"{ALL_HOLDS}\n", line)


def test_whoever_opens_such_a_store_is_warned(calling: Calling, caplog: pytest.LogCaptureFixture) -> None:
    calling("migrate")
    warned = [
        (one.getMessage(), getattr(one, "variable", None)) for one in caplog.records if one.levelname == "WARNING"
    ]
    assert warned == [("a setting of the store's server should be otherwise", LONG)]
