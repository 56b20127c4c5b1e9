"""Offers and receipts as compact JWS by the gateway's own keys, and the public half of these; no access tokens."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import rfc8785

from gateway.jose import JwsRefused, header_of, payload_of, signed
from gateway.keys import ED25519, Key, KeyRefused, algorithm_of, published
from graph.formats import written
from graph.records import NoticeRef, Record, Scope
from graph.terms import Fidelity, Level, Operation, RecordKind
from resolvers.signer import Offer, OfferCell, OfferForged, ReceiptContent

OFFER_TYPE, RECEIPT_TYPE = "cg-offer+jwt", "cg-receipt+jwt"  # one is never taken for the other (RFC 8725, 3.11)
MOST_OFFER_CHARACTERS = 65_536  # what a request body can hold
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CONSENT_STATUS: Mapping[RecordKind, str] = {  # the terms the W3C Data Privacy Vocabulary has for a record's kind
    RecordKind.GIVEN: "https://w3id.org/dpv#ConsentGiven",
    RecordKind.RENEWED: "https://w3id.org/dpv#RenewedConsentGiven",
    RecordKind.REFUSED: "https://w3id.org/dpv#ConsentRefused",
    RecordKind.WITHDRAWN: "https://w3id.org/dpv#ConsentWithdrawn",
    RecordKind.REVOKED: "https://w3id.org/dpv#ConsentRevoked",
}


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Sign with the first key and read what any of them signed: an offer outlives the change of keys."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        if not self.keys or any(algorithm_of(key) != ED25519 or not key.is_private for key in self.keys):
            raise KeyRefused("offers and receipts need an Ed25519 private key; make one with OKP and crv Ed25519")

    def sign_offer(self, offer: Offer) -> str:
        """Return the offer as a compact JWS."""
        return signed(self.keys[0], OFFER_TYPE, rfc8785.dumps(_offer_claims(offer)))

    def read_offer(self, token: str) -> Offer:
        """Return the offer a token holds, over or not: a repeated answer comes after its end; raises `OfferForged`."""
        try:
            return _offer(msgspec.json.decode(self._payload(token), type=dict[str, Any]))
        except (JwsRefused, msgspec.MsgspecError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
            raise OfferForged from None

    def sign_receipt(self, content: ReceiptContent) -> str:
        """Return a receipt as a compact JWS over canonical JSON, checkable offline."""
        return signed(self.keys[0], RECEIPT_TYPE, rfc8785.dumps(_receipt_claims(content)))

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """Return what `/.well-known/jwks.json` answers."""
        return published(self.keys)

    def _payload(self, token: str) -> bytes:
        """Return the verified payload of an offer; raises for anything that is none."""
        if len(token) > MOST_OFFER_CHARACTERS:
            raise OfferForged
        header = header_of(token)
        key = next((key for key in self.keys if key.kid == header.get("kid")), None)
        if key is None or header.get("typ") != OFFER_TYPE or "crit" in header:
            raise OfferForged
        return payload_of(token, key)


def _numeric(at: datetime) -> int | float:
    """Write an instant as a NumericDate (RFC 7519, 2), exact to the microsecond."""
    seconds = (at - EPOCH) / timedelta(seconds=1)
    return int(seconds) if seconds.is_integer() else seconds


def _instant_of(number: Any) -> datetime:
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise TypeError("a NumericDate is a number")
    return EPOCH + timedelta(seconds=number)


def _offer_claims(offer: Offer) -> dict[str, Any]:
    level = offer.raises_level_to
    purposes = sorted({cell.purpose for cell in offer.cells})
    return {
        "jti": offer.id,
        "sub": offer.subject,
        "recipient": offer.recipient,
        "notice": [offer.notice.id, offer.notice.version],
        "catalogueVersion": offer.catalogue_version,
        "channel": offer.channel,
        "purposes": purposes,
        "cells": [_cell_row(cell, purposes) for cell in offer.cells],
        "raisesLevelTo": None if level is None else level.name,
        "answersSignal": offer.answers_signal,
        "iat": _numeric(offer.issued_at),
        "exp": _numeric(offer.expires_at),
    }


def _cell_row(cell: OfferCell, purposes: list[str]) -> list[Any]:
    """Write a cell as a row: an offer of 200 cells comes back in a request body of 64 KiB, beside its choices."""
    purpose = purposes.index(cell.purpose)
    return [purpose, cell.category, cell.recipient, cell.operation.value, cell.special, cell.max_fidelity.name]


def _offer(claims: Mapping[str, Any]) -> Offer:
    """Read the claims of an offer; raises KeyError, TypeError or ValueError for one we did not write."""
    level = claims["raisesLevelTo"]
    notice, version = claims["notice"]
    return Offer(
        id=claims["jti"],
        subject=claims["sub"],
        recipient=claims["recipient"],
        notice=NoticeRef(notice, version),
        catalogue_version=claims["catalogueVersion"],
        channel=claims["channel"],
        cells=tuple(_cell(row, claims["purposes"]) for row in claims["cells"]),
        issued_at=_instant_of(claims["iat"]),
        expires_at=_instant_of(claims["exp"]),
        raises_level_to=None if level is None else Level[level],
        answers_signal=claims["answersSignal"],
    )


def _cell(row: list[Any], purposes: list[str]) -> OfferCell:
    purpose, category, recipient, operation, special, rung = row
    return OfferCell(purposes[purpose], category, recipient, Operation(operation), special, Fidelity[rung])


def _receipt_claims(content: ReceiptContent) -> dict[str, Any]:
    """Write a receipt; `state` and `caseReference` are there for an officer's act alone."""
    claims: dict[str, Any] = {
        "jti": content.id,
        "iat": _numeric(content.issued_at),
        "sub": content.subject,
        "records": [_record_claims(record) for record in content.records],
    }
    said = {"state": content.standing, "caseReference": content.case}
    return claims | {name: str(word) for name, word in said.items() if word is not None}


def _record_claims(record: Record) -> dict[str, Any]:
    """Write one record; `fidelity` is null for a no, `consentStatus` absent where DPV has no term."""
    status = CONSENT_STATUS.get(record.kind)
    return {
        "id": record.id,
        "kind": record.kind.value,
        "scope": _scope_claims(record.scope),
        "fidelity": record.cap.name if record.is_yes else None,
        "validUntil": None if record.valid_until is None else written(record.valid_until),
        "notice": None if record.notice is None else str(record.notice),
    } | ({} if status is None else {"consentStatus": status})


def _scope_claims(scope: Scope) -> dict[str, Any]:
    """Write a scope; an absent dimension means all of it."""
    named = {
        "purpose": scope.purpose,
        "category": scope.category,
        "recipientId": scope.recipient,
        "recipientGroup": scope.group,
        "channel": scope.channel,
        "deviceId": scope.device,
        "sessionId": scope.session,
    }
    operations = sorted(operation.value for operation in scope.operations)
    return {name: node for name, node in named.items() if node is not None} | {"operations": operations}
