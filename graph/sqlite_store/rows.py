"""Values to columns and back: instants as integers, lists and records as one binary string each."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from graph.records import Record

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)  # the finest instant Python and RFC 3339 both write

_state = msgspec.msgpack.Decoder(tuple[int, tuple[Record, ...]])
_record = msgspec.msgpack.Decoder(Record)
_head = msgspec.msgpack.Decoder(tuple[int, msgspec.Raw])


def micros(at: datetime) -> int:
    """Return an instant as whole microseconds since 1970 UTC; raises `TypeError` for one without a zone."""
    return (at - EPOCH) // MICROSECOND


def instant(micros: int) -> datetime:
    """Return the instant of whole microseconds since 1970 UTC."""
    return EPOCH + timedelta(microseconds=micros)


def micros_or_none(at: datetime | None) -> int | None:
    """Return an instant as microseconds, or `None`."""
    return None if at is None else micros(at)


def instant_or_none(micros: int | None) -> datetime | None:
    """Return the instant of microseconds, or `None`."""
    return None if micros is None else instant(micros)


def packed(value: object) -> bytes:
    """Return frozen values as one binary string; every instant in it is an integer since 1970."""
    return msgspec.msgpack.encode(value)


def record_of(body: bytes) -> Record:
    """Return the record of a record row."""
    return _record.decode(body)


def records_of(state: bytes) -> tuple[int, tuple[Record, ...]]:
    """Return the revision and the records of a state string; the revision inside it is the one that counts."""
    return _state.decode(state)


def restated(state: bytes, revision: int) -> bytes:
    """Return a state string under another revision, its records untouched."""
    _, records = _head.decode(state)
    return packed((revision, records))
