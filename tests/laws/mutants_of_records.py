"""Seeded faults of scopes and of what leaves a snapshot."""

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
- return self.within(key, other) or key in self.above.get(other or "", ())
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
- if record.assurance >= SIGNED_IN and party is not PartyKind.DEVICE:
+ if True:

snapshot: a device's tree for all devices
- record.assurance >= SIGNED_IN and party is not PartyKind.DEVICE
+ record.assurance >= SIGNED_IN

snapshot: a weak word for all devices
- record.assurance >= SIGNED_IN and party is not
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
