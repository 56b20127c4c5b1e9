"""Starts the real command, waits for the one line that says it is ready, ends it, and keeps all it said."""

import json
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, Any

import httpx

from tests.support.graphql_client import GraphqlClient
from tests.support.heard import Heard
from tests.support.minting import Issuer

COMMAND = Path(sys.executable).with_name("consent-gateway")
READY_SECONDS = 30.0  # the promise is 5 s; a machine that runs the whole suite beside it is slower
END_SECONDS = 15.0
ANSWER_SECONDS = 10.0  # an answer or a 503 within 5 s is the promise
# What is answered to whoever shows no token.
OPEN_PATHS = (
    *("/metrics", "/readyz", "/healthz", "/.well-known/jwks.json", "/graphql", "/no/such/page"),
    *("/graphiql", "/graphiql/examples.json"),
)
PREFLIGHT = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}


@dataclass(frozen=True, slots=True)
class GatewayRunning:
    """A gateway in a process of its own, what it announced, and the connections to it."""

    process: subprocess.Popen[bytes]
    announced: Mapping[str, Any]
    http: httpx.Client
    heard: Heard
    threads: tuple[Thread, ...]

    @property
    def graphql(self) -> str:
        """Return where it is asked."""
        return str(self.announced["graphql"])

    def client(self, token: str | None, headers: Mapping[str, str] | None = None) -> GraphqlClient:
        """Return a client that shows this token."""
        shown = {} if token is None else {"Authorization": f"Bearer {token}"}
        return GraphqlClient(self.http, self.graphql, {**shown, **(headers or {})}, self.heard)

    def role(self, name: str, headers: Mapping[str, str] | None = None) -> GraphqlClient:
        """Return a client with the token of one of the demonstration's roles."""
        return self.client(self.announced["tokens"][name], headers)

    def issuer(self) -> Issuer:
        """Return the issuer whose tokens this gateway takes."""
        key_file = Path(self.announced["issuer_key_file"])
        return Issuer.of(key_file.read_text(), self.announced["tokens"]["noor_headset"])

    def settings(self, store: Mapping[str, str]) -> dict[str, str]:
        """Return the settings by which another command shares its store, keys and place."""
        keys = Path(self.announced["issuer_key_file"]).parent
        return {
            **store,
            "ISSUER": "https://issuer.consent-gateway.example",
            "AUDIENCE": "consent-gateway-demo",
            "JWKS_URL": str(keys / "jwks.json"),
            "SIGNING_KEY_FILE": str(keys / "signing.jwk"),
            "REGION": "US-CA",
        }

    def key_set(self) -> dict[str, Any]:
        """Return the published keys of offers and receipts."""
        return dict(self.http.get(f"{self.announced['url']}/.well-known/jwks.json").json())

    def overheard(self, *paths: str) -> None:
        """Keep what anybody reads beside answers: the numbers, health, keys, pages, errors and preflights."""
        for path in (*OPEN_PATHS, *paths):
            for method in ("GET", "OPTIONS"):
                found = self.http.request(method, self.announced["url"] + path, headers=PREFLIGHT)
                self.heard.note(f"{method} {path}", repr(found.headers.multi_items()).encode() + found.content)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as an operator would; return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(END_SECONDS)
        for thread in self.threads:
            thread.join(END_SECONDS)
        self.http.close()
        return code


@dataclass(slots=True)
class _Ears:
    """Listens to a process's two streams from threads, so that it never waits for a reader."""

    heard: Heard
    announced: "queue.Queue[bytes]" = field(default_factory=queue.Queue)

    def listen(self, stream: IO[bytes], source: str, first: Callable[[bytes], None]) -> Thread:
        """Begin to listen; the first line goes where `first` says and is no log: it holds tokens, never a value."""
        thread = Thread(target=self._listen, args=(stream, source, first), daemon=True)
        thread.start()
        return thread

    def _listen(self, stream: IO[bytes], source: str, first: Callable[[bytes], None]) -> None:
        with stream:
            for number, line in enumerate(stream):
                self.heard.note(source, line)
                if number == 0:
                    first(line)
        first(b"")


def surroundings(**settings: str) -> dict[str, str]:
    """Return this environment without any setting of the gateway, and with these."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("CONSENT_GATEWAY_")}
    return kept | {f"CONSENT_GATEWAY_{name}": text for name, text in settings.items()}


def started(
    heard: Heard,
    arguments: Sequence[str] = (),
    *,
    settings: Mapping[str, str] | None = None,
) -> GatewayRunning:
    """Start a demonstration on a free port and return it when it is ready."""
    process = subprocess.Popen(
        [str(COMMAND), "demo", "--port", "0", "--json", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(**{"OTLP_ENDPOINT": heard.collector, **(settings or {})}),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    ears = _Ears(heard)
    threads = (
        ears.listen(process.stdout, "a gateway's stdout", ears.announced.put),
        ears.listen(process.stderr, "a gateway's stderr", lambda _: None),
    )
    line = ears.announced.get(timeout=READY_SECONDS)
    assert line, f"the gateway did not start: {heard.pieces[-5:]}"
    http = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)
    return GatewayRunning(process, json.loads(line), http, heard, threads)
