"""The oracle's gate 8 for one cell: channel, device, occupancy, visibility, place (2.3)."""

from collections.abc import Callable

from graph.catalogue import Attribute, Channel
from graph.records import Cell
from graph.terms import Audience, Fidelity, NextActionKind, Occupancy, Operation, Reason, Sensitivity, Visibility
from tests.laws.oracle_consent import Said
from tests.laws.oracle_law import World

STEP_UP = 3


def is_safety_effect(attribute: Attribute, cell: Cell, rung: Fidelity) -> bool:
    """2.3: the effect of a `safety` attribute for the app the person wears or holds (operation USE)."""
    return attribute.safety and cell.operation is Operation.USE and rung is Fidelity.EFFECT_ONLY


def sensitivity(attribute: Attribute, cell: Cell, rung: Fidelity, world: World) -> int:
    """2.3, *Sensitivity of a rung*."""
    own = int(attribute.sensitivity)
    if rung is Fidelity.PRECISE or (own == 5 and rung is not Fidelity.EFFECT_ONLY):  # S5: never released
        found = own
    elif rung in {Fidelity.CATEGORY, Fidelity.COARSE, Fidelity.NOISED}:
        found = max(own - 1, 0)
    else:  # EFFECT_ONLY and PRESENCE S1, never above the attribute's own
        found = min(1, own)
    if is_safety_effect(attribute, cell, rung):
        return found
    return max(found, 4) if world.catalogue.categories[attribute.category].art9 else found


def highest(attribute: Attribute, allowed: Callable[[Fidelity], bool]) -> Fidelity:
    """Each limit of the context is the highest rung *of the attribute* that it allows."""
    return max(rung for rung in attribute.rungs if rung is Fidelity.NONE or allowed(rung))


def channel_limit(attribute: Attribute, cell: Cell, world: World) -> Fidelity:
    """The channel row's `max_sensitivity_to_release`; an unknown channel lets nothing through."""
    channel = world.catalogue.channels.get(world.request.channel)
    if channel is None:
        return Fidelity.NONE
    most = int(channel.max_sensitivity_to_release)
    server = world.catalogue.channels.get("partner_server")
    if world.request.audience is Audience.PARTNER and server is not None:  # "its row is `partner_server`"
        most = min(most, int(server.max_sensitivity_to_release))
    return highest(attribute, lambda rung: sensitivity(attribute, cell, rung, world) <= most)


def device_limit(attribute: Attribute, cell: Cell, world: World, assurance: int) -> Fidelity:
    """Unlinked, none named, or assurance 0: S1; linked S3; linked with step-up or attested S4."""
    device = world.device
    if world.request.device is None or device is None or not device.linked or assurance == 0:
        most = Sensitivity.S1
    elif device.attested or assurance >= STEP_UP:
        most = Sensitivity.S4
    else:
        most = Sensitivity.S3
    return highest(attribute, lambda rung: sensitivity(attribute, cell, rung, world) <= most)


def occupancy(world: World) -> Occupancy:
    """2.2: the channel row's or the device's word; what the client says can only lower it."""
    channel = world.catalogue.channels.get(world.request.channel)
    device = world.device
    if (device is not None and device.shared) or (channel is not None and channel.shared_by_default == "yes"):
        base = Occupancy.SHARED
    elif (channel is not None and channel.shared_by_default == "no") or (device is not None and device.linked):
        base = Occupancy.PRIVATE
    else:
        base = Occupancy.UNKNOWN
    said = world.request.claims.occupancy
    return base if said is None else min(base, said)


def shared_limit(attribute: Attribute, cell: Cell, world: World, assurance: int) -> Fidelity:
    """Occupancy shared or unknown, by the attribute's S-level (S4 for art9); a safety effect by S1."""
    if occupancy(world) is Occupancy.PRIVATE:
        return attribute.rungs[-1]
    category = world.catalogue.categories[attribute.category]
    level = max(int(attribute.sensitivity), 4 if category.art9 else 0)
    channel = world.catalogue.channels.get(world.request.channel)
    if category.life_event:  # whatever the step-up, and the effect too: a shared device never shows them
        return Fidelity.NONE
    if level <= 1:
        most = Fidelity.PRECISE
    elif level <= 3 or (level == 4 and assurance >= STEP_UP and channel is not None and channel.can_be_private):
        most = Fidelity.CATEGORY
    else:
        most = Fidelity.NONE
    return highest(attribute, lambda rung: rung <= most or is_safety_effect(attribute, cell, rung))


def visible_limit(attribute: Attribute, cell: Cell, world: World) -> Fidelity:
    """Visibility other than `visible`: S3 and above NONE."""
    if world.request.claims.visibility in (None, Visibility.VISIBLE):
        return attribute.rungs[-1]
    return highest(attribute, lambda rung: sensitivity(attribute, cell, rung, world) < 3)


def place_limit(attribute: Attribute, world: World) -> Fidelity:
    """Place WORK or SCHOOL: emotion and stress NONE (AI Act Art. 5(1)(f))."""
    emotion = world.catalogue.categories[attribute.category].emotion
    closed = emotion and world.request.claims.place in {"WORK", "SCHOOL"}
    return Fidelity.NONE if closed else attribute.rungs[-1]


def context(attribute: Attribute, cell: Cell, world: World) -> tuple[Fidelity, list[Said]]:
    """The lowest limit decides; of equals the first in the page's order."""
    limits = [(Reason.CHANNEL_LIMIT, channel_limit(attribute, cell, world))]
    if world.request.audience is not Audience.PARTNER:  # a partner's server has no device, occupancy, visibility, place
        limits += [
            (Reason.DEVICE_NOT_TRUSTED, device_limit(attribute, cell, world, world.assurance)),
            (Reason.SHARED_DEVICE, shared_limit(attribute, cell, world, world.assurance)),
            (Reason.SESSION_NOT_VISIBLE, visible_limit(attribute, cell, world)),
            (Reason.PLACE, place_limit(attribute, world)),
        ]
    lowest = min(limit for _, limit in limits)
    if lowest == attribute.rungs[-1]:
        return lowest, []
    found = next(reason for reason, limit in limits if limit == lowest)
    return lowest, [_said(found, lowest, attribute, cell, world)]


def _said(reason: Reason, limit: Fidelity, attribute: Attribute, cell: Cell, world: World) -> Said:
    if _step_up_raises(reason, limit, attribute, cell, world):
        return Reason.STEP_UP_REQUIRED, NextActionKind.STEP_UP
    return reason, NextActionKind.USE_ANOTHER_DEVICE if reason is Reason.SHARED_DEVICE else None


def _step_up_raises(reason: Reason, limit: Fidelity, attribute: Attribute, cell: Cell, world: World) -> bool:
    """STEP_UP_REQUIRED instead of the second or third where a step-up (channel's `max_assurance` 3) would raise it."""
    channel: Channel | None = world.catalogue.channels.get(world.request.channel)
    if channel is None or channel.max_assurance < STEP_UP:
        return False
    if reason is Reason.DEVICE_NOT_TRUSTED:
        return device_limit(attribute, cell, world, STEP_UP) > limit
    if reason is Reason.SHARED_DEVICE:
        return shared_limit(attribute, cell, world, STEP_UP) > limit
    return False
