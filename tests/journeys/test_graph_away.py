"""A graph whose server dies, freezes, fills up, refuses: told in time, nothing leaves, and no gateway is restarted."""

import asyncio
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from graph.errors import StoreUnavailable
from graph.neo4j_store import open_store
from graph.neo4j_store.connection import Server
from tests.support import documents
from tests.support.asking import Asking
from tests.support.canaries import PLANTED_NUMBER
from tests.support.gateway_running import COMMAND, READY_SECONDS, GatewayRunning, started, surroundings
from tests.support.graphql_client import Answer
from tests.support.heard import Heard
from tests.support.neo4j_alone import ServerAlone, alone, filled, small_disk
from tests.support.newcomer import Newcomer
from tests.support.polling import until
from tests.support.relay import Relay, relaying_aside

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.neo4j]

PROMISED = 5.0  # seconds (4.4)
PATIENCE = 30.0  # seconds a gateway waits for a server that is not there yet
COMFORT, DISTANCE = "personalize.system.comfort", "xr.comfort.ui_distance"  # needs no yes: a value is recorded
PRODUCTS, TOPICS = "personalize.recommendation.product", "interest.topics"  # needs one
UNAVAILABLE = (503, ["UNAVAILABLE"])
AWAY = "the store cannot be read or written now; try again, and check its server and the way there"
REFUSED = "the store's server refuses user or password; check `STORE_USER` and `STORE_PASSWORD_FILE`"


@dataclass(frozen=True, slots=True)
class Away:
    """A gateway on a server to do harm to."""

    server: ServerAlone
    running: GatewayRunning

    @property
    def ready(self) -> tuple[int, str]:
        """Return what it says of itself to whoever sends it requests."""
        answer = self.running.http.get(f"{self.running.announced['url']}/readyz")
        return answer.status_code, answer.json()["store"]

    @property
    def alive(self) -> int:
        return self.running.http.get(f"{self.running.announced['url']}/healthz").status_code


@dataclass(frozen=True, slots=True)
class People:
    """Two who said yes before the fault, and had a value recorded; one of them took it back."""

    yes: Asking
    no: Asking
    key: str = field(default_factory=lambda: uuid4().hex)

    @classmethod
    def on(cls, running: GatewayRunning) -> "People":
        people = cls(Newcomer(running).headset(), Newcomer(running).headset())
        for one in (people.yes, people.no):
            one.says_yes(COMFORT, DISTANCE)
            one.says_yes(PRODUCTS, TOPICS)
            one.records(COMFORT, {"key": DISTANCE, "float": PLANTED_NUMBER})
            assert one.sheet(COMFORT, DISTANCE).released(DISTANCE)["floatValue"] == PLANTED_NUMBER
        people.no.act("withdrawAll")
        assert people.as_acknowledged
        return people

    @property
    def as_acknowledged(self) -> bool:
        """Tell whether one is given what she said yes to, and of the other, who took it back, nothing is told."""
        value = self.yes.sheet(COMFORT, DISTANCE).released(DISTANCE)["floatValue"]
        given, kept = (one.sheet(PRODUCTS, TOPICS) for one in (self.yes, self.no))
        return (value, {*given.entries}, kept.reasons(TOPICS)) == (PLANTED_NUMBER, {TOPICS}, ["CONSENT_WITHDRAWN"])

    def asks(self) -> Answer:
        return self.yes.client.ask(documents.SHEET, {"purpose": COMFORT, "keys": [DISTANCE]})

    def looks(self) -> Answer:
        return self.yes.client.ask("{ devices { id } }")

    def takes_back(self) -> Answer:
        return self.yes.client.ask(documents.consent_act("withdrawAll"), {"input": {"idempotencyKey": self.key}})


@pytest.fixture(scope="module")
def server() -> Iterator[ServerAlone]:
    with alone() as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def gateway(heard: Heard, server: ServerAlone) -> Iterator[Away]:
    with away(heard, server, server.known.uri) as found:
        yield found


@pytest.fixture
def relay(server: ServerAlone) -> Iterator[Relay]:
    with relaying_aside("127.0.0.1", server.port) as relay:
        yield relay


@contextmanager
def away(heard: Heard, server: ServerAlone, uri: str) -> Iterator[Away]:
    """Run a gateway that finds a server at `uri`."""
    running = started(heard, ("--store", uri), settings=login(server, uri))
    try:
        yield Away(server, running)
    finally:
        running.stop()


def settings_of(gateway: Away) -> dict[str, str]:
    """Return the settings of another command on the same store."""
    return gateway.running.settings(login(gateway.server, gateway.server.known.uri)) | {"BIND": "127.0.0.1:0"}


def refused(command: str, settings: Mapping[str, str]) -> str:
    """Expect a command not to begin; return what it said."""
    told = subprocess.run(
        (COMMAND, command),
        env=surroundings(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE + READY_SECONDS,
    )
    assert (told.returncode, told.stdout) == (2, "")
    return told.stderr


def login(server: ServerAlone, uri: str) -> dict[str, str]:
    return {"STORE": uri, "STORE_USER": server.known.user, "STORE_PASSWORD_FILE": str(server.password_file)}


def refused_in_time(gateway: Away, people: People) -> None:
    """Expect a read that would release something, one that would not and a write to be refused, and it to be told."""
    for ask in (people.asks, people.looks, people.takes_back):
        began = time.monotonic()
        answer = ask()
        assert (answer.status, answer.codes) == UNAVAILABLE
        assert "data" not in answer.body
        assert time.monotonic() - began < PROMISED
    began = time.monotonic()
    assert gateway.ready == (503, "away")
    assert time.monotonic() - began < PROMISED
    assert gateway.alive == 200


def goes_on(gateway: Away, people: People) -> None:
    """Expect everything as before, what was refused not to have happened, and to happen when it is sent again."""
    until(lambda: gateway.ready == (200, "ok") and people.asks().status == 200)
    assert people.as_acknowledged
    act = people.takes_back().answered["act"]
    assert act["__typename"] == "ConsentChanged"
    assert people.takes_back().answered["act"] == act
    assert people.yes.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["CONSENT_WITHDRAWN"]
    ledger = gateway.running.role("officer").ask("{ ledger { intact } }").answered
    assert ledger == {"ledger": {"intact": True}}


def test_while_the_server_is_dead(gateway: Away) -> None:
    people = People.on(gateway.running)
    gateway.server.kill()
    refused_in_time(gateway, people)
    gateway.server.start()
    goes_on(gateway, people)


def test_while_the_server_is_frozen(gateway: Away) -> None:
    people = People.on(gateway.running)
    gateway.server.freeze()
    refused_in_time(gateway, people)
    gateway.server.thaw()
    goes_on(gateway, people)


def test_while_the_server_lets_nobody_write(gateway: Away) -> None:
    people = People.on(gateway.running)
    gateway.server.stop()
    gateway.server.start(server__databases__default_to_read_only="true")
    refused_in_time(gateway, people)
    known = gateway.server.known
    with pytest.raises(StoreUnavailable, match=AWAY):
        asyncio.run(open_store(Server(known.uri, known.user, known.password)))
    gateway.server.kill()
    gateway.server.start()
    goes_on(gateway, people)


def test_while_the_server_refuses_the_password_until_the_file_says_the_new_one(gateway: Away) -> None:
    people = People.on(gateway.running)
    gateway.server.change_password()
    gateway.server.kill()
    gateway.server.start()
    try:
        refused_in_time(gateway, people)
        assert refused("serve", settings_of(gateway)) == f"consent-gateway serve: {REFUSED}\n"
    finally:
        gateway.server.password_file.write_text(gateway.server.known.password)
    goes_on(gateway, people)


def test_a_gateway_that_waits_for_its_server_serves_when_it_is_there(heard: Heard, gateway: Away) -> None:
    gateway.server.kill()
    with ThreadPoolExecutor(1) as aside:
        waits = aside.submit(started, heard, settings=login(gateway.server, gateway.server.known.uri))
        gateway.server.start()
        running = waits.result()
    assert Newcomer(running).headset().says_yes(PRODUCTS, TOPICS)
    running.stop()


def test_a_gateway_whose_server_does_not_come_says_so_and_ends(gateway: Away) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"bolt://127.0.0.1:{nobody.getsockname()[1]}"
        began = time.monotonic()
        assert refused("serve", settings_of(gateway) | {"STORE": url}) == f"consent-gateway serve: {AWAY}\n"
    assert PATIENCE <= time.monotonic() - began < PATIENCE + READY_SECONDS


def test_a_server_of_an_older_version_is_not_served_from(gateway: Away, relay: Relay) -> None:
    relay.misheard = (b"Neo4j/5.26.", b"Neo4j/5.25.")
    told = refused("serve", settings_of(gateway) | {"STORE": relay.uri})
    assert re.fullmatch(
        r"consent-gateway serve: the store's server is `Neo4j/5\.25\.\d+`; start Neo4j 5\.26 or newer\n", told
    )


def test_an_act_whose_commit_nobody_answered_is_done_once_and_answered_again(
    heard: Heard, gateway: Away, relay: Relay
) -> None:
    with away(heard, gateway.server, relay.uri) as relayed:
        people = People.on(relayed.running)
        relay.lost_answers = 1
        act = people.takes_back()
        assert relay.lost_answers == 0
        assert people.takes_back().answered == act.answered
        assert act.answered["act"]["__typename"] == "ConsentChanged"


def test_an_act_that_was_done_but_could_not_be_answered_is_answered_when_it_is_sent_again(
    heard: Heard, gateway: Away, relay: Relay
) -> None:
    with away(heard, gateway.server, relay.uri) as relayed:
        people = People.on(relayed.running)
        relay.lost_answers, relay.away = 1, True
        unanswered = people.takes_back()
        assert (unanswered.status, unanswered.codes, relay.lost_answers) == (*UNAVAILABLE, 0)
        relay.away = False
        act = people.takes_back().answered["act"]
        assert act["__typename"] == "ConsentChanged"
        assert people.takes_back().answered["act"] == act


def test_while_the_disk_is_full(heard: Heard) -> None:
    with alone() as server, small_disk(server.graph):
        server.start()
        with away(heard, server, server.known.uri) as gateway:
            people = People.on(gateway.running)
            with filled(server.graph):
                people.takes_back()  # the first to find it full
                refused_in_time(gateway, people)
            server.kill()  # what could not write once stays so until it is started again
            server.start()
            goes_on(gateway, people)
