"""Seeded faults of the decision (2.9): each rewrites one text of ours; a law or the oracle must notice every one."""

from tests.laws.mutating import Mutant

_RECORDS, _TAXONOMY = "graph.records", "graph.taxonomy"
_COMPILING = "graph.catalogue.compiling"
_CONSENT, _SITUATION, _SNAPSHOT = "graph.decision.consent", "graph.decision.situation", "graph.decision.snapshot"
_LAW, _LINEAGE, _GATES = "graph.decision.law", "graph.decision.lineage", "graph.decision.gates"
_CONTEXT, _DECIDE = "graph.decision.context", "graph.decision.decide"

SCOPES = (
    Mutant(
        "sibling leak: a scope covers what stands beside its node",
        _TAXONOMY,
        "key == other or other in self.above.get(key, ())",
        'key.rpartition(".")[0] == other.rpartition(".")[0] or other in self.above.get(key, ())',
    ),
    Mutant(
        "a scope covers no subtree",
        _TAXONOMY,
        "other is None or key == other or other in self.above.get(key, ())",
        "other is None or key == other",
    ),
    Mutant(
        "a no to a part does not touch the whole",
        _TAXONOMY,
        "return self.within(key, other) or (other is not None and self.within(other, key))",
        "return self.within(key, other)",
    ),
    Mutant("the session is ignored", _RECORDS, "and scope.session in (None, cell.session)\n", ""),
    Mutant("the device is ignored", _RECORDS, "and scope.device in (None, cell.device)\n", ""),
    Mutant("the channel is ignored", _RECORDS, "scope.channel in (None, cell.channel)\n        and ", ""),
    Mutant("the recipient is ignored", _RECORDS, "and scope.recipient in (None, cell.recipient)\n", ""),
    Mutant(
        "a group is everybody",
        _RECORDS,
        "        and (scope.group is None or trees.groups.get(cell.recipient) == scope.group)\n",
        "",
    ),
    Mutant("a wider set of operations is narrow", _RECORDS, "scope.operations <= other.operations\n        and ", ""),
    Mutant("narrowness forgets the device", _RECORDS, "and other.device in (None, scope.device)\n", ""),
    Mutant("narrowness forgets the session", _RECORDS, "and other.session in (None, scope.session)\n", ""),
    Mutant("narrowness forgets the channel", _RECORDS, "and other.channel in (None, scope.channel)\n", ""),
    Mutant(
        "everything is as narrow as a group", _RECORDS, "    return scope.group == other.group", "    return True"
    ),
)

CONSENT = (
    Mutant(
        "dropped no: a yes needs to beat none",
        _CONSENT,
        "return [entry for entry in self.limits if entry.record.limit < rung]",
        "return []",
    ),
    Mutant("a no at its own cap", _CONSENT, "entry.record.limit < rung]", "entry.record.limit <= rung]"),
    Mutant("cap ignored: a yes proves any rung", _CONSENT, "flaw is None and entry.record.cap >= rung]", "flaw is None]"),
    Mutant(
        "cap ignored: a yes limits nothing above it",
        _CONSENT,
        "return record.limit < Fidelity.PRECISE and (record.is_no or record.starts <= at)",
        "return record.is_no",
    ),
    Mutant("a cap limits before it starts", _CONSENT, "(record.is_no or record.starts <= at)", "True"),
    Mutant(
        "an expired yes no longer limits",
        _CONSENT,
        "(record.is_no or record.starts <= at)",
        "(record.is_no or (record.starts <= at and (record.valid_until is None or at < record.valid_until)))",
    ),
    Mutant("each no is beaten by some yes", _CONSENT, "if all(self.beats(yes, no) for no in nos)", "if not nos or any(self.beats(yes, no) for no in nos)"),
    Mutant("the oldest proof", _CONSENT, "(yes for yes in reversed(self.valid(rung))", "(yes for yes in self.valid(rung)"),
    Mutant("an earlier yes beats a later no", _CONSENT, "        if not yes.later_than(no):\n            return False\n", ""),
    Mutant(
        "a wide yes beats a narrow no",
        _CONSENT,
        "return at_least_as_narrow(yes.scope, no.scope, self.situation.catalogue.trees)",
        "return True",
    ),
    Mutant("any yes answers a signal", _CONSENT, "return yes.record.answers_signal", "return True"),
    Mutant("512 records and one more", _CONSENT, "        if self.situation.too_many:\n            return False\n", ""),
    Mutant("silence for special data", _CONSENT, "is Regime.OPT_OUT and self.hearing.special", "is Regime.OPT_OUT and False"),
    Mutant("silence unserved", _CONSENT, "in SILENCE_MAY_DO and self.hearing.served", "in SILENCE_MAY_DO"),
    Mutant("silence against a no", _CONSENT, "return self.silence_does and not self.nos(rung)", "return self.silence_does"),
    Mutant(
        "a no to what a contract needs counts",
        _CONSENT,
        "counted = hearing.regime is not Regime.NOTICE_ONLY or hearing.cell.operation in COUNTED_WITHOUT_CONSENT",
        "counted = True",
    ),
    Mutant("a yes of another tree", _CONSENT, "if entry.own and entry.record.is_yes", "if entry.record.is_yes"),
    Mutant("a yes that only touches", _CONSENT, " and covers(entry.scope, hearing.cell, trees)\n", "\n"),
    Mutant("an end is part of the time", _CONSENT, "at >= record.valid_until:", "at > record.valid_until:"),
    Mutant("no end at all", _CONSENT, "if record.valid_until is not None and at >= record.valid_until:", "if False:"),
    Mutant("age ignored", _CONSENT, "if rule.max_age is not None and at >= record.recorded_at + rule.max_age:", "if False:"),
    Mutant("an age one instant too long", _CONSENT, "at >= record.recorded_at + rule.max_age:", "at > record.recorded_at + rule.max_age:"),
    Mutant("age from its start", _CONSENT, "at >= record.recorded_at + rule.max_age:", "at >= record.starts + rule.max_age:"),
    Mutant("an outdated notice", _CONSENT, "situation.changed_since(record.notice, hearing.cell) or _younger", "_younger"),
    Mutant("a younger node", _CONSENT, "node is not None and node.since > version", "False"),
    Mutant("a node of the next version", _CONSENT, "node.since > version", "node.since > version + 1"),
    Mutant("a moved node", _CONSENT, "(tree.nodes[one].moved or 0) > version", "False"),
    Mutant("a brand that joined", _CONSENT, "return row is not None and row.since > version", "return False"),
    Mutant("an unnamed special category", _CONSENT, "if hearing.special and hearing.cell.category not in record.names:", "if False:"),
    Mutant("an implied yes", _CONSENT, "return record.explicit or hearing.regime is not Regime.EXPLICIT_CONSENT", "return True"),
    Mutant("a child's own yes", _CONSENT, "band is AgeBand.CHILD or (band", "(band"),
    Mutant("a teen's own yes", _CONSENT, "or (band is AgeBand.TEEN and hearing.rule.guardian)", ""),
    Mutant("a guardian's yes to everybody", _CONSENT, "return not third_party or record.scope.recipient == hearing.cell.recipient", "return True"),
    Mutant("a yes before its start", _CONSENT, "if at < record.starts or record", "if record"),
    Mutant("a start one instant late", _CONSENT, "at < record.starts or", "at <= record.starts or"),
    Mutant("a weak yes", _CONSENT, " or record.assurance < rule.min_assurance:", ":"),
    Mutant("an effect frees the value", _CONSENT, "return effect if effect is not None and rung is Fidelity.EFFECT_ONLY else value", "return effect if effect is not None else value"),
    Mutant("the earlier no gives the reason", _CONSENT, "max(reversed(standing), key", "min(reversed(standing), key"),
    Mutant("an objection is a refusal", _CONSENT, "if no.record.kind in (RecordKind.OBJECTED, RecordKind.SIGNAL):", "if False:"),
    Mutant("a late wide yes says nothing", _CONSENT, "if best is not None and best.later_than(no):", "if False:"),
)

RECORDS = (
    Mutant("a yes at the same instant is later", _SNAPSHOT, "self.record.recorded_at > other.record.recorded_at", "self.record.recorded_at >= other.record.recorded_at"),
    Mutant("the store's order backwards", _SNAPSHOT, "return self.place > other.place", "return self.place < other.place"),
    Mutant("a device's word for all devices", _SNAPSHOT, "if record.assurance >= 2 and party is not PartyKind.DEVICE:", "if True:"),
    Mutant("a device's tree for all devices", _SNAPSHOT, "record.assurance >= 2 and party is not PartyKind.DEVICE", "record.assurance >= 2"),
    Mutant("a weak word for all devices", _SNAPSHOT, "record.assurance >= 2 and party is not", "record.assurance >= 1 and party is not"),
    Mutant("a record of the future", _SNAPSHOT, "        if record.recorded_at > at:\n            continue\n", ""),
    Mutant("a record not there at its instant", _SNAPSHOT, "if record.recorded_at > at:", "if record.recorded_at >= at:"),
    Mutant("a later accept-all ends a no", _SNAPSHOT, "    if old.is_no:\n        return new.is_no\n", "    if old.is_no:\n        return new.is_no or new.is_yes\n"),
    Mutant("a refusal ends a signal", _SNAPSHOT, "return old.kind is new.kind and old.given_on.device == new.given_on.device", "return True"),
    Mutant("an implied yes ends an explicit one", _SNAPSHOT, "return new.explicit or not old.explicit\n", "return True\n"),
    Mutant("a yes that has not begun replaces one", _SNAPSHOT, "(new.is_yes and new.starts <= at)", "new.is_yes"),
    Mutant("a higher cap ends a lower one", _SNAPSHOT, "return new.cap <= old.cap and", "return True and"),
    Mutant("silence keeps a precise yes", _SNAPSHOT, "    if new.is_no:\n        return True\n", "    if new.is_no:\n        return False\n"),
)

PLACE = (
    Mutant("assurance beyond the channel", _SITUATION, "min(request.assurance, self.channel.max_assurance if self.channel else 0)", "request.assurance"),
    Mutant("a restriction is forgotten", _SITUATION, "    restricted = any(\n", "    restricted = False and any(\n"),
    Mutant("a carried signal is not heard", _SITUATION, "return (*found, *self._signal())", "return tuple(found)"),
    Mutant("a carried signal counts twice", _SITUATION, "if Signal.GPC not in request.signals or any(self._is_on_record(party) for party in self.snapshot.parties):", "if Signal.GPC not in request.signals:"),
    Mutant("a signal against every purpose", _SITUATION, "if purpose is None or not purpose.gpc_objects or cell.operation not in SIGNAL_OPERATIONS:", "if purpose is None or cell.operation not in SIGNAL_OPERATIONS:"),
    Mutant("a signal against every operation", _SITUATION, "not purpose.gpc_objects or cell.operation not in SIGNAL_OPERATIONS:", "not purpose.gpc_objects:"),
    Mutant("sharing is not selling", _SITUATION, '"share": Operation.TARGET, ', ""),
    Mutant("training is not asked about", _SITUATION, "return (*found, Operation.TRAIN) if request.trains else tuple(found)", "return tuple(found)"),
    Mutant("a third party uses", _SITUATION, "Operation.DISCLOSE if recipient is None or recipient.third_party else Operation.USE", "Operation.USE"),
    Mutant("a notice of the future outdates", _SITUATION, "            and version.effective_from <= self.request.at\n", ""),
    Mutant("a client may raise", _SITUATION, "return base if said is None else min(base, said)", "return base if said is None else said"),
    Mutant("a shared device alone", _SITUATION, "if device is not None and device.shared:", "if False:"),
    Mutant("an unlinked headset alone", _SITUATION, "Occupancy.PRIVATE if device is not None and device.linked else Occupancy.UNKNOWN", "Occupancy.PRIVATE"),
    Mutant("no residence, no law", _SITUATION, "(snapshot.subject.jurisdictions or (UNKNOWN_PLACE,))", "snapshot.subject.jurisdictions"),
    Mutant("the place of the session", _SITUATION, "        request.place_jurisdiction,\n", ""),
    Mutant("the controller's establishment", _SITUATION, "        request.controller_region,\n", ""),
    Mutant("the recipient's region", _SITUATION, "        recipient.region if recipient else None,\n", ""),
    Mutant("an immaterial change", _COMPILING, "row.material and self._speaks_of(row, cell)", "self._speaks_of(row, cell)"),
    Mutant("a mask is ignored", _COMPILING, "if not any(categories.within(one, mask) for mask in source.masks)", "if True"),
    Mutant("only direct sources", _COMPILING, "effective = own | _reach(source.key, attributes, categories, reached, (*below, key))", "_reach(source.key, attributes, categories, reached, (*below, key))\n            effective = own"),
)

GATES = (
    Mutant("entries of a token add up", _GATES, "all(any(_entry_covers(entry, cell, situation) for entry in situation.request.token) for cell in cells)", "any(any(_entry_covers(entry, cell, situation) for entry in situation.request.token) for cell in cells)"),
    Mutant("an unregistered cell", _GATES, "holds=foreseen and all(rows)", "holds=foreseen and any(rows)"),
    Mutant("raw and bystander data", _GATES, "        and not (category.raw_sensor or category.bystander)\n", ""),
    Mutant("what is not exposed", _GATES, "        attribute.exposed\n        and not", "        not"),
    Mutant("another purpose", _GATES, "        and situation.request.purpose in attribute.purposes\n", ""),
    Mutant("collecting where it is released", _GATES, "attribute.observed_on if cell.operation is Operation.COLLECT else attribute.channels", "attribute.channels"),
    Mutant("standing is ignored", _GATES, "holds = situation.standing is Standing.ACTIVE", "holds = True"),
    Mutant("a prohibition is ignored", _GATES, "if value.regime is Regime.PROHIBITED]\n    strictest", "if False]\n    strictest"),
    Mutant("a level one below is enough", _GATES, ">= attribute.intrusion", ">= attribute.intrusion - 1"),
    Mutant("a level closes the effect too", _GATES, "attribute.top if reached else attribute.floor(Fidelity.EFFECT_ONLY)", "attribute.top if reached else Fidelity.NONE"),
    Mutant("an unset level closes", _GATES, "if level is None and not reached:", "if False:"),
    Mutant("an unset level is proven by one cell", _GATES, "min(_proven(attribute, side) for side in sides)", "max(_proven(attribute, side) for side in sides)"),
    Mutant("the mildest law", _LAW, "max(regimes, key=lambda one: one[0])", "min(regimes, key=lambda one: one[0])"),
    Mutant("the longest age", _LAW, "timedelta(days=min(ages))", "timedelta(days=max(ages))"),
    Mutant("the lowest assurance", _LAW, "max((row.min_assurance for row in found), default=0)", "min((row.min_assurance for row in found), default=0)"),
    Mutant("no guardian unless all say so", _LAW, "guardian=any(row.guardian for row in found)", "guardian=all(row.guardian for row in found)"),
    Mutant("an unknown age is grown up", _LAW, "AgeBand.TEEN if operation in YOUNG_UNLESS_KNOWN else AgeBand.ADULT", "AgeBand.ADULT"),
    Mutant("a law not yet in force", _LAW, "now = [row for row in matching if row.in_force_from is None or row.in_force_from <= facts.at]", "now = matching"),
    Mutant("no ground needed for special data", _LAW, "if facts.law_class is CategoryClass.SPECIAL and not row.art9_ground:", "if False:"),
    Mutant("no row, no law", _LAW, "regime = max(regimes, default=Regime.PROHIBITED)", "regime = Regime.NOTICE_ONLY"),
    Mutant("no parent's law", _LAW, 'code = catalogue.parents.get(code, "")', 'code = ""'),
    Mutant("the basis implies nothing", _LAW, "max((IMPLIED[row.basis] for row in rows), default=Regime.CONSENT)", "Regime.NOTICE_ONLY"),
    Mutant("an inference without its sources", _LINEAGE, "if attribute.origin in MADE and not attribute.sources:", "if False:"),
    Mutant("one source is enough", _LINEAGE, "ceiling = min((row.ceiling for row in stopped.values()), default=attribute.top)", "ceiling = max((row.ceiling for row in stopped.values()), default=attribute.top)"),
    Mutant("a prohibited source", _LINEAGE, "holds=side.hearing.regime is not Regime.PROHIBITED", "holds=True"),
)

CONTEXT = (
    Mutant("presence tells nothing", _CONTEXT, "elif rung in (Fidelity.EFFECT_ONLY, Fidelity.PRESENCE):", "elif rung is Fidelity.EFFECT_ONLY:"),
    Mutant("an effect is never special", _CONTEXT, "return max(found, Sensitivity.S4) if self.special else found", "return max(found, Sensitivity.S4) if self.special and rung > Fidelity.EFFECT_ONLY else found"),
    Mutant("special data is not S4", _CONTEXT, "return max(found, Sensitivity.S4) if self.special else found", "return found"),
    Mutant("a band as secret as the value", _CONTEXT, "Sensitivity(max(own - 1, 0))", "own"),
    Mutant("a limit below its word", _CONTEXT, "self.sensitivity(rung) <= most)", "self.sensitivity(rung) < most)"),
    Mutant("an unlinked device", _CONTEXT, "if device is None or not device.linked or assurance == 0:", "if device is None or assurance == 0:"),
    Mutant("a nameless caller on a linked device", _CONTEXT, " or assurance == 0:", ":"),
    Mutant("attestation is not needed", _CONTEXT, "trusted = assurance >= STEPPED_UP or device.attested", "trusted = True"),
    Mutant("a life event in the living room", _CONTEXT, "    if seen.life_event:\n        return Fidelity.NONE\n", ""),
    Mutant("special data in the living room", _CONTEXT, "own = max(seen.attribute.sensitivity, Sensitivity.S4 if seen.special else Sensitivity.S0)", "own = seen.attribute.sensitivity"),
    Mutant("a step-up where nobody can be alone", _CONTEXT, "own is Sensitivity.S4 and private and assurance", "own is Sensitivity.S4 and assurance"),
    Mutant("no step-up opens the living room", _CONTEXT, "private and assurance >= STEPPED_UP:", "private and assurance > STEPPED_UP:"),
    Mutant("a blurred session", _CONTEXT, "if said is None or said is Visibility.VISIBLE:", "if said is None or said >= Visibility.VISIBLE_BLURRED:"),
    Mutant("emotion at school", _CONTEXT, "in (WORK, SCHOOL)", "in (WORK,)"),
    Mutant("a partner's server has a device", _CONTEXT, "if situation.request.audience is Audience.PARTNER:", "if False:"),
    Mutant("a step-up is never the remedy", _CONTEXT, "if possible and limit", "if False and limit"),
)

ANSWERS = (
    Mutant("the highest gate decides", _DECIDE, "ceiling = min(answer.ceiling for answer in gates)", "ceiling = max(answer.ceiling for answer in gates)"),
    Mutant("an answer outlives the step-up", _DECIDE, "            found.append(request.step_up_until)\n", "            pass\n"),
    Mutant("an answer outlives a yes", _DECIDE, "                yield record.valid_until\n", "                pass\n"),
    Mutant("an answer outlives an age", _DECIDE, "                yield record.recorded_at + hearing.rule.max_age\n", "                pass\n"),
    Mutant("an answer outlives the law", _DECIDE, "    yield from hearing.rule.changes\n", ""),
    Mutant("an answer outlives a notice", _DECIDE, "                yield version.effective_from\n", "                pass\n"),
    Mutant("an answer outlives what is said later", _DECIDE, "(*hearing.touching, *hearing.coming)", "hearing.touching"),
    Mutant("evidence at the top rung only", _DECIDE, "proof = one.proof(ceiling) if needed", "proof = one.proof(Fidelity.PRECISE) if needed"),
    Mutant("silence has evidence", _DECIDE, "needed = one.hearing.regime not in SILENCE_MAY_DO or one.nos(ceiling)", "needed = True"),
)

MUTANTS = (*SCOPES, *CONSENT, *RECORDS, *PLACE, *GATES, *CONTEXT, *ANSWERS)
