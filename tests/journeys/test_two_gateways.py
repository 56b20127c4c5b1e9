"""Two gateways on one store: what one acknowledged, the other's next answer knows."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.partner import Brand
from tests.support.places import Place

pytestmark = pytest.mark.journey

Two = tuple[GatewayRunning, GatewayRunning]
PRODUCTS, COMFORT = "personalize.recommendation.product", "personalize.system.comfort"
SIZES = "personalize.size_fit"
TOPICS, TURNING, SHOES = "interest.topics", "xr.comfort.turning", "commerce.shoe_size"

ASK = {"query": "{ __typename }"}
NO_TOKEN = "`extensions.consistencyToken` is none of this store; leave it out"

REVISION = "query Revision($id: ID!) { subject(id: $id) { revision } }"
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


def test_who_brings_the_token_of_a_change_sees_it_at_the_other_and_changes_on(two: Two) -> None:
    here, there = (Asking(gateway.role("noor_phone")) for gateway in two)
    for _ in range(5):
        given = here.says_yes(PRODUCTS, TOPICS)
        assert there.after(given["consistencyToken"]).sheet(PRODUCTS, TOPICS).released(TOPICS)["outcome"] == "RELEASED"

        taken = there.after(given["consistencyToken"]).withdraws(purpose=PRODUCTS)

        seen = here.after(taken["consistencyToken"])
        assert seen.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["CONSENT_WITHDRAWN"]
        assert seen.sheet(PRODUCTS, TOPICS).revision == taken["revision"]


def test_the_same_key_is_given_the_same_token_at_either(two: Two) -> None:
    here, there = (Asking(gateway.role("noor_phone")) for gateway in two)
    scope, key = {"purpose": PRODUCTS}, uuid4().hex

    first = here.act("withdrawConsent", key, scope=scope)

    assert there.act("withdrawConsent", key, scope=scope) == first


def test_a_brand_and_the_officer_bring_a_persons_token_and_see_her_change(two: Two) -> None:
    brand = Brand.of(two[1], "brightwear", SIZES)
    noor, subject = brand.knows("noor"), two[0].announced["subjects"]["noor"]
    phone = Asking(two[0].role("noor_phone"))
    given = phone.says_yes(SIZES, SHOES, recipient="brightwear")["consistencyToken"]
    assert list(brand.after(given).sheet(noor, SHOES).entries) == [SHOES]

    taken = phone.withdraws(purpose=SIZES, recipientId="brightwear")

    brand, office = brand.after(taken["consistencyToken"]), two[1].role("officer")
    assert brand.sheet(noor, SHOES).not_available == [SHOES]
    asked = {
        "query": REVISION,
        "variables": {"id": subject},
        "extensions": {"consistencyToken": taken["consistencyToken"]},
    }
    told = office.post(asked).answered["subject"]["revision"]
    assert f"{told}.d0" == taken["revision"]


@pytest.mark.parametrize("text", ["", "s1.d0", "a" * 400, "a" * 30_000])
def test_what_is_no_token_is_refused_to_everybody_in_the_same_words(two: Two, text: str) -> None:
    brand = Brand.of(two[1], "brightwear", SIZES).after(text)
    people = (brand.knows("noor"), brand.knows("jon"), "not-an-id")
    answers = [brand.asks(person, SHOES) for person in people]
    answers += [
        two[1].role(name).post({**ASK, "extensions": {"consistencyToken": text}}) for name in ("noor_phone", "officer")
    ]

    assert {(answer.status, *answer.codes) for answer in answers} == {(422, "BAD_USER_INPUT")}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].body["errors"][0]["message"] == NO_TOKEN
