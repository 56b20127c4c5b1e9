"""Gate 8: what channel, device, occupancy, visibility and place let through (2.3, *Context*)."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from graph.catalogue import Attribute
from graph.decision.request import SCHOOL, WORK, GateAnswer
from graph.decision.situation import STEPPED_UP, Situation
from graph.terms import Audience, Fidelity, Gate, NextActionKind, Occupancy, Operation, Reason, Sensitivity, Visibility

SERVERS_ROW = "partner_server"  # the channel row of a partner's server (2.3): special categories never leave that way

Limit: TypeAlias = "Callable[[Exposure, Situation, int], Fidelity]"
ONE_LESS = {own: Sensitivity(max(own - 1, 0)) for own in Sensitivity}  # looked up: making a word of an enum is slow
ACTIONS = {Reason.SHARED_DEVICE: NextActionKind.USE_ANOTHER_DEVICE, Reason.STEP_UP_REQUIRED: NextActionKind.STEP_UP}


class Exposure(NamedTuple):
    """One attribute under one operation, as the context sees it."""

    attribute: Attribute
    special: bool
    life_event: bool
    emotion: bool
    obeyed: bool  # a safety attribute under USE: its effect is a setting, S1

    def sensitivity(self, rung: Fidelity) -> Sensitivity:
        """Return the sensitivity of a rung: one less below PRECISE, S1 for effect and presence, S4 for Art. 9.

        Nothing of S5 but an effect is ever released, so none of its other rungs is any less.
        """
        own = self.attribute.sensitivity
        if rung is Fidelity.EFFECT_ONLY and self.obeyed:
            return min(Sensitivity.S1, own)
        if rung is Fidelity.PRECISE or (own is Sensitivity.S5 and rung > Fidelity.EFFECT_ONLY):
            found = own
        elif rung in (Fidelity.EFFECT_ONLY, Fidelity.PRESENCE):
            found = min(Sensitivity.S1, own)
        else:
            found = ONE_LESS[own]
        return max(found, Sensitivity.S4) if self.special else found

    def within(self, most: Sensitivity) -> Fidelity:
        """Return the highest rung of the attribute whose sensitivity is at most this."""
        rungs = reversed(self.attribute.rungs)
        return next(rung for rung in rungs if rung is Fidelity.NONE or self.sensitivity(rung) <= most)


def context_gate(attribute: Attribute, operations: tuple[Operation, ...], situation: Situation) -> GateAnswer:
    """Answer with the lowest limit of the context over all cells, of equals the first in the page's order."""
    limits = [
        limit for operation in operations for limit in _limits(exposure(attribute, operation, situation), situation)
    ]
    ceiling = min(limit for limit, _ in limits)
    if ceiling == attribute.top:
        return GateAnswer(Gate.CONTEXT, ceiling)
    reasons = {reason: None for limit, reason in _first_of_each(limits, len(operations)) if limit == ceiling}
    return GateAnswer(Gate.CONTEXT, ceiling, tuple(reasons), tuple(ACTIONS.get(reason) for reason in reasons))


def _first_of_each(limits: list[tuple[Fidelity, Reason]], cells: int) -> list[tuple[Fidelity, Reason]]:
    """Return the lowest limit of each cell, of equals the first."""
    each = len(limits) // cells
    return [min(limits[start : start + each], key=lambda limit: limit[0]) for start in range(0, len(limits), each)]


def exposure(attribute: Attribute, operation: Operation, situation: Situation) -> Exposure:
    """Return how the context sees an attribute under an operation."""
    category = situation.category(attribute.category)
    return Exposure(
        attribute=attribute,
        special=bool(category.art9),
        life_event=category.life_event,
        emotion=category.emotion,
        obeyed=attribute.safety and operation is Operation.USE,
    )


def _limits(seen: Exposure, situation: Situation) -> list[tuple[Fidelity, Reason]]:
    most = _most(situation)
    limits = [(Fidelity.NONE if most is None else seen.within(most), Reason.CHANNEL_LIMIT)]
    if situation.request.audience is Audience.PARTNER:
        return limits  # a partner's server has no device, occupancy, visibility or place
    return [
        *limits,
        _by_step_up(seen, situation, _device),
        _by_step_up(seen, situation, _occupied),
        (_visible(seen, situation), Reason.SESSION_NOT_VISIBLE),
        (_placed(seen, situation), Reason.PLACE),
    ]


def _most(situation: Situation) -> Sensitivity | None:
    """Return the most the channel may be given; a partner's server never more than its own row, whatever it names."""
    if situation.channel is None:
        return None
    rows = [situation.channel]
    if situation.request.audience is Audience.PARTNER and SERVERS_ROW in situation.catalogue.channels:
        rows.append(situation.catalogue.channels[SERVERS_ROW])
    return min(row.max_sensitivity_to_release for row in rows)


def _by_step_up(seen: Exposure, situation: Situation, limit: "Limit") -> tuple[Fidelity, Reason]:
    """Return a limit, with STEP_UP_REQUIRED for its reason where a step-up on this channel would raise it."""
    now = limit(seen, situation, situation.assurance)
    possible = situation.channel is not None and situation.channel.max_assurance >= STEPPED_UP
    if possible and limit(seen, situation, STEPPED_UP) > now:
        return now, Reason.STEP_UP_REQUIRED
    return now, Reason.DEVICE_NOT_TRUSTED if limit is _device else Reason.SHARED_DEVICE


def _device(seen: Exposure, situation: Situation, assurance: int) -> Fidelity:
    device = situation.snapshot.device
    if device is None or not device.linked or assurance == 0:
        return seen.within(Sensitivity.S1)
    trusted = assurance >= STEPPED_UP or device.attested
    return seen.within(Sensitivity.S4 if trusted else Sensitivity.S3)


def _occupied(seen: Exposure, situation: Situation, assurance: int) -> Fidelity:
    if situation.occupancy is Occupancy.PRIVATE:
        return seen.attribute.top
    if seen.life_event:
        return Fidelity.NONE
    own = max(seen.attribute.sensitivity, Sensitivity.S4 if seen.special else Sensitivity.S0)
    if own <= Sensitivity.S1:
        return seen.attribute.top
    category = seen.attribute.floor(Fidelity.CATEGORY)
    if own <= Sensitivity.S3:
        return category
    private = situation.channel is not None and situation.channel.can_be_private
    if own is Sensitivity.S4 and private and assurance >= STEPPED_UP:
        return category
    return seen.attribute.floor(Fidelity.EFFECT_ONLY) if seen.obeyed else Fidelity.NONE


def _visible(seen: Exposure, situation: Situation) -> Fidelity:
    said = situation.request.claims.visibility
    if said is None or said is Visibility.VISIBLE:
        return seen.attribute.top
    return seen.within(Sensitivity.S2)


def _placed(seen: Exposure, situation: Situation) -> Fidelity:
    closed = seen.emotion and situation.request.claims.place in (WORK, SCHOOL)
    return Fidelity.NONE if closed else seen.attribute.top
