"""Ids in the graph: one string each, never ambiguous, whatever the parts hold; and which cohort and feed are whose."""

import hashlib
from typing import Final

from graph.terms import PartyKind

BUCKETS: Final = 64  # a scope class is spread over so many cohorts, so that no node has a million edges
FEEDS: Final = 16  # one global counter costs half the write throughput; sixteen cost nothing that was seen
KINDS: Final = {PartyKind.SUBJECT: "PERSON", PartyKind.DEVICE: "DEVICE", PartyKind.HOUSEHOLD: "HOUSEHOLD"}


def joined(*parts: str) -> str:
    """Return parts as one id; a slash within a part is written otherwise, so that two lists never give one id."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def parts_of(name: str) -> tuple[str, ...]:
    """Return the parts that `joined` made one id of."""
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in name.split("/"))


def party_of(kind: PartyKind, party: str) -> str:
    """Return the id of a party; those of two kinds never meet."""
    return joined(KINDS[kind], party)


def below(owner: str, *parts: str) -> str:
    """Return the id of something that an owner alone has."""
    return f"{owner}/{joined(*parts)}"


def bucket_of(party: str) -> int:
    """Return in which of each scope class's cohorts a party stands."""
    return hashlib.sha256(party.encode()).digest()[0] % BUCKETS


def feed_of(party: str) -> str:
    """Return which feed tells of a party's changes."""
    return f"{bucket_of(party) % FEEDS:02d}"
