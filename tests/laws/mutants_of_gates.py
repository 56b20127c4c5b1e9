"""Seeded faults of the situation, the other gates, the context and the answer."""

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
- if purpose is None or not purpose.gpc_objects or cell.operation not in SIGNAL_OPERATIONS:
+ if purpose is None or cell.operation not in SIGNAL_OPERATIONS:

situation: a signal against every operation
- not purpose.gpc_objects or cell.operation not in SIGNAL_OPERATIONS:
+ not purpose.gpc_objects:

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
- rule = replace(rule, regime=max(rule.regime, basis_regime(cell, self.catalogue)))
+ pass

situation: the register alone
- rule = replace(rule, regime=max(rule.regime, basis_regime(cell, self.catalogue)))
+ rule = replace(rule, regime=basis_regime(cell, self.catalogue))

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

GATES = r"""
gates: entries of a token add up
- all(any(_entry_covers(entry, cell, situation) for entry in situation.request.token) for cell in cells)
+ any(any(_entry_covers(entry, cell, situation) for entry in situation.request.token) for cell in cells)

gates: an unregistered cell
- holds=foreseen and all(rows)
+ holds=foreseen and any(rows)

gates: raw and bystander data
-         and not (category.raw_sensor or category.bystander)

gates: what is not exposed
-         attribute.exposed
+         True

gates: another purpose
-         and situation.request.purpose in attribute.purposes

gates: collecting where it is released
- attribute.observed_on if cell.operation is Operation.COLLECT else attribute.channels
+ attribute.channels

gates: standing is ignored
- holds = situation.standing is Standing.ACTIVE
+ holds = True

gates: a prohibition is ignored
- for value, effect in hearings if value.regime is Regime.PROHIBITED
+ for value, effect in hearings if False

gates: a level one below is enough
- >= attribute.intrusion
+ >= attribute.intrusion - 1

gates: a level closes the effect too
- attribute.top if reached else attribute.floor(Fidelity.EFFECT_ONLY)
+ attribute.top if reached else Fidelity.NONE

gates: an unset level closes
- if level is None and not reached:
+ if False:

gates: an unset level is proven by one cell
- min(_proven(attribute, side) for side in sides)
+ max(_proven(attribute, side) for side in sides)

law: an unknown age is young for everything
- AgeBand.TEEN if operation in YOUNG_UNLESS_KNOWN else AgeBand.ADULT
+ AgeBand.TEEN

law: only where she lives
- for code in jurisdictions:
+ for code in jurisdictions[:1]:

law: a law of one instant later
- row.in_force_from is None or row.in_force_from <= facts.at]
+ row.in_force_from is None or row.in_force_from < facts.at]

law: a row for everything is for nothing
- row.category_class in (None, facts.law_class)
+ row.category_class == facts.law_class

law: a row for a purpose is for that one only
- and catalogue.trees.purposes.within(facts.cell.purpose, row.purpose)
+ and row.purpose in (None, facts.cell.purpose)

law: the parents' rows count beside one's own
-         if now:
-             return now
+         if now and step == UNKNOWN_PLACE:
+             return now

law: an interest is a contract
- Basis.LEGITIMATE_INTERESTS: Regime.OPT_OUT
+ Basis.LEGITIMATE_INTERESTS: Regime.NOTICE_ONLY

law: a task is a contract
- Basis.PUBLIC_TASK: Regime.OPT_OUT
+ Basis.PUBLIC_TASK: Regime.NOTICE_ONLY

law: a duty may be objected to
- Basis.LEGAL_OBLIGATION: Regime.NOTICE_ONLY
+ Basis.LEGAL_OBLIGATION: Regime.OPT_OUT

law: a prohibition of special data is explicit consent
- return max(row.regime, Regime.EXPLICIT_CONSENT)
+ return Regime.EXPLICIT_CONSENT

law: the mildest law
- max(regimes, key=lambda one: one[0])
+ min(regimes, key=lambda one: one[0])

law: the longest age
- timedelta(days=min(ages))
+ timedelta(days=max(ages))

law: the lowest assurance
- max((row.min_assurance for row in found), default=0)
+ min((row.min_assurance for row in found), default=0)

law: no guardian unless all say so
- guardian=any(row.guardian for row in found)
+ guardian=all(row.guardian for row in found)

law: an unknown age is grown up
- AgeBand.TEEN if operation in YOUNG_UNLESS_KNOWN else AgeBand.ADULT
+ AgeBand.ADULT

law: a law not yet in force
- now = [row for row in matching if row.in_force_from is None or row.in_force_from <= facts.at]
+ now = matching

law: no ground needed for special data
- if facts.law_class is CategoryClass.SPECIAL and not row.art9_ground:
+ if False:

law: no row, no law
- regime = max(regimes, default=Regime.PROHIBITED)
+ regime = Regime.NOTICE_ONLY

law: no parent's law
- code = catalogue.parents.get(code, "")
+ code = ""

law: the basis implies nothing
- max((IMPLIED[row.basis] for row in rows), default=Regime.CONSENT)
+ Regime.NOTICE_ONLY

lineage: an inference without its sources
- if attribute.origin in MADE and not attribute.sources:
+ if False:

lineage: the last of several remedies
- actions=(None if None in actions else actions[0],),
+ actions=(None if None in actions else actions[-1],),

lineage: a remedy though one source has none
- actions=(None if None in actions else actions[0],),
+ actions=(actions[0],),

lineage: a source stands however its subject does
- holds=situation.standing is Standing.ACTIVE
+ holds=True

decide: a source is only used
- self._side(category, Operation.INFER) for category
+ self._side(category, self.situation.operations[0]) for category

catalogue.compiling: a mask takes only what it names
- if not any(categories.within(one, mask) for mask in source.masks)
+ if one not in source.masks

catalogue.compiling: a row of the register is for its purpose only
- if self.trees.purposes.within(cell.purpose, row.purpose)
+ if cell.purpose == row.purpose

catalogue.compiling: a row of the register is for its category only
- if self.trees.purposes.within(cell.purpose, row.purpose)
-             and self.trees.categories.within(cell.category, row.category)
+ if self.trees.purposes.within(cell.purpose, row.purpose)
+             and cell.category == row.category

lineage: one source is enough
- ceiling = min((row.ceiling for row in stopped.values()), default=attribute.top)
+ ceiling = max((row.ceiling for row in stopped.values()), default=attribute.top)

lineage: a prohibited source
- holds=side.hearing.regime is not Regime.PROHIBITED
+ holds=True
"""

CONTEXT = r"""
context: presence tells nothing
- elif rung in (Fidelity.EFFECT_ONLY, Fidelity.PRESENCE):
+ elif rung is Fidelity.EFFECT_ONLY:

context: an effect is never special
- return max(found, Sensitivity.S4) if self.special else found
+ return max(found, Sensitivity.S4) if self.special and rung > Fidelity.EFFECT_ONLY else found

context: special data is not S4
- return max(found, Sensitivity.S4) if self.special else found
+ return found

context: a band as secret as the value
- Sensitivity(max(own - 1, 0))
+ own

context: a limit below its word
- self.sensitivity(rung) <= most)
+ self.sensitivity(rung) < most)

context: an unlinked device
- if device is None or not device.linked or assurance == 0:
+ if device is None or assurance == 0:

context: a nameless caller on a linked device
-  or assurance == 0:
+ :

context: attestation is not needed
- trusted = assurance >= STEPPED_UP or device.attested
+ trusted = True

context: nobody knows is private
- if occupancy(situation) is Occupancy.PRIVATE:
+ if occupancy(situation) is not Occupancy.SHARED:

context: the first limit decides
- ceiling = min(limit for limit, _ in limits)
+ ceiling = limits[0][0]

context: the last of equal limits
- return [min(limits[start : start + each], key=lambda limit: limit[0]) for start
+ return [min(reversed(limits[start : start + each]), key=lambda limit: limit[0]) for start

context: a hidden session shows S3
- return seen.within(Sensitivity.S2)
+ return seen.within(Sensitivity.S3)

context: a step-up helps on any channel
- situation.channel.max_assurance >= STEPPED_UP
+ situation.channel.max_assurance >= 0

context: S3 is shown to the family
- if own <= Sensitivity.S1:
+ if own <= Sensitivity.S2:

context: S4 is a category before the family
- if own <= Sensitivity.S3:
+ if own <= Sensitivity.S4:

context: a setting is hidden from the family
- return seen.attribute.floor(Fidelity.EFFECT_ONLY) if seen.obeyed else Fidelity.NONE
+ return Fidelity.NONE

context: any effect is a setting
- obeyed=attribute.safety and operation is Operation.USE,
+ obeyed=operation is Operation.USE,

context: a setting for third parties
- obeyed=attribute.safety and operation is Operation.USE,
+ obeyed=attribute.safety,

context: a life event in the living room
-     if seen.life_event:
-         return Fidelity.NONE

context: special data in the living room
- own = max(seen.attribute.sensitivity, Sensitivity.S4 if seen.special else Sensitivity.S0)
+ own = seen.attribute.sensitivity

context: a step-up where nobody can be alone
- own is Sensitivity.S4 and private and assurance
+ own is Sensitivity.S4 and assurance

context: no step-up opens the living room
- private and assurance >= STEPPED_UP:
+ private and assurance > STEPPED_UP:

context: a blurred session
- if said is None or said is Visibility.VISIBLE:
+ if said is None or said >= Visibility.VISIBLE_BLURRED:

context: emotion at school
- in (WORK, SCHOOL)
+ in (WORK,)

context: a partner's server has a device
- if situation.request.audience is Audience.PARTNER:
+ if False:

context: raw data made coarse
- rung is Fidelity.PRECISE or (own is Sensitivity.S5 and rung > Fidelity.EFFECT_ONLY):
+ rung is Fidelity.PRECISE:

context: a partner's server on a better channel
- situation.request.audience is Audience.PARTNER and SERVERS_ROW in
+ False and SERVERS_ROW in

context: a step-up is never the remedy
- if possible and limit
+ if False and limit
"""

ANSWERS = r"""
decide: the highest gate decides
- ceiling = min(answer.ceiling for answer in gates)
+ ceiling = max(answer.ceiling for answer in gates)

decide: an answer outlives the step-up
-             found.append(request.step_up_until)
+             pass

decide: an answer outlives a yes
-                 yield record.valid_until
+                 pass

decide: an answer outlives an age
-                 yield record.recorded_at + hearing.rule.max_age
+                 pass

decide: an answer outlives the law
-     yield from hearing.rule.changes

decide: an answer outlives a notice
-                 yield version.effective_from
+                 pass

decide: an answer outlives what is said later
- (*hearing.touching, *hearing.coming)
+ hearing.touching

decide: the last boundary
- return min((instant for instant in found if instant and instant > request.at), default=None)
+ return max((instant for instant in found if instant and instant > request.at), default=None)

decide: the last boundary of a cell
- self._until[key] = min(later, default=None)
+ self._until[key] = max(later, default=None)

decide: an answer outlives a start
-             yield record.starts

decide: any age is a boundary
- if hearing.rule.max_age is not None and covers(entry.scope, hearing.cell, trees):
+ if hearing.rule.max_age is not None:

decide: sources end nothing
- valid_until=self._valid_until((*(one for pair in pairs for one in pair if one), *sources.values())),
+ valid_until=self._valid_until(one for pair in pairs for one in pair if one),

decide: sources prove nothing
- evidence=_evidence(ceiling, (*_at(ceiling, pairs), *sources.values())),
+ evidence=_evidence(ceiling, _at(ceiling, pairs)),

request: reasons of the first gate only
- dict.fromkeys(reason for answer in self.decisive for reason in answer.reasons)
+ dict.fromkeys(reason for answer in self.decisive[:1] for reason in answer.reasons)

request: reasons of all gates
- dict.fromkeys(reason for answer in self.decisive for reason in answer.reasons)
+ dict.fromkeys(reason for answer in self.gates for reason in answer.reasons)

request: the last gate's remedy
- return actions[0] if actions and None not in actions else None
+ return actions[-1] if actions and None not in actions else None

request: a remedy beside a reason that has none
- return actions[0] if actions and None not in actions else None
+ return next((action for action in actions if action), None)

decide: evidence at the top rung only
- proof = one.proof(ceiling) if needed
+ proof = one.proof(Fidelity.PRECISE) if needed

decide: silence has evidence
- needed = one.hearing.regime not in SILENCE_MAY_DO or one.nos(ceiling)
+ needed = True
"""
