"""What the sentences are tried with."""

from typing import Any

from tests.support.gateway_here import GatewayHere

DEVICES = "{ devices { id } }"
ACCESS = "{ access { recipientName } }"
BAD_CURSOR = '{ devices { id } consents(after: "none") { edges { cursor } } }'
WITHDRAW = 'withdrawConsent(input: {idempotencyKey: "a", scope: {}}) { __typename }'
CONSENTS = "{ consents { edges { cursor } } }"


async def recorded(here: GatewayHere) -> list[Any]:
    """Return what the person has on record."""
    return list((await here.post({"query": CONSENTS})).json()["data"]["consents"]["edges"])
