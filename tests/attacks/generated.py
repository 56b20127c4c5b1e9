"""Documents schemathesis makes of each audience's contract, asked of a running gateway with its token."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.attacks.judging import Reply, named, wrong
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN, Answer
from tests.support.house import ROOT
from tests.support.partner import registered

ROLES = {"client": "noor_headset", "governance": "officer", "partner": "brightwear"}
LEAVES = ("personalize.size_fit", "personalize.system.comfort")
# What the catalogue knows, and a name that it does not: the rest of a document is made at random.
SCALARS = {
    "PurposeKey": (*LEAVES, *LEAVES, "personalize.system", "nothing"),
    "AttributeKey": ("xr.comfort.turning", "body.height", "commerce.shoe_size", "nothing"),
    "CategoryKey": ("user.demographic.body_size", "nothing"),
    "ChannelKey": ("mobile", "nothing"),
    "DateTime": ("2026-12-01T00:00:00.000Z", "2026-12-01T00:00:00+25:00", "nothing"),
}
for _name, _words in SCALARS.items():
    schemathesis.graphql.scalar(_name, st.sampled_from(_words).map(schemathesis.graphql.nodes.String))


@dataclass(frozen=True, slots=True)
class Plan:
    """How many documents for each root field, and which."""

    examples: int
    seed: int = 0


@dataclass(slots=True)
class Made:
    """What came of the documents of one audience: how often each status and code for each root field, and faults."""

    answers: dict[str, Counter[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def asked(gateway: GatewayRunning, audience: str, plan: Plan) -> Made:
    """Ask documents for every root field of an audience."""
    made = Made()
    for operation in operations(audience):
        made.answers[operation.label] = Counter()
        _field(gateway, (audience, operation), (plan, made))
    return made


def operations(audience: str) -> Iterator[Any]:
    """Yield what schemathesis finds in a contract: one operation for each root field."""
    for found in schemathesis.graphql.from_path(str(ROOT / "schema" / f"{audience}.graphql")).get_all_operations():
        yield found.ok()


def _field(gateway: GatewayRunning, about: tuple[str, Any], told: tuple[Plan, Made]) -> None:
    (audience, operation), (plan, made) = about, told

    @seed(plan.seed)
    @settings(
        max_examples=plan.examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # nothing raises, so there is nothing to shrink
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def ask(case: Any) -> None:
        answer = _answer(gateway, audience, case.body)
        if answer is None:
            made.answers[operation.label]["not registered"] += 1
            return
        reply = Reply(answer.status, {"content-type": answer.headers["Content-Type"]}, answer.content)
        made.answers[operation.label][named(reply)] += 1
        found = [*wrong(reply), *([f"status {reply.status}"] if reply.status >= 500 else [])]
        made.faults += [f"{operation.label}: {fault} for {case.body!r}" for fault in found]

    ask()


def _answer(gateway: GatewayRunning, audience: str, text: str) -> Answer | None:
    """Return the answer to a document; a partner's is registered first, and `None` if it may not be."""
    client = gateway.role(ROLES[audience])
    if audience != "partner":
        return client.send("POST", json.dumps({"query": text}).encode(), {"Content-Type": "application/json"})
    purpose = next((one for one in LEAVES if one in text), LEAVES[0])
    row = {"name": "made", "body": text, "purpose": purpose, "operation": "DISCLOSE"}
    try:
        (document,) = registered(gateway, "brightwear", row)
    except AssertionError:  # the officer is told what is wrong with it
        return None
    return client.post({"documentId": document["id"]}, {"Accept": MODERN})
