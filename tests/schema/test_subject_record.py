"""One subject as an officer sees her: standing, records page by page, and that values are held."""

from typing import Any

import pytest

from graph.records import Value
from graph.terms import Fidelity, RecordKind
from tests.support.officer import NOON, PAGE, asked
from tests.support.worlds_governance import record
from tests.support.worlds_resolvers import HOBBY, PLAY

pytestmark = pytest.mark.anyio

TEXT = f"""query Q($id: ID!, $first: Int, $after: String, $asOf: DateTime, $knownAt: DateTime) {{
  subject(id: $id) {{
  id state revision ageBand jurisdictions
  records(first: $first, after: $after, asOf: $asOf, knownAt: $knownAt) {{
    edges {{ cursor node {{ id sequence kind fidelity validFrom validUntil recordedAt endedAt notice assurance
      givenBy offerId scope {{ purpose category recipientId channel deviceId operations }} }} }} {PAGE} }}
  values {{ key origin recordedAt expiresAt sources stale }} }} }}"""


async def test_she_is_shown_with_her_records_and_that_values_are_held(here):
    await here.person()
    await here.told("noor", record("yes", here.now, cap=Fidelity.COARSE, valid_until=here.now.replace(month=4)))
    await here.holds("noor", Value(HOBBY, "chess", here.now, PLAY))

    found = (await asked(here, TEXT, {"id": "noor"}))["subject"]

    served, yes = (edge["node"] for edge in found["records"].pop("edges"))
    page = found["records"].pop("pageInfo")
    nowhere = dict.fromkeys(("purpose", "category", "recipientId", "channel", "deviceId", "operations"))
    plain = {"validFrom": NOON, "recordedAt": NOON, "endedAt": None, "notice": "general@1", "assurance": 2}
    plain |= {"givenBy": "SUBJECT", "offerId": None, "scope": nowhere, "validUntil": None, "fidelity": None}
    assert served == plain | {"id": "noor-served", "sequence": 1, "kind": "NOTICE_SERVED"}
    end = "2026-04-01T12:00:00.000Z"
    assert yes == plain | {"id": "yes", "sequence": 2, "kind": "GIVEN", "validUntil": end, "fidelity": "COARSE"}
    assert (page["hasNextPage"], page["hasPreviousPage"]) == (False, False)
    values = {
        "key": HOBBY,
        "origin": "DECLARED",
        "recordedAt": NOON,
        "expiresAt": None,
        "sources": [],
        "stale": False,
    }
    assert found == {
        "id": "noor",
        "state": "ACTIVE",
        "revision": found["revision"],
        "ageBand": "ADULT",
        "jurisdictions": ["XX"],
        "records": {"totalCount": 2},
        "values": [values],
    }


async def test_her_records_come_in_pages_and_as_of_an_instant(here):
    await here.person()
    await here.later().told("noor", record("no", here.now, RecordKind.WITHDRAWN, notice=None, offer_id="o1"))

    async def ids(**asking: Any) -> list[str]:
        found = await asked(here, TEXT, {"id": "noor", **asking})
        return [edge["node"]["id"] for edge in found["subject"]["records"]["edges"]]

    first = (await asked(here, TEXT, {"id": "noor", "first": 1}))["subject"]["records"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    assert await ids(after=first["pageInfo"]["endCursor"], first=None) == ["no"]
    assert await ids(asOf=NOON) == ["noor-served"]
    assert await ids(knownAt=NOON) == ["noor-served"]
    assert await ids(asOf=None, knownAt=None) == ["noor-served", "no"]


async def test_nobody_has_an_id_there_is_none_of(here):
    assert await asked(here, TEXT, {"id": "nobody"}) == {"subject": None}
