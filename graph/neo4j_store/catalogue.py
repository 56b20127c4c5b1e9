"""What governance added to the catalogue at run time."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

from graph.catalogue import Catalogue, NoticeVersion, Recipient
from graph.errors import RevisionConflict, StoreUnavailable
from graph.idempotency import CATALOGUE
from graph.instants import instant_or_none, micros
from graph.neo4j_store import commands
from graph.neo4j_store.connection import LONG_READ_SECONDS, Attempt, Link
from graph.neo4j_store.faults import UNAVAILABLE
from graph.neo4j_store.mirror import mirror, mirror_additions, took_turn
from graph.neo4j_store.names import joined
from graph.store import Additions, Appended, Command, RegisteredDocument

LOOKS: Final = 5  # at additions that grow while they are read

ADDED: Final = """// additions: READ
MATCH (additions:Additions {id: 'additions'})
WITH additions.tally AS tally, collect(1) AS barrier
RETURN tally, COLLECT {
  MATCH (addition:Addition) WHERE addition.place > 0
  RETURN [addition.kind, addition.body] ORDER BY addition.place
} AS additions"""
# A document's last use is what the ledger says: nothing is written when one runs.
USED: Final = """// last uses of documents: READ
UNWIND $documents AS document
CALL (document) {
  MATCH (entry:Entry)
  USING INDEX SEEK entry:Entry(document, recipient, at)
  WHERE entry.document = document[0] AND entry.recipient = document[1] AND entry.at > $ever
  WITH entry ORDER BY entry.document DESC, entry.recipient DESC, entry.at DESC LIMIT 1
  RETURN entry.at AS at
}
RETURN collect([document, at]) AS uses"""
LOCK: Final = """// additions locked: WRITE
MATCH (additions:Additions {id: 'additions'})
SET additions.lock = $lock
WITH head(collect(additions)) AS additions
RETURN additions.tally AS tally"""
SAME: Final = """// additions of some names: READ
MATCH (addition:Addition)
WHERE addition.id IN $ids
RETURN collect([addition.id, addition.body]) AS additions"""
ADD: Final = """// additions made: WRITE
MATCH (additions:Additions {id: 'additions'})
SET additions.revision = $revision, additions.tally = $tally
WITH additions
UNWIND $rows AS row
MERGE (addition:Addition {id: row.id})
  ON CREATE SET addition.place = row.place
SET addition += row.properties"""
Addition: TypeAlias = Recipient | NoticeVersion | RegisteredDocument

EVER: Final = -(2**63)  # before every instant: a bound keeps the order of the index
RECIPIENT, NOTICE, DOCUMENT = "RECIPIENT", "NOTICE", "DOCUMENT"

_recipient = msgspec.json.Decoder(tuple[int, Recipient])
_notice = msgspec.json.Decoder(tuple[int, NoticeVersion])
_document = msgspec.json.Decoder(tuple[int, RegisteredDocument])
_addition_of: Final[Mapping[str, Callable[[str], tuple[int, Addition]]]] = {
    RECIPIENT: _recipient.decode,
    NOTICE: _notice.decode,
    DOCUMENT: _document.decode,
}
_brought = msgspec.json.Decoder(tuple[int, msgspec.Raw])


async def additions(link: Link) -> Additions:
    """Read everything added so far, in the order it came; again, while it is half written."""
    for _ in range(LOOKS):
        row = await link.read(ADDED, {}, LONG_READ_SECONDS)
        revision, count, total = json.loads(row["tally"])
        found = [(kind, body) for kind, body in row["additions"] if _brought.decode(body)[0] <= revision]
        if (len(found), sum(_brought.decode(body)[0] for _, body in found)) == (count, total):
            return await _used(link, _additions(revision, found))
    raise StoreUnavailable(UNAVAILABLE)


async def add(attempt: Attempt, more: Additions, *, command: Command, at: datetime) -> Appended:
    """Add to the catalogue inside a write transaction; raises `KeyReused`, `RevisionConflict`."""
    opened = await commands.opened(attempt, CATALOGUE, command, micros(at))
    if opened.earlier is not None:
        await attempt.forget()
        return opened.earlier
    revision, count, total = json.loads((await attempt.row(LOCK, {"lock": attempt.lock}))["tally"])
    named = _named(more)
    known = dict((await attempt.row(SAME, {"ids": list(named)}))["additions"])
    for notice in more.notices:
        _refuse_another(known.get(joined(NOTICE, str(notice.ref), "")), notice)
    if named:
        revision += 1
        rows = _rows(named, known, revision, count)
        total += revision * len(named) - sum(_brought.decode(body)[0] for body in known.values())
        tally = json.dumps([revision, count + len(named) - len(known), total])
        await attempt.run(ADD, {"revision": revision, "tally": tally, "rows": rows})
        await mirror_additions(attempt, more)
    return await commands.keep(attempt, commands.kept(CATALOGUE, command, revision, micros(at)))


async def serve(attempt: Attempt, catalogue: Catalogue) -> None:
    """Mirror a catalogue with all that was added to it, inside a write transaction; raises `CatalogueTooOld`.

    Additions are locked before any node of the catalogue is, as `add` does.
    """
    if await took_turn(attempt, catalogue):
        await attempt.run(LOCK, {"lock": attempt.lock})
        rows = (await attempt.row(ADDED, {}))["additions"]
        await mirror(attempt, catalogue, _additions(0, rows))


def addition_of(kind: str, body: str) -> Addition:
    """Return an addition as its node has it."""
    return _addition_of[kind](body)[1]


def addition_row(one: Addition, revision: int, count: int) -> dict[str, Any]:
    """Return the node of an addition that is not there yet, after `count` that are."""
    match one:
        case Recipient():
            more = Additions(recipients=(one,))
        case NoticeVersion():
            more = Additions(notices=(one,))
        case _:
            more = Additions(documents=(one,))
    return _rows(_named(more), {}, revision, count)[0]


def _additions(revision: int, rows: list[tuple[str, str]]) -> Additions:
    return Additions(
        revision,
        tuple(_recipient.decode(body)[1] for kind, body in rows if kind == RECIPIENT),
        tuple(_notice.decode(body)[1] for kind, body in rows if kind == NOTICE),
        tuple(_document.decode(body)[1] for kind, body in rows if kind == DOCUMENT),
    )


async def _used(link: Link, found: Additions) -> Additions:
    """Return additions whose documents say when they were last used."""
    asked = [[one.id, one.recipient] for one in found.documents]
    row = await link.read(USED, {"documents": asked, "ever": EVER}, LONG_READ_SECONDS)
    uses = {tuple(document): at for document, at in row["uses"]}
    documents = (
        replace(one, last_used_at=instant_or_none(uses.get((one.id, one.recipient)))) for one in found.documents
    )
    return replace(found, documents=tuple(documents))


def _named(more: Additions) -> dict[str, tuple[str, str, object]]:
    """Return each addition under its id: its kind, its owner, itself; the last of one name counts."""
    return {
        **{joined(RECIPIENT, one.id, ""): (RECIPIENT, "", one) for one in more.recipients},
        **{joined(NOTICE, str(one.ref), ""): (NOTICE, "", one) for one in more.notices},
        **{joined(DOCUMENT, one.id, one.recipient): (DOCUMENT, one.recipient, one) for one in more.documents},
    }


def _rows(
    named: dict[str, tuple[str, str, object]], known: dict[str, str], revision: int, count: int
) -> list[dict[str, Any]]:
    """Return the nodes of additions; one that is new takes the next place, one of an old name keeps its own."""
    rows = []
    for key, (kind, owner, one) in named.items():
        count += key not in known
        document = one.id if isinstance(one, RegisteredDocument) else None
        body = msgspec.json.encode((revision, one)).decode()
        properties = {"kind": kind, "owner": owner, "document": document, "body": body}
        rows.append({"id": key, "place": count, "properties": properties})
    return rows


def _refuse_another(body: str | None, notice: NoticeVersion) -> None:
    if body is not None and _notice.decode(body)[1] != notice:
        raise RevisionConflict("this version of the notice was published before; publish it under the next number")
