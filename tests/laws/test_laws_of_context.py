"""Laws of 2.8 about who asks, where and how: less trust, more people about, and a client's word only ever lower."""

from dataclasses import replace

from graph.decision.request import Claims
from graph.terms import Level, Occupancy, Visibility
from tests.laws.law import Tally, decided, law, never_more
from tests.support.worlds import World
from tests.support.worlds_dice import Dice, pick

PLACES = (None, "HOME", "WORK", "SCHOOL")


@law
def test_lowering_level_trust_or_the_requests_assurance_never_releases_more(
    one: World, dice: Dice, tally: Tally
) -> None:
    before = decided(one)
    tally.saw(before)
    subject, device = one.snapshot.subject, one.snapshot.device
    most = subject.level(one.request.channel)
    lower = [level for level in Level if level <= (Level.DECLARED if most is None else most)]
    lesser = replace(subject, levels=(("*", pick(dice, lower)),))
    never_more(before, decided(replace(one, snapshot=replace(one.snapshot, subject=lesser))))
    if device is not None:
        if not device.shared:  # forgetting that a device is shared is no loss of trust alone
            never_more(before, decided(replace(one, snapshot=replace(one.snapshot, device=None))))
        for less in (replace(device, attested=False), replace(device, linked=False)):
            never_more(before, decided(replace(one, snapshot=replace(one.snapshot, device=less))))
    for assurance in range(one.request.assurance):
        never_more(before, decided(one.asking(assurance=assurance)))


@law
def test_client_claims_only_lower(one: World, dice: Dice, tally: Tally) -> None:
    silent = decided(one.asking(claims=Claims()))
    tally.saw(silent)
    said = Claims(pick(dice, (None, *Occupancy)), pick(dice, (None, *Visibility)), pick(dice, PLACES))
    claimed = decided(one.asking(claims=said))
    never_more(silent, claimed)
    lower = Claims(
        pick(dice, [word for word in Occupancy if said.occupancy is None or word <= said.occupancy]),
        pick(dice, [word for word in Visibility if said.visibility is None or word <= said.visibility]),
        pick(dice, ("WORK", "SCHOOL")),
    )
    never_more(claimed, decided(one.asking(claims=lower)))


@law
def test_shared_device_never_releases_more(one: World, dice: Dice, tally: Tally) -> None:
    device = one.snapshot.device
    alone = replace(one, snapshot=replace(one.snapshot, device=device and replace(device, shared=False)))
    before = decided(alone)
    tally.saw(before)
    if device is not None:
        shared = replace(one, snapshot=replace(one.snapshot, device=replace(device, shared=True)))
        never_more(before, decided(shared))
    channels = tuple(replace(row, shared_by_default="yes") for row in one.catalogue.channels.values())
    living = replace(alone.catalogue, channels={row.id: row for row in channels})
    never_more(before, decided(replace(alone, catalogue=living)))
