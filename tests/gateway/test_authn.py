from datetime import timedelta

import pytest

from gateway.authn import Authenticator, challenge, shown_in
from gateway.key_ring import KeyRing, KeySource, KeysUnavailable
from gateway.possession import Shown
from gateway.tokens import CLOCK_SKEW, TokenFault
from resolvers.caller import Caller
from tests.support.keys import NOW, TERMS, ed25519, jwks, token

pytestmark = pytest.mark.anyio
OLD, NEW = ed25519("old"), ed25519("new")


class Issuer:
    """Stands for the file or URL of the keys, and counts how often it is read."""

    def __init__(self, *keys):
        self.document = jwks(*keys)
        self.reads = 0

    def read(self):
        self.reads += 1
        return self.document


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Door:
    def __init__(self, *keys, most_cached=4096):
        self.issuer, self.clock, self.verified = Issuer(*keys), Clock(), 0
        ring = KeyRing(KeySource(self.issuer.read, every=300.0, rest=10.0), self.clock)
        self.authenticator = Authenticator(ring, self.terms, most_cached)

    def terms(self):
        """Count verifications: each asks for the terms once."""
        self.verified += 1
        return TERMS

    async def asks(self, text, at=NOW):
        return await self.authenticator.caller(f"Bearer {text}", at)


async def test_a_token_is_verified_once_and_known_by_its_hash():
    door, text = Door(OLD), token(OLD)
    first = await door.asks(text)
    assert isinstance(first, Caller)
    assert await door.asks(text) == first
    assert (door.verified, door.authenticator.cached) == (1, 1)


async def test_a_known_token_ends_at_its_instant():
    door, text = Door(OLD), token(OLD)
    await door.asks(text)
    end = NOW + timedelta(seconds=600) + CLOCK_SKEW
    assert isinstance(await door.asks(text, end - timedelta(microseconds=1)), Caller)
    assert await door.asks(text, end) is TokenFault.EXPIRED
    assert (door.verified, door.authenticator.cached) == (1, 0)


async def test_a_step_up_ends_in_a_known_token_too():
    door, text = Door(OLD), token(OLD, acr="step-up", auth_time=int(NOW.timestamp()))
    assert (await door.asks(text)).assurance == 3
    assert (await door.asks(text, NOW + timedelta(seconds=301))).assurance == 2
    assert door.verified == 1


async def test_refused_tokens_are_not_kept():
    door = Door(OLD)
    assert await door.asks(token(OLD, iss="x")) is TokenFault.WRONG_ISSUER
    assert door.authenticator.cached == 0


async def test_the_cache_is_bounded_and_lets_the_longest_unused_go():
    door = Door(OLD, most_cached=2)
    one, two, three = (token(OLD, jti=name) for name in ("1", "2", "3"))
    for text in (one, two, one, three):
        await door.asks(text)
    assert (door.authenticator.cached, door.verified) == (2, 3)
    await door.asks(one)
    assert door.verified == 3
    await door.asks(two)
    assert door.verified == 4


async def test_a_rotated_key_opens_at_once_and_the_old_one_closes():
    door, old = Door(OLD), token(OLD)
    assert isinstance(await door.asks(old), Caller)
    door.issuer.document = jwks(NEW)
    assert isinstance(await door.asks(token(NEW)), Caller)
    assert await door.asks(old) is TokenFault.UNKNOWN_KEY


async def test_forged_key_ids_reach_the_issuer_five_times_in_fifty_seconds():
    door = Door(OLD)
    await door.asks(token(OLD))
    for _ in range(20):
        assert await door.asks(token(NEW)) is TokenFault.UNKNOWN_KEY
    assert door.issuer.reads == 1 + 5
    door.clock.now += 50
    for _ in range(20):
        await door.asks(token(NEW))
    assert door.issuer.reads == 1 + 5 + 5


async def test_without_keys_nobody_is_anybody():
    door = Door(OLD)
    door.issuer.document = b"down"
    with pytest.raises(KeysUnavailable):
        await door.asks(token(OLD))
    with pytest.raises(KeysUnavailable):
        await door.authenticator.ready()
    door.issuer.document = jwks(OLD)
    door.clock.now += 2
    await door.authenticator.ready()
    assert isinstance(await door.asks(token(OLD)), Caller)


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Token x", "bearerx y", "DPoP x"])
async def test_no_bearer_header_is_a_missing_token(header):
    assert shown_in(header) is TokenFault.MISSING
    assert await Door(OLD).authenticator.caller(header, NOW) is TokenFault.MISSING


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer \u00e4", "Bearer a\n", "Bearer\ta"]
)
def test_a_bearer_header_that_is_none_is_malformed(header):
    assert shown_in(header) is TokenFault.MALFORMED


@pytest.mark.parametrize("header", ["Bearer a.b-c_d~e+f/g=", "bearer a.b-c_d~e+f/g=", "BEARER   a.b-c_d~e+f/g= "])
def test_the_scheme_has_no_case(header):
    assert shown_in(header) == Shown("a.b-c_d~e+f/g=")


def test_all_refusals_look_alike_and_a_missing_token_has_no_error():
    refused = {challenge(fault) for fault in TokenFault if fault is not TokenFault.MISSING}
    assert refused == {
        'Bearer error="invalid_token", error_description="the access token was not accepted, get a new one"'
    }
    assert "error" not in challenge(TokenFault.MISSING)
    assert challenge(TokenFault.MISSING).startswith("Bearer ")
