"""An issuer gone bad, over real connections: what it publishes, how slowly, and who waits for it."""

import gzip
import json
import socket
import threading

import anyio
import pytest

from gateway.authn import Authenticator
from gateway.key_fetch import MOST_BYTES, _Line
from gateway.key_ring import KeyRing, KeySource, KeysUnavailable, key_source
from gateway.tokens import TokenFault
from resolvers.caller import Caller
from tests.gateway.test_authn import Clock
from tests.support.bad_issuer import HUNG_UP_SECONDS, bad_issuer, certified, whole
from tests.support.keys import NOW, TERMS, ed25519, jwks, token, with_header

pytestmark = [pytest.mark.anyio, pytest.mark.enable_socket]
OLD, NEW = ed25519("old"), ed25519("new")
SECONDS = 0.3  # instead of two, which nobody need wait for here
ROW = NEW.as_dict(private=False) | {"kid": "new"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


async def ids(ring):
    return [key_id for key_id, _, _ in (await ring.keys()).keys]


def published(*rows, **more):
    return json.dumps({"keys": rows} | more).encode()


POISON = {
    "a page": whole(b"<!doctype html><title>Sign in</title>"),
    "nothing": whole(b""),
    "a list": whole(json.dumps([ROW]).encode()),
    "keys that are no list": whole(b'{"keys": {"kty": "OKP"}}'),
    "keys that are no objects": whole(b'{"keys": ["new"]}'),
    "a private key": whole(published(NEW.as_dict(private=True))),
    "a shared secret": whole(published(ROW, {"kty": "oct", "k": "c2VjcmV0"})),
    "a private RSA key": whole(published(ROW, {"kty": "RSA", "n": "AQ", "e": "AQAB", "p": "AQ"})),
    "a hundred thousand keys": whole(published(*[ROW] * 100_000)),
    "a packed set": whole(gzip.compress(jwks(NEW)), "200 OK", "Content-Encoding: gzip"),
    "a bomb": whole(gzip.compress(bytes(10_000_000)), "200 OK", "Content-Encoding: gzip"),
    "deep nesting": whole(b'{"keys":' + b"[" * 30_000 + b"]" * 30_000 + b"}"),
    "half of it": lambda: [HEAD + b"Content-Length: 9999\r\n\r\n" + jwks(NEW)],
    "no protocol": lambda: [b"\x00\x01\x02" * 100],
    "a fault with keys in it": whole(jwks(NEW), "500 Internal Server Error"),
    "a page that is gone": whole(jwks(NEW), "404 Not Found"),
    "headers without end": lambda: [b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 5_000],
    "a header without end": lambda: [b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000],
}


@pytest.mark.parametrize("poison", POISON)
async def test_what_is_no_set_of_public_keys_leaves_the_last_good_one(poison):
    clock = Clock()
    with bad_issuer(whole(jwks(OLD))) as issuer:
        ring = KeyRing(key_source(issuer.address, SECONDS), clock)
        assert await ids(ring) == [OLD.kid]
        issuer.answer = POISON[poison]
        assert [key_id for key_id, _, _ in (await ring.keys_for_stranger()).keys] == [OLD.kid]
        assert issuer.asked == 2
        issuer.answer = whole(jwks(NEW))
        clock.now += 300
        assert await ids(ring) == [NEW.kid]


@pytest.mark.parametrize("poison", POISON)
async def test_at_the_start_it_lets_nobody_in(poison):
    with bad_issuer(POISON[poison]) as issuer, pytest.raises(KeysUnavailable):
        await KeyRing(key_source(issuer.address, SECONDS), Clock()).keys()


async def test_two_keys_of_one_name_are_both_tried_and_nothing_else_is():
    rows = [key.as_dict(private=False) | {"kid": "same"} for key in (OLD, NEW)]
    with bad_issuer(whole(published(*rows))) as issuer:
        authenticator = Authenticator(KeyRing(key_source(issuer.address), Clock()), lambda: TERMS)
        found = [await authenticator.caller(f"Bearer {_named(key)}", NOW) for key in (OLD, NEW, ed25519("third"))]
    assert [isinstance(one, Caller) for one in found] == [True, True, False]


async def test_a_redirect_to_somebody_else_reaches_nobody():
    with bad_issuer(whole(jwks(NEW))) as elsewhere:
        moved = whole(b"", "302 Found", f"Location: {elsewhere.address}")
        with bad_issuer(moved) as issuer, pytest.raises(KeysUnavailable):
            await KeyRing(key_source(issuer.address, SECONDS), Clock()).keys()
    assert elsewhere.asked == 0


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: x\r\n"),
        (HEAD + b"Content-Length: 9000\r\n\r\n", b" "),
        (HEAD + b"\r\n" + jwks(NEW), b" "),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (HEAD + b"\r\n", b" " * (MOST_BYTES // 4)),
    ],
)
async def test_an_issuer_that_drips_is_hung_up_on_and_holds_no_thread(before, drop):
    with bad_issuer(whole(b"")) as issuer:
        issuer.answer = lambda: issuer.dripping(before, drop)
        with pytest.raises(KeysUnavailable):
            await KeyRing(key_source(issuer.address, SECONDS), Clock()).keys()
        assert issuer.hung_up.wait(HUNG_UP_SECONDS)


async def test_an_issuer_that_says_nothing_is_hung_up_on():
    with bad_issuer(whole(b"")) as issuer:
        issuer.answer = lambda: issuer.closing.wait(HUNG_UP_SECONDS) and []
        with pytest.raises(KeysUnavailable):
            await KeyRing(key_source(issuer.address, SECONDS), Clock()).keys()


async def test_over_tls_it_is_hung_up_on_as_well(tmp_path, monkeypatch):
    tls, trusted = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with bad_issuer(whole(jwks(OLD)), tls) as issuer:
        ring = KeyRing(key_source(issuer.address, SECONDS * 5), Clock())
        assert await ids(ring) == [OLD.kid]
        issuer.answer = lambda: issuer.dripping(HEAD + b"X: ", b"x")
        await ring.keys_for_stranger()
        assert issuer.hung_up.wait(HUNG_UP_SECONDS)


@pytest.mark.parametrize(("before", "drop"), [(b"", b"H"), (b"HTTP/1.1 200 Connection established\r\n", b"X: x\r\n")])
async def test_a_proxy_that_drips_is_hung_up_on_before_the_connection_stands(monkeypatch, before, drop):
    with bad_issuer(whole(b"")) as proxy:
        proxy.answer = lambda: proxy.dripping(before, drop)
        monkeypatch.setenv("https_proxy", proxy.address)
        with pytest.raises(KeysUnavailable):
            await KeyRing(key_source("https://issuer.example/jwks", SECONDS), Clock()).keys()
        assert proxy.hung_up.wait(HUNG_UP_SECONDS)


async def test_a_connection_that_stands_when_time_is_over_is_closed_at_once():
    line = _Line()
    line.hang_up()
    with socket.socket() as late:
        with pytest.raises(OSError, match="too slow"):
            line.holds(late)
        assert late.fileno() == -1


async def test_an_issuer_whose_certificate_nobody_vouches_for_is_not_asked(tmp_path):
    tls, _ = certified(tmp_path)
    with bad_issuer(whole(jwks(OLD)), tls) as issuer, pytest.raises(KeysUnavailable):
        await KeyRing(key_source(issuer.address, SECONDS * 5), Clock()).keys()


async def test_nobody_with_a_known_key_waits_for_an_issuer_that_hangs():
    clock, gate, reads = Clock(), threading.Event(), []

    def hanging():
        reads.append(1)
        assert len(reads) == 1 or gate.wait(timeout=HUNG_UP_SECONDS)
        return jwks(OLD if len(reads) == 1 else NEW)

    ring = KeyRing(KeySource(hanging, every=300.0, rest=10.0), clock)
    await ring.keys()
    clock.now += 300
    found = [await ids(ring) for _ in range(20)]
    assert (found, len(reads)) == ([[OLD.kid]] * 20, 2)
    gate.set()
    assert [key_id for key_id, _, _ in (await ring.keys_for_stranger()).keys] == [NEW.kid]
    assert await ids(ring) == [NEW.kid]


async def test_a_hundred_strangers_at_once_are_one_request():
    clock, gate, reads = Clock(), threading.Event(), []

    def slow():
        reads.append(1)
        assert len(reads) == 1 or gate.wait(timeout=HUNG_UP_SECONDS)
        return jwks(OLD)

    authenticator = Authenticator(KeyRing(KeySource(slow, every=300.0, rest=10.0), clock), lambda: TERMS)
    await authenticator.ready()
    found = []

    async def stranger(number):
        key = ed25519(f"stranger {number}")
        found.append(await authenticator.caller(f"Bearer {token(key)}", NOW))

    async with anyio.create_task_group() as tasks:
        for number in range(100):
            tasks.start_soon(stranger, number)
        await anyio.wait_all_tasks_blocked()
        gate.set()
    assert (found, len(reads)) == ([TokenFault.UNKNOWN_KEY] * 100, 2)


async def test_a_key_that_was_taken_back_ends_its_tokens_with_the_next_look():
    clock = Clock()
    with bad_issuer(whole(jwks(OLD, NEW))) as issuer:
        authenticator = Authenticator(KeyRing(key_source(issuer.address), clock), lambda: TERMS)
        assert isinstance(await authenticator.caller(f"Bearer {token(OLD)}", NOW), Caller)
        issuer.answer = whole(jwks(NEW))
        clock.now += 300
        assert await authenticator.caller(f"Bearer {token(OLD)}", NOW) is TokenFault.UNKNOWN_KEY
        assert isinstance(await authenticator.caller(f"Bearer {token(NEW)}", NOW), Caller)
        issuer.answer = whole(published())
        clock.now += 300
        assert await authenticator.caller(f"Bearer {token(NEW)}", NOW) is TokenFault.UNKNOWN_KEY


def _named(key):
    """Return a token that names its key as both of the set are named."""
    return with_header({"alg": "EdDSA", "kid": "same"}, key)
