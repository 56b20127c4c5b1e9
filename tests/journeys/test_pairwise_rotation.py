"""A brand's ids through a change of their key: old and new beside each other, then the old ones mean nobody."""

import pytest

from tests.journeys.conftest import Starting
from tests.journeys.test_partner import MAY_DIFFER, SHOES, SIZES, WITHOUT_ID
from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import Answer
from tests.support.partner import Brand

pytestmark = pytest.mark.journey


def _about(gateway: GatewayRunning, brand: Brand, sub: str, asked: str) -> Answer:
    """Ask with a token about one person."""
    claims = {"sub": sub, "client_id": "brightwear-server", "cg_audience": "partner", "cg_channel": "partner_server"}
    client = gateway.client(gateway.issuer().token(claims))
    return client.post({"documentId": brand.document_id, "variables": {"id": asked, "keys": [SHOES]}})


def _seen(answer: Answer) -> tuple[int, bytes, frozenset[tuple[str, str]]]:
    headers = frozenset((name, text) for name, text in answer.headers.multi_items() if name not in MAY_DIFFER)
    return answer.status, answer.content, headers


def test_a_brands_ids_change_with_their_key_and_the_old_ones_live_as_long_as_theirs(starting: Starting) -> None:
    before = starting()
    brand = Brand.of(before, "brightwear", SIZES, WITHOUT_ID)
    old, nobody = brand.knows("noor"), before.announced["pairwise"]["sunrise_ads"]["noor"]
    Asking(before.role("noor_phone")).says_yes(SIZES, SHOES, recipient="brightwear")
    shared, strange = (_seen(brand.asks(one, SHOES)) for one in (old, nobody))
    assert b"39.5" in shared[1]
    assert b"39.5" not in strange[1]
    before.stop()

    during = starting(PAIRWISE_KEYS="2,1")
    brand = Brand.of(during, "brightwear", SIZES, WITHOUT_ID)
    new = brand.knows("noor")
    assert new != old
    assert [len(new), during.announced["pairwise"]["northfit"]["noor"]] == [len(old), new]
    assert [_seen(brand.asks(one, SHOES)) for one in (old, new, nobody)] == [shared, shared, strange]
    assert [_seen(_about(during, brand, sub, one)) for sub in (old, new) for one in (old, new)] == [shared] * 4
    during.stop()

    after = starting(PAIRWISE_KEYS="2")
    brand = Brand.of(after, "brightwear", SIZES, WITHOUT_ID)
    assert [_seen(brand.asks(one, SHOES)) for one in (old, new, nobody)] == [strange, shared, strange]
    assert [_seen(_about(after, brand, old, one)) for one in (old, new)] == [strange] * 2
