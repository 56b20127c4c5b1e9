"""Each limit over real HTTP: at it an answer, beyond it its own status and code; no limit is without a row here."""

import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
import pytest

from gateway import arriving, cost, http, limits, prepared, settings, shape
from gateway.arriving import MOST_ADDRESS_BYTES, MOST_BYTES, MOST_HEADER_BYTES
from gateway.cost import MOST_COST
from gateway.http import PARTIAL
from gateway.limits import (
    MOST_ALIASES,
    MOST_COMMENTS,
    MOST_DEPTH,
    MOST_DIRECTIVES,
    MOST_DIRECTIVES_HERE,
    MOST_FRAGMENTS,
    MOST_INTROSPECTION_DEPTH,
    MOST_REPEATS,
    MOST_TOKENS,
)
from gateway.shape import MOST_ITEMS
from resolvers.partner import MOST_PEOPLE
from tests.journeys.conftest import Starting
from tests.support.at_limits import (
    EXPLAINED,
    TURNING,
    Body,
    costing,
    deep,
    directives,
    directives_here,
    fragments,
    introspecting,
    listed,
    tokens,
)
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN, OLD, Answer
from tests.support.polling import until

pytestmark = pytest.mark.journey
DEVICES = "{ devices { id } }"
COSTLY = (422, ["COST_LIMIT_EXCEEDED"])


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: what reaches it and what goes beyond, how far being its only argument; and who sends that."""

    most: int
    body: Callable[[int], Body]
    role: str = "noor_headset"
    code_at: str | None = None  # of what stays within and is wrong otherwise: the real schema has no such document


def text(made: Callable[[int], str]) -> Callable[[int], Body]:
    return lambda number: {"query": made(number)}


LIMITS: Mapping[str, Limit] = {
    "MOST_DEPTH": Limit(MOST_DEPTH, text(deep), code_at="GRAPHQL_VALIDATION_FAILED"),
    "MOST_INTROSPECTION_DEPTH": Limit(MOST_INTROSPECTION_DEPTH, text(introspecting)),
    "MOST_ALIASES": Limit(
        MOST_ALIASES, text(lambda most: f"{{ {' '.join(f'a{one}: devices {{ id }}' for one in range(most))} }}")
    ),
    "MOST_DIRECTIVES": Limit(MOST_DIRECTIVES, text(directives)),
    "MOST_DIRECTIVES_HERE": Limit(MOST_DIRECTIVES_HERE, text(directives_here), code_at="GRAPHQL_VALIDATION_FAILED"),
    "MOST_FRAGMENTS": Limit(MOST_FRAGMENTS, text(fragments)),
    "MOST_REPEATS": Limit(MOST_REPEATS, text(lambda most: f"{{ devices {{ {'id ' * most}}} }}")),
    "MOST_TOKENS": Limit(MOST_TOKENS, tokens),
    "MOST_COMMENTS": Limit(MOST_COMMENTS, text(lambda most: "#\n" * most + DEVICES)),
    "MOST_ITEMS": Limit(MOST_ITEMS, listed),
    "MOST_COST": Limit(MOST_COST, costing, role="officer"),
}
# Those that are no matter of the document: each with the journey that goes up to it and beyond.
BESIDE: Mapping[str, str] = {
    "MOST_BYTES": "test_a_body_has_a_size",
    "MOST_ADDRESS_BYTES": "test_an_address_has_a_size",
    "MOST_HEADER_BYTES": "test_headers_have_a_size",
    "MOST_SECONDS": "test_a_body_has_its_time",
    "RATE": "test_a_caller_has_so_many_calls",
    "CONCURRENCY": "test_a_caller_has_so_many_operations_at_once",
    "SUBJECTS_A_DAY": "test_an_officer_has_so_many_people_a_day",
    "MOST_PEOPLE": "test_a_partner_asks_about_so_many_people_at_once",
}
NONE_OF_A_CALLER = {
    "MOST_DOCUMENTS",
    "MOST_CHARACTERS",
    "MOST_REGISTERED",
    "MOST_ERRORS",
}  # what the gateway keeps and tells


def test_no_limit_is_without_its_row() -> None:
    named = {
        name
        for module in (arriving, cost, http, limits, prepared, shape)
        for name in vars(module)
        if name.startswith("MOST_")
    }
    set_by_operators = {name for name in ("RATE", "CONCURRENCY", "SUBJECTS_A_DAY") if name in settings.PARSERS}

    assert (named - NONE_OF_A_CALLER - {"MOST_PAGE"}) | set_by_operators | {
        "MOST_PEOPLE"
    } == LIMITS.keys() | BESIDE.keys()
    assert [name for name in BESIDE.values() if name not in globals()] == []


@pytest.mark.parametrize("name", LIMITS)
def test_a_document_is_answered_at_the_limit_and_refused_beyond_it(demo: GatewayRunning, name: str) -> None:
    limit = LIMITS[name]
    client = demo.role(limit.role)

    at = client.post(limit.body(limit.most))
    beyond = client.post(limit.body(limit.most + 1))
    told_as_before = client.post(limit.body(limit.most + 1), {"Accept": OLD})

    assert set(at.codes) == ({limit.code_at} if limit.code_at else set()), at.content
    assert at.status == (HTTPStatus.UNPROCESSABLE_ENTITY if limit.code_at else HTTPStatus.OK)
    assert (beyond.status, beyond.codes) == COSTLY
    assert (told_as_before.status, told_as_before.codes) == (200, COSTLY[1])


def test_a_body_has_a_size(demo: GatewayRunning) -> None:
    def sized(size: int) -> Answer:
        body = json.dumps({"query": DEVICES}).encode()
        sent = {"Content-Type": "application/json", "Accept": MODERN}
        return demo.role("noor_headset").send("POST", body[:-1] + b" " * (size - len(body)) + b"}", sent)

    assert sized(MOST_BYTES).answered
    _told(sized(MOST_BYTES + 1), 413, "PAYLOAD_TOO_LARGE")


def test_an_address_has_a_size(demo: GatewayRunning) -> None:
    token = demo.announced["tokens"]["noor_headset"]

    def sized(size: int) -> httpx.Response:
        padding = "?" + "x" * (size - len("/graphql"))
        return demo.http.post(
            demo.graphql + padding, json={"query": DEVICES}, headers={"Authorization": f"Bearer {token}"}
        )

    at, beyond = sized(MOST_ADDRESS_BYTES), sized(MOST_ADDRESS_BYTES + 1)

    assert (at.status_code, "errors" in at.json()) == (200, False)
    assert (beyond.status_code, beyond.json()["errors"][0]["extensions"]["code"]) == (414, "BAD_REQUEST")


def test_headers_have_a_size(demo: GatewayRunning) -> None:
    token = demo.announced["tokens"]["noor_headset"]
    padding = "X-Padding"

    def sized(size: int) -> httpx.Response:
        shown = {"Authorization": f"Bearer {token}", padding: ""}
        bare = demo.http.build_request("POST", demo.graphql, json={"query": DEVICES}, headers=shown)
        rest = sum(len(name) + len(value) for name, value in bare.headers.raw)
        shown[padding] = "x" * (size - rest)
        return demo.http.post(demo.graphql, json={"query": DEVICES}, headers=shown)

    at, beyond = sized(MOST_HEADER_BYTES), sized(MOST_HEADER_BYTES + 1)

    assert (at.status_code, "errors" in at.json()) == (200, False)
    assert (beyond.status_code, beyond.json()["errors"][0]["extensions"]["code"]) == (431, "BAD_REQUEST")


def test_a_body_has_its_time(demo: GatewayRunning) -> None:
    with _unfinished(demo) as held:
        answer = b""
        while not answer.endswith(b"]}"):
            answer += (piece := held.recv(65_536))
            assert piece, answer

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"TIMEOUT"' in answer


def test_a_caller_has_so_many_calls(starting: Starting) -> None:
    headset = starting(RATE="2/hour").role("noor_headset")

    assert all(headset.ask(DEVICES).answered for _ in range(2))
    assert int(_told(headset.ask(DEVICES), 429, "RATE_LIMITED").headers["Retry-After"]) > 0


def test_a_caller_has_so_many_operations_at_once(starting: Starting) -> None:
    running = starting(CONCURRENCY="2")
    headset, phone = running.role("noor_headset"), running.role("noor_phone")
    seen: list[tuple[Answer, Answer]] = []

    def beside_two() -> bool:
        """Ask while two operations are under way, which end by themselves; tell whether one more is refused."""
        with _unfinished(running), _unfinished(running):
            seen.extend((headset.post({"query": DEVICES}, {"Accept": OLD}), phone.ask(DEVICES)) for _ in range(3))
        return seen[-1][0].codes == ["RATE_LIMITED"]

    with _unfinished(running):
        assert headset.ask(DEVICES).answered
    until(beside_two)
    refused, anothers = seen[-1]

    assert _told(refused, 429, "RATE_LIMITED").headers["Retry-After"] == "1"
    assert anothers.answered
    until(lambda: headset.ask(DEVICES).status == HTTPStatus.OK)  # both hung up without an answer


def test_an_officer_has_so_many_people_a_day(starting: Starting) -> None:
    running = starting(SUBJECTS_A_DAY="2")
    officer, noor = running.role("officer"), running.announced["subjects"]["noor"]

    def subject(person: str) -> Answer:
        return officer.ask("query($id: ID!) { subject(id: $id) { state } }", {"id": person})

    assert [subject(person).answered["subject"] for person in (noor, "nobody", noor)] == [
        {"state": "ACTIVE"},
        None,
        {"state": "ACTIVE"},
    ]
    refused = _told(subject(running.announced["subjects"]["jon"]), 429, "RATE_LIMITED")
    assert int(refused.headers["Retry-After"]) > 0
    explained = f'{{ explain(input: {{subjectId: "another", {EXPLAINED}, keys: ["{TURNING}"]}}) {{ key }} }}'
    _told(officer.ask(explained), 429, "RATE_LIMITED")
    assert subject(noor).answered


def test_a_partner_asks_about_so_many_people_at_once(demo: GatewayRunning) -> None:
    document = next(found for name, found in demo.announced["documents"].items() if name.startswith("brightwear"))
    brand = demo.role("brightwear")

    def people(number: int) -> Answer:
        return brand.post({"documentId": document, "variables": {"ids": [f"p{one}" for one in range(number)]}})

    assert len(people(MOST_PEOPLE).answered["subjects"]) == MOST_PEOPLE
    _told(people(MOST_PEOPLE + 1), PARTIAL, "BAD_USER_INPUT")


def _told(answer: Answer, status: int, code: str) -> Answer:
    assert (answer.status, answer.codes) == (status, [code])
    return answer


def _unfinished(running: GatewayRunning) -> socket.socket:
    """Return a connection with a request under way whose body does not end."""
    where = urlsplit(running.graphql)
    head = (
        f"POST {where.path} HTTP/1.1",
        f"Host: {where.netloc}",
        "Content-Type: application/json",
        f"Authorization: Bearer {running.announced['tokens']['noor_headset']}",
        "Content-Length: 100",
    )
    held = socket.create_connection((where.hostname, where.port), timeout=10)
    held.sendall("\r\n".join(head).encode() + b"\r\n\r\n{")
    return held
