"""Entries of another store as nodes and edges of this one: as if the commands had been made here, positions kept."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString, TypeAlias

from graph.archive import (
    AdditionsAt,
    Answered,
    Entry,
    LedgerEnd,
    LedgerEntry,
    Link,
    Party,
    SealedValue,
    Secret,
    UsedOffer,
    turns,
)
from graph.errors import ArchiveRefused
from graph.idempotency import CATALOGUE
from graph.instants import micros, micros_or_none
from graph.ledger import read
from graph.neo4j_store import commands, parties
from graph.neo4j_store.catalogue import Addition, addition_row
from graph.neo4j_store.changes import change_row, cohorts, record_row
from graph.neo4j_store.deposits import TRACE, trace
from graph.neo4j_store.entries import entry_row
from graph.neo4j_store.names import below, feed_of, party_of
from graph.neo4j_store.steps import (
    COVER,
    HAVE_HELD,
    HOLD,
    STEPS,
    TAKE_ADDITIONS,
    TAKE_CHANGES,
    TAKE_COMMANDS,
    TAKE_DEVICES,
    TAKE_ENTRIES,
    TAKE_OFFERS,
    TAKE_PARTIES,
    TAKE_SECRETS,
    TAKE_STATES,
    TAKE_VALUES,
)
from graph.neo4j_store.values import value_row
from graph.records import Device, Record
from graph.store import StoredRecord

ELSEWHERE: Final = "elsewhere"  # no flight of this store brought these entries

Step: TypeAlias = tuple[LiteralString, list[dict[str, Any]]]


@dataclass(slots=True)
class _Open:
    """The party whose own entries come now: what its state will say, and what can be laid only when all are there."""

    id: str
    told: Party
    records: list[Record] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    traces: list[dict[str, Any]] = field(default_factory=list)
    values: int = 0
    count: int = 0
    last: int = 0


class Taking:
    """Turns entries into rows in their order; a party's own entries come between it and the next one."""

    def __init__(self) -> None:
        self.added = AdditionsAt(0)
        self.additions = 0
        self.end = LedgerEnd(0, "")
        self.feeds: Counter[str] = Counter()
        self._parties = 0
        self._open: _Open | None = None
        self._missing = {AdditionsAt, LedgerEnd}  # what every store tells once
        self._rows: dict[LiteralString, list[dict[str, Any]]] = {}

    def take(self, entries: Iterable[Entry]) -> list[Step]:
        """Return what is to be written of some entries; raises `ArchiveRefused` for what is out of order."""
        for entry in entries:
            self._missing.discard(type(entry))
            TURN[type(entry)](self, entry)
        return self._taken()

    def finish(self) -> list[Step]:
        """Return the rest; raises `ArchiveRefused` if something every store tells was not told."""
        self._finish()
        if self._missing:
            raise ArchiveRefused("the archive lacks what every store tells; export it again")
        return self._taken()

    def _taken(self) -> list[Step]:
        rows, self._rows = self._rows, {}
        return [(step, rows[step]) for step in STEPS if step in rows]

    def _row(self, step: LiteralString, *rows: dict[str, Any]) -> None:
        if rows:
            self._rows.setdefault(step, []).extend(rows)

    def _secret(self, entry: Secret) -> None:
        self._row(TAKE_SECRETS, {"id": entry.name, "random": entry.random})

    def _additions_at(self, entry: AdditionsAt) -> None:
        self.added = entry

    def _addition(self, entry: Addition) -> None:
        self._row(TAKE_ADDITIONS, addition_row(entry, self.added.revision, self.additions))
        self.additions += 1

    def _party(self, entry: Party) -> None:
        self._finish()
        self._parties += 1
        self._open = _Open(party_of(entry.subject.kind, entry.subject.id), entry)
        person = parties.person(entry.subject)
        self._row(TAKE_PARTIES, {"id": self._open.id, "place": self._parties, "person": person})

    def _device(self, entry: Device) -> None:
        self._whose.devices.append(entry)
        self._row(TAKE_DEVICES, {"party": self._whose.id, "device": parties.device_row(self._whose.id, entry)})

    def _record(self, entry: StoredRecord) -> None:
        whose, ended = self._whose, micros_or_none(entry.ended_at)
        row = record_row(whose.id, whose.told.subject, entry.position, entry.record)
        whose.count, whose.last = whose.count + 1, entry.position
        if ended is None:
            whose.records.append(entry.record)
            self._row(HOLD, row)
        else:
            self._row(HAVE_HELD, {**row, "endedAt": ended})

    def _value(self, entry: SealedValue) -> None:
        self._whose.values += 1
        if entry.sources or entry.device:
            self._whose.traces.append(trace(self._whose.id, entry))
        self._row(TAKE_VALUES, value_row(self._whose.id, entry))

    def _change(self, entry: Link) -> None:
        whose, feed = self._whose, feed_of(self._whose.id)
        self.feeds[feed] += 1
        command, began, ended = _said(entry.text)
        more = {"subject": whose.told.subject.id, "command": command, "place": f"{feed}/{self.feeds[feed]:012d}"}
        edges = {
            name: [below(whose.id, "record", one) for one in ids] for name, ids in (("began", began), ("ended", ended))
        }
        self._row(TAKE_CHANGES, {"change": {**change_row(whose.id, entry), **more}, **edges})

    def _ledger_end(self, entry: LedgerEnd) -> None:
        self._finish()
        self.end = entry

    def _ledger_entry(self, entry: LedgerEntry) -> None:
        try:
            disclosure = read(entry.text)
        except (ValueError, KeyError, TypeError):
            raise ArchiveRefused(f"entry `{entry.position}` of the ledger cannot be read; export it again") from None
        self._row(TAKE_ENTRIES, entry_row(disclosure, ELSEWHERE, entry))

    def _offer(self, entry: UsedOffer) -> None:
        self._row(TAKE_OFFERS, {"id": entry.id, "usedBy": ELSEWHERE, "at": micros(entry.at)})

    def _answered(self, entry: Answered) -> None:
        owner = CATALOGUE if entry.kind is None else party_of(entry.kind, entry.party)
        self._row(TAKE_COMMANDS, commands.kept(owner, entry.command, entry.revision, micros(entry.at)))

    @property
    def _whose(self) -> _Open:
        if self._open is None:
            raise ArchiveRefused("the archive tells of somebody's own before it tells of her; export it again")
        return self._open

    def _finish(self) -> None:
        """Write down what a decision reads of the party told last, and what needs all of it to be there."""
        whose, self._open = self._open, None
        if whose is None:
            return
        told = whose.told
        state = parties.Party(
            told.revision,
            tuple(whose.records),
            micros_or_none(told.latest),
            whose.last,
            told.subject,
            tuple(whose.devices),
            whose.last - whose.count,
        )
        row = {
            "id": whose.id,
            "name": f"revision {told.revision}",
            "revision": told.revision,
            "values": whose.values,
            "head": told.head,
        }
        self._row(TAKE_STATES, {**row, "records": parties.written(state), "lock": ELSEWHERE})
        self._row(TRACE, *whose.traces)
        self._row(COVER, *cohorts(whose.id, told.subject, tuple(whose.records)))


def _said(text: str) -> tuple[str | None, list[str], list[str]]:
    """Return a change's command and the records it began and ended; of a text that nobody can read, nothing."""
    try:
        said = json.loads(text)
        began = [str(one) for one, _ in said.get("begins", ())]
        ended = [str(one) for one in dict.fromkeys((*said.get("ends", ()), *said.get("lifts", ())))]
        command = said.get("command")
    except (ValueError, TypeError, AttributeError):
        return None, [], []
    return command if isinstance(command, str) else None, began, ended


TURN: Final[Mapping[type, Callable[[Taking, Any], None]]] = turns(Taking)
