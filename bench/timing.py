"""Whether the clock tells a partner whom a gateway knows: ids in pairs, known and not, and how likely chance is."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any
from uuid import uuid4

from bench.client import answers, asked, request
from bench.cpu import SERVERS, pinned
from bench.documents import REGISTER
from bench.report import Row, Table
from bench.rounds import MICROSECONDS, Plan
from bench.servers import Server, gateway, in_file

BRAND, OTHER, PERSON = "brightwear", "sunrise_ads", "noor"  # two groups, and somebody neither has anything of
KEY, PURPOSE = "commerce.shoe_size", "personalize.size_fit"
PAIRS_A_REQUEST = 8  # of a plan: what is looked for is microseconds in milliseconds
SHUFFLES = 2_000  # the least p is one in so many
KEPT = 0.9  # of the differences, the smallest: what the machine does meanwhile is in the rest
SEED = 1
TEXT = f"""query Timed($id: ID!) {{
  subject(id: $id, purpose: "{PURPOSE}") {{ sheet(keys: ["{KEY}"]) {{ notAvailable entries {{ key }} }} }}
}}"""
COLUMNS = ("median µs", "× known", "difference µs", "p")
NOTE = (
    "One connection asks about a person the gateway knows, who shares nothing with this brand, and about an id it does "
    "not know, in turn and in an order that chance throws for each of {pairs} pairs. Ratio of the medians; mean of the "
    "paired differences, the tenth furthest from their median left out; p of a permutation test that flips signs: "
    "how often chance alone tells the two apart as clearly. A p that stays low in run after run is a leak."
)


async def timed(plan: Plan, folder: Path) -> Table:
    """Measure known ids against those nobody has, those of another group, and the same known id against itself."""
    pairs = plan.requests * PAIRS_A_REQUEST
    with gateway(in_file(folder / "timing.sqlite")) as server:
        pinned(server.process, SERVERS)
        document = await _registered(server)
        known = server.announced["pairwise"][BRAND][PERSON]
        others = {
            "the same id": known,
            "an id nobody has": _changed(known),
            "another group's id": server.announced["pairwise"][OTHER][PERSON],
            "no id at all": "nobody",
        }
        rows = [await _row(server, document, (name, known, other), pairs) for name, other in others.items()]
    return Table("Known person against", NOTE.format(pairs=f"{pairs:,}"), COLUMNS, tuple(rows))


async def _row(server: Server, document: str, compared: tuple[str, str, str], pairs: int) -> Row:
    name, known, other = compared
    dice = random.Random(SEED)
    orders = [dice.random() < 0.5 for _ in range(pairs)]
    sent = [one for known_first in orders for one in ((known, other) if known_first else (other, known))]
    token = server.announced["tokens"][BRAND]
    requests = [request(server.place, {"documentId": document, "variables": {"id": one}}, token) for one in sent]
    await answers(server.place, requests[: pairs // 5], 1)  # warm
    told = [seconds * MICROSECONDS for seconds, _ in await answers(server.place, requests, 1)]
    by_pair = [(told[2 * place], told[2 * place + 1]) for place in range(pairs)]
    knowns, unknowns = zip(
        *(pair if known_first else pair[::-1] for pair, known_first in zip(by_pair, orders, strict=True)), strict=True
    )
    difference, p = judged(knowns, unknowns, dice)
    return Row(name, (median(unknowns), median(unknowns) / median(knowns), difference, p))


def judged(ones: Sequence[float], others: Sequence[float], dice: random.Random) -> tuple[float, float]:
    """Return the mean of the paired differences, outliers left out, and the p of a permutation test of it."""
    differences = [other - one for one, other in zip(ones, others, strict=True)]
    middle = median(differences)
    kept = sorted(differences, key=lambda one: abs(one - middle))[: max(int(len(differences) * KEPT), 1)]
    seen = fmean(kept)
    as_far = sum(abs(fmean(one if dice.random() < 0.5 else -one for one in kept)) >= abs(seen) for _ in range(SHUFFLES))
    return seen, (as_far + 1) / (SHUFFLES + 1)


async def _registered(server: Server) -> str:
    row = {"name": "Timed", "body": TEXT, "purpose": PURPOSE, "operation": "DISCLOSE"}
    sent = {"idempotencyKey": uuid4().hex, "recipientId": BRAND, "documents": [row]}
    body: Mapping[str, Any] = {"query": REGISTER, "variables": {"input": sent}}
    act = (await asked(server.place, body, server.announced["tokens"]["officer"]))["act"]
    return str(act["documents"][0]["id"])


def _changed(pairwise: str) -> str:
    """Return an id of the same form that opens to nobody."""
    return pairwise[:-2] + ("AA" if pairwise[-2:] != "AA" else "BB")
