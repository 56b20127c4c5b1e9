"""The development issuer: signs whatever claims it is given. For a laptop and for tests, never for production."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gateway.jose import signed
from gateway.keys import Key

ACCESS_TOKEN = "at+jwt"  # noqa: S105 the `typ` of RFC 9068, not a secret
LIFETIME = timedelta(hours=12)  # a working day, so that a demonstration outlives a lunch
WARNING = "development issuer: it signs any claims for anybody who has its key file; never use it in production"


def minted(key: Key, claims: Mapping[str, Any]) -> str:
    """Return an access token over these claims, as they are."""
    return signed(key, ACCESS_TOKEN, json.dumps(claims).encode())


def claims_of(role: Mapping[str, Any], *, issuer: str, audience: str, now: datetime) -> dict[str, Any]:
    """Return a role's claims with those every token has, valid from now for a working day."""
    seconds = int(now.timestamp())
    return {
        "iss": issuer,
        "aud": audience,
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds + int(LIFETIME.total_seconds()),
        **role,
    }
