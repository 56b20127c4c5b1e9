"""Who is let in beside others: operations at once, people a day, and that what was counted is let go."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

from gateway.fairness import KNOCKING, RUNNING
from gateway.key_ring import KeyRing
from gateway.negotiation import JSON
from gateway.rates import identity
from resolvers.caller import Caller
from tests.conformance.builders import disclosure
from tests.support.gateway_here import OFFICER, GatewayHere, gateway_here
from tests.support.keys import ed25519, token
from tests.support.operator import Operator
from tests.support.raw_requests import goes_away, raw, scope, waits_for_ever

pytestmark = pytest.mark.anyio
DEVICES = "{ devices { id } }"


@pytest.fixture
async def here(operator: Operator) -> AsyncIterator[GatewayHere]:
    async with gateway_here(operator) as found:
        yield found


def codes(answer: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in answer.json()["errors"]]


async def test_one_operation_too_many_at_once_is_refused_and_however_one_ends_another_may_begin(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway_here(operator, CONCURRENCY="1") as here, anyio.create_task_group() as group:
        crowd = here.gateway.parts.admission.crowd
        group.start_soon(raw, here, waits_for_ever)
        await anyio.wait_all_tasks_blocked()
        refused = await here.post({"query": DEVICES}, headers={"Accept": JSON})
        other = await here.post({"query": "{ catalogue { version } }"}, who=OFFICER)
        group.cancel_scope.cancel()
    async with gateway_here(operator, CONCURRENCY="1") as here:
        crowds = [here.gateway.parts.admission.crowd, crowd]
        assert await raw(here, goes_away) == (400, ["BAD_REQUEST"])
        assert (await here.post({"query": "{ nothing }"})).status_code == 422
        monkeypatch.setattr("gateway.http.MOST_SECONDS", 0.02)
        assert await raw(here, waits_for_ever) == (408, ["TIMEOUT"])

    assert (refused.status_code, codes(refused), refused.headers["Retry-After"]) == (429, ["RATE_LIMITED"], "1")
    assert "RateLimit" in refused.headers
    assert other.status_code == 200
    assert [len(one) for one in crowds] == [0, 0]


async def test_an_answer_that_is_not_taken_holds_its_place_and_no_longer_than_that(here: GatewayHere) -> None:
    crowd = here.gateway.parts.admission.crowd
    body = {"type": "http.request", "body": json.dumps({"query": DEVICES}).encode(), "more_body": False}
    held = []

    async def hangs_up(_: dict[str, Any]) -> None:
        held.append(len(crowd))
        raise ConnectionResetError

    async def receive() -> Mapping[str, Any]:
        return body

    with pytest.raises(ConnectionResetError):
        await here.app(scope(here), receive, hangs_up)  # type: ignore[arg-type]  # a plain dictionary is a message

    assert (held, len(crowd)) == ([1], 0)


async def test_an_officer_asks_about_so_many_people_a_day_known_or_not(operator: Operator) -> None:
    async with gateway_here(operator, SUBJECTS_A_DAY="2") as here:
        both_at_once = '{ a: subject(id: "a") { id } b: subject(id: "b") { id } }'
        first = await here.post({"query": both_at_once}, who=OFFICER)
        again = await here.post({"query": '{ subject(id: "a") { id } }'}, who=OFFICER)
        erasing = 'eraseSubject(input: {idempotencyKey: "k", subjectId: "c", caseReference: "1"}) { __typename }'
        third = [
            await here.post({"query": text}, who=OFFICER, headers={"Accept": JSON})
            for text in ('{ subject(id: "c") { id } }', f"mutation {{ {erasing} }}")
        ]
        other_client = await here.post({"query": '{ subject(id: "c") { id } }'}, who={**OFFICER, "sub": "colleague"})

    assert (first.json(), again.status_code) == ({"data": {"a": None, "b": None}}, 200)
    assert [(one.status_code, codes(one)) for one in third] == [(429, ["RATE_LIMITED"])] * 2
    assert 86_000 < int(third[0].headers["Retry-After"]) <= 86_400
    assert other_client.status_code == 200


async def test_people_a_listing_tells_of_count_like_those_that_were_asked_about(operator: Operator) -> None:
    async with gateway_here(operator, SUBJECTS_A_DAY="1") as here:
        parts = here.gateway.parts
        about = [parts.pseudonyms.seal_subject(person) for person in ("ada", "ben")]
        await parts.store.disclose(tuple(replace(disclosure(sealed), subject=sealed) for sealed in about))
        listing = "{ disclosures(filter: {}) { edges { node { keys } } } }"
        whole = await here.post({"query": listing}, who=OFFICER)
        page = await here.post({"query": listing.replace("filter", "first: 1, filter")}, who=OFFICER)

    assert (whole.status_code, codes(whole), "data" in whole.json()) == (429, ["RATE_LIMITED"], False)
    assert page.status_code == 200


async def test_a_null_in_place_of_a_person_is_told_where_it_stands(here: GatewayHere) -> None:
    asked = {"query": 'query($she: ID = "a") { subject(id: $she) { id } }', "variables": {"she": None}}
    answer = await here.post(asked, who=OFFICER, headers={"Accept": JSON})

    assert (answer.status_code, codes(answer), answer.json()["data"]) == (200, ["BAD_USER_INPUT"], {"subject": None})


async def test_who_waits_for_an_issuer_that_hangs_keeps_nobody_else_from_being_recognised(
    here: GatewayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyRing, "keys_for_stranger", lambda _: anyio.sleep_forever())
    strangers = {"Authorization": f"Bearer {token(ed25519('nobody knows'))}"}
    async with here.gateway.parts.admission.fairness.turn("somebody"), anyio.create_task_group() as group:
        for _ in range(KNOCKING.at_once):
            group.start_soon(partial(here.post, {"query": DEVICES}, headers=strangers))
        await anyio.wait_all_tasks_blocked()
        with anyio.move_on_after(3) as waited:
            answer = await here.post({"query": DEVICES})
        group.cancel_scope.cancel()

    assert not waited.cancelled_caught
    assert answer.status_code == 200


async def test_who_has_no_turn_in_time_is_told_that_nothing_was_begun(
    here: GatewayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.http.MOST_SECONDS", 0.05)
    parts = here.gateway.parts
    caller = await parts.authenticator.caller(f"Bearer {here.token()}", parts.clock())
    assert isinstance(caller, Caller)
    async with AsyncExitStack() as held:
        for who in ("somebody else", *[identity(caller)] * RUNNING.at_once):
            await held.enter_async_context(parts.admission.fairness.turn(who))
        late = await here.post({"query": DEVICES})

    assert (late.status_code, codes(late)) == (503, ["UNAVAILABLE"])
