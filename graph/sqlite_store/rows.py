"""Values to columns and back: records and lists of them as one binary string each."""

import msgspec

from graph.records import Record

_state = msgspec.msgpack.Decoder(tuple[int, tuple[Record, ...]])
_record = msgspec.msgpack.Decoder(Record)
_head = msgspec.msgpack.Decoder(tuple[int, msgspec.Raw])


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
