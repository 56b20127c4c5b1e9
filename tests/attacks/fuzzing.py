"""Many cases against one running gateway, some at once; what came of them, and what must hold when all is over."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.attacks.exchange import Hung, exchanged
from tests.attacks.judging import NoHttp, faults, named, replies
from tests.attacks.raw import Means, case
from tests.support.canaries import CANARIES
from tests.support.gateway_running import GatewayRunning
from tests.support.partner import registered

AT_ONCE = 48
WARMING = 1_000  # cases before memory is measured: caches fill
MOST_GROWTH_KIB = 96 * 1024  # what is held of 250,000 characters of documents, and what a process takes at its busiest
ROLES = ("noor_headset", "jon_web", "studio_app", "brightwear", "officer")
ACCESS = "query Access { access { recipientName } }"


@dataclass(slots=True)
class Tally:
    """What came of it: how often each status and code, and everything that must not be."""

    answers: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    faults: list[str] = field(default_factory=list)
    memory: tuple[int, int] = (0, 0)  # KiB after warming, and at the end


def fuzzed(gateway: GatewayRunning, seed: int, numbers: range) -> Tally:
    """Send the cases of these numbers, then look for what they left; a fault names its seed and number."""
    tally = Tally()
    means, secrets = _means(gateway), _secrets(gateway)
    warm = min(WARMING, len(numbers) // 3)
    for part in (numbers[:warm], numbers[warm:]):
        asyncio.run(_sent(gateway, seed, part, (means, secrets, tally)))
        tally.memory = (tally.memory[1], _memory(gateway))
    tally.faults += _left(gateway, secrets, tally)
    return tally


def _means(gateway: GatewayRunning) -> Means:
    row = {"name": "access", "body": ACCESS, "purpose": "personalize.size_fit", "operation": "DISCLOSE"}
    (document,) = registered(gateway, "brightwear", row)
    people = gateway.announced["pairwise"]["brightwear"].values()
    tokens = tuple(gateway.announced["tokens"][role] for role in ROLES)
    return Means(tokens, (document["id"], *people))


def _secrets(gateway: GatewayRunning) -> tuple[bytes, ...]:
    """Return what may come back nowhere: tokens, what people hold, and what was planted in heads and bodies."""
    return (*(token.encode() for token in gateway.announced["tokens"].values()), *(one.encode() for one in CANARIES))


async def _sent(
    gateway: GatewayRunning, seed: int, numbers: Iterable[int], told: tuple[Means, tuple[bytes, ...], Tally]
) -> None:
    port = urlsplit(gateway.graphql).port
    assert port is not None
    waiting = iter(numbers)

    async def next_ones() -> None:
        for number in waiting:
            await _one(port, (seed, number), told)

    await asyncio.gather(*(next_ones() for _ in range(AT_ONCE)))


async def _one(port: int, place: tuple[int, int], told: tuple[Means, tuple[bytes, ...], Tally]) -> None:
    means, secrets, tally = told
    try:
        content = await exchanged(port, case(*place, means))
    except (Hung, OSError) as fault:
        tally.faults.append(f"case {place}: {fault!r}")
        return
    tally.faults += [f"case {place}: {fault}" for fault in faults(content, secrets)]
    tally.silent += not content
    with suppress(NoHttp):  # among the faults already
        tally.answers.update(named(reply) for reply in replies(content))


def _left(gateway: GatewayRunning, secrets: tuple[bytes, ...], tally: Tally) -> list[str]:
    """Return what the cases did to the gateway itself."""
    found = []
    if gateway.process.poll() is not None or not gateway.role("noor_headset").ask("{ __typename }").answered:
        found.append("the gateway is gone")
    first, last = tally.memory
    if first and last - first > MOST_GROWTH_KIB:
        found.append(f"memory grew from {first} to {last} KiB")
    said = [line for source, content in gateway.heard.pieces[1:] if "std" in source for line in content.splitlines()]
    found += [f"logged: {line[:900]!r}" for line in said if _is_error(line)]
    found += [f"said: {one[:12]!r}…" for one in secrets for line in said if one in line and b'"tokens"' not in line]
    return found


def _is_error(line: bytes) -> bool:
    """Tell whether a line of a log is an error, or no line of ours at all."""
    try:
        return json.loads(line).get("level") in {"error", "critical"}
    except ValueError:
        return True


def _memory(gateway: GatewayRunning) -> int:
    """Return the KiB a gateway holds; 0 where the system does not say."""
    status = Path(f"/proc/{gateway.process.pid}/status")
    if not status.is_file():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])
