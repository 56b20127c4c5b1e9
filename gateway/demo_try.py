"""What to try in the demonstration: lines that work when pasted into a shell, with what they show."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.demo_roles import ROLES
from gateway.examples import Example, example
from graph.terms import Audience


@dataclass(frozen=True, slots=True)
class Try:
    """One thing to try: who asks, what it shows, and the body to send."""

    role: str
    said: str
    body: Mapping[str, Any]


def _text(role: str, said: str, query: str) -> Try:
    return Try(role, said, {"query": query})


TRY: tuple[Try, ...] = (
    _text(
        "noor_headset",
        "the headset asks: comfort is released, because a contract needs it",
        'query Comfort { me(purpose: "personalize.system.comfort") { comfort { turning { outcome value } '
        "posture { outcome value } reduceFlashing { outcome effect withheld { reasons } } } } }",
    ),
    _text(
        "noor_headset",
        "the same headset asks her height, for another purpose: it waits for a yes, with the reason and what to do",
        'query Height { me(purpose: "personalize.system.calibration") { body { heightCm { outcome value '
        "withheld { reasons nextAction { kind } } } } } }",
    ),
    _text(
        "noor_headset",
        "what to show the person: the notice and the cells a yes would cover",
        'query WhatToShow { offer(input: {purpose: "personalize.system.calibration", keys: ["body.height"]}) '
        "{ notice { title } cells { category operation maxFidelity } expiresAt } }",
    ),
    _text(
        "noor_phone",
        "the phone takes everything back, in one call",
        'mutation TakeBack { withdrawAll(input: {idempotencyKey: "try-1"}) '
        "{ ... on ConsentChanged { revision boundTo } } }",
    ),
    _text(
        "officer",
        "the officer walks lineage: where an inferred attribute comes from",
        'query Lineage { lineage(key: "interest.inferred_topics", direction: UP) { nodes { key origin } '
        "edges { from to rule } } }",
    ),
    _text(
        "officer", "the ledger: what was released, chained, checked", "query Releases { ledger { length head intact } }"
    ),
)


def examples(tries: Iterable[Try]) -> tuple[Example, ...]:
    """Return what is tried as text, laid out for the page of GraphiQL."""
    return tuple(example(Audience(ROLES[one.role]["cg_audience"]), one.said, one.body["query"]) for one in tries)


def things_to_try(url: str, tokens: Mapping[str, str], tries: Iterable[Try], *, folder: Path, store: str) -> str:
    """Return the lines to print; each token is in a file, so that a line stays short."""
    for name, token in tokens.items():
        path = folder / f"{name}.token"
        path.touch(mode=0o600)
        path.write_text(token)
    lines = [
        f"# Consent Gateway is at {url}/graphql, with made-up people.",
        "# Its tokens come from a development issuer, which signs anything: never use it in production.",
        f"# A token for each role is in {folder}: {', '.join(tokens)}",
    ]
    for one in tries:
        lines += ["#", f"# {one.said}", _line(f"{url}/graphql", folder / f"{one.role}.token", one.body)]
    return "\n".join([*lines, "#", f"# Ctrl-C ends it{_afterwards(store, folder)}."])


def _afterwards(store: str, folder: Path) -> str:
    """Return what becomes of the store; of a server's that is not the demo's to say."""
    if str(folder) in store:
        return "; all of it is then forgotten"
    return "; its store is kept" if store.startswith("sqlite:") else ""


def _line(url: str, token: Path, body: Mapping[str, Any]) -> str:
    sent = shlex.quote(json.dumps(body))
    bearer = f'-H "Authorization: Bearer $(cat {shlex.quote(str(token))})"'
    return f"curl -s {url} {bearer} -H 'Content-Type: application/json' -d {sent}; echo"
