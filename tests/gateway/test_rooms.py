"""Whoever brings a consistency token reads the store as she has seen it; what is no token is refused at the door."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from gateway.documents import document_id
from gateway.metrics import STORE_SECONDS
from graph.store import Additions, Change, Command, RegisteredDocument, Seen
from graph.terms import Operation, PartyKind, Standing
from tests.support.gateway_here import OFFICER, PARTNER, PERSON, GatewayHere, gateway_here
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio
DEVICES = "{ devices { id } }"
WITHDRAWAL = 'mutation { withdrawAll(input: {idempotencyKey: "k"}) { __typename } }'
NOBODY = '{ subjects(ids: ["nobody"], purpose: "play.match") { id } }'
NO_TOKEN = "`extensions.consistencyToken` is none of this store; leave it out"


@pytest.fixture
async def here(operator: Operator) -> AsyncIterator[GatewayHere]:
    async with gateway_here(operator) as found:
        yield found


@pytest.fixture
async def shop(here: GatewayHere) -> Mapping[str, Any]:
    """Return what a partner sends: the id of its registered document."""
    document = RegisteredDocument(document_id(NOBODY), "acme", "One", NOBODY, "play.match", Operation.DISCLOSE)
    parts = here.gateway.parts
    await parts.store.add(Additions(documents=(document,)), Command("key", "print"), parts.clock())
    return {"documentId": document.id}


async def bob(here: GatewayHere, revision: int) -> dict[str, Any]:
    """Put somebody on record at revision 1; return what brings the token of who saw another one."""
    change = Change("bob", 0, here.gateway.parts.clock(), Command("k", "print"), standing=Standing.ACTIVE)
    await here.gateway.parts.store.append(change)
    token = here.gateway.parts.consistency.write(Seen(((PartyKind.SUBJECT, "bob", revision),)))
    return {"extensions": {"consistencyToken": token}}


CALLS = pytest.mark.parametrize(
    ("who", "text"),
    [(PERSON, DEVICES), (PERSON, WITHDRAWAL), (OFFICER, "{ ledger { length } }"), (PARTNER, "")],
    ids=["query", "mutation", "officer", "partner"],
)


@CALLS
async def test_who_brings_a_token_is_answered_as_without_it(
    here: GatewayHere, shop: Mapping[str, Any], who: Mapping[str, Any], text: str
) -> None:
    body = {"query": text} if text else shop
    with_it = await here.post({**body, **await bob(here, 1)}, who=who)
    assert (with_it.status_code, "errors" in with_it.json()) == (200, False)
    assert with_it.json() == (await here.post(body, who=who)).json()


@CALLS
async def test_a_store_that_lacks_what_was_seen_is_away(
    here: GatewayHere, shop: Mapping[str, Any], who: Mapping[str, Any], text: str
) -> None:
    found = await here.post({**({"query": text} if text else shop), **await bob(here, 2)}, who=who)
    (error,) = found.json()["errors"]
    assert (found.status_code, error["extensions"]) == (503, {"code": "UNAVAILABLE"})


async def test_what_is_no_token_is_refused_before_anybody_is_looked_up(
    here: GatewayHere, shop: Mapping[str, Any]
) -> None:
    bad = {**shop, "extensions": {"consistencyToken": "a" * 400}}
    await here.post(bad, who=PARTNER)
    called = here.gateway.parts.telemetry.metrics.samples(STORE_SECONDS)
    answer = await here.post(bad, who=PARTNER)
    assert answer.json() == {"errors": [{"message": NO_TOKEN, "extensions": {"code": "BAD_USER_INPUT"}}]}
    assert here.gateway.parts.telemetry.metrics.samples(STORE_SECONDS) == called != ()
