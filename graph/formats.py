"""Forms of text that the catalogue's `format` column names: what is well formed, and instants read and written."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_HOUR = r"[01][0-9]|2[0-3]|24(?![0-9:]*[1-9])"
_FINER = r"(?::?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]+)?)?)?"
_ZONE = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?"

MOMENT = re.compile(rf"(?P<date>{_DATE})?(?P<t>[Tt ]?)(?:(?P<hour>{_HOUR}){_FINER}(?P<zone>{_ZONE}))?")
"""A date, a time of day, or both (ISO 8601); `moment` below tells which of its matches are one."""

DURATION = re.compile(
    r"(?P<days>P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?)"
    r"(?:T(?=[0-9])(?P<hours>[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
YEARLY = re.compile(r"--(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])")

_LEAP_YEAR = 2000  # a day of the year without a year may be 29 February
_RFC_3339 = re.compile(_DATE + r"[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})")

# RFC 5646, 2.1: language, script, region, variants, extensions, private use; or private use alone; or an `i-` tag
_LANGUAGE_TAG = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8})",
    re.IGNORECASE | re.ASCII,
)

# Names of the zone database begin with a capital; what else lies in its directory (`localtime`, `posix/…`) is no zone.
_ZONE_NAME = re.compile(r"[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")

# ISO 3166-1 alpha-2, officially assigned, as the zone database's iso3166.tab lists them
_ASSIGNED = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES
    ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE
    IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU
    NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM
    SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE
    VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_ASSIGNED.split())


def instant(text: str) -> datetime | None:
    """Return the instant an RFC 3339 text names, in UTC; `None` if it names none."""
    if not _RFC_3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def written(at: datetime) -> str:
    """Return an instant as RFC 3339 in UTC with `Z`, cut to milliseconds (4.3)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> re.Match[str] | None:
    """Return the parts `date`, `t`, `hour`, `zone` of a date, a time of day or both; `None` for anything else."""
    found = MOMENT.fullmatch(text)
    if found is None:
        return None
    has_date, separator, has_hour = found["date"] is not None, found["t"], found["hour"] is not None
    if has_date and not _is_date(found["date"]):
        return None
    joined = bool(separator) if has_date and has_hour else separator != " "
    return found if joined and (has_hour or (has_date and not separator)) else None


def sides(text: str) -> tuple[str, ...]:
    """Return the two sides of an ISO 8601 interval, or the text alone if it is none."""
    begin, slash, end = text.partition("/")
    return (begin, end) if slash and "/" not in end else (text,)


def zone(name: str) -> ZoneInfo | None:
    """Return the time zone of this IANA name, or `None` if the zone database has none."""
    if not _ZONE_NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_interval(text: str) -> bool:
    found = sides(text)
    moments = [moment(side) is not None for side in found]
    return (
        len(found) > 1
        and any(moments)
        and all(known or DURATION.fullmatch(side) for known, side in zip(moments, found, strict=True))
    )


def _is_yearly(text: str) -> bool:
    return YEARLY.fullmatch(text) is not None and _is_date(f"{_LEAP_YEAR}{text[1:]}")


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "BCP 47": lambda text: _LANGUAGE_TAG.fullmatch(text) is not None,
    "IANA tz": lambda text: zone(text) is not None,
    "ISO 3166-1": COUNTRIES.__contains__,
    "ISO 8601 interval": _is_interval,
    "ISO 8601 --MM-DD": _is_yearly,
    "RFC 3339": lambda text: instant(text) is not None,
}
"""What the `format` column may demand; any other word in it is for readers and demands nothing."""
