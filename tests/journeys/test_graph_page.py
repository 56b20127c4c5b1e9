"""The questions of docs/graph.md are answered by a real Neo4j as the page says, and none of them walks all people."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from neo4j import Session

from tests.graph.neo4j_store.queries import Query, walks
from tests.support.cypher_examples import Question, questions, told, unmarked
from tests.support.example_answers import answered
from tests.support.examples import examples
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.neo4j_server import Neo4jServer, own
from tests.support.places import Kept
from tests.support.polling import until

pytestmark = [pytest.mark.journey, pytest.mark.neo4j]

PAGE = "docs/graph.md"
EACH = pytest.mark.parametrize("question", list(questions(PAGE)), ids=lambda question: question.place)
ROLLED_UP = """MATCH (ledger:Ledger {id: 'ledger'}), (done:RollUp {id: 'ledger'})
RETURN ledger.end STARTS WITH '[' + done.position + ','"""


@pytest.fixture(scope="module")
def server() -> Neo4jServer:
    return own()


@pytest.fixture(scope="module")
def session(server: Neo4jServer) -> Iterator[Session]:
    with server.driver() as driver, driver.session(database="neo4j") as session:
        yield session


@pytest.fixture(scope="module")
def lived(
    heard: Heard, server: Neo4jServer, session: Session, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayRunning]:
    """Run a demonstration on the server in which all has happened that the page tells."""
    password = tmp_path_factory.mktemp("login") / "password"
    password.write_text(server.password)
    kept = Kept({"STORE": server.uri, "STORE_USER": server.user, "STORE_PASSWORD_FILE": str(password)})
    gateway = started(heard, kept.arguments, settings=kept.settings)
    seen: dict[str, Any] = {}
    for example in examples(PAGE):
        seen |= answered(example, gateway, seen)
    until(lambda: [row.value() for row in session.run(ROLLED_UP)] == [True])
    yield gateway
    gateway.stop()


def named(question: Question, gateway: GatewayRunning) -> Mapping[str, str]:
    return {name: gateway.announced["subjects"][person] for name, person in question.people.items()}


@EACH
def test_a_question_is_answered_as_the_page_says(question: Question, lived: GatewayRunning, session: Session) -> None:
    result = session.run(question.query, named(question, lived))  # type: ignore[arg-type]  # the page's own text
    columns, rows = tuple(result.keys()), [row.values() for row in result]
    if question.answer is None:
        assert rows
    else:
        assert [columns, *(tuple(told(one) for one in row) for row in rows)] == list(question.answer)


@EACH
def test_a_question_is_planned_on_an_index(question: Question, lived: GatewayRunning, session: Session) -> None:
    plan = Query(question.place, question.query).plan(session)
    assert walks(plan) == set()
    assert [one for one in plan.told if "does not exist" not in one] == []  # that nobody did it yet is no fault


def test_each_question_on_the_page_is_asked() -> None:
    assert unmarked(PAGE) == 0
    assert len([one for one in questions(PAGE) if one.answer is not None]) == 10
