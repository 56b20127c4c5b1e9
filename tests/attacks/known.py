"""clairvoyance and graphql-cop at a running gateway: they must come home with nothing, and from an open door not."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from tests.attacks.open_door import TOKEN, open_door
from tests.support.gateway_running import GatewayRunning
from tests.support.house import ROOT

CONTRACTS = ("client", "partner", "governance")
MOST_SECONDS = 300.0
NONE_DRAWN = "EndpointError"  # how clairvoyance says that an endpoint told it too little
STRANGERS = (None, "noor_headset", "brightwear")  # whom introspection is closed to in production
BROKE = "it broke"
OFFICER = "officer"
ALLOWED = ["Introspection"]  # to an officer, in production too (4.2); that it is found shows that the token came along


class Tool(Protocol):
    """A tool somebody else wrote."""

    def found(self, url: str, token: str | None) -> list[str]:
        """Return what it found, in its own words; raises `Broken` if it did not come to its end."""
        ...


class Broken(Exception):
    """A tool ended otherwise than it does; what it said last."""


@dataclass(frozen=True, slots=True)
class Clairvoyance:
    """Guesses a schema from what errors say, with every word of our contracts."""

    command: Path

    def found(self, url: str, token: str | None) -> list[str]:
        """Return that it could draw something, if so."""
        with tempfile.TemporaryDirectory() as folder:
            guesses, schema = Path(folder, "words.txt"), Path(folder, "schema.json")
            guesses.write_text(words())
            shown = [] if token is None else ["-H", f"Authorization: Bearer {token}"]
            told = _told([str(self.command), url, "-w", str(guesses), "-o", str(schema), "-m", "1", *shown])
            if not schema.exists() and NONE_DRAWN not in told:
                raise Broken(told[-500:])
            return ["a schema"] if schema.exists() else []


@dataclass(frozen=True, slots=True)
class Cop:
    """Looks for the usual mistakes; `folder` is a checkout of its authors', `python` has what it imports."""

    folder: Path
    python: Path

    def found(self, url: str, token: str | None) -> list[str]:
        """Return the titles of its finds."""
        shown = [] if token is None else ["-H", json.dumps({"Authorization": f"Bearer {token}"})]
        told = _told([str(self.python), "graphql-cop.py", "-t", url, "-o", "json", "-f", *shown], self.folder)
        rows = next((json.loads(line) for line in told.splitlines() if line.startswith("[")), [])
        if not rows or not all(row["curl_verify"] for row in rows):  # empty where nobody answered
            raise Broken(told[-500:])
        return [row["title"] for row in rows if row["result"]]


def words() -> str:
    """Return every name the contracts hold, one a line."""
    texts = ((ROOT / "schema" / f"{one}.graphql").read_text() for one in CONTRACTS)
    return "\n".join(sorted({name for text in texts for name in re.findall(r"\b[A-Za-z]\w+\b", text)}))


def _told(sent: list[str], folder: Path | None = None) -> str:
    run = subprocess.run(sent, capture_output=True, check=False, timeout=MOST_SECONDS, text=True, cwd=folder)
    return run.stderr + run.stdout


def blind(tools: Mapping[str, Tool]) -> Iterator[str]:
    """Yield each tool that finds nothing at an open door, for it would prove nothing elsewhere."""
    with open_door() as url:
        for name, tool in tools.items():
            finds = _found(tool, url, TOKEN)
            if not finds or finds[0].startswith(BROKE):
                yield f"{name} finds nothing at an open door: {finds}"


def judged(tools: Mapping[str, Tool], gateway: GatewayRunning) -> Iterator[str]:
    """Yield what tools find at a gateway and should not, and what they do not find and should."""
    for name, tool in tools.items():
        for who in (*STRANGERS, OFFICER) if isinstance(tool, Cop) else STRANGERS:
            token = None if who is None else gateway.announced["tokens"][who]
            yield from unheard(gateway.graphql, token)
            finds = _found(tool, gateway.graphql, token)
            print(f"{name} as {who or 'a stranger'}: {finds or 'nothing'}", flush=True)
            if finds != (ALLOWED if who == OFFICER else []):
                yield f"{name} as {who or 'a stranger'}: {finds}"


def unheard(url: str, token: str | None) -> Iterator[str]:
    """Yield that a gateway takes no questions, or questions without a token: then no tool would find anything."""
    sent = {} if token is None else {"Authorization": f"Bearer {token}"}
    status = httpx.post(url, json={"query": "{ __typename }"}, headers=sent, trust_env=False).status_code
    if status not in ({401} if token is None else {200, 403}):  # without a document's id, 403 in production
        yield f"the gateway answers {status} before any tool asks"


def _found(tool: Tool, url: str, token: str | None) -> list[str]:
    """Return what a tool finds, or that it broke."""
    try:
        return tool.found(url, token)
    except (Broken, OSError, subprocess.TimeoutExpired) as fault:
        return [f"{BROKE}: {fault!r}"]
