"""The oracle's gate 5 for one cell and one rung, clause by clause of 2.4."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from graph.catalogue import NoticeVersion
from graph.records import Cell, NoticeRef, Record
from graph.terms import Fidelity, GivenBy, NextActionKind, Operation, Reason, RecordKind, Regime
from tests.laws.oracle_law import Rule, World, path_names
from tests.laws.oracle_scope import Entry, beats, covers, later, latest, touches, within

MOST = 512  # rule 9
ASKED = {Regime.CONSENT, Regime.EXPLICIT_CONSENT}
SILENT = {Regime.OPT_OUT, Regime.NOTICE_ONLY}
OBJECTABLE = {Operation.INFER, Operation.SELL, Operation.TARGET, Operation.TRAIN}  # rule 4, Art. 21(2)

Said = tuple[Reason, NextActionKind | None]


@dataclass(frozen=True)
class Point:
    """One cell at one rung under one rule: what rules 2 to 6 speak of."""

    cell: Cell
    rung: Fidelity
    rule: Rule
    world: World


def too_many(world: World) -> bool:
    """Rule 9: more than 512 records in force in one party's tree; what is neither yes nor no does not count."""
    for party in range(len(world.snapshot.parties)):
        held = [
            entry
            for entry in world.entries
            if entry.party == party
            and not entry.virtual
            and entry.record.kind not in {RecordKind.NOTICE_SERVED, RecordKind.RESTRICTED}
        ]
        if len(held) > MOST:
            return True
    return False


def changed(ref: NoticeRef, cell: Cell, world: World) -> bool:
    """Whether a version above this one, effective by now, changed this cell materially (table of 2.4)."""
    return any(
        version.ref.version > ref.version and version.effective_from <= world.at and speaks(version, cell, world)
        for version in world.catalogue.notices.get(ref.id, ())
    )


def speaks(version: NoticeVersion, cell: Cell, world: World) -> bool:
    """2.9: cells absent = every cell, material; a dimension absent is `*`."""
    if version.cells is None:
        return True
    return any(
        row.material
        and within(cell.purpose, row.purpose, world.catalogue.purposes)
        and within(cell.category, row.category, world.catalogue.categories)
        and row.recipient in (None, cell.recipient)
        and row.operation in (None, cell.operation)
        for row in version.cells
    )


def known(ref: NoticeRef, world: World) -> bool:
    """Whether the catalogue has this notice in this version."""
    return any(version.ref == ref for version in world.catalogue.notices.get(ref.id, ()))


def served(cell: Cell, world: World) -> bool:
    """Table of 2.4: the notice in force was served, or an older one since which nothing changed this cell."""
    return any(
        entry.own
        and entry.record.kind is RecordKind.NOTICE_SERVED
        and entry.record.notice is not None
        and known(entry.record.notice, world)
        and not changed(entry.record.notice, cell, world)
        and covers(entry.record.scope, cell, world.catalogue)
        and (entry.record.assurance >= 2 or entry.record.given_on.device == cell.device)  # rule 5
        for entry in world.entries
    )


def is_no(entry: Entry, point: Point) -> bool:
    """Rule 2: its cap is below the rung and it touches the cell; rule 5: a yes' cap limits from its start on."""
    if not touches(entry, point.cell, point.world.catalogue):
        return False
    if entry.record.is_no:
        return True
    return entry.record.is_yes and entry.record.starts <= point.world.at and entry.record.cap < point.rung


def counting_nos(point: Point) -> list[Entry]:
    """Rule 4: under NOTICE_ONLY a no counts only for INFER, SELL, TARGET, TRAIN."""
    if point.rule.regime is Regime.NOTICE_ONLY and point.cell.operation not in OBJECTABLE:
        return []
    return [entry for entry in point.world.entries if is_no(entry, point)]


def covering(point: Point) -> list[Entry]:
    """Rule 2 without validity: the subject's own yeses up to this rung whose scope covers the cell."""
    return [
        entry
        for entry in point.world.entries
        if entry.own
        and entry.record.is_yes
        and entry.record.cap >= point.rung
        and covers(entry.scope, point.cell, point.world.catalogue)
    ]


def valid_yeses(point: Point) -> list[Entry]:
    """Rule 2: a yes at this rung: its cap reaches it, it is valid, it covers the cell (rule 6 too)."""
    return [entry for entry in covering(point) if valid(entry.record, point)]


def valid(record: Record, point: Point) -> bool:
    """Rules 5 and 6."""
    return not (
        point.world.at < record.starts
        or ended(record, point)
        or outdated(record, point)
        or not grown(record, point.cell, point.world)
        or (point.rule.regime is Regime.EXPLICIT_CONSENT and not record.explicit)
        or unnamed(record, point)
        or unguarded(record, point)
        or record.assurance < point.rule.min_assurance
    )


def ended(record: Record, point: Point) -> bool:
    """Rule 5: at or after its end; at or after its recording plus the maximum age."""
    if record.valid_until is not None and point.world.at >= record.valid_until:
        return True
    age = point.rule.max_age_days
    return age is not None and point.world.at >= record.recorded_at + timedelta(days=age)


def outdated(record: Record, point: Point) -> bool:
    """Rule 5: its notice is outdated for this cell; an unknown or absent one is."""
    ref = record.notice
    return ref is None or not known(ref, point.world) or changed(ref, point.cell, point.world)


def grown(record: Record, cell: Cell, world: World) -> bool:
    """Rule 6: whether the yes covers nodes as young, and moved as late, as this cell's."""
    return (
        _old_enough(record, cell.purpose, record.scope.purpose, world, purposes=True)
        and _old_enough(record, cell.category, record.scope.category, world, purposes=False)
        and _member_long_enough(record, cell, world)
    )


def _old_enough(record: Record, node: str, named: str | None, world: World, *, purposes: bool) -> bool:
    nodes = world.catalogue.purposes if purposes else world.catalogue.categories
    if node not in nodes:
        return True
    if nodes[node].since > record.catalogue_version:
        return False
    if named is None:  # under `*` nothing moves
        return True
    for step in path_names(node, world, purposes=purposes):
        if step == named:
            break
        moved = nodes[step].moved
        if moved is not None and moved > record.catalogue_version:
            return False
    return True


def _member_long_enough(record: Record, cell: Cell, world: World) -> bool:
    """Rule 6: membership counts for a yes that names the group or `*`."""
    member = world.catalogue.recipients.get(cell.recipient)
    if member is None or record.scope.recipient is not None:
        return True
    return member.since <= record.catalogue_version


def unnamed(record: Record, point: Point) -> bool:
    """Rule 5: a special category not named in the offer; an ancestor does not name it (2.9)."""
    return point.rule.special and point.cell.category not in record.names


def unguarded(record: Record, point: Point) -> bool:
    """Rule 5: a child without a guardian, and for a third party without a guardian's separate yes (4.3)."""
    if not point.rule.guardian:
        return False
    if record.given_by is not GivenBy.GUARDIAN:
        return True
    recipient = point.world.catalogue.recipients.get(point.cell.recipient)
    return recipient is not None and recipient.third_party and record.scope.recipient != point.cell.recipient


def proofs(point: Point) -> list[Entry]:
    """Rules 3 and 4: the yeses each of which alone beats every counting no."""
    nos = counting_nos(point)
    return [yes for yes in valid_yeses(point) if all(beats(yes, no, point.world.catalogue) for no in nos)]


def holds(point: Point) -> bool:
    """Rule 4: whether gate 5 lets this rung of this cell through."""
    regime = point.rule.regime
    if too_many(point.world):
        return False
    if regime is Regime.PROHIBITED:
        return False
    if proofs(point):
        return True
    if regime in ASKED:
        return False
    silence = served(point.cell, point.world) and not counting_nos(point)
    if regime is Regime.OPT_OUT:
        return silence and not point.rule.special
    return silence


def reason(point: Point) -> Said:
    """Rule 10: the first that fits at the next rung above the ceiling, with what 2.5 answers to it."""
    found = _reason(point)
    if found in {Reason.EARLIER_NO_STANDS, Reason.OBJECTED, Reason.TOO_MANY_RECORDS}:
        return found, None
    if found is Reason.GUARDIAN_REQUIRED:
        return found, NextActionKind.ASK_GUARDIAN
    if found is Reason.NOTICE_OUTDATED and point.rule.regime in SILENT:
        return found, NextActionKind.SHOW_NOTICE
    return found, NextActionKind.ASK_CONSENT


def _reason(point: Point) -> Reason:
    if too_many(point.world):
        return Reason.TOO_MANY_RECORDS
    if point.rule.regime in SILENT and not served(point.cell, point.world):
        return Reason.NOTICE_OUTDATED
    valid_ones = valid_yeses(point)
    last = latest(valid_ones) if valid_ones else None
    catalogue = point.world.catalogue
    standing = [no for no in counting_nos(point) if last is None or not beats(last, no, catalogue)]
    if standing:
        return _standing_reason(latest(standing), last)
    every = covering(point)
    if every and not valid_ones:
        found = _invalid_reason(latest(every).record, point)
        if found is not None:
            return found
    return Reason.GUARDIAN_REQUIRED if point.rule.guardian else Reason.CONSENT_MISSING


def _standing_reason(no: Entry, last: Entry | None) -> Reason:
    if no.record.kind in {RecordKind.OBJECTED, RecordKind.SIGNAL}:
        return Reason.OBJECTED
    if last is not None and later(last, no):
        return Reason.EARLIER_NO_STANDS
    if no.record.kind in {RecordKind.WITHDRAWN, RecordKind.REVOKED}:
        return Reason.CONSENT_WITHDRAWN
    return Reason.CONSENT_MISSING


def _invalid_reason(record: Record, point: Point) -> Reason | None:
    if ended(record, point):
        return Reason.CONSENT_EXPIRED
    if outdated(record, point) or not grown(record, point.cell, point.world):
        return Reason.NOTICE_OUTDATED
    if (point.rule.regime is Regime.EXPLICIT_CONSENT and not record.explicit) or unnamed(record, point):
        return Reason.EXPLICIT_CONSENT_REQUIRED
    if unguarded(record, point):
        return Reason.GUARDIAN_REQUIRED
    return None


def age_instant(entry: Entry, point: Point) -> datetime | None:
    """2.5: the maximum age of a yes that covers (as rule 1 has the word)."""
    age = point.rule.max_age_days
    if age is None or not entry.record.is_yes or not covers(entry.scope, point.cell, point.world.catalogue):
        return None
    return entry.record.recorded_at + timedelta(days=age)
