"""Ways into the ledger: by which index what is asked of it begins, and the parameters it is asked with."""

from typing import Any, Final

from graph.instants import micros_or_none
from graph.store import DisclosureQuery

WAYS: Final = ("record", "subject", "key", "recipient", "purpose")  # the narrowest first


def way(query: DisclosureQuery) -> str:
    """Return by what the ledger is entered: the narrowest that is asked for, or nothing for all of it."""
    return next((one for one in WAYS if getattr(query, one) is not None), "")


def named(query: DisclosureQuery) -> dict[str, Any]:
    """Return what is asked as the parameters of a statement; what is not asked for is `None`."""
    return {
        "subject": query.subject,
        "recipient": query.recipient,
        "purpose": query.purpose,
        "key": query.key,
        "record": query.record,
        "since": micros_or_none(query.since),
        "until": micros_or_none(query.until),
    }
