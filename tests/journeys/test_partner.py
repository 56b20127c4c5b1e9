"""A brand's server: what it is given, and that everything else looks the same."""

import pytest

from tests.support.asking import Asking
from tests.support.documents import SHARED
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import Answer
from tests.support.partner import Brand

pytestmark = pytest.mark.journey

SIZES = "personalize.size_fit"
ADVERTISING = "marketing.advertising.third_party.targeted"
SHOES, RING, FIT = "commerce.shoe_size", "commerce.ring_size", "commerce.fit_preference"
MAY_DIFFER = frozenset({"date", "x-trace-id", "ratelimit", "ratelimit-policy", "content-length"})
WITHOUT_ID = f"""query Shared($id: ID!, $keys: [AttributeKey!]!) {{
  subject(id: $id, purpose: "{SIZES}") {{ sheet(keys: $keys) {{ validUntil notAvailable entries {{ {SHARED} }} }} }}
}}"""


def test_the_partner_brand_gets_its_permitted_keys(fresh: GatewayRunning) -> None:
    brand = Brand.of(fresh, "brightwear", SIZES)
    assert brand.sheet(brand.knows("noor"), SHOES).not_available == [SHOES]
    Asking(fresh.role("noor_phone")).says_yes(SIZES, SHOES, recipient="brightwear")

    sheet = brand.sheet(brand.knows("noor"), FIT, SHOES, "no.such.thing", RING)

    assert list(sheet.entries) == [SHOES]
    assert (sheet.entries[SHOES]["fidelity"], sheet.entries[SHOES]["floatValue"]) == ("PRECISE", 39.5)
    assert sheet.not_available == [FIT, "no.such.thing", RING]
    northfit = Brand.of(fresh, "northfit", SIZES)
    assert northfit.sheet(northfit.knows("noor"), SHOES).not_available == [SHOES], "a yes to one is none to its group"


def test_a_withheld_unknown_malformed_or_unheld_thing_gives_the_brand_the_same_bytes(fresh: GatewayRunning) -> None:
    brand = Brand.of(fresh, "brightwear", SIZES, WITHOUT_ID)
    noor, pia = brand.knows("noor"), brand.knows("pia")
    Asking(fresh.role("noor_phone")).says_yes(SIZES, SHOES, RING, recipient="brightwear")
    Asking(fresh.role("noor_phone")).withdraws(purpose=SIZES, category="user.demographic.body_size", channel="mobile")

    people = [brand.asks(person, FIT) for person in (noor, pia, _other(noor), "not-an-id", "", "é" * 500)]
    keys = [_without(brand.asks(noor, key), key) for key in (FIT, RING, "no.such.thing", "Not a key!", "é.ö")]

    assert len({_seen(answer) for answer in people}) == 1
    assert people[0].answered["subject"]["sheet"] == {"validUntil": None, "notAvailable": [FIT], "entries": []}
    assert len(set(keys)) == 1


def test_two_brands_of_different_groups_get_different_ids_for_one_person(demo: GatewayRunning) -> None:
    pairwise = demo.announced["pairwise"]

    assert pairwise["brightwear"]["jon"] == pairwise["northfit"]["jon"]
    assert pairwise["sunrise_ads"]["jon"] != pairwise["brightwear"]["jon"]
    assert demo.announced["subjects"]["jon"] not in {ids["jon"] for ids in pairwise.values()}
    ads = Brand.of(demo, "sunrise_ads", ADVERTISING)
    assert "interest.topics" in ads.sheet(pairwise["sunrise_ads"]["jon"], "interest.topics").entries
    foreign = ads.sheet(pairwise["brightwear"]["jon"], "interest.topics")
    assert foreign.not_available == ["interest.topics"], "another brand's id means nothing here"


def test_a_brand_cannot_run_another_brands_document(demo: GatewayRunning) -> None:
    brand = Brand.of(demo, "brightwear", SIZES)

    answer = demo.role("sunrise_ads").post({"documentId": brand.document_id, "variables": {"id": "x", "keys": [SHOES]}})

    assert (answer.status, answer.codes) == (400, ["PERSISTED_DOCUMENT_NOT_FOUND"])


def _other(pairwise: str) -> str:
    """Return an id of the same form that nobody has."""
    return pairwise[:-2] + ("AA" if pairwise[-2:] != "AA" else "BB")


def _seen(answer: Answer) -> tuple[int, bytes, frozenset[tuple[str, str]]]:
    headers = frozenset((name, text) for name, text in answer.headers.multi_items() if name not in MAY_DIFFER)
    return answer.status, answer.content, headers


def _without(answer: Answer, key: str) -> tuple[int, bytes, frozenset[tuple[str, str]]]:
    status, content, headers = _seen(answer)
    return status, content.replace(f'"{key}"'.encode(), b'"key"'), headers
