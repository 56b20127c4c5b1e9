"""Two gateways on one store: what one acknowledged, the other's next answer knows."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.places import Place

pytestmark = pytest.mark.journey

Two = tuple[GatewayRunning, GatewayRunning]
PRODUCTS, COMFORT = "personalize.recommendation.product", "personalize.system.comfort"
SIZES = "personalize.size_fit"
TOPICS, TURNING, SHOES = "interest.topics", "xr.comfort.turning", "commerce.shoe_size"

REGISTER = """mutation Register($input: RegisterRecipientInput!) {
  act: registerRecipient(input: $input) { ... on RecipientRegistered { recipient { id } } }
}"""


@pytest.fixture(scope="module")
def two(heard: Heard, place: Place) -> Iterator[Two]:
    """Run two gateways for all of these tests; each begins with a yes of its own."""
    kept = place.empty()
    one, other = (started(heard, kept.arguments, settings=kept.settings) for _ in range(2))
    yield one, other
    one.stop()
    other.stop()


def test_a_later_start_serves_the_same_people_and_takes_the_same_tokens(two: Two) -> None:
    one, other = (dict(gateway.announced) for gateway in two)

    assert [one[name] == other[name] for name in ("subjects", "pairwise", "documents")] == [True] * 3
    phone = Asking(two[1].client(one["tokens"]["noor_phone"]))
    assert phone.sheet(SIZES, SHOES).reasons(SHOES) == ["CONSENT_MISSING"]


def test_a_withdrawal_at_one_is_in_the_next_answer_of_the_other(two: Two) -> None:
    here, there = (Asking(gateway.role("noor_phone")) for gateway in two)
    here.says_yes(PRODUCTS, TOPICS)
    assert there.sheet(PRODUCTS, TOPICS).released(TOPICS)["fidelity"] == "PRECISE"

    here.withdraws(purpose=PRODUCTS)

    assert there.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["CONSENT_WITHDRAWN"]


def test_an_offer_of_one_is_answered_at_the_other(two: Two) -> None:
    here, there = (Asking(gateway.role("noor_phone")) for gateway in two)

    answered = there.answers(here.offer(PRODUCTS, TOPICS))

    assert answered["__typename"] == "ConsentChanged"
    assert here.sheet(PRODUCTS, TOPICS).released(TOPICS)["fidelity"] == "PRECISE"


def test_a_recipient_registered_at_one_may_ask_the_other_at_once(two: Two) -> None:
    asked = {"idempotencyKey": uuid4().hex, "name": "New Shop", "region": "DE", "thirdParty": True}
    shop = two[0].role("officer").ask(REGISTER, {"input": asked}).answered["act"]["recipient"]["id"]
    named = {"sub": "noor", "client_id": shop, "cg_channel": "vr_headset", "cg_device": "noor_headset"}

    app = Asking(two[1].client(two[1].issuer().token(named)))

    assert app.sheet(COMFORT, TURNING).reasons(TURNING) == ["NOT_FOR_THIS_PURPOSE", "CONSENT_MISSING"]
