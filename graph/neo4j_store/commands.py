"""Commands answered in the last 24 h, each a node: whoever sends the same key waits for whoever sent it first."""

from dataclasses import dataclass, replace
from typing import Any, Final

from graph.idempotency import KEPT, again
from graph.neo4j_store.connection import Attempt, Link
from graph.neo4j_store.names import below, parts_of
from graph.neo4j_store.parties import Held, held
from graph.store import Appended, Command

# Which index is said: among few commands the planner takes the one on their instants, and looks at every one.
FIND: Final = """// command answered: READ
OPTIONAL MATCH (command:Command {id: $command})
USING INDEX SEEK command:Command(id)
WHERE command.at > $after
RETURN command.fingerprint AS fingerprint, command.revision AS revision, command.answer AS answer"""
OPEN: Final = """// party locked, if it is there, and a command on it taken up: WRITE
OPTIONAL MATCH (state:State {id: $party})
SET state.lock = $lock
WITH state
MERGE (command:Command {id: $command})
SET command.lock = $lock
WITH head(collect(state)) AS state, head(collect(command)) AS command
RETURN state.records AS records, state.head AS head, command.at AS at, command.fingerprint AS fingerprint,
  command.revision AS revision, command.answer AS answer"""
# Merged, though it was taken up: one past its day may have been forgotten just before its lock was set.
KEEP: Final = """// command answered now: WRITE
MERGE (command:Command {id: $id})
SET command = $row"""
# Looked at again under their locks: a key that came back meanwhile has a new day.
FORGET: Final = """// commands past their day: WRITE
MATCH (command:Command)
WHERE command.at <= $at
WITH command LIMIT 1000
SET command.lock = $lock
WITH collect(command) AS commands
UNWIND commands AS command
WITH command
WHERE command.at <= $at
DELETE command
RETURN count(*) AS forgotten"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command finds: the party under its lock, if it is there, and what the key was answered before."""

    held: Held | None
    earlier: Appended | None


def command_of(party: str, command: Command) -> str:
    """Return the id of a party's command; two parties share none."""
    return below(party, "command", command.key)


async def answered(link: Link, party: str, command: Command, at: int) -> Appended | None:
    """Return what a key was answered, or `None`; raises `KeyReused` for another input."""
    row = await link.read(FIND, {"command": command_of(party, command), "after": at - KEPT})
    return None if row["fingerprint"] is None else again(command, *row.values())


async def opened(attempt: Attempt, party: str, command: Command, at: int) -> Opened:
    """Lock a party and take up a command on it; raises `KeyReused` for a key that came with another input.

    Where a commit of this very call went out without an answer, it was this call that was answered.
    """
    row = await attempt.row(OPEN, {"party": party, "lock": attempt.lock, "command": command_of(party, command)})
    if row["at"] is None or row["at"] <= at - KEPT:
        return Opened(held(row), None)
    found = again(command, row["fingerprint"], row["revision"], row["answer"])
    return Opened(held(row), replace(found, replayed=not attempt.uncertain))


def kept(party: str, command: Command, revision: int, at: int) -> dict[str, Any]:
    """Return the node of a command answered now; whose it is stands also apart: that is the order of a dump."""
    kind, name = (*parts_of(party), "")[:2]
    return {
        "id": command_of(party, command),
        "kind": kind,
        "party": name,
        "key": command.key,
        "fingerprint": command.fingerprint,
        "revision": revision,
        "answer": command.answer,
        "at": at,
    }


async def keep(attempt: Attempt, row: dict[str, Any]) -> Appended:
    """Keep a command's answer for a day."""
    await attempt.run(KEEP, {"id": row["id"], "row": row})
    return Appended(row["revision"], row["answer"])
