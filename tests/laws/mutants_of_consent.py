"""Seeded faults of the consent gate."""

CONSENT = r"""
consent: the household's no is nobody's
- limits=tuple(entry for entry in hearing.touching if counted
+ limits=tuple(entry for entry in hearing.touching if entry.own and counted

consent: an expired yes proves still where it is the last
- for entry, flaw in self.yeses if flaw is None and
+ for entry, flaw in self.yeses if flaw in (None, Reason.CONSENT_EXPIRED) and

consent: an ancestor names a special category
- hearing.cell.category not in record.names:
+ not any(hearing.cell.category.startswith(one) for one in record.names):

consent: the first invalid yes gives the reason
- for entry, invalid in reversed(here.yeses):
+ for entry, invalid in here.yeses:

consent: the served notice is never shown
- if reason is Reason.NOTICE_OUTDATED and here.hearing.regime in SILENCE_MAY_DO:
+ if False:

consent: reasons of the first cell only
- if row.ceiling == ceiling and row.reason is not None:
+ if row.ceiling == ceiling and row.reason is not None and not first:

consent: the highest cell decides
- ceiling = min(row.ceiling for row in rows)
+ ceiling = max(row.ceiling for row in rows)

consent: the reason at the ceiling
- else _stopped(_at(above, value, effect), rung, above)
+ else _stopped(_at(above, value, effect), rung, attribute.top)

consent: gate 5 repeats the law
- return Verdict(attribute.top)  # the law gate stops it; of the effect it stops nothing
+ return Verdict(Fidelity.NONE, Reason.CONSENT_MISSING, NextActionKind.ASK_CONSENT)

consent: a yes to a third party's group is separate
- return not third_party or record.scope.recipient == hearing.cell.recipient
+ return not third_party or record.scope.recipient == hearing.cell.recipient or record.scope.group is not None

consent: under everything something moves
- if named is not None and any(
+ if any(

consent: what a yes names was moved under it
-         if one == named:
-             return
-         yield one
+         yield one
+         if one == named:
+             return

consent: dropped no: a yes needs to beat none
- return [entry for entry in self.limits if entry.record.limit < rung]
+ return []

consent: a no at its own cap
- entry.record.limit < rung]
+ entry.record.limit <= rung]

consent: cap ignored: a yes proves any rung
- flaw is None and entry.record.cap >= rung]
+ flaw is None]

consent: cap ignored: a yes limits nothing above it
- return record.limit < Fidelity.PRECISE and (record.is_no or record.starts <= at)
+ return record.is_no

consent: a cap limits before it starts
- (record.is_no or record.starts <= at)
+ True

consent: an expired yes no longer limits
- (record.is_no or record.starts <= at)
+ (record.is_no or (record.starts <= at and (record.valid_until is None or at < record.valid_until)))

consent: each no is beaten by some yes
- if all(self.beats(yes, no) for no in nos)
+ if not nos or any(self.beats(yes, no) for no in nos)

consent: the oldest proof
- (yes for yes in reversed(self.valid(rung))
+ (yes for yes in self.valid(rung)

consent: an earlier yes beats a later no
-         if not yes.later_than(no):
-             return False

consent: a wide yes beats a narrow no
- return at_least_as_narrow(yes.scope, no.scope, self.situation.catalogue.trees)
+ return True

consent: any yes answers a signal
- return yes.record.answers_signal
+ return True

consent: 512 records and one more
-         if self.situation.too_many:
-             return False

consent: silence for special data
- is Regime.OPT_OUT and self.hearing.special
+ is Regime.OPT_OUT and False

consent: silence unserved
- in SILENCE_MAY_DO and self.hearing.served
+ in SILENCE_MAY_DO

consent: silence against a no
- return self.silence_does and not self.nos(rung)
+ return self.silence_does

consent: a no to what a contract needs counts
- counted = hearing.regime is not Regime.NOTICE_ONLY or hearing.cell.operation in COUNTED_WITHOUT_CONSENT
+ counted = True

consent: a yes of another tree
- if entry.own and entry.record.is_yes
+ if entry.record.is_yes

consent: a yes that only touches
-  and covers(entry.scope, hearing.cell, trees)

consent: an end is part of the time
- at >= record.valid_until:
+ at > record.valid_until:

consent: no end at all
- if record.valid_until is not None and at >= record.valid_until:
+ if False:

consent: age ignored
- if rule.max_age is not None and at >= record.recorded_at + rule.max_age:
+ if False:

consent: an age one instant too long
- at >= record.recorded_at + rule.max_age:
+ at > record.recorded_at + rule.max_age:

consent: age from its start
- at >= record.recorded_at + rule.max_age:
+ at >= record.starts + rule.max_age:

consent: an outdated notice
- situation.changed_since(record.notice, hearing.cell) or _younger
+ _younger

consent: a younger node
- node is not None and node.since > version
+ False

consent: a node of the next version
- node.since > version
+ node.since > version + 1

consent: a moved node
- (tree.nodes[one].moved or 0) > version
+ False

consent: a brand that joined
- return row is not None and row.since > version
+ return False

consent: an unnamed special category
- if hearing.special and hearing.cell.category not in record.names:
+ if False:

consent: an implied yes
- return record.explicit or hearing.regime is not Regime.EXPLICIT_CONSENT
+ return True

consent: a child's own yes
- band is AgeBand.CHILD or (band
+ (band

consent: a teen's own yes
- or (band is AgeBand.TEEN and hearing.rule.guardian)

consent: a guardian's yes to everybody
- return not third_party or record.scope.recipient == hearing.cell.recipient
+ return True

consent: a yes before its start
- if at < record.starts or record
+ if record

consent: a start one instant late
- at < record.starts or
+ at <= record.starts or

consent: a weak yes
-  or record.assurance < rule.min_assurance:
+ :

consent: an effect frees the value
- return effect if effect is not None and rung is Fidelity.EFFECT_ONLY else value
+ return effect if effect is not None else value

consent: the earlier no gives the reason
- max(reversed(standing), key
+ min(reversed(standing), key

consent: an objection is a refusal
- if no.record.kind in (RecordKind.OBJECTED, RecordKind.SIGNAL):
+ if False:

consent: a late wide yes says nothing
- if best is not None and best.later_than(no):
+ if False:
"""
