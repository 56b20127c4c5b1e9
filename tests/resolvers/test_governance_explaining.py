"""The officer's explanation: whose decision it is, what is assumed, and how it was in the past."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from graph.catalogue import Recipient
from graph.records import Device, GivenOn, Scope
from graph.store import Additions, AsOf, Change, Command, DisclosureQuery
from graph.terms import AgeBand, DeviceKind, Fidelity, Gate, Operation, PartyKind, RecordKind, Standing
from resolvers.context import Rules
from resolvers.explaining import ExplainAsked, Explanation, GateShown, explain
from resolvers.problems import BadUserInput
from resolvers.restricting import restrict_subject
from tests.support.resting import Resting
from tests.support.worlds_governance import SERVER, Office, office, record, value
from tests.support.worlds_resolvers import (
    ADS,
    APP,
    DAY,
    HEIGHT,
    HOBBY,
    HOUR,
    NOTE,
    PLAY,
    STUDIO,
    SUNRISE,
    TOPICS,
    World,
)

pytestmark = pytest.mark.anyio
ASKED = ExplainAsked("noor", APP, PLAY, "phone", (HOBBY,))
YES = Scope(purpose=PLAY, category="hobby", recipient=APP, operations=frozenset({Operation.USE}))


async def explained(here: Office, rules: Rules | None = None, **more: Any) -> Explanation:
    asked = replace(ASKED, **more)
    return (await explain(here.officer(rules=rules or Rules()), asked))[0]


def gate(found: Explanation, name: Gate) -> GateShown:
    return next(one for one in found.gates if one.gate is name)


async def test_all_eight_gates_answer_in_order_with_reason_records_and_rule(world: World) -> None:
    here = office(world.store)
    await here.person()
    await here.told("noor", record("no", here.now, RecordKind.REFUSED, scope=YES))
    found = await explained(here)
    assert (found.key, found.ceiling, found.would_change_if) == (HOBBY, Fidelity.NONE, ("CONSENT",))
    assert [one.gate for one in found.gates] == list(Gate)
    consent = gate(found, Gate.CONSENT)
    assert consent == GateShown(Gate.CONSENT, Fidelity.NONE, "CONSENT_MISSING", ("no",), "USE CONSENT", True)
    assert gate(found, Gate.SCOPE) == GateShown(Gate.SCOPE, Fidelity.PRECISE, "PERMITTED", (), None, False)
    assert gate(found, Gate.STANDING).rule == "ACTIVE"


async def test_a_question_reads_when_its_turn_comes_and_not_before(world: World) -> None:
    here = office(world.store)
    await here.person()
    told = partial(here.told, "noor", record("no", here.now, RecordKind.REFUSED, scope=YES))
    (found,) = await explain(replace(here.officer(), pace=Resting(told)), ASKED)

    assert gate(found, Gate.CONSENT).records == ("no",)


async def test_the_record_that_proves_a_release_stands_with_consent(world: World) -> None:
    here = office(world.store)
    await here.person()
    await here.told("noor", record("yes", here.now, scope=YES))
    found = await explained(here)
    assert (found.ceiling, found.would_change_if) == (Fidelity.PRECISE, ())
    assert gate(found, Gate.CONSENT).records == ("yes",)
    assert [one.gate for one in found.gates if one.records] == [Gate.CONSENT]


async def test_several_gates_at_the_minimum_are_all_decisive_and_no_one_alone_changes_it(world: World) -> None:
    here = office(world.store)
    found = await explained(here)
    assert [one.gate for one in found.gates if one.decisive] == [Gate.STANDING, Gate.LAW]
    assert found.would_change_if == ()
    assert gate(found, Gate.STANDING).reason == "SUBJECT_RESTRICTED"


async def test_explaining_reads_no_value_discloses_nothing_and_makes_nobody(world: World) -> None:
    here = office(world.store)
    await explained(here)
    await here.person("jon")
    await here.told("jon", record("yes", here.now, scope=YES))
    await here.holds("jon", value(HOBBY, here.now))
    found = await explained(here, subject="jon")
    assert found.ceiling is Fidelity.PRECISE
    assert "canary" not in repr(found)
    assert await here.store.count_disclosures(DisclosureQuery()) == 0
    assert (await here.store.snapshot("noor", here.of().parties)).subject.standing is Standing.UNKNOWN
    assert await here.store.count_records("jon", AsOf()) == 2


async def test_each_key_is_explained_once_in_the_order_asked(world: World) -> None:
    here = office(world.store)
    found = await explain(here.officer(), replace(ASKED, keys=(NOTE, HOBBY, NOTE)))
    assert [one.key for one in found] == [NOTE, HOBBY]


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("recipientId", {"recipient": "stranger"}),
        ("purpose", {"purpose": "stranger"}),
        ("purpose", {"purpose": "play"}),
        ("channel", {"channel": "stranger"}),
        ("channel", {"channel": "stranger", "device": "noor-phone"}),
        ("keys", {"keys": (HOBBY, "stranger")}),
        ("keys", {"keys": ()}),
    ],
)
async def test_a_word_that_names_nothing_is_refused(world: World, field: str, more: dict[str, Any]) -> None:
    with pytest.raises(BadUserInput, match=f"`{field}`"):
        await explained(office(world.store), **more)


async def test_a_recipient_registered_elsewhere_a_moment_ago_is_known(world: World) -> None:
    here = office(world.store)
    added = Additions(recipients=(Recipient("late", region="XX"),))
    await here.store.add(added, Command("k", ""), here.now)
    assert (await explained(here, recipient="late")).ceiling is Fidelity.NONE


async def test_an_operation_asks_for_that_cell_alone(world: World) -> None:
    here = office(world.store)
    await here.person()
    both = await explained(here, recipient=SUNRISE, purpose=ADS, keys=(TOPICS,))
    alone = await explained(here, recipient=SUNRISE, purpose=ADS, keys=(TOPICS,), operation=Operation.SELL)
    assert gate(both, Gate.CONSENT).rule == "DISCLOSE OPT_OUT, SELL OPT_OUT"
    assert gate(alone, Gate.CONSENT).rule == "SELL OPT_OUT"


@pytest.fixture
async def permissive(world: World) -> Office:
    """Noor said yes to everything there is."""
    here = office(world.store)
    await here.person()
    await here.told("noor", record("all", here.now, names=frozenset({"health"})))
    return here


async def test_without_a_device_a_linked_one_of_hers_is_assumed_that_is_not_attested(permissive: Office) -> None:
    assert (await explained(permissive, keys=(HEIGHT,))).ceiling is Fidelity.PRECISE
    note = gate(await explained(permissive, keys=(NOTE,), channel="headset"), Gate.CONTEXT)
    assert (note.ceiling, note.reason) == (Fidelity.NONE, "DEVICE_NOT_TRUSTED")
    assert gate(await explained(permissive, keys=(NOTE,)), Gate.CONTEXT).reason == "STEP_UP_REQUIRED"


async def test_an_unset_occupancy_is_private_on_the_assumed_device_and_a_shared_channel_stays_shared(
    permissive: Office,
) -> None:
    assert (await explained(permissive, channel="headset", keys=(HEIGHT,))).ceiling is Fidelity.PRECISE
    shared = gate(await explained(permissive, channel="tv", keys=(HEIGHT,)), Gate.CONTEXT)
    assert shared.ceiling < Fidelity.PRECISE


def _device(here: Office, **more: Any) -> Device:
    return Device("d1", "", **{"kind": DeviceKind.PHONE, "shared": False, "linked_at": here.now, **more})


async def test_a_device_counts_as_it_is_registered(permissive: Office) -> None:
    here = permissive
    unknown = gate(await explained(here, device="d1"), Gate.CONTEXT)
    assert (unknown.ceiling, unknown.reason) == (Fidelity.PRESENCE, "DEVICE_NOT_TRUSTED")
    await here.told("noor", devices=(_device(here),))
    assert (await explained(here, device="d1")).ceiling is Fidelity.PRECISE
    await here.told("noor", devices=(_device(here, shared=True),))
    assert gate(await explained(here, device="d1"), Gate.CONTEXT).reason == "SHARED_DEVICE"


async def test_a_no_in_the_tree_of_the_device_or_of_its_household_counts(permissive: Office) -> None:
    here = permissive
    await here.told("noor", devices=(_device(here),))
    for kind, channel in ((PartyKind.DEVICE, "phone"), (PartyKind.HOUSEHOLD, "tablet")):
        no = record(f"{kind}", here.later().now, RecordKind.REFUSED, scope=YES, given_on=GivenOn(device="d1"))
        change = Change("d1", 0, here.now, Command(kind, ""), begins=(no,), kind=kind)
        before = await explained(here, device="d1", channel=channel)
        await here.store.append(change)
        after = await explained(here, device="d1", channel=channel)
        assert kind in gate(after, Gate.CONSENT).records
        assert kind not in gate(before, Gate.CONSENT).records


async def test_a_partners_server_has_no_device_and_no_one_beside_it(permissive: Office) -> None:
    found = await explained(permissive, recipient=STUDIO, channel=SERVER, device="d1")
    assert found.ceiling is Fidelity.PRECISE
    assert gate(found, Gate.CONTEXT).reason == "PERMITTED"


async def test_what_the_operator_set_counts(world: World) -> None:
    here = office(world.store)
    await here.person(age_band=AgeBand.UNKNOWN)
    await here.told("noor", record("yes", here.now, scope=YES))
    assert (await explained(here)).ceiling is Fidelity.PRECISE
    child = await explained(here, rules=Rules(unknown_age=AgeBand.CHILD))
    assert gate(child, Gate.CONSENT).reason == "GUARDIAN_REQUIRED"
    abroad = await explained(here, rules=Rules(controller_region="PP"))
    assert gate(abroad, Gate.LAW).reason == "PROHIBITED_BY_LAW"


async def test_the_past_is_explained_by_what_was_on_record_then(world: World) -> None:
    here = office(world.store)
    await here.person()
    start = here.now
    await here.told("noor", record("yes", here.later().now, scope=YES))
    then = here.now
    await here.told("noor", record("no", here.later().now, RecordKind.WITHDRAWN, scope=YES), ends=("yes",))
    assert [(await explained(here, at=at)).ceiling for at in (start, then, here.now)] == [
        Fidelity.NONE,
        Fidelity.PRECISE,
        Fidelity.NONE,
    ]
    assert gate(await explained(here), Gate.CONSENT).reason == "CONSENT_WITHDRAWN"


async def test_the_future_is_explained_by_what_is_on_record_now(world: World) -> None:
    here = office(world.store)
    await here.person()
    await here.told("noor", record("yes", here.now, scope=YES, valid_until=here.now + DAY))
    assert (await explained(here, at=here.now + DAY - HOUR)).ceiling is Fidelity.PRECISE
    assert gate(await explained(here, at=here.now + DAY), Gate.CONSENT).reason == "CONSENT_EXPIRED"


async def test_a_restriction_counts_in_the_past_from_its_beginning_until_it_was_lifted(world: World) -> None:
    here = office(world.store)
    await here.person()
    await here.told("noor", record("yes", here.now, scope=YES))
    before = here.now
    during = here.later().now
    await restrict_subject(here.officer(), "k1", "noor", restricted=True, case="c")
    after = here.later().now
    await restrict_subject(here.officer(), "k2", "noor", restricted=False, case="c")
    here.later()
    found = [(await explained(here, at=at)).ceiling for at in (before, during, after, here.now)]
    assert found == [Fidelity.PRECISE, Fidelity.NONE, Fidelity.PRECISE, Fidelity.PRECISE]
    await restrict_subject(here.officer(), "k3", "noor", restricted=True, case="c")
    assert (await explained(here, at=after)).ceiling is Fidelity.PRECISE
    assert gate(await explained(here), Gate.STANDING).rule == "RESTRICTED"


async def test_an_erased_subject_stays_so_whenever_one_asks(world: World) -> None:
    here = office(world.store)
    await here.person()
    start = here.now
    await here.told("noor", record("yes", here.later().now, scope=YES), standing=Standing.ERASED)
    assert gate(await explained(here, at=start), Gate.STANDING).rule == "ERASED"


async def test_a_restriction_far_down_a_long_list_is_found(world: World) -> None:
    here = office(world.store)
    many = (record(f"r{number}", here.now, RecordKind.NOTICE_SERVED) for number in range(501))
    await here.told("noor", *many, record("r", here.now, RecordKind.RESTRICTED), record("yes", here.now, scope=YES))
    then = here.now
    here.later()
    assert gate(await explained(here, at=then), Gate.STANDING).reason == "SUBJECT_RESTRICTED"


async def test_a_device_counts_in_the_past_as_it_was_linked_then(permissive: Office) -> None:
    here = permissive
    before = here.now
    linked = here.later().now
    await here.told("noor", record("other", linked), devices=(_device(here),))
    unlinked = here.later().now
    gone = _device(here, linked_at=linked, unlinked_at=unlinked)
    await here.told("noor", record("another", unlinked), devices=(gone,))
    here.later()
    found = [(await explained(here, device="d1", at=at)).ceiling for at in (before, linked, unlinked)]
    assert found == [Fidelity.PRESENCE, Fidelity.PRECISE, Fidelity.PRESENCE]
    assert (await explained(here, device="unheard-of", at=linked)).ceiling is Fidelity.PRESENCE
