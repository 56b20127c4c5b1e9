"""Counting over everybody: whom and what a scope touches, in SQL, naming nobody."""

import json
import sqlite3
from datetime import datetime
from typing import Final, LiteralString

from graph.instants import micros
from graph.reach import Population, Reach
from graph.records import Scope
from graph.touched import touched

_GRANTS: Final[LiteralString] = """record AS r JOIN party AS p ON p.place = r.party
WHERE p.kind = 'SUBJECT' AND p.standing <> 'ERASED' AND r.ended_at IS NULL AND r.yes = 1
  AND r.starts_at <= :at AND (r.valid_until IS NULL OR r.valid_until > :at)
  AND (:purposes IS NULL OR r.purpose IS NULL OR r.purpose IN (SELECT value FROM json_each(:purposes)))
  AND (:categories IS NULL OR r.category IS NULL OR r.category IN (SELECT value FROM json_each(:categories)))
  AND (:recipients IS NULL OR (r.recipient IS NULL AND r.recipient_group IS NULL)
    OR r.recipient IN (SELECT value FROM json_each(:recipients))
    OR r.recipient_group IN (SELECT value FROM json_each(:groups)))
"""
_RELEASES: Final[LiteralString] = """disclosure AS d JOIN disclosure_key AS k ON k.position = d.position
WHERE (:purposes IS NULL OR d.purpose IN (SELECT value FROM json_each(:purposes)))
  AND (:recipients IS NULL OR d.recipient IN (SELECT value FROM json_each(:recipients)))
  AND (:keys IS NULL OR k.key IN (SELECT value FROM json_each(:keys)))
"""
SUBJECTS: Final[LiteralString] = (
    "-- subjects a scope touches: READ\nSELECT COUNT(*) FROM (SELECT sealed(p.id) FROM "  # noqa: S608 literals all
    + _GRANTS
    + "UNION SELECT d.subject FROM "
    + _RELEASES
    + ")"
)
RECIPIENTS: Final[LiteralString] = (
    "-- recipients a scope touches: READ\nSELECT r.recipient FROM "  # noqa: S608 literals all
    + _GRANTS
    + "AND r.recipient IS NOT NULL UNION SELECT d.recipient FROM "
    + _RELEASES
)
KEYS: Final[LiteralString] = "-- keys a scope touches: READ\nSELECT DISTINCT k.key FROM " + _RELEASES


def population(connection: sqlite3.Connection, scope: Scope, at: datetime, *, reach: Reach) -> Population:
    """Count the subjects a scope touches, with the recipients and keys; looks at purpose, category and recipient."""
    named = _named(scope, at, reach)
    connection.create_function("sealed", 1, reach.sealed, deterministic=True)
    return Population(
        connection.execute(SUBJECTS, named).fetchone()[0],
        frozenset(recipient for (recipient,) in connection.execute(RECIPIENTS, named)),
        frozenset(key for (key,) in connection.execute(KEYS, named)),
    )


def _named(scope: Scope, at: datetime, reach: Reach) -> dict[str, object]:
    nodes = touched(scope, reach)
    return {
        "at": micros(at),
        "purposes": _json(nodes.purposes),
        "categories": _json(nodes.categories),
        "recipients": _json(nodes.recipients),
        "groups": _json(nodes.groups),
        "keys": _json(nodes.keys),
    }


def _json(nodes: list[str] | None) -> str | None:
    return None if nodes is None else json.dumps(nodes)
