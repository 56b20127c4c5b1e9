"""Access tokens (RFC 9068): pure, from bytes, keys and an instant to a caller or the reason why not."""

import hashlib
import hmac
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from gateway.details import details
from gateway.jose import JwsRefused, header_of, json_object, payload_of
from gateway.keys import ALGORITHMS, KeySet
from graph.decision.request import TokenEntry
from graph.decision.situation import STEPPED_UP
from graph.decision.snapshot import SIGNED_IN
from graph.terms import AgeBand, Audience
from resolvers.caller import Caller

MOST_CHARACTERS = 8192  # a server's usual limit for one header line; a token with 50 purposes is a quarter of it
# Of an id or a word: OpenID Connect (Core 2) lets no `sub` be longer. What a token names is written down and looked up:
# a store's index takes a key of some 8,000 bytes and fails on a longer one, and a person is no longer found by hers.
MOST_WORD_CHARACTERS = 255
THUMBPRINT_CHARACTERS = 43  # SHA-256 in base64url (RFC 7638)
CLOCK_SKEW = timedelta(seconds=5)  # clocks kept by NTP differ by less than a second; more would lengthen every token
STEP_UP_WINDOW = timedelta(seconds=300)  # a step-up counts for 5 minutes (4.6)
TYPED = frozenset({"at+jwt", "application/at+jwt"})  # an offer, receipt or DPoP proof is never a token
UNTYPED = "jwt"  # what issuers write who cannot say more, if anything; RFC 9068 (4) has such tokens refused
# What only an ID token says (OpenID Connect Core, 3.3.2.11; FAPI) or an event (RFC 8417); both are often untyped too.
OF_OTHER_KINDS = frozenset({"at_hash", "c_hash", "s_hash", "events"})
LEVELS: Mapping[str, int] = {"none": 0, "device": 1, "login": SIGNED_IN}
Word = TypeVar("Word", bound=StrEnum)
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


class TokenFault(StrEnum):
    """Why a token does not open the door; for our own counters: outside all faults look alike."""

    MISSING = "missing"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    ALGORITHM = "algorithm"
    KIND = "kind"
    CRITICAL = "critical"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    MISSING_CLAIM = "missing_claim"
    MALFORMED_CLAIM = "malformed_claim"
    MALFORMED_DETAILS = "malformed_details"
    SENDER_CONSTRAINED = "sender_constrained"
    UNBOUND = "unbound"
    REVOKED = "revoked"
    PROOF = "proof"
    PROOF_REPLAYED = "proof_replayed"
    UNKNOWN_CHANNEL = "unknown_channel"
    UNKNOWN_CLIENT = "unknown_client"


class _Refused(Exception):
    """Carries a fault up to `verified`; never leaves this module."""

    def __init__(self, fault: TokenFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class TokenTerms:
    """What this gateway asks of a token: who made it, for whom, and which clients and channels there are."""

    issuer: str
    audience: str
    recipients: Mapping[str, str]
    channels: Collection[str]
    step_up_acr: str = "step-up"
    typed: bool = False  # whether one must say that it is an access token


def verified(token: str, keys: KeySet, terms: TokenTerms, now: datetime) -> Caller | TokenFault:
    """Return the caller a token names, or why it names none."""
    try:
        claims = _claims(token, keys, terms)
        expires_at = _times(claims, now)
        _addressed(claims, terms)
        return _caller(claims, terms, expires_at).at(now)
    except _Refused as refusal:
        return refusal.fault


def expired(expires_at: datetime, now: datetime) -> bool:
    """Tell whether a token's time is over, a clock's skew allowed for."""
    return now - CLOCK_SKEW >= expires_at


def subject_of(issuer: str, sub: str) -> str:
    """Return the subject's id, `HMAC(issuer, sub)`: HMAC-SHA256 keyed with the issuer, in hexadecimal."""
    return hmac.new(issuer.encode(), sub.encode(), hashlib.sha256).hexdigest()


def _claims(token: str, keys: KeySet, terms: TokenTerms) -> dict[str, Any]:
    """Return the claims of a token whose signature fits; the header is judged before any key is touched."""
    if len(token) > MOST_CHARACTERS:
        raise _Refused(TokenFault.TOO_LARGE)
    try:
        header = header_of(token)
        untyped = _untyped(header, terms)
        claims = json_object(_payload(token, header, keys))
    except JwsRefused:
        raise _Refused(TokenFault.MALFORMED) from None
    if untyped and OF_OTHER_KINDS & claims.keys():
        raise _Refused(TokenFault.KIND)
    return claims


def _untyped(header: Mapping[str, Any], terms: TokenTerms) -> bool:
    """Tell whether a token does not say that it is an access token; one of another kind is refused."""
    kind = header.get("typ")
    if not isinstance(kind, str | None):
        raise _Refused(TokenFault.MALFORMED)
    if kind is not None and kind.lower() in TYPED:
        return False
    if terms.typed or (kind is not None and kind.lower() != UNTYPED):
        raise _Refused(TokenFault.KIND)
    return True


def _payload(token: str, header: Mapping[str, Any], keys: KeySet) -> bytes:
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise _Refused(TokenFault.ALGORITHM)
    if "crit" in header or "b64" in header:
        raise _Refused(TokenFault.CRITICAL)
    if not isinstance(key_id, str | None) or len(key_id or "") > MOST_WORD_CHARACTERS:
        raise _Refused(TokenFault.MALFORMED)
    fitting = keys.fitting(str(algorithm), key_id)
    for key in fitting:
        try:
            return payload_of(token, key)
        except JwsRefused:
            continue
    raise _Refused(TokenFault.BAD_SIGNATURE if key_id is not None and fitting else TokenFault.UNKNOWN_KEY)


def _times(claims: Mapping[str, Any], now: datetime) -> datetime:
    """Check `exp` and `nbf`, `iat` and `auth_time` where they are; return the end.

    There is no longest lifetime: that is the issuer's to decide, and a key it takes back ends its tokens here.
    """
    expires_at = _instant(claims, "exp")
    if expired(expires_at, now):
        raise _Refused(TokenFault.EXPIRED)
    past = ("nbf", *(name for name in ("iat", "auth_time") if claims.get(name) is not None))
    if any(_instant(claims, name) > now + CLOCK_SKEW for name in past):
        raise _Refused(TokenFault.NOT_YET_VALID)
    return expires_at


def _addressed(claims: Mapping[str, Any], terms: TokenTerms) -> None:
    """Check who made the token and for whom."""
    if "iss" not in claims:
        raise _Refused(TokenFault.MISSING_CLAIM)
    if claims["iss"] != terms.issuer:
        raise _Refused(TokenFault.WRONG_ISSUER)
    if "aud" not in claims:
        raise _Refused(TokenFault.MISSING_CLAIM)
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if terms.audience not in audiences:
        raise _Refused(TokenFault.WRONG_AUDIENCE)


def _bound_to(claims: Mapping[str, Any]) -> str | None:
    """Return the thumbprint of the key a token is bound to (RFC 9449, 6.1); another binding cannot be checked here."""
    if "cnf" not in claims:
        return None
    bound = claims["cnf"]
    thumbprint = bound.get("jkt") if isinstance(bound, dict) and len(bound) == 1 else None
    if not isinstance(thumbprint, str) or len(thumbprint) != THUMBPRINT_CHARACTERS:
        raise _Refused(TokenFault.SENDER_CONSTRAINED)
    return thumbprint


def _caller(claims: Mapping[str, Any], terms: TokenTerms, expires_at: datetime) -> Caller:
    sub, client_id = _text(claims, "sub"), _text(claims, "client_id")
    audience = _word(claims, "cg_audience", Audience)
    recipient = terms.recipients.get(client_id)
    if recipient is None:
        raise _Refused(TokenFault.UNKNOWN_CLIENT)
    assurance, step_up_until = _assurance(claims, terms)
    return Caller(
        recipient=recipient,
        client_id=client_id,
        audience=audience,
        channel=_channel(claims, audience, terms),
        subject=subject_of(terms.issuer, sub),
        expires_at=expires_at,
        token=_entries(claims),
        assurance=assurance,
        step_up_until=step_up_until,
        device=_optional(claims, "cg_device"),
        attested=_flag(claims, "cg_attested"),
        residence=_optional(claims, "cg_residence"),
        age_band=AgeBand.UNKNOWN if claims.get("cg_age_band") is None else _word(claims, "cg_age_band", AgeBand),
        sub=sub if audience is Audience.PARTNER else None,
        jti=_optional(claims, "jti"),
        bound_to=_bound_to(claims),
    )


def _channel(claims: Mapping[str, Any], audience: Audience, terms: TokenTerms) -> str:
    """Return a row of the channel table; an officer reads no values and may come without one."""
    if audience is Audience.GOVERNANCE and "cg_channel" not in claims:
        return ""
    channel = _text(claims, "cg_channel")
    if channel not in terms.channels:
        raise _Refused(TokenFault.UNKNOWN_CHANNEL)
    return channel


def _assurance(claims: Mapping[str, Any], terms: TokenTerms) -> tuple[int, datetime | None]:
    """Return the assurance of `acr`, and until when a step-up counts; an unknown word says nothing: 0."""
    acr = _optional(claims, "acr")
    if acr != terms.step_up_acr:
        return LEVELS.get(acr or "none", 0), None
    if claims.get("auth_time") is None:
        return SIGNED_IN, None
    return STEPPED_UP, _instant(claims, "auth_time") + STEP_UP_WINDOW


def _entries(claims: Mapping[str, Any]) -> tuple[TokenEntry, ...]:
    try:
        return details(claims.get("authorization_details", []))
    except (TypeError, ValueError):
        raise _Refused(TokenFault.MALFORMED_DETAILS) from None


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    """Return a NumericDate (RFC 7519, 2); one beyond the calendar is the calendar's end."""
    if name not in claims:
        raise _Refused(TokenFault.MISSING_CLAIM)
    number = claims[name]
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < math.inf:
        raise _Refused(TokenFault.MALFORMED_CLAIM)
    return datetime.fromtimestamp(number, UTC) if number < LAST_INSTANT.timestamp() - 1 else LAST_INSTANT


def _text(claims: Mapping[str, Any], name: str) -> str:
    if name not in claims:
        raise _Refused(TokenFault.MISSING_CLAIM)
    if not isinstance(claims[name], str) or not 0 < len(claims[name]) <= MOST_WORD_CHARACTERS:
        raise _Refused(TokenFault.MALFORMED_CLAIM)
    return str(claims[name])


def _optional(claims: Mapping[str, Any], name: str) -> str | None:
    return _text(claims, name) if claims.get(name) is not None else None


def _flag(claims: Mapping[str, Any], name: str) -> bool:
    flag = claims.get(name)
    if not isinstance(flag, bool | None):
        raise _Refused(TokenFault.MALFORMED_CLAIM)
    return flag is True


def _word(claims: Mapping[str, Any], name: str, words: type[Word]) -> Word:
    text = _text(claims, name)
    if text not in list(words):
        raise _Refused(TokenFault.MALFORMED_CLAIM)
    return words(text)
