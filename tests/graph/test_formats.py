"""Forms of text, well formed and not."""

from datetime import UTC, datetime

import pytest

from graph.formats import FORMATS, instant, written


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        (
            "BCP 47",
            ["en", "en-GB", "zh-Hant-TW", "de-DE-1996", "sl-rozaj-biske", "en-a-myext-b-more", "x-mine", "i-hak"],
        ),
        ("IANA tz", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"]),
        ("ISO 3166-1", ["DE", "US", "AQ"]),
        (
            "ISO 8601 interval",
            ["22:00/07:00", "T2230/T0700", "22/07", "22:00/PT9H30M", "P1D/2026-11-23", "22:00/24:00"],
        ),
        (
            "ISO 8601 interval",
            ["2026-11-23T22:00Z/2026-11-24T07:00+01:00", "2026-11-23/2026-11-24", "22:00Z/P1Y2M3DT4H"],
        ),
        ("ISO 8601 --MM-DD", ["--11-23", "--02-29", "--12-31"]),
        ("RFC 3339", ["2026-11-23T14:05:06Z", "2026-11-23 14:05:06.5+01:00", "2026-11-23t14:05:06z"]),
    ],
)
def test_what_is_well_formed_passes(form: str, texts: list[str]) -> None:
    assert [text for text in texts if not FORMATS[form](text)] == []


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("BCP 47", ["", "e", "en_GB", "en-", "-en", "abcdefghi", "en GB", "e\u00f1"]),
        ("IANA tz", ["", "Europe", "Europe/Atlantis", "localtime", "posix/UTC", "../UTC", "Europe/../UTC", "A" * 300]),
        ("ISO 3166-1", ["", "XX", "de", "DEU", "UK", "D"]),
        (
            "ISO 8601 interval",
            ["22:00", "22:00/", "/", "PT1H/PT2H", "22:00/P", "22:00/PT", "25:00/07:00", "22:60/07:00"],
        ),
        (
            "ISO 8601 interval",
            ["24:01/07:00", "2026-02-30/2026-03-01", "22:00/07:00/08:00", "T/T", "2026-11-2322:00/07:00"],
        ),
        ("ISO 8601 --MM-DD", ["--02-30", "--13-01", "--04-31", "11-23", "2026-11-23", "--1-1"]),
        ("RFC 3339", ["2026-11-23T14:05:06", "2026-11-23", "2026-11-23T14:05Z", "2026-13-01T00:00:00Z"]),
        ("RFC 3339", ["2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T14:05:06+24:00", "tomorrow"]),
    ],
)
def test_what_is_malformed_does_not(form: str, texts: list[str]) -> None:
    assert [text for text in texts if FORMATS[form](text)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T14:05:06.1239999+01:00", "2026-11-23T13:05:06.123Z"),
        ("2026-01-01T00:30:00+05:30", "2025-12-31T19:00:00.000Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00.000Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_milliseconds(text: str, expected: str) -> None:
    at = instant(text)
    assert at is not None
    assert written(at) == expected


def test_an_instant_before_all_time_is_none() -> None:
    assert instant("0001-01-01T00:00:00+01:00") is None


def test_an_instant_is_in_utc() -> None:
    assert instant("2026-11-23T14:05:06+01:00") == datetime(2026, 11, 23, 13, 5, 6, tzinfo=UTC)
