"""Seeded faults of the gates that look at no record, of the law, and of lineage."""

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
- return Regime.CONSENT if row is None else IMPLIED[row.basis]
+ return Regime.NOTICE_ONLY

law: of two bases the milder
- return max(catalogue.register_rows(cell)
+ return min(catalogue.register_rows(cell)

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
- for purpose in self.trees.purposes.path(cell.purpose)
+ for purpose in (cell.purpose,)

catalogue.compiling: a row of the register is for its category only
- categories = self.trees.categories.path(cell.category)
+ categories = (cell.category,)

lineage: one source is enough
- ceiling = min((row.ceiling for row in stopped.values()), default=attribute.top)
+ ceiling = max((row.ceiling for row in stopped.values()), default=attribute.top)

lineage: a prohibited source
- holds=side.hearing.regime is not Regime.PROHIBITED
+ holds=True
"""
