"""Gate 5, the consent gate: which yes and which no stand for one cell at one rung (2.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from graph.catalogue import Attribute
from graph.decision.request import GateAnswer
from graph.decision.situation import Hearing, Situation
from graph.decision.snapshot import Entry
from graph.records import Record, Scope, at_least_as_narrow, covers
from graph.terms import (
    AgeBand,
    Fidelity,
    Gate,
    GivenBy,
    NextActionKind,
    Operation,
    Reason,
    RecordKind,
    Regime,
)

# Under NOTICE_ONLY a no counts for these only: Art. 21(2), and what no contract needs (rule 4).
COUNTED_WITHOUT_CONSENT = frozenset({Operation.INFER, Operation.SELL, Operation.TARGET, Operation.TRAIN})
SILENCE_MAY_DO = frozenset({Regime.OPT_OUT, Regime.NOTICE_ONLY})

ACTIONS: dict[Reason, NextActionKind] = {
    Reason.CONSENT_MISSING: NextActionKind.ASK_CONSENT,
    Reason.CONSENT_EXPIRED: NextActionKind.ASK_CONSENT,
    Reason.CONSENT_WITHDRAWN: NextActionKind.ASK_CONSENT,
    Reason.EXPLICIT_CONSENT_REQUIRED: NextActionKind.ASK_CONSENT,
    Reason.NOTICE_OUTDATED: NextActionKind.ASK_CONSENT,
    Reason.GUARDIAN_REQUIRED: NextActionKind.ASK_GUARDIAN,
}


class Verdict(NamedTuple):
    """What the consent gate says of one cell: the highest rung, why not the next, and by which record."""

    ceiling: Fidelity
    reason: Reason | None = None
    action: NextActionKind | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One cell's yeses and nos, sorted out once: covering yeses with their flaw, and whatever limits."""

    hearing: Hearing
    yeses: tuple[tuple[Entry, Reason | None], ...]
    limits: tuple[Entry, ...]
    situation: Situation

    def nos(self, rung: Fidelity) -> list[Entry]:
        """Return the nos at a rung: every record that limits below it (rule 2)."""
        return [entry for entry in self.limits if entry.record.limit < rung]

    def valid(self, rung: Fidelity) -> list[Entry]:
        """Return the valid covering yeses at a rung, in order (rule 2)."""
        return [entry for entry, flaw in self.yeses if flaw is None and entry.record.cap >= rung]

    def proof(self, rung: Fidelity) -> Entry | None:
        """Return the latest yes that by itself beats every no at a rung (rules 3 and 4)."""
        if self.situation.too_many:
            return None
        nos = self.nos(rung)
        return next((yes for yes in reversed(self.valid(rung)) if all(self.beats(yes, no) for no in nos)), None)

    def beats(self, yes: Entry, no: Entry) -> bool:
        """Tell whether a yes is later than a no and at least as narrow; a signal wants to be named (rules 3, 8)."""
        if not yes.later_than(no):
            return False
        if no.record.kind is RecordKind.SIGNAL:
            return yes.record.answers_signal
        return at_least_as_narrow(yes.scope, no.scope, self.situation.catalogue.trees)

    def permits(self, rung: Fidelity) -> bool:
        """Tell whether the regime is content at a rung (rule 4)."""
        if self.hearing.regime is Regime.PROHIBITED:
            return True
        if self.situation.too_many:
            return False
        if self.proof(rung) is not None:
            return True
        return self.silence_does and not self.nos(rung)

    @property
    def silence_does(self) -> bool:
        """Tell whether the served notice is enough where nobody said no; never for special data under OPT_OUT."""
        if self.hearing.regime is Regime.OPT_OUT and self.hearing.special:
            return False
        return self.hearing.regime in SILENCE_MAY_DO and self.hearing.served


def side(situation: Situation, hearing: Hearing) -> Side:
    """Sort out what was said about one cell."""
    counted = hearing.regime is not Regime.NOTICE_ONLY or hearing.cell.operation in COUNTED_WITHOUT_CONSENT
    trees, at = situation.catalogue.trees, situation.request.at
    return Side(
        hearing=hearing,
        yeses=tuple(
            (entry, flaw(entry.record, hearing, situation))
            for entry in hearing.touching
            if entry.own and entry.record.is_yes and covers(entry.scope, hearing.cell, trees)
        ),
        limits=tuple(entry for entry in hearing.touching if counted and _limits(entry.record, at)),
        situation=situation,
    )


def _limits(record: Record, at: datetime) -> bool:
    return record.limit < Fidelity.PRECISE and (record.is_no or record.starts <= at)


def flaw(record: Record, hearing: Hearing, situation: Situation) -> Reason | None:
    """Return why a covering yes is invalid (rules 5 and 6), or `None`; CONSENT_MISSING where no reason names it."""
    rule, at = hearing.rule, situation.request.at
    if record.valid_until is not None and at >= record.valid_until:
        return Reason.CONSENT_EXPIRED
    if rule.max_age is not None and at >= record.recorded_at + rule.max_age:
        return Reason.CONSENT_EXPIRED
    if situation.changed_since(record.notice, hearing.cell) or _younger(record, hearing, situation):
        return Reason.NOTICE_OUTDATED
    if not _stated(record, hearing):
        return Reason.EXPLICIT_CONSENT_REQUIRED
    if guardian_needed(hearing) and not _by_guardian(record, hearing, situation):
        return Reason.GUARDIAN_REQUIRED
    if at < record.starts or record.assurance < rule.min_assurance:
        return Reason.CONSENT_MISSING
    return None


def _stated(record: Record, hearing: Hearing) -> bool:
    """Tell whether the yes was a statement where the law wants one, naming a special category itself (Art. 9(2)(a))."""
    if hearing.special and hearing.cell.category not in record.names:
        return False
    return record.explicit or hearing.regime is not Regime.EXPLICIT_CONSENT


def guardian_needed(hearing: Hearing) -> bool:
    """Tell whether only a guardian can say yes: for a child, and a teen where the law says so (Art. 8)."""
    band = hearing.rule.age_band
    return band is AgeBand.CHILD or (band is AgeBand.TEEN and hearing.rule.guardian)


def _by_guardian(record: Record, hearing: Hearing, situation: Situation) -> bool:
    """Tell whether a guardian said this yes, and for a third party separately: naming that recipient itself."""
    if record.given_by is not GivenBy.GUARDIAN:
        return False
    recipient = situation.catalogue.recipients.get(hearing.cell.recipient)
    third_party = recipient is None or recipient.third_party
    return not third_party or record.scope.recipient == hearing.cell.recipient


def _younger(record: Record, hearing: Hearing, situation: Situation) -> bool:
    """Tell whether the cell has a node that came, or moved under the scope, after the yes' catalogue (rule 6)."""
    version, cell, scope = record.catalogue_version, hearing.cell, record.scope
    trees = situation.catalogue.trees
    for tree, key, named in (
        (trees.categories, cell.category, scope.category),
        (trees.purposes, cell.purpose, scope.purpose),
    ):
        node = tree.nodes.get(key)
        if node is not None and node.since > version:
            return True
        if named is not None and any(
            (tree.nodes[one].moved or 0) > version for one in _below(tree.path(key), named, key)
        ):
            return True
    return _joined_later(scope, cell.recipient, version, situation)


def _below(path: tuple[str, ...], named: str, key: str) -> Iterable[str]:
    """Yield the nodes from a cell's own up to, not including, the one the scope names."""
    if key == named:
        return
    for one in path:
        if one == named:
            return
        yield one


def _joined_later(scope: Scope, recipient: str, version: int, situation: Situation) -> bool:
    if scope.recipient is not None:
        return False
    row = situation.catalogue.recipients.get(recipient)
    return row is not None and row.since > version


def verdict(attribute: Attribute, value: Side, effect: Side | None) -> Verdict:
    """Say how far one cell goes for an attribute; `effect` stands for the EFFECT_ONLY rung of a safety attribute."""
    if value.hearing.regime is Regime.PROHIBITED:
        if effect is None or effect.permits(Fidelity.EFFECT_ONLY):
            return Verdict(attribute.top)  # the law gate stops it; of the effect it stops nothing
        return _stopped(effect, Fidelity.NONE, Fidelity.EFFECT_ONLY)
    rung = next(one for one in reversed(attribute.rungs) if not one or _at(one, value, effect).permits(one))
    above = attribute.above(rung)
    return Verdict(rung) if above is None else _stopped(_at(above, value, effect), rung, above)


def _at(rung: Fidelity, value: Side, effect: Side | None) -> Side:
    return effect if effect is not None and rung is Fidelity.EFFECT_ONLY else value


def _stopped(here: Side, ceiling: Fidelity, above: Fidelity) -> Verdict:
    reason, record = _reason(here, above)
    action = ACTIONS.get(reason)
    if reason is Reason.NOTICE_OUTDATED and here.hearing.regime in SILENCE_MAY_DO:
        action = NextActionKind.SHOW_NOTICE
    return Verdict(ceiling, reason, action, record)


def _reason(here: Side, rung: Fidelity) -> tuple[Reason, str]:
    """Return the first reason that fits at a rung that is not permitted, and the record behind it (rule 10)."""
    if here.situation.too_many:
        return Reason.TOO_MANY_RECORDS, ""
    if here.hearing.regime in SILENCE_MAY_DO and not here.hearing.served:
        return Reason.NOTICE_OUTDATED, ""
    best = next(iter(reversed(here.valid(rung))), None)
    standing = [no for no in here.nos(rung) if best is None or not here.beats(best, no)]
    if standing:
        latest = max(reversed(standing), key=lambda no: no.record.recorded_at)
        return _reason_of_no(latest, best), latest.record.id
    for entry, invalid in reversed(here.yeses):
        if entry.record.cap >= rung and invalid is not None:
            if invalid is not Reason.CONSENT_MISSING:
                return invalid, entry.record.id
            break
    return (Reason.GUARDIAN_REQUIRED if guardian_needed(here.hearing) else Reason.CONSENT_MISSING), ""


def _reason_of_no(no: Entry, best: Entry | None) -> Reason:
    if no.record.kind in (RecordKind.OBJECTED, RecordKind.SIGNAL):
        return Reason.OBJECTED
    if best is not None and best.later_than(no):
        return Reason.EARLIER_NO_STANDS
    if no.record.kind in (RecordKind.WITHDRAWN, RecordKind.REVOKED):
        return Reason.CONSENT_WITHDRAWN
    return Reason.CONSENT_MISSING


def consent_gate(verdicts: Iterable[Verdict], rule: str) -> GateAnswer:
    """Answer with the lowest cell; of cells equally low with the reasons of all (2.3)."""
    rows = tuple(verdicts)
    ceiling = min(row.ceiling for row in rows)
    first: dict[Reason, Verdict] = {}
    for row in rows:
        if row.ceiling == ceiling and row.reason is not None:
            first.setdefault(row.reason, row)
    if not first:
        return GateAnswer(Gate.CONSENT, ceiling, rule=rule)
    return GateAnswer(
        gate=Gate.CONSENT,
        ceiling=ceiling,
        reasons=tuple(first),
        actions=tuple(row.action for row in first.values()),
        evidence=tuple(dict.fromkeys(row.evidence for row in first.values() if row.evidence)),
        rule=rule,
    )
