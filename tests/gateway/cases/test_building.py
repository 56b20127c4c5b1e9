"""A case as the request and the snapshot it stands for, and what it expects; what absence means, and each fault."""

from datetime import UTC, datetime

import pytest

from gateway.cases.expecting import Expectation
from graph.decision.request import EVERYTHING, Claims, Request, TokenEntry
from graph.decision.snapshot import DeviceState
from graph.records import NoticeRef, Subject
from graph.terms import (
    AgeBand,
    Audience,
    Fidelity,
    Level,
    NextActionKind,
    Occupancy,
    Operation,
    Reason,
    RecordKind,
    Signal,
    Standing,
    Visibility,
)
from tests.support.case_files import TEXT, CaseFiles

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
SUBJECT = TEXT[TEXT.index("    subject:") : TEXT.index("    devices:")]
DEVICES = TEXT[TEXT.index("    devices:") : TEXT.index("    records:")]
RECORDS = TEXT[TEXT.index("    records:") : TEXT.index("    request:")]
AT = "      at: 2026-03-01T00:00:00Z\n"
EXPECTED = TEXT[TEXT.index("        fidelity: PRECISE") :]


def request(files: CaseFiles, *written: str) -> Request:
    """Return the request with more of its keys written."""
    return files.case((AT, AT + "".join(f"      {one}\n" for one in written))).request


def test_what_a_request_leaves_out_is_a_signed_in_client_that_says_nothing(files: CaseFiles) -> None:
    assert files.case(("      device: d1\n", "")).request == Request(
        recipient="guild",
        purpose="game.match",
        channel="goggles",
        at=MARCH,
        audience=Audience.CLIENT,
        device=None,
        session=None,
        assurance=2,
        claims=Claims(occupancy=None, visibility=None, place=None),
        signals=frozenset(),
        token=EVERYTHING,
        operations=None,
        place_jurisdiction=None,
        controller_region=None,
    )


def test_a_request_may_say_everything(files: CaseFiles) -> None:
    found = request(
        files,
        "audience: partner",
        "session: s1",
        "assurance: 3",
        "occupancy: SHARED",
        "visibility: HIDDEN",
        "place: WORK",
        "place_jurisdiction: XX",
        "controller_region: XY",
        "signals: [GPC]",
        "token: {purposes: [game], categories: [craft], channels: [goggles], operations: [DISCLOSE]}",
        "operations: [INFER, TRAIN, INFER]",
    )
    assert found == Request(
        recipient="guild",
        purpose="game.match",
        channel="goggles",
        at=MARCH,
        audience=Audience.PARTNER,
        device="d1",
        session="s1",
        assurance=3,
        claims=Claims(occupancy=Occupancy.SHARED, visibility=Visibility.HIDDEN, place="WORK"),
        signals=frozenset({Signal.GPC}),
        token=(
            TokenEntry(
                purposes=frozenset({"game"}),
                categories=frozenset({"craft"}),
                channels=frozenset({"goggles"}),
                operations=frozenset({Operation.DISCLOSE}),
            ),
        ),
        operations=(Operation.INFER, Operation.TRAIN),
        place_jurisdiction="XX",
        controller_region="XY",
    )


def test_a_list_absent_from_a_token_is_all_and_an_empty_one_nothing(files: CaseFiles) -> None:
    found = request(files, "token: {purposes: []}").token
    assert found == (TokenEntry(purposes=frozenset(), categories=None, channels=None, operations=None),)


def test_a_subject_is_read_with_levels_and_the_notices_served_before_any_record(files: CaseFiles) -> None:
    snapshot = files.case(("notices_served: [m1]", "notices_served: [m1, m1@1]")).snapshot
    assert snapshot.subject == Subject(
        id="subject",
        standing=Standing.ACTIVE,
        age_band=AgeBand.ADULT,
        jurisdictions=("QQ",),
        levels=(("*", Level.PREDICTIVE), ("goggles", Level.DECLARED)),
    )
    served, first, yes, no = snapshot.own.records
    assert [one.notice for one in (served, first)] == [NoticeRef("m1", 2), NoticeRef("m1", 1)]
    assert served.kind is first.kind is RecordKind.NOTICE_SERVED
    assert max(served.recorded_at, first.recorded_at) < min(yes.recorded_at, no.recorded_at)
    assert (yes.id, no.id) == ("1", "2"), "records count from 1 whatever was served"


def test_a_subject_nothing_is_said_of_is_active_and_unknown(files: CaseFiles) -> None:
    snapshot = files.case((SUBJECT, "")).snapshot
    assert snapshot.subject == Subject(
        id="subject", standing=Standing.ACTIVE, age_band=AgeBand.UNKNOWN, jurisdictions=(), levels=()
    )
    assert [one.id for one in snapshot.own.records] == ["1", "2"], "nothing was served"


@pytest.mark.parametrize("standing", list(Standing))
def test_a_subject_may_be_of_any_standing(files: CaseFiles, standing: Standing) -> None:
    case = files.case(("age_band: ADULT", f"standing: {standing.value}"))
    assert case.snapshot.subject.standing is standing


def test_the_device_that_asks_is_known_if_it_is_listed(files: CaseFiles) -> None:
    shared = ("linked: true, attested: false, shared: false", "attested: true, shared: true")
    assert files.case().snapshot.device == DeviceState("d1", linked=True, attested=False, shared=False)
    assert files.case(shared).snapshot.device == DeviceState("d1", linked=False, attested=True, shared=True)


def test_a_device_that_is_not_listed_is_unlinked(files: CaseFiles) -> None:
    found = files.case((DEVICES, "")).snapshot.device
    assert found == DeviceState("d1", linked=False, attested=False, shared=False, known=False)


def test_a_request_without_a_device_has_none(files: CaseFiles) -> None:
    assert files.case(("      device: d1\n", "")).snapshot.device is None


def test_what_is_expected_is_read_and_what_is_stated_is_remembered(files: CaseFiles) -> None:
    (found,) = files.case().expected
    assert found == Expectation(
        key="craft.list",
        fidelity=Fidelity.PRECISE,
        stated=frozenset({"fidelity", "reasons", "next_action", "evidence", "valid_until"}),
        reasons=frozenset(),
        next_action=None,
        evidence=frozenset({1}),
        valid_until=datetime(2026, 6, 1, tzinfo=UTC),
    )


def test_only_the_fidelity_need_be_expected(files: CaseFiles) -> None:
    expected = (
        "        fidelity: NONE\n"
        "      hobby.level: {fidelity: CATEGORY, reasons: [OBJECTED, LEVEL_TOO_LOW], next_action: RAISE_LEVEL}\n"
    )
    bare, more = files.case((EXPECTED, expected)).expected
    assert (bare.key, bare.fidelity, bare.stated) == ("craft.list", Fidelity.NONE, frozenset({"fidelity"}))
    assert (more.key, more.fidelity) == ("hobby.level", Fidelity.CATEGORY)
    assert more.reasons == {Reason.OBJECTED, Reason.LEVEL_TOO_LOW}
    assert more.next_action is NextActionKind.RAISE_LEVEL
    assert more.stated == {"fidelity", "reasons", "next_action"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - name: a yes is a yes\n    ", "►  - ", "`name` is missing in a case; add it"),
        ("name: a yes is a yes", "name: [a]►", "a list is not a word; "),
        ("    devices:\n", "►    device:\n", "unknown key `device` in a case; use `name`, `request`, `expect`, "),
        (RECORDS, "    records: {}►\n", "a mapping is not a list; "),
        ("age_band: ADULT", "age: 7►", "unknown key `age` in a subject; use `jurisdictions`, `age_band`, `standing`, "),
        ("age_band: ADULT", "age_band: BABY►", "`BABY` is not one of `CHILD`, "),
        ("age_band: ADULT", "standing: GONE►", "`GONE` is not one of `ACTIVE`, "),
        ("[QQ]", "QQ►", "`QQ` is not a list; "),
        ("[QQ]", "[null]►", "`null` is not a word; put it in quotes if it is meant as one"),
        ("[QQ]", "[NO, true]►", "`true` is not a word; put it in quotes if it is meant as one"),
        ('{"*": PREDICTIVE, goggles: DECLARED}', "DECLARED►", 'levels are not a mapping; write them like `{"*": '),
        ("goggles: DECLARED}", "pigeon: DECLARED}►", "unknown channel `pigeon`; "),
        ("goggles: DECLARED}", "goggles: 3}►", "`3` is not one of `OFF`, `CONTEXTUAL`, "),
        ("notices_served: [m1]", "notices_served: [m7]►", "unknown notice `m7`; "),
        ("{id: d1, linked", "►{linked", "`id` is missing in a device; add it"),
        ("{id: d1, linked", "{id: d1, own: true►, linked", "unknown key `own` in a device; use `id`, `linked`, "),
        ("linked: true", "linked: 1►", "`1` is not a boolean; "),
        (DEVICES, f"{DEVICES}      - {{id: d1}}►\n", "device `d1` stands twice; keep one of them"),
        ("      recipient: guild\n", "      recipient: gild►\n", "unknown recipient `gild`; "),
        ("      recipient: guild\n", "►", "`recipient` is missing in a request; add it"),
        ("      purpose: game.match\n", "      purpose: chess►\n", "unknown purpose `chess`; "),
        ("      channel: goggles\n", "      channel: pigeon►\n", "unknown channel `pigeon`; "),
        (AT, "      at: soon►\n", "`soon` is not an instant; write it like `2026-01-31T00:00:00Z`"),
        (AT, "      at: null►\n", "`at` is missing in a request; add it"),
        (AT, f"{AT}      caller: me►\n", "unknown key `caller` in a request; use `recipient`, `purpose`, "),
        (AT, f"{AT}      audience: everybody►\n", "`everybody` is not one of `client`, `partner`, `governance`; "),
        (AT, f"{AT}      assurance: 4►\n", "`4` does not fit; write a whole number from 0 to 3"),
        (AT, f"{AT}      occupancy: CROWDED►\n", "`CROWDED` is not one of "),
        (AT, f"{AT}      visibility: visible►\n", "`visible` is not one of "),
        (AT, f"{AT}      place: work►\n", "`work` is not in capitals; write it like `HOME`"),
        (AT, f"{AT}      signals: [DNT]►\n", "`DNT` is not one of `GPC`; correct it"),
        (AT, f"{AT}      signals: GPC►\n", "`GPC` is not a list; "),
        (AT, f"{AT}      token: all►\n", "a token is not a mapping; "),
        (AT, f"{AT}      token: {{scopes: []}}►\n", "unknown key `scopes` in a token; use `purposes`, "),
        (AT, f"{AT}      token: {{categories: [art]}}►\n", "unknown category `art`; "),
        (AT, f"{AT}      operations: []►\n", "no operation is asked for; name one or leave the key out"),
        (AT, f"{AT}      operations: [LEND]►\n", "`LEND` is not one of `COLLECT`, "),
        ("      craft.list:\n", "      craft.hat:►\n", "unknown attribute `craft.hat`; "),
        ("      craft.list:\n" + EXPECTED, "      {}►\n", "nothing is expected; name at least one attribute"),
        ("      craft.list:\n" + EXPECTED, "      [craft.list]►\n", "nothing is expected; name at least one attribute"),
        (EXPECTED, "        NONE►\n", "the expectation of `craft.list` is not a mapping; "),
        ("        fidelity: PRECISE\n", "►", "`fidelity` is missing in the expectation of `craft.list`; add it"),
        ("fidelity: PRECISE", "fidelity: MOST►", "`MOST` is not one of `NONE`, `EFFECT_ONLY`, `PRESENCE`, "),
        (
            "fidelity: PRECISE",
            "fidelity: NOISED►",
            "`NOISED` counts as absent in this version; expect the rung below it",
        ),
        ("reasons: []", "reasons: [BAD_LUCK]►", "`BAD_LUCK` is not one of "),
        ("next_action: null", "next_action: WAIT►", "`WAIT` is not one of `ASK_CONSENT`, "),
        ("evidence: [1]", "evidence: [3]►", "`3` does not fit; write a whole number from 1 to 2"),
        ("evidence: [1]", "evidence: [0]►", "`0` does not fit; write a whole number from 1 to 2"),
        ("valid_until: 2026-06-01T00:00:00Z", "valid_until: never►", "`never` is not an instant; "),
        (
            "next_action: null",
            "because: [1]►",
            "unknown key `because` in the expectation of `craft.list`; use `fidelity`",
        ),
    ],
)
def test_a_fault_in_a_case_names_file_and_line(files: CaseFiles, old: str, new: str, said: str) -> None:
    assert files.refused((old, new)).startswith(said)
