"""Seeded faults of the context and of the answer."""

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
- Sensitivity(max(own - 1, 0)) for own
+ own for own

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
- if situation.occupancy is Occupancy.PRIVATE:
+ if situation.occupancy is not Occupancy.SHARED:

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
- valid_until=self._valid_until(heard, sources.values()),
+ valid_until=self._valid_until(heard, ()),

decide: sources prove nothing
- evidence=_evidence(ceiling, (*_at(ceiling, heard.pairs), *sources.values())),
+ evidence=_evidence(ceiling, _at(ceiling, heard.pairs)),

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
