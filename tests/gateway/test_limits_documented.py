"""The table of limits an operator reads says what the code does."""

import re

from gateway import arriving, cost, http, limits, shape
from gateway.answers import STATUS
from gateway.settings import DEFAULT_CONCURRENCY, DEFAULT_RATE, DEFAULT_SUBJECTS_A_DAY
from resolvers.partner import MOST_PEOPLE
from tests.support.house import read

ROW = re.compile(
    r"^\| (?P<limit>[^|]+) \| (?P<most>[\d,.]+) \| (?:`(?P<setting>\w+)` )?\| (?P<status>\d+) `(?P<code>\w+)` \|$"
)
COSTLY = (None, 422, "COST_LIMIT_EXCEEDED")
LIMITS = {
    "body, bytes": (arriving.MOST_BYTES, None, 413, "PAYLOAD_TOO_LARGE"),
    "address, bytes": (arriving.MOST_ADDRESS_BYTES, None, 414, "BAD_REQUEST"),
    "headers together, bytes": (arriving.MOST_HEADER_BYTES, None, 431, "BAD_REQUEST"),
    "time of a body, seconds": (http.MOST_SECONDS, None, 408, "TIMEOUT"),
    "time of an answer, seconds": (http.MOST_SECONDS, None, 503, "TIMEOUT"),
    "depth of fields": (limits.MOST_DEPTH, *COSTLY),
    "depth of an introspection": (limits.MOST_INTROSPECTION_DEPTH, *COSTLY),
    "aliases": (limits.MOST_ALIASES, *COSTLY),
    "directives": (limits.MOST_DIRECTIVES, *COSTLY),
    "directives in one place": (limits.MOST_DIRECTIVES_HERE, *COSTLY),
    "fragments": (limits.MOST_FRAGMENTS, *COSTLY),
    "one field in one selection": (limits.MOST_REPEATS, *COSTLY),
    "tokens": (limits.MOST_TOKENS, *COSTLY),
    "comments": (limits.MOST_COMMENTS, *COSTLY),
    "items of a list": (shape.MOST_ITEMS, *COSTLY),
    "cost": (cost.MOST_COST, *COSTLY),
    "ids in a partner's question": (MOST_PEOPLE, None, http.PARTIAL, "BAD_USER_INPUT"),
    "calls of a caller in a second": (DEFAULT_RATE.calls, "RATE", 429, "RATE_LIMITED"),
    "operations of a caller at once": (DEFAULT_CONCURRENCY, "CONCURRENCY", 429, "RATE_LIMITED"),
    "people an officer asks about in 24 hours": (DEFAULT_SUBJECTS_A_DAY, "SUBJECTS_A_DAY", 429, "RATE_LIMITED"),
}


def rows() -> dict[str, tuple[float, str | None, int, str]]:
    """Return the table, by what is limited."""
    section = read("docs/operating.md").partition("\n## Limits\n")[2].partition("\n## ")[0]
    found = [match for line in section.splitlines() if (match := ROW.match(line))]
    assert len(found) == section.count("\n| ") - 1, "every row but the head is one of the table"
    return {
        row["limit"]: (float(row["most"].replace(",", "")), row["setting"], int(row["status"]), row["code"])
        for row in found
    }


def test_the_table_says_what_the_code_does() -> None:
    assert rows() == LIMITS
    assert DEFAULT_RATE.seconds == 1


def test_every_code_of_the_table_is_one_there_is() -> None:
    assert {code for *_, code in rows().values()} <= STATUS.keys()
