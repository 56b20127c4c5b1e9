"""Offers and receipts as values, and the port that signs them; no keys and no encodings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from graph.records import NoticeRef, Record
from graph.terms import Fidelity, Level, Operation, Standing

OFFER_LIFETIME = timedelta(minutes=10)  # time to read a notice in a headset; short enough that nothing moves meanwhile


class OfferForged(Exception):
    """What came back is no offer this gateway signed."""


@dataclass(frozen=True, slots=True)
class OfferCell:
    """One cell a person is asked about, and the highest rung she may choose."""

    purpose: str
    category: str
    recipient: str
    operation: Operation
    special: bool
    max_fidelity: Fidelity


@dataclass(frozen=True, slots=True)
class Offer:
    """What is shown before a yes or a no: one subject, one recipient, one notice version, good for one answer."""

    id: str
    subject: str
    recipient: str
    notice: NoticeRef
    catalogue_version: int
    channel: str
    cells: tuple[OfferCell, ...]
    issued_at: datetime
    expires_at: datetime
    raises_level_to: Level | None = None
    answers_signal: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptContent:
    """What one act did, for the person to keep: its records, under one id.

    `standing` and `case` are an officer's: how the subject stands after the act, and the case it was done for.
    """

    id: str
    subject: str
    issued_at: datetime
    records: tuple[Record, ...]
    standing: Standing | None = None
    case: str | None = None


class Signer(Protocol):
    """Signs with the gateway's own key; the same input gives the same bytes."""

    def sign_offer(self, offer: Offer) -> str:
        """Return the offer as a compact JWS."""
        ...

    def read_offer(self, token: str) -> Offer:
        """Return the offer a token holds, over or not; raises `OfferForged`."""
        ...

    def sign_receipt(self, content: ReceiptContent) -> str:
        """Return a receipt as a compact JWS over canonical JSON, checkable offline."""
        ...
