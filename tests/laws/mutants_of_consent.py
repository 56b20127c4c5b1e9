"""Seeded faults of scopes, of the consent gate and of what leaves a snapshot."""

SCOPES = r"""
taxonomy: sibling leak: a scope covers what stands beside its node
- key == other or other in self.above.get(key, ())
+ key.rpartition(".")[0] == other.rpartition(".")[0] or other in self.above.get(key, ())

taxonomy: a name that begins alike
- key == other or other in self.above.get(key, ())
+ key.startswith(other)

taxonomy: a scope covers no subtree
- other is None or key == other or other in self.above.get(key, ())
+ other is None or key == other

taxonomy: a no to a part does not touch the whole
- return self.within(key, other) or (other is not None and self.within(other, key))
+ return self.within(key, other)

records: the session is ignored
- and scope.session in (None, cell.session)

records: the device is ignored
- and scope.device in (None, cell.device)

records: the channel is ignored
- scope.channel in (None, cell.channel)
+ True

records: the recipient is ignored
- and scope.recipient in (None, cell.recipient)

records: a group is everybody
-         and (scope.group is None or trees.groups.get(cell.recipient) == scope.group)

records: a wider set of operations is narrow
- scope.operations <= other.operations
+ True

records: narrowness forgets the device
- and other.device in (None, scope.device)

records: narrowness forgets the session
- and other.session in (None, scope.session)

records: narrowness forgets the channel
- and other.channel in (None, scope.channel)

records: everything is as narrow as a group
-     return scope.group == other.group
+     return True
"""

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
- return _stopped(_at(above, value, effect), rung, above)
+ return _stopped(_at(above, value, effect), rung, attribute.top)

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

RECORDS = r"""
snapshot: a wide no takes no yes away
- if newer.place > row.place and at_least_as_narrow(row.scope, newer.scope, trees):
+ if False:

snapshot: a narrow no takes a wide yes away
- at_least_as_narrow(row.scope, newer.scope, trees)
+ at_least_as_narrow(newer.scope, row.scope, trees)

snapshot: a wide no takes a limit away
- if row.record.is_yes and row.record.cap is Fidelity.PRECISE:
+ if row.record.is_yes:

snapshot: an earlier no takes a later yes away
- for newer in self._nos:
-                 if newer.place > row.place and
+ for newer in self._nos:
+                 if

snapshot: a yes that left for a no comes back with its party's next word
- self._nos = [row for row in rows if row.record.is_no and
+ self._nos = [row for row in rows[-1:] if row.record.is_no and

situation: as many as 512 are too many
- row.record.kind not in UNCOUNTED for row in rows) > MOST_RECORDS
+ row.record.kind not in UNCOUNTED for row in rows) >= MOST_RECORDS

situation: too many of the last party only
- self.too_many |= sum(
+ self.too_many = sum(

situation: what left is counted
- rows = in_force(entries(party, self.request.at), self.request.at, self.catalogue.trees)
+ rows = entries(party, self.request.at)

records: a member is not as narrow as its group
- return trees.groups.get(scope.recipient) == other.group
+ return False

records: a no has a cap
- return self.cap if self.is_yes else Fidelity.NONE
+ return self.cap

records: an interval ends with its start
- return self.valid_from if self.is_yes and self.valid_from is not None else self.recorded_at
+ return self.recorded_at

records: the level for all goes first
- return levels.get(channel, levels.get("*"))
+ return levels.get("*", levels.get(channel))

records: a no touches upwards only
- and trees.purposes.related(cell.purpose, scope.purpose)
+ and trees.purposes.within(cell.purpose, scope.purpose)

snapshot: a yes at the same instant is later
- self.record.recorded_at > other.record.recorded_at
+ self.record.recorded_at >= other.record.recorded_at

snapshot: the store's order backwards
- return self.place > other.place
+ return self.place < other.place

snapshot: a device's word for all devices
- if record.assurance >= 2 and party is not PartyKind.DEVICE:
+ if True:

snapshot: a device's tree for all devices
- record.assurance >= 2 and party is not PartyKind.DEVICE
+ record.assurance >= 2

snapshot: a weak word for all devices
- record.assurance >= 2 and party is not
+ record.assurance >= 1 and party is not

snapshot: a record of the future
-         if record.recorded_at > at:
-             continue

snapshot: a record not there at its instant
- if record.recorded_at > at:
+ if record.recorded_at >= at:

snapshot: a later accept-all ends a no
-     if old.is_no:
-         return new.is_no
+     if old.is_no:
+         return new.is_no or new.is_yes

snapshot: a refusal ends a signal
- return old.kind is new.kind and old.given_on.device == new.given_on.device
+ return True

snapshot: an implied yes ends an explicit one
- return new.explicit or not old.explicit
+ return True

snapshot: a yes that has not begun replaces one
- (new.is_yes and new.starts <= at)
+ new.is_yes

snapshot: a higher cap ends a lower one
- return new.cap <= old.cap and
+ return True and

snapshot: silence keeps a precise yes
-     if new.is_no:
-         return True
+     if new.is_no:
+         return False
"""
