"""The page of GraphiQL: when it is served, what it may load, and that its files are made of what they say."""

import hashlib
import json
from pathlib import Path

import pytest

from gateway.examples import EXAMPLES
from gateway.graphiql import POLICY, TYPES
from tests.support.gateway_here import gateway_here
from tests.support.house import ROOT
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio
SERVED, SOURCES = ROOT / "gateway/pages/graphiql", ROOT / "clients/graphiql"
FILES = ["/graphiql", *(f"/graphiql/{name}" for name in (*TYPES, "examples.json"))]


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"DEVELOPMENT": "0"}, 404),
        ({"DEVELOPMENT": "1"}, 200),
        ({"DEVELOPMENT": "0", "GRAPHIQL": "1"}, 200),
        ({"DEVELOPMENT": "1", "GRAPHIQL": "0"}, 404),
    ],
)
async def test_it_is_there_in_development_or_where_a_setting_says_so(
    operator: Operator, settings: dict[str, str], status: int
) -> None:
    async with gateway_here(operator, **settings) as here:
        found = {path: (await here.http.get(path)).status_code for path in FILES}
    assert found == dict.fromkeys(FILES, status)


async def test_every_file_has_its_type_its_policy_alone_and_is_kept_nowhere(operator: Operator) -> None:
    async with gateway_here(operator) as here:
        answers = {path: await here.http.get(path) for path in FILES}
    told = {
        path: (answer.headers["Content-Type"], answer.headers["Content-Security-Policy"])
        for path, answer in answers.items()
    }
    kinds = {"/graphiql": TYPES["index.html"], "/graphiql/examples.json": "application/json"}
    assert told == {path: (kinds.get(path) or TYPES[path.rpartition("/")[2]], POLICY) for path in FILES}
    assert {answer.headers["Cache-Control"] for answer in answers.values()} == {"no-store"}
    assert {answer.headers["Cross-Origin-Opener-Policy"] for answer in answers.values()} == {"same-origin"}
    assert {answer.headers["X-Content-Type-Options"] for answer in answers.values()} == {"nosniff"}


def test_the_policy_lets_nothing_in_that_is_inline_evaluated_or_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert set(" ".join(rules.values()).split()) == {"'none'", "'self'", "data:"}
    assert "data:" not in rules["script-src"] + rules["style-src"] + rules["connect-src"]


async def test_the_page_is_nothing_but_what_is_in_the_package(operator: Operator) -> None:
    async with gateway_here(operator) as here:
        found = {name: (await here.http.get(f"/graphiql/{name}")).content for name in TYPES}
        page, shown = await here.http.get("/graphiql"), await here.http.get("/graphiql/examples.json")
    assert found == {name: (SERVED / name).read_bytes() for name in TYPES}
    assert page.content == found["index.html"]
    assert [one["query"] for one in shown.json()] == [one.query for one in EXAMPLES]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_sent_to_the_page(operator: Operator, method: str) -> None:
    async with gateway_here(operator) as here:
        answer = await here.http.request(method, "/graphiql")
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD"})


def test_what_is_served_was_made_from_what_is_here() -> None:
    """Whoever changes the page runs `make graphiql`: the folder says what it was made from."""
    said = json.loads((SERVED / "made-from.json").read_text())
    assert said == {path.name: _digest(path) for path in sorted(SOURCES.iterdir()) if path.is_file()}


def test_every_package_in_the_bundle_has_a_licence_that_may_ship() -> None:
    heads = [line for line in (SERVED / "LICENSES.txt").read_text().splitlines() if line.startswith("== ")]
    assert len(heads) > 50
    assert {line.rpartition(": ")[2] for line in heads} <= {"MIT", "Apache-2.0", "BSD-2-Clause", "0BSD"}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
