"""Counting over everybody: whom and what a scope touches, cohort by cohort, naming nobody."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, LiteralString

from graph.instants import micros
from graph.neo4j_store.connection import Link
from graph.neo4j_store.names import BUCKETS
from graph.reach import Population, Reach
from graph.records import Scope
from graph.touched import Touched, touched

GRANTS: Final = """// grants a scope touches: READ
UNWIND $buckets AS bucket
MATCH (cohort:Cohort {bucket: bucket})
WHERE cohort.yes
  AND ($purposes IS NULL OR cohort.purpose IS NULL OR cohort.purpose IN $purposes)
  AND ($categories IS NULL OR cohort.category IS NULL OR cohort.category IN $categories)
  AND ($recipients IS NULL OR (cohort.recipient IS NULL AND cohort.recipientGroup IS NULL)
    OR cohort.recipient IN $recipients OR cohort.recipientGroup IN $groups)
MATCH (cohort)<-[:COVERS]-(record:Record)
WHERE record.startsAt <= $at AND (record.validUntil IS NULL OR record.validUntil > $at)
RETURN collect(DISTINCT record.subject) AS subjects, collect(DISTINCT record.recipient) AS recipients"""

# An entry that released nothing released no key: it touches nothing.
_FOUND: Final[LiteralString] = """
  AND ($purposes IS NULL OR entry.purpose IN $purposes)
  AND ($recipients IS NULL OR entry.recipient IN $recipients)
UNWIND entry.keys AS key
WITH entry, key
WHERE $keys IS NULL OR key IN $keys
RETURN collect(DISTINCT entry.subject) AS subjects, collect(DISTINCT entry.recipient) AS recipients,
  collect(DISTINCT key) AS keys"""
# Which index to begin with is said: with few entries, or none, the planner would rather look at all of them.
_BY_KEY: Final[LiteralString] = """UNWIND $keys AS one
MATCH (way:ReleasedKey)
USING INDEX SEEK way:ReleasedKey(key, position)
WHERE way.key = one AND way.position > 0
MATCH (way)<-[:RELEASED]-(entry:Entry)
WHERE true"""
_BY_RECIPIENT: Final[LiteralString] = """UNWIND $recipients AS one
MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(recipient, position)
WHERE entry.recipient = one AND entry.position > 0"""
_BY_PURPOSE: Final[LiteralString] = """UNWIND $purposes AS one
MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(purpose, position)
WHERE entry.purpose = one AND entry.position > 0"""
_ALL: Final[LiteralString] = "MATCH (entry:Entry)\nWHERE entry.position > 0"
_R: Final[LiteralString] = "// releases a scope touches: READ\n"

RELEASES: Final[dict[str, LiteralString]] = {
    "keys": _R + _BY_KEY + _FOUND,
    "recipients": _R + _BY_RECIPIENT + _FOUND,
    "purposes": _R + _BY_PURPOSE + _FOUND,
    "": _R + _ALL + _FOUND,
}


async def population(link: Link, scope: Scope, at: datetime, reach: Reach) -> Population:
    """Count the subjects a scope touches, with the recipients and keys; looks at purpose, category and recipient."""
    nodes = touched(scope, reach)
    named: dict[str, Any] = {**asdict(nodes), "at": micros(at), "buckets": list(range(BUCKETS))}
    grants = await link.scan(GRANTS, named)
    releases = await link.scan(RELEASES[_way(nodes)], named)
    subjects = {reach.sealed(subject) for subject in grants["subjects"]} | set(releases["subjects"])
    recipients = frozenset((*grants["recipients"], *releases["recipients"]))
    return Population(len(subjects), recipients, frozenset(releases["keys"]))


def _way(nodes: Touched) -> str:
    """Return by which dimension the ledger is entered: the narrowest that is not left open."""
    return next((way for way in ("keys", "recipients", "purposes") if getattr(nodes, way) is not None), "")
