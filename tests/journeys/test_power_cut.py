"""A power cut in the middle of a thousand consent acts, several people at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import Starting
from tests.support import documents
from tests.support.asking import Asking, choice, paged
from tests.support.gateway_running import GatewayRunning
from tests.support.minting import claims_of, subject_of
from tests.support.newcomer import Newcomer

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PEOPLE = 8  # at once: more than the machine has processors, so that acts are cut at every stage
ACTS = 125  # each: a thousand in all
CUT_AFTER = 40  # acts of the first person; the others are about as far
CUT_SECONDS = 180  # a database server beside everything else on two cores takes one of them
PRODUCTS, TOPICS = "personalize.recommendation.product", "interest.topics"


@dataclass(slots=True)
class Diary:
    """One person's acts: what she sent, and which of it was acknowledged with which records."""

    person: Newcomer
    cut: Event
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)

    def acts(self, gateway: GatewayRunning, enough: Event) -> None:
        """Say yes again and again, each time to a new offer, until a thousandth is done or the gateway is gone."""
        asking = self._asking(gateway)
        try:
            for number in range(len(self.sent), ACTS):
                offer = asking.offer(PRODUCTS, TOPICS)
                choices = [choice(cell, None) for cell in offer["cells"]]
                self.sent[f"act-{number}"] = {"offerToken": offer["token"], "choices": choices}
                self._send(asking, f"act-{number}")
                if number == CUT_AFTER:
                    enough.set()
        except httpx.TransportError:
            assert self.cut.is_set(), "nobody answers, and nobody cut the power"

    def repeats(self, gateway: GatewayRunning) -> None:
        """Send again, under the same key, what nobody acknowledged: it may have been done or not."""
        for key in [key for key in self.sent if key not in self.acknowledged]:
            self._send(self._asking(gateway), key)

    def repeat(self, gateway: GatewayRunning, key: str) -> list[str]:
        """Send an acknowledged act once more; return the records its answer tells of."""
        asking = self._asking(gateway)
        return _records(asking.act("giveConsent", key=key, **self.sent[key]))

    def _send(self, asking: Asking, key: str) -> None:
        self.acknowledged[key] = _records(asking.act("giveConsent", key=key, **self.sent[key]))

    def _asking(self, gateway: GatewayRunning) -> Asking:
        return Newcomer(gateway, sub=self.person.sub).phone()


def _records(payload: dict[str, Any]) -> list[str]:
    assert payload["__typename"] == "ConsentChanged", payload
    return [record["id"] for record in claims_of(payload["receipt"]["jws"])["records"]]


def test_after_a_kill_during_1000_mutations_every_acknowledged_one_is_there_none_twice_and_the_chain_verifies(
    starting: Starting,
) -> None:
    cut, enough = Event(), Event()
    first = starting()
    diaries = [Diary(Newcomer(first), cut) for _ in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as threads:
        running = [threads.submit(diary.acts, first, enough) for diary in diaries]
        assert enough.wait(CUT_SECONDS)
        cut.set()
        first.kill()
        for one in running:
            one.result()
    acknowledged = {key: ids for diary in diaries for key, ids in _named(diary).items()}
    assert PEOPLE < len(acknowledged) < PEOPLE * ACTS, "the cut came too early or too late"

    second = starting()

    assert all(_kept(second, diary) for diary in diaries), "an acknowledged act is gone"
    for diary in diaries:
        diary.repeats(second)
    with ThreadPoolExecutor(PEOPLE) as threads:
        list(threads.map(lambda diary: diary.acts(second, Event()), diaries))
    assert sum(len(diary.acknowledged) for diary in diaries) == PEOPLE * ACTS
    for diary in diaries:
        assert diary.repeat(second, "act-0") == diary.acknowledged["act-0"], "the same key, another answer"
        _exactly_once(second, diary)
    ledger = second.role("officer").ask(documents.LEDGER).answered["ledger"]
    assert (ledger["intact"], ledger["firstBroken"]) == (True, None)


def _named(diary: Diary) -> dict[str, list[str]]:
    return {f"{diary.person.sub}/{key}": ids for key, ids in diary.acknowledged.items()}


def _kept(gateway: GatewayRunning, diary: Diary) -> bool:
    return {record for ids in diary.acknowledged.values() for record in ids} <= set(_given(gateway, diary))


def _exactly_once(gateway: GatewayRunning, diary: Diary) -> None:
    """Each act made its records once, whether it was acknowledged the first time or the second."""
    expected = Counter(record for ids in diary.acknowledged.values() for record in ids)
    assert set(expected.values()) == {1}
    assert Counter(_given(gateway, diary)) == expected


def _given(gateway: GatewayRunning, diary: Diary) -> list[str]:
    issuer = gateway.issuer()
    subject = subject_of(issuer.name, diary.person.sub)
    rows = paged(gateway.role("officer"), documents.RECORDS, {"id": subject}, ("subject", "records"))
    return [row["id"] for row in rows if row["kind"] == "GIVEN"]
