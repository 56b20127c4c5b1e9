"""Secrets that all gateways of one store share: made when first asked for, and none while another store is taken in.

A gateway that opened just before that would keep secrets which are taken out again, or are not those that came.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from graph.errors import StoreError
from graph.neo4j_store.connection import Attempt, Link
from graph.neo4j_store.restoring import HALF_DONE, LOCK

BYTES: Final = 32  # 256 bits, what HMAC-SHA-256, AES-SIV and Ed25519 take

KNOWN: Final = """// secret of a name, and whether the store is taken in: READ
OPTIONAL MATCH (secret:Secret {id: $name})
OPTIONAL MATCH (store:Store {id: 'restore'})
RETURN secret.random AS random, store.half AS half"""
MAKE: Final = """// secret made: WRITE
MERGE (secret:Secret {id: $name})
  ON CREATE SET secret.random = $random
RETURN secret.random AS random"""


async def secret(link: Link, name: str, random: Callable[[int], bytes]) -> bytes:
    """Return a secret by name, made now unless it was before; raises `StoreError` while the store is taken in."""
    row = await link.read(KNOWN, {"name": name})
    _refuse(row["half"])
    known: bytes | None = row["random"]
    return await link.write(partial(_made, name=name, random=random)) if known is None else known


async def _made(attempt: Attempt, name: str, random: Callable[[int], bytes]) -> bytes:
    """Make a secret unless another gateway was faster; under the lock that whoever takes a store in begins with."""
    _refuse((await attempt.row(LOCK, {"lock": attempt.lock}))["half"])
    found: bytes = (await attempt.row(MAKE, {"name": name, "random": random(BYTES)}))["random"]
    return found


def _refuse(half: str | None) -> None:
    if half is not None:
        raise StoreError(HALF_DONE)
