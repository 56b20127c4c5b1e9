"""What an auditor reads: disclosures, the chain, the impact on everybody, the catalogue."""

import pytest

from graph.terms import Fidelity
from tests.support.officer import LATER, NOON, PAGE, asked
from tests.support.worlds_governance import MART
from tests.support.worlds_resolvers import HEIGHT, HOBBY, PLAY, STUDIO, said_yes

pytestmark = pytest.mark.anyio

TEXT = f"""query Q($filter: DisclosureFilter!, $first: Int, $after: String) {{
  disclosures(filter: $filter, first: $first, after: $after) {{
    edges {{ cursor node {{ id subjectId recipientId purpose operation keys recordIds catalogueVersion documentId
      traceId at }} }} {PAGE} }} }}"""


async def test_a_disclosure_is_told_with_everything_but_its_values(here):
    await here.given(document="sha256:1", trace="t1")

    found = (await asked(here, TEXT, {"filter": {}}))["disclosures"]

    edge = found["edges"][0]
    assert found == {
        "edges": [edge],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": edge["cursor"],
            "endCursor": edge["cursor"],
        },
        "totalCount": 1,
    }
    assert edge["node"] | {"id": ""} == {
        "id": "",
        "subjectId": "noor",
        "recipientId": STUDIO,
        "purpose": PLAY,
        "operation": "DISCLOSE",
        "keys": [HOBBY],
        "recordIds": ["yes"],
        "catalogueVersion": 1,
        "documentId": "sha256:1",
        "traceId": "t1",
        "at": NOON,
    }


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, [STUDIO, MART]),
        ({"subjectId": "jon", "recipientId": None}, [MART]),
        ({"recipientId": MART}, [MART]),
        ({"purpose": PLAY}, [STUDIO, MART]),
        ({"key": HEIGHT}, [MART]),
        ({"recordId": "other"}, [MART]),
        ({"from": LATER}, [MART]),
        ({"until": LATER}, [STUDIO]),
    ],
)
async def test_the_filter_narrows_by_what_is_stated(here, narrowed, found):
    await here.given()
    await here.later().given("jon", recipient=MART, released=((HEIGHT, Fidelity.COARSE),), evidence=("other",))

    listed = (await asked(here, TEXT, {"filter": narrowed, "first": 2}))["disclosures"]

    assert [edge["node"]["recipientId"] for edge in listed["edges"]] == found


async def test_rows_that_do_not_fit_a_page_follow_on_the_next(here):
    await here.given()
    await here.later().given("jon", recipient=MART)

    first = (await asked(here, TEXT, {"filter": {}, "first": 1}))["disclosures"]
    after = {"filter": {}, "first": 1, "after": first["pageInfo"]["endCursor"]}
    second = (await asked(here, TEXT, after))["disclosures"]

    assert [edge["node"]["recipientId"] for edge in (*first["edges"], *second["edges"])] == [STUDIO, MART]


@pytest.mark.parametrize(("argument", "length"), [("", 1), ("(from: 0)", 1), ("(from: null)", 1), ("(from: 1)", 1)])
async def test_the_ledger_tells_its_length_head_and_whether_it_holds(here, argument, length):
    await here.given()

    found = (await asked(here, f"{{ ledger{argument} {{ length head intact firstBroken }} }}"))["ledger"]

    assert (len(found["head"]), found | {"head": ""}) == (
        64,
        {"length": length, "head": "", "intact": True, "firstBroken": None},
    )


async def test_an_impact_on_everybody_is_counted(here):
    await here.person()
    await said_yes(here.of(), HOBBY)
    await here.given()

    text = "query Q($w: GovernanceScopeInput!) { impact(withdraw: $w) { subjects recipients keys } }"
    narrow = {"purpose": PLAY, "category": "hobby", "recipientId": None}

    assert await asked(here, text, {"w": narrow}) == {"impact": {"subjects": 1, "recipients": 2, "keys": [HOBBY]}}
    assert await asked(here, text, {"w": {"recipientId": MART}}) == {
        "impact": {"subjects": 0, "recipients": 0, "keys": []}
    }


async def test_the_catalogue_in_force_is_told_and_no_other(here):
    await here.refreshed(0)
    text = "query Q($version: Int) { catalogue(version: $version) { version publishedAt attributes digest } }"

    found = (await asked(here, text))["catalogue"]

    assert found | {"publishedAt": ""} == {
        "version": 1,
        "publishedAt": "",
        "attributes": len(here.tables.attributes),
        "digest": "0" * 64,
    }
    assert await asked(here, text, {"version": 1}) == {"catalogue": found}
    assert await asked(here, text, {"version": 2}) == {"catalogue": None}
