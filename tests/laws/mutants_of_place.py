"""Seeded faults of the situation and of the catalogue it stands in."""

PLACE = r"""
situation: assurance beyond the channel
- min(request.assurance, self.channel.max_assurance if self.channel else 0)
+ request.assurance

situation: a restriction is forgotten
-     restricted = any(
+     restricted = False and any(

situation: a carried signal is not heard
- return (*found, *self._signal())
+ return tuple(found)

situation: a carried signal counts twice
- if Signal.GPC not in request.signals or any(self._is_on_record(party) for party in self.snapshot.parties):
+ if Signal.GPC not in request.signals:

situation: a signal against every purpose
- (purpose is None or not purpose.gpc_objects or cell.operation not in SIGNAL_OPERATIONS)
+ (purpose is None or cell.operation not in SIGNAL_OPERATIONS)

situation: a signal against every operation
- not purpose.gpc_objects or cell.operation not in SIGNAL_OPERATIONS)
+ not purpose.gpc_objects)

situation: sharing is not selling
- "share": Operation.TARGET, "targeted"
+ "targeted"

situation: training is not asked about
- return (*found, Operation.TRAIN) if request.trains else tuple(found)
+ return tuple(found)

situation: a third party uses
- Operation.DISCLOSE if recipient is None or recipient.third_party else Operation.USE
+ Operation.USE

situation: a notice of the future outdates
-             and version.effective_from <= self.request.at

situation: a notice served on another device
- here = served.assurance >= SIGNED_IN or served.given_on.device == cell.device
+ here = True

situation: a notice served for something else
- return here and covers(served.scope, cell, self.catalogue.trees) and not
+ return here and not

situation: a notice served tomorrow
- record.kind is RecordKind.NOTICE_SERVED and record.recorded_at <= request.at
+ record.kind is RecordKind.NOTICE_SERVED

situation: a restriction of tomorrow
- record.kind is RecordKind.RESTRICTED and record.recorded_at <= at for
+ record.kind is RecordKind.RESTRICTED for

situation: the same version outdates itself
- version.ref.version > ref.version
+ version.ref.version >= ref.version

situation: another device's signal answers for this one
-             and record.given_on.device == self.request.device

situation: a tomorrow's signal is on record
-             record.kind is RecordKind.SIGNAL
-             and record.recorded_at <= self.request.at
+             record.kind is RecordKind.SIGNAL

situation: the register does not matter where the law speaks
- if basis > rule.regime:
+ if False:

situation: the register alone
- if basis > rule.regime:
+ if not effect:

situation: an effect is of its category's class
- law_class = row.law_class if row and not effect else CategoryClass.ORDINARY
+ law_class = row.law_class if row else CategoryClass.ORDINARY

situation: sale is not selling
- "sale": Operation.SELL, "share"
+ "share"

situation: a shared channel where the device is not
- elif channel is None or channel.shared_by_default == "yes":
+ elif channel is None:

situation: a client may raise
- return base if said is None else min(base, said)
+ return base if said is None else said

situation: a shared device alone
- if device is not None and device.shared:
+ if False:

situation: an unlinked headset alone
- Occupancy.PRIVATE if device is not None and device.linked else Occupancy.UNKNOWN
+ Occupancy.PRIVATE

situation: no residence, no law
- (snapshot.subject.jurisdictions or (UNKNOWN_PLACE,))
+ snapshot.subject.jurisdictions

situation: the place of the session
-         request.place_jurisdiction,

situation: the controller's establishment
-         request.controller_region,

situation: the recipient's region
-         recipient.region if recipient else None,

catalogue.compiling: an immaterial change
- row.material and self._speaks_of(row, cell)
+ self._speaks_of(row, cell)

catalogue.compiling: a mask is ignored
- if not any(categories.within(one, mask) for mask in source.masks)
+ if True

catalogue.compiling: only direct sources
- effective = own | _reach(source.key, attributes, categories, reached, (*below, key))
+ _reach(source.key, attributes, categories, reached, (*below, key)); effective = own
"""
