import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anyio
import pytest

from gateway.key_fetch import MOST_BYTES
from gateway.key_ring import KEEP_SECONDS, RETRY_SECONDS, KeyRing, KeySource, KeysUnavailable, key_source
from tests.gateway.test_authn import Clock, Issuer
from tests.support.keys import ed25519, jwks

pytestmark = pytest.mark.anyio
OLD, NEW = ed25519("old"), ed25519("new")


async def ids(ring):
    return [key_id for key_id, _, _ in (await ring.keys()).keys]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def issuer():
    return Issuer(OLD)


@pytest.fixture
def ring(clock, issuer):
    return KeyRing(KeySource(issuer.read, every=300.0, rest=10.0), clock)


async def test_keys_are_read_again_when_it_is_time(ring, clock, issuer):
    assert await ids(ring) == [OLD.kid]
    issuer.document = jwks(NEW)
    clock.now += 299
    assert await ids(ring) == [OLD.kid]
    clock.now += 1
    assert await ids(ring) == [NEW.kid]
    assert issuer.reads == 2


async def test_unknown_keys_cause_five_reads_at_once_and_one_in_ten_seconds_after_that(ring, clock, issuer):
    await ring.keys()
    reads = []
    for _ in range(60):
        for _ in range(3):
            await ring.keys_for_stranger()
        reads.append(issuer.reads)
        clock.now += 1
    assert [reads[0], reads[1], reads[49], reads[50], reads[51], reads[59]] == [4, 6, 6, 9, 11, 11]


async def test_the_same_document_is_the_same_set(ring, clock):
    first = await ring.keys()
    clock.now += 300
    assert await ring.keys() is first


@pytest.mark.parametrize("outage", [b"down", b"{}", jwks(OLD)[:-5], b'{"keys": [{"kty": "oct", "k": "AA"}]}'])
async def test_an_outage_keeps_the_last_good_keys_for_an_hour(ring, clock, issuer, outage):
    await ring.keys()
    good_at, good, issuer.document = clock.now, issuer.document, outage
    clock.now = good_at + KEEP_SECONDS - 1
    assert await ids(ring) == [OLD.kid]
    clock.now = good_at + KEEP_SECONDS
    with pytest.raises(KeysUnavailable):
        await ring.keys()
    issuer.document = good
    clock.now += RETRY_SECONDS
    assert await ids(ring) == [OLD.kid]


async def test_an_issuer_that_is_away_is_asked_every_two_seconds(ring, clock, issuer):
    issuer.document = b"down"
    for _ in range(10):
        with pytest.raises(KeysUnavailable):
            await ring.keys()
        with pytest.raises(KeysUnavailable):
            await ring.keys_for_stranger()
    assert issuer.reads == 1
    clock.now += RETRY_SECONDS
    with pytest.raises(KeysUnavailable):
        await ring.keys()
    assert issuer.reads == 2


async def test_many_who_come_at_once_cause_one_read(clock, issuer):
    gate = threading.Event()

    def slow():
        gate.wait(timeout=5)
        return issuer.read()

    ring, found = KeyRing(KeySource(slow, every=300.0, rest=10.0), clock), []

    async def one():
        found.append(await ids(ring))

    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(one)
        await anyio.wait_all_tasks_blocked()
        gate.set()
    assert (found, issuer.reads) == ([[OLD.kid]] * 10, 1)


async def test_while_keys_are_read_again_the_known_ones_serve(clock, issuer):
    gate, slow = threading.Event(), False

    def read():
        assert not slow or gate.wait(timeout=5)
        return issuer.read()

    ring = KeyRing(KeySource(read, every=300.0, rest=10.0), clock)
    await ring.keys()
    slow, issuer.document = True, jwks(NEW)
    clock.now += 300
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ring.keys)
        await anyio.wait_all_tasks_blocked()
        assert await ids(ring) == [OLD.kid]
        gate.set()
    assert await ids(ring) == [NEW.kid]


async def test_after_a_quiet_time_nobody_is_let_in_by_a_key_that_was_taken_back_in_it(clock, issuer, monkeypatch):
    monkeypatch.setattr("gateway.key_ring.PATIENCE_SECONDS", 0.0)
    gate, slow = threading.Event(), False

    def read():
        assert not slow or gate.wait(timeout=5)
        return issuer.read()

    ring, found = KeyRing(KeySource(read, every=300.0, rest=10.0), clock), []
    await ring.keys()
    slow, issuer.document = True, jwks(NEW)
    clock.now += 600

    async def one():
        found.append(await ids(ring))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(one)
        tasks.start_soon(one)
        await anyio.wait_all_tasks_blocked()
        assert found == []
        gate.set()
    assert found == [[NEW.kid]] * 2


async def test_an_issuer_that_is_away_after_a_quiet_time_is_waited_for_once(clock, issuer):
    gate, slow = threading.Event(), False

    def read():
        assert not slow or gate.wait(timeout=5)
        return issuer.read()

    ring = KeyRing(KeySource(read, every=300.0, rest=10.0), clock)
    await ring.keys()
    clock.now, issuer.document = clock.now + 600, b"down"
    assert await ids(ring) == [OLD.kid]
    slow, clock.now = True, clock.now + 600
    assert await ids(ring) == [OLD.kid]
    gate.set()


async def test_a_caller_who_leaves_during_a_read_blocks_nobody(clock, issuer):
    gate = threading.Event()

    def read():
        gate.wait(timeout=5)
        return issuer.read()

    ring = KeyRing(KeySource(read, every=300.0, rest=10.0), clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ring.keys)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    gate.set()
    clock.now += RETRY_SECONDS
    assert await ids(ring) == [OLD.kid]


class TestFile:
    async def test_a_changed_file_counts_within_a_quarter_second(self, tmp_path, clock):
        path = tmp_path / "jwks.json"
        path.write_bytes(jwks(OLD))
        for address in (str(path), path.as_uri()):
            ring = KeyRing(key_source(address), clock)
            assert await ids(ring) == [OLD.kid]
            path.write_bytes(jwks(NEW))
            clock.now += 0.25
            assert await ids(ring) == [NEW.kid]
            path.write_bytes(jwks(OLD))

    async def test_a_file_that_is_not_there_is_an_outage(self, tmp_path, clock):
        with pytest.raises(KeysUnavailable):
            await KeyRing(key_source(str(tmp_path / "none")), clock).keys()

    async def test_a_very_large_file_is_not_read_whole(self, tmp_path, clock):
        path = tmp_path / "jwks.json"
        path.write_bytes(jwks(OLD) + b" " * MOST_BYTES)
        with pytest.raises(KeysUnavailable):
            await KeyRing(key_source(str(path)), clock).keys()


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    found = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    found.answer, found.paths, found.daemon_threads = (200, {}, jwks(OLD)), [], True
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture
def address(server):
    return f"http://127.0.0.1:{server.server_address[1]}/jwks"


@pytest.mark.enable_socket
class TestUrl:
    async def test_keys_rotate_over_http(self, server, address, clock):
        ring = KeyRing(key_source(address), clock)
        assert await ids(ring) == [OLD.kid]
        server.answer = (200, {}, jwks(NEW))
        assert await ids(ring) == [OLD.kid]
        assert [key_id for key_id, _, _ in (await ring.keys_for_stranger()).keys] == [NEW.kid]
        assert len(server.paths) == 2

    @pytest.mark.parametrize("status", [404, 500, 503])
    async def test_an_error_is_an_outage(self, server, address, clock, status):
        ring = KeyRing(key_source(address), clock)
        await ring.keys()
        server.answer = (status, {}, jwks(NEW))
        clock.now += 300
        assert await ids(ring) == [OLD.kid]

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    async def test_a_redirect_is_not_followed(self, server, address, clock, status):
        server.answer = (status, {"Location": "/elsewhere"}, b"")
        with pytest.raises(KeysUnavailable):
            await KeyRing(key_source(address), clock).keys()
        assert server.paths == ["/jwks"]

    async def test_a_very_large_answer_is_not_read(self, server, address, clock):
        server.answer = (200, {}, jwks(OLD) + b" " * MOST_BYTES)
        with pytest.raises(KeysUnavailable):
            await KeyRing(key_source(address), clock).keys()

    async def test_an_issuer_that_is_gone_is_an_outage(self, server, address, clock):
        ring = KeyRing(key_source(address), clock)
        await ring.keys()
        server.server_close()
        clock.now += 300
        assert await ids(ring) == [OLD.kid]

    async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(self, server, address, clock, monkeypatch):
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        assert await ids(KeyRing(key_source(address), clock)) == [OLD.kid]
        assert server.paths == ["/jwks"]
