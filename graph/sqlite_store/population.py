"""Counting over everybody: whom and what a scope touches, in SQL, naming nobody."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Final, LiteralString

from graph.records import Scope
from graph.sqlite_store.rows import micros
from graph.store import Population, Reach

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
    groups = reach.groups if scope.group is None else reach.groups | {scope.group}
    recipients = _nodes(scope.recipient, reach.recipients)
    return {
        "at": micros(at),
        "purposes": _nodes(scope.purpose, reach.purposes),
        "categories": _nodes(scope.category, reach.categories),
        "recipients": "[]" if recipients is None and groups else recipients,
        "groups": _json(groups),
        "keys": _nodes(scope.category, reach.keys),
    }


def _nodes(node: str | None, related: frozenset[str] | None) -> str | None:
    """Return the nodes that touch a dimension of the scope, `None` if it leaves that dimension open."""
    if node is None and related is None:
        return None
    return _json({*(related or ()), *(() if node is None else (node,))})


def _json(nodes: Iterable[str]) -> str:
    return json.dumps(sorted(nodes))
