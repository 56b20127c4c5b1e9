"""Rich Authorization Requests (RFC 9396): a token's `authorization_details` to the entries a decision reads."""

from collections.abc import Mapping
from typing import Any

from graph.decision.request import TokenEntry
from graph.terms import Operation

KIND = "consent_gateway"  # the type of an entry that speaks to us; others speak to somebody else
LISTS = ("purposes", "categories", "channels", "operations")
KNOWN_OPERATIONS: Mapping[str, Operation] = {operation.value: operation for operation in Operation}


def details(claim: object) -> tuple[TokenEntry, ...]:
    """Return the entries of a claim; raises `TypeError` for one that is not as RFC 9396 has it.

    An absent list means all, an empty one nothing; a word nobody knows matches nothing. A scope only narrows, so an
    entry with a restriction we do not know covers nothing at all.
    """
    if not isinstance(claim, list):
        raise TypeError("`authorization_details` is a list")
    rows = [_object(row) for row in claim]
    return tuple(_entry(row) for row in rows if row["type"] == KIND and row.keys() <= {"type", *LISTS})


def _object(row: object) -> Mapping[str, Any]:
    if not isinstance(row, dict) or not isinstance(row.get("type"), str):
        raise TypeError("an entry is an object with a `type`")
    if row["type"] == KIND:
        for name in LISTS:
            _words(row, name)
    return row


def _entry(row: Mapping[str, Any]) -> TokenEntry:
    operations = _words(row, "operations")
    return TokenEntry(
        purposes=_words(row, "purposes"),
        categories=_words(row, "categories"),
        channels=_words(row, "channels"),
        operations=None
        if operations is None
        else frozenset(KNOWN_OPERATIONS[word] for word in operations if word in KNOWN_OPERATIONS),
    )


def _words(row: Mapping[str, Any], name: str) -> frozenset[str] | None:
    if name not in row:
        return None
    if not isinstance(row[name], list) or not all(isinstance(word, str) for word in row[name]):
        raise TypeError(f"`{name}` is a list of words")
    return frozenset(row[name])
