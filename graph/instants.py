"""Instants as whole numbers and back: the one way in which every store keeps them."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)  # the finest instant Python and RFC 3339 both write


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
