"""Times: hour, day, month, part of the day, how long ago; all read from text as it was written."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from graph.fidelity.counts import RECENCY_EDGES, counted
from graph.formats import DURATION, YEARLY, instant, moment, sides, zone

_MONTH_LENGTH = len("2026-11")
_HOURS_A_DAY = 24
_MINUTES_AN_HOUR = 60

PARTS: Mapping[int, str] = {0: "night", 1: "morning", 2: "afternoon", 3: "evening"}
"""Parts of the day by quarter: 0–6, 6–12, 12–18, 18–24 h."""

# An hour of the week: counted from Monday 0 h (`0` to `167`), or a day and its hour (`MO-22`, `Mon 22:00`).
_HOUR_OF_WEEK = re.compile(r"[0-9]|[1-9][0-9]|1[0-5][0-9]|16[0-7]")
_DAY_AND_HOUR = re.compile(r"[A-Za-z]{2,9}[- ](?P<hour>[01][0-9]|2[0-3])(?::[0-5][0-9])?")


def month(text: str) -> str | None:
    """Drop what is finer than the month: `2026-11`, `--11`."""
    yearly = YEARLY.fullmatch(text)
    if yearly:
        return f"--{yearly['month']}"
    date = _date(text)
    return date[:_MONTH_LENGTH] if date else None


def day(text: str) -> str | None:
    """Drop what is finer than the day: `2026-11-23`."""
    return text if YEARLY.fullmatch(text) else _date(text)


def hour(text: str) -> str | None:
    """Drop what is finer than the hour: `2026-11-23T14Z`, `22`; of an interval on both sides."""
    found = [_hour_of_side(side) for side in sides(text)]
    known = [one for one in found if one is not None]
    return "/".join(known) if len(known) == len(found) else None


def daypart(text: str) -> str | None:
    """Return the part of the day; of an interval those in which it begins and ends."""
    hours = [_hour(side) for side in sides(text) if not DURATION.fullmatch(side)]
    known = [PARTS[one % _HOURS_A_DAY * len(PARTS) // _HOURS_A_DAY] for one in hours if one is not None]
    return "/".join(known) if known and len(known) == len(hours) else None


def recency_band(text: str, at: datetime) -> str | None:
    """Return the band of whole days between an instant and `at`; what is yet to come counts as now."""
    then = instant(text)
    return None if then is None else counted(max(0, (at - then).days), RECENCY_EDGES)


def utc_offset(name: str, at: datetime) -> str | None:
    """Return a zone's offset from UTC at an instant: `+01:00`."""
    place = zone(name)
    offset = None if place is None else at.astimezone(place).utcoffset()
    if offset is None:
        return None
    sign = "-" if offset < timedelta() else "+"
    minutes = int(abs(offset).total_seconds()) // _MINUTES_AN_HOUR
    return f"{sign}{minutes // _MINUTES_AN_HOUR:02}:{minutes % _MINUTES_AN_HOUR:02}"


def _date(text: str) -> str | None:
    found = moment(text)
    return None if found is None else found["date"]


def _hour_of_side(side: str) -> str | None:
    lasting = DURATION.fullmatch(side)
    if lasting:
        return _whole_hours(lasting)
    found = moment(side)
    if found is None or found["hour"] is None:
        return None if found is None else found["date"]
    return f"{found['date'] or ''}{found['t']}{found['hour']}{found['zone']}"


def _whole_hours(lasting: re.Match[str]) -> str:
    kept = lasting["days"] + (f"T{lasting['hours']}" if lasting["hours"] else "")
    return kept if kept != "P" else "PT0H"


def _hour(text: str) -> int | None:
    if _HOUR_OF_WEEK.fullmatch(text):
        return int(text)
    found = _DAY_AND_HOUR.fullmatch(text) or moment(text)
    return None if found is None or found["hour"] is None else int(found["hour"])
