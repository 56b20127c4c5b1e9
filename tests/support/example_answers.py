"""Runs the GraphQL examples of a page against a demonstration, and compares what is answered with what is printed."""

import json
from collections.abc import Mapping
from typing import Any

from tests.support.examples import Example, compared, filled
from tests.support.gateway_running import GatewayRunning
from tests.support.partner import registered


def answered(example: Example, gateway: GatewayRunning, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Run an example; it must be answered as the page says. Returns what the page keeps by a name."""
    assert example.answer is not None, f"{example.place}: print the answer below"
    stated = json.loads(example.answer)
    found, more = compared(stated, _asked(example, gateway, kept))
    assert found == stated, example.place
    assert list(_names(found)) == list(_names(stated)), example.place
    return more


def _asked(example: Example, gateway: GatewayRunning, kept: Mapping[str, Any]) -> Any:
    role, *words = example.words
    if example.how == "post":
        return gateway.role(role).post(filled(json.loads(example.text), kept)).body
    if example.how == "run":
        return gateway.role(role).ask(example.text, _variables(role, words, gateway, kept)).body
    purpose, *words = words
    row = {"name": "example", "body": example.text, "purpose": purpose, "operation": "DISCLOSE"}
    named = registered(gateway, role, row)[0]["id"]
    return gateway.role(role).post({"documentId": named, "variables": _variables(role, words, gateway, kept)}).body


def _variables(role: str, words: list[str], gateway: GatewayRunning, kept: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for word in words:
        name, _, person = word.partition("=")
        if person and role in gateway.announced["pairwise"]:
            found[name] = [gateway.announced["pairwise"][role][person]]
        else:
            found[name] = gateway.announced["subjects"][person] if person else kept[name]
    return found


def _names(value: Any) -> Any:
    """Yield every name in an answer, in its order: an answer is printed as it comes."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _names(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)
