"""Records as text: what a record does not say is not written, so that six of them are some 1 KB in a state."""

from typing import Any, Final

import msgspec

from graph.instants import EPOCH
from graph.records import Record
from graph.terms import RecordKind

# INVARIANT: what a record says where it says nothing never changes: what is stored leans on it.
_PLAIN: Final[dict[str, Any]] = msgspec.to_builtins(Record("", RecordKind.GIVEN, EPOCH))
_NEEDED: Final = frozenset({"id", "kind", "recorded_at"})

_record = msgspec.json.Decoder(Record)


def spelt(record: Record) -> dict[str, Any]:
    """Return a record as JSON's values, without what is as in the plainest record."""
    return _without(msgspec.to_builtins(record), _PLAIN)


def text_of(record: Record) -> str:
    """Return a record as JSON."""
    return msgspec.json.encode(spelt(record)).decode()


def record_of(text: str) -> Record:
    """Read a record that `text_of` wrote."""
    return _record.decode(text)


def _without(row: dict[str, Any], plain: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, one in row.items():
        if name not in _NEEDED and _same(one, plain.get(name)):
            continue
        within = plain.get(name)
        found[name] = _without(one, within) if isinstance(one, dict) and isinstance(within, dict) else one
    return found


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same; sets come as lists in no order."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    return bool(one == other)
