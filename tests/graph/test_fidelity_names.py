"""Each named transform at its boundaries."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from graph.fidelity import Shown, shown
from graph.records import Held
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import CONTEXT, attribute, pairwise

F, K = Fidelity, ValueKind


def coarse(kind: ValueKind, to: str, held: Held) -> Held | None:
    ladder = {F.COARSE: {"transform": "truncate", "to": to}}
    found = shown(attribute(kind, ladder), held, F.COARSE, context=CONTEXT)
    assert found == Shown(F.COARSE, value=found.value)
    return found.value


@pytest.mark.parametrize(
    ("to", "held", "expected"),
    [
        ("initial", "Noor", "N"),
        ("initial", "  «élan»", "é"),
        ("initial", "E\u0301lise", "\u00c9"),
        ("initial", "42", None),
        ("initial", "", None),
        ("initials", "Noor van Dyk", "NvD"),
        ("initials", "Noor 2", "N"),
        ("initials", "2 3", None),
        ("given", "Noor van Dyk", "Noor"),
        ("given", " ", None),
        ("primary", "en-GB", "en"),
        ("primary", "de", "de"),
        ("primary", "", None),
        ("sector", "away", "away"),
        ("sector", "behind", None),
        ("grid4", "0,0", "0,0"),
        ("grid4", "3,4", "0,1"),
        ("grid4", "4,3", "1,0"),
        ("grid4", "7,7", "1,1"),
        ("grid4", "8,0", None),
        ("grid4", "27", "0,0"),
        ("grid4", "28", "0,1"),
        ("grid4", "63", "1,1"),
        ("grid4", "64", None),
        ("parent", "hiking", "outdoors"),
        ("parent", "knitting", None),
        ("city", "store-17", "Kassel"),
        ("region", "store-17", "Hesse"),
        ("region", "Fulda", "Rhön"),
        ("country", "store-17", "DE"),
        ("country", "Kassel", "DE"),
        ("continent", "store-17", "Europe"),
        ("continent", "DE", "Europe"),
        ("region", "DE", None),
        ("country", "Atlantis", None),
        ("utc_offset", "Europe/Berlin", "+01:00"),
        ("utc_offset", "Asia/Kolkata", "+05:30"),
        ("utc_offset", "America/St_Johns", "-03:30"),
        ("utc_offset", "UTC", "+00:00"),
        ("utc_offset", "Europe/Atlantis", None),
        ("utc_offset", "Europe", None),
        ("utc_offset", "localtime", None),
        ("utc_offset", "../../etc/passwd", None),
    ],
)
def test_a_named_transform_of_a_word(to: str, held: str, expected: str | None) -> None:
    assert coarse(K.STRING, to, held) == expected


@pytest.mark.parametrize(
    ("to", "held", "expected"),
    [
        ("month", "2026-11-23T14:05:06.123Z", "2026-11"),
        ("month", "2026-11-23", "2026-11"),
        ("month", "--11-23", "--11"),
        ("month", "14:05", None),
        ("month", "soon", None),
        ("day", "2026-11-23T14:05:06.123Z", "2026-11-23"),
        ("day", "--11-23", "--11-23"),
        ("day", "14:05", None),
        ("day", "2026-02-30", None),
        ("hour", "2026-11-23T14:05:06.123Z", "2026-11-23T14Z"),
        ("hour", "2026-11-23T14:05:06+05:30", "2026-11-23T14+05:30"),
        ("hour", "2026-11-23", "2026-11-23"),
        ("hour", "22:59", "22"),
        ("hour", "T22:59/T07:15", "T22/T07"),
        ("hour", "22:30/PT8H45M", "22/PT8H"),
        ("hour", "22:30/PT45M", "22/PT0H"),
        ("hour", "P1DT2H/22:30", "P1DT2H/22"),
        ("hour", "22:30/later", None),
        ("hour", "22:30/07:00/09:00", None),
        ("daypart", "00:00", "night"),
        ("daypart", "05:59", "night"),
        ("daypart", "06:00", "morning"),
        ("daypart", "11:59", "morning"),
        ("daypart", "12:00", "afternoon"),
        ("daypart", "17:59", "afternoon"),
        ("daypart", "18:00", "evening"),
        ("daypart", "23:59", "evening"),
        ("daypart", "24:00", "night"),
        ("daypart", "22:00/07:30", "evening/morning"),
        ("daypart", "22:00/PT9H", "evening"),
        ("daypart", "22:00/later", None),
        ("daypart", "PT9H", None),
        ("daypart", "2026-11-23", None),
        ("daypart", "2026-11-23T14:05:06.123Z", "afternoon"),
        ("daypart", "MO-22", "evening"),
        ("daypart", "Mon 08:30", "morning"),
        ("daypart", "30", "morning"),
        ("daypart", "167", "evening"),
        ("daypart", "168", None),
        ("daypart", "later", None),
    ],
)
def test_a_time_is_cut_as_it_is_written(to: str, held: str, expected: str | None) -> None:
    assert coarse(K.STRING, to, held) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("2026-11-23T12:00:00.000Z", "0"),
        ("2026-11-22T12:00:00.001Z", "0"),
        ("2026-11-22T12:00:00.000Z", "1..6"),
        ("2026-11-16T12:00:00.001Z", "1..6"),
        ("2026-11-16T12:00:00.000Z", "7..29"),
        ("2026-10-24T12:00:00.000Z", "30..89"),
        ("2026-08-25T12:00:00.000Z", "90.."),
        ("2026-11-24T12:00:00.000Z", "0"),
        ("yesterday", None),
        ("2026-13-24T12:00:00.000Z", None),
    ],
)
def test_recency_is_the_band_of_whole_days_gone_by(held: str, expected: str | None) -> None:
    assert coarse(K.TIMESTAMP, "recency_band", held) == expected


def test_recency_and_offset_are_those_of_the_instant_asked() -> None:
    summer = replace(CONTEXT, at=datetime(2027, 7, 1, 12, 0, tzinfo=UTC))
    zone = attribute(K.STRING, {F.COARSE: {"transform": "truncate", "to": "utc_offset"}})
    seen = attribute(K.TIMESTAMP, {F.COARSE: {"transform": "truncate", "to": "recency_band"}})
    assert shown(zone, "Europe/Berlin", F.COARSE, context=summer).value == "+02:00"
    assert shown(seen, "2026-11-23T12:00:00.000Z", F.COARSE, context=summer).value == "90.."


@pytest.mark.parametrize(
    ("to", "length", "expected"),
    [
        ("count_band", 0, "0"),
        ("count_band", 1, "1..4"),
        ("count_band", 4, "1..4"),
        ("count_band", 5, "5..19"),
        ("count_band", 19, "5..19"),
        ("count_band", 20, "20..99"),
        ("count_band", 99, "20..99"),
        ("count_band", 100, "100.."),
        ("week_band", 0, "0"),
        ("week_band", 1, "1..6"),
        ("week_band", 6, "1..6"),
        ("week_band", 7, "7..19"),
        ("week_band", 19, "7..19"),
        ("week_band", 20, "20.."),
    ],
)
def test_a_count_is_a_list_of_the_one_band(to: str, length: int, expected: str) -> None:
    assert coarse(K.LIST, to, ("x",) * length) == (expected,)


def test_a_list_has_the_distinct_ancestors_in_first_seen_order_without_those_unknown() -> None:
    assert coarse(K.LIST, "parent", ("hiking", "chess", "knitting", "climbing")) == ("outdoors", "games")
    assert coarse(K.LIST, "parent", ("knitting",)) == ()


def test_a_pairwise_id_is_the_callers_for_each_word() -> None:
    assert coarse(K.STRING, "pairwise_id", "a") == pairwise("a")
    assert coarse(K.LIST, "pairwise_id", ("a", "b", "a")) == (pairwise("a"), pairwise("b"))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((1.5, 1.5, 1.5), (1.5, 1.5, 1.5)),
        ((3.0, 0.0, 2.0), (1.5, 1.5, 1.5)),
        ((1.5, 1.49, 2.0), (0.0, 0.0, 0.0)),
        ((3.0, 0.0, 1.49), (0.0, 0.0, 0.0)),
        ((3.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    ],
)
def test_a_room_is_one_if_each_side_measured_reaches_a_metre_and_a_half(held: Held, expected: Held) -> None:
    assert coarse(K.VEC3, "stationary+room", held) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((52.99, 13.0, 34.0), (51.0, 10.0, 0.0)),
        ((53.0, 13.0, 34.0), None),
        ((-33.5, -58.5, 25.0), (-34.0, -64.0, 0.0)),
        ((-34.5, -58.5, 25.0), None),
    ],
)
def test_a_position_becomes_the_point_of_the_place_its_cell_lies_in(held: Held, expected: Held | None) -> None:
    assert coarse(K.VEC3, "country", held) == expected


@pytest.mark.parametrize("point", ["", "51;10", "51;10;nan", "51;10;inf;3"])
def test_a_place_without_a_well_formed_point_says_nothing(point: str) -> None:
    context = replace(CONTEXT, vocabularies={"country": {"52;13": "DE"}, "point": {"DE": point}})
    row = attribute(K.VEC3, {F.CATEGORY: {"transform": "ancestor", "level": "country"}})
    assert shown(row, (52.5, 13.4, 34.0), F.CATEGORY, context=context) == Shown(F.CATEGORY)
