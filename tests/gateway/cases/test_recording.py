"""A record of a case: the words it leaves out, whose tree it stands in, and what it may not say."""

from datetime import UTC, datetime

import pytest

from graph.records import ALL_OPERATIONS, GivenOn, NoticeRef, Record, Scope
from graph.terms import Fidelity, GivenBy, Operation, PartyKind, RecordKind
from tests.support.case_files import TEXT, CaseFiles

JANUARY_20 = datetime(2026, 1, 20, tzinfo=UTC)
REFUSED = "- {kind: REFUSED, at: 2026-01-10T00:00:00Z, scope: {channel: backend}}"
LAST = -1


def record(files: CaseFiles, written: str) -> Record:
    """Return the second record of the case, written so."""
    return files.case((REFUSED, f"- {{{written}}}")).snapshot.own.records[LAST]


def test_what_a_record_leaves_out_is_everything_precise_explicit_signed_in_and_her_own(files: CaseFiles) -> None:
    assert record(files, "kind: GIVEN, at: 2026-01-20T00:00:00Z") == Record(
        id="2",
        kind=RecordKind.GIVEN,
        recorded_at=JANUARY_20,
        scope=Scope(
            purpose=None,
            category=None,
            recipient=None,
            group=None,
            channel=None,
            device=None,
            session=None,
            operations=ALL_OPERATIONS,
        ),
        cap=Fidelity.PRECISE,
        valid_from=JANUARY_20,
        valid_until=None,
        notice=NoticeRef("m1", 1),
        catalogue_version=1,
        explicit=True,
        names=frozenset(),
        assurance=2,
        given_by=GivenBy.SUBJECT,
        given_on=GivenOn(channel=None, device=None, session=None),
        answers_signal=False,
        sequence=2,
    )


def test_a_record_may_say_everything(files: CaseFiles) -> None:
    found = record(
        files,
        "kind: RENEWED, at: 2026-01-20T00:00:00Z, from: 2026-01-21T00:00:00Z, until: 2026-02-01T00:00:00Z, "
        "scope: {purpose: game, category: craft, recipient: guild, channel: goggles, device: d1, session: s1, "
        "operations: [SELL, TARGET]}, cap: PRESENCE, notice: m1@2, explicit: false, names: [craft.knots], "
        "assurance: 1, given_by: GUARDIAN, given_on: {channel: goggles, device: d1, session: s1}, "
        "answers_signal: true, party: subject",
    )
    assert found == Record(
        id="2",
        kind=RecordKind.RENEWED,
        recorded_at=JANUARY_20,
        scope=Scope(
            purpose="game",
            category="craft",
            recipient="guild",
            group=None,
            channel="goggles",
            device="d1",
            session="s1",
            operations=frozenset({Operation.SELL, Operation.TARGET}),
        ),
        cap=Fidelity.PRESENCE,
        valid_from=datetime(2026, 1, 21, tzinfo=UTC),
        valid_until=datetime(2026, 2, 1, tzinfo=UTC),
        notice=NoticeRef("m1", 2),
        catalogue_version=2,
        explicit=False,
        names=frozenset({"craft.knots"}),
        assurance=1,
        given_by=GivenBy.GUARDIAN,
        given_on=GivenOn(channel="goggles", device="d1", session="s1"),
        answers_signal=True,
        sequence=2,
    )


def test_a_record_names_the_category_of_its_scope_unless_it_says_which(files: CaseFiles) -> None:
    said = "kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {category: craft}"
    assert record(files, said).names == frozenset({"craft"})
    assert record(files, f"{said}, names: []").names == frozenset()


@pytest.mark.parametrize("dimension", ["purpose", "category", "recipient", "group", "channel", "device", "session"])
def test_a_star_is_all_of_a_dimension(files: CaseFiles, dimension: str) -> None:
    assert record(files, f'kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {{{dimension}: "*"}}').scope == Scope()


def test_a_star_is_all_operations(files: CaseFiles) -> None:
    assert record(files, 'kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {operations: "*"}').scope == Scope()


def test_a_scope_may_name_a_recipient_group_of_the_file_or_of_the_pack(files: CaseFiles) -> None:
    for group in ("guilds", "acme_group"):
        assert record(files, f"kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {{group: {group}}}").scope.group == group


@pytest.mark.parametrize(("at", "version"), [("2026-01-31T23:59:59Z", 1), ("2026-02-01T00:00:00Z", 2)])
def test_a_bare_notice_is_the_version_in_force_when_the_record_was_made(
    files: CaseFiles, at: str, version: int
) -> None:
    for notice in ("", ", notice: m1"):
        found = record(files, f"kind: GIVEN, at: {at}{notice}")
        assert (found.notice, found.catalogue_version) == (NoticeRef("m1", version), version)


def test_before_the_first_version_a_bare_notice_is_the_first(files: CaseFiles) -> None:
    assert record(files, "kind: GIVEN, at: 2020-01-01T00:00:00Z").notice == NoticeRef("m1", 1)


@pytest.mark.parametrize("kind", ["REFUSED", "WITHDRAWN", "OBJECTED", "REVOKED", "SIGNAL", "RESTRICTED"])
def test_only_a_yes_ends(files: CaseFiles, kind: str) -> None:
    assert record(files, f"kind: {kind}, at: 2026-01-20T00:00:00Z, until: 2026-02-01T00:00:00Z").valid_until is None


def test_records_of_the_parties_stand_in_trees_of_their_own(files: CaseFiles) -> None:
    row = "at: 2026-01-20T00:00:00Z, kind: REFUSED"
    case = files.case((REFUSED, f"- {{{row}, party: device}}\n      - {{{row}, party: household}}"))
    trees = {one.kind: [record.id for record in one.records] for one in case.snapshot.parties}
    assert trees == {
        PartyKind.SUBJECT: ["served m1@2", "1"],
        PartyKind.DEVICE: ["2"],
        PartyKind.HOUSEHOLD: ["3"],
    }
    device = case.snapshot.parties[1]
    assert (device.id, device.records[0].given_on.device) == ("d1", "d1"), "made on the device that asks"


def test_a_party_that_said_nothing_is_not_there(files: CaseFiles) -> None:
    assert [one.kind for one in files.case().snapshot.parties] == [PartyKind.SUBJECT]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("at: 2026-01-20T00:00:00Z", "`kind` is missing in a record; add it"),
        ("kind: GIVEN", "`at` is missing in a record; add it"),
        ("kind: ALLOWED, at: 2026-01-20T00:00:00Z", "`ALLOWED` is not one of "),
        ("kind: GIVEN, at: 2026-01-20", "`2026-01-20` is not an instant; write it like `2026-01-31T00:00:00Z`"),
        ("kind: GIVEN, at: 2026-01-20T00:00:00", "`2026-01-20T00:00:00` is not an instant; "),
        ("kind: GIVEN, at: 5", "`5` is not an instant; "),
        (
            "kind: GIVEN, at: 2026-01-20T00:00:00Z, note: x",
            "unknown key `note` in a record; use `kind`, `at`, `from`, ",
        ),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: craft", "a scope is not a mapping; "),
        (
            "kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {party: d1}",
            "unknown key `party` in a scope; use `purpose`, ",
        ),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {purpose: chess}", "unknown purpose `chess`; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {category: chess}", "unknown category `chess`; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {recipient: gild}", "unknown recipient `gild`; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {group: guild}", "unknown recipient group `guild`; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {channel: pigeon}", "unknown channel `pigeon`; "),
        (
            "kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {recipient: guild, group: guilds}",
            "a scope names a recipient or a group, not both; remove one of them",
        ),
        (
            "kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {operations: []}",
            "a scope without operations says nothing; name one or leave the key out",
        ),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, scope: {operations: [LEND]}", "`LEND` is not one of `COLLECT`, "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, cap: SOME", "`SOME` is not one of `NONE`, `EFFECT_ONLY`, "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, notice: m2", "unknown notice `m2`; add it to the file or correct it"),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, notice: m1@3", "notice `m1` has no version `3`; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, notice: m2@1", "unknown notice `m2`; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, explicit: maybe", "`maybe` is not a boolean; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, names: craft", "`craft` is not a list; "),
        (
            "kind: GIVEN, at: 2026-01-20T00:00:00Z, assurance: 2.5",
            "`2.5` does not fit; write a whole number from 0 to 3",
        ),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, given_by: MOTHER", "`MOTHER` is not one of `SUBJECT`, "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, given_on: d1", "`given_on` is not a mapping; "),
        ("kind: GIVEN, at: 2026-01-20T00:00:00Z, party: group", "a party is one of `subject`, `device`, `household`; "),
        (
            "kind: GIVEN, at: 2026-01-20T00:00:00Z, assurance: 1",
            "a record below assurance 2 counts for its device only; name it in `given_on`",
        ),
    ],
)
def test_a_record_that_cannot_be_meant_names_its_line(files: CaseFiles, written: str, said: str) -> None:
    assert files.refused((REFUSED, f"►- {{{written}}}")).startswith(said)


def test_a_record_in_a_devices_tree_names_the_device_where_the_request_does_not(files: CaseFiles) -> None:
    row = "- {kind: REFUSED, at: 2026-01-10T00:00:00Z, party: device"
    assert files.refused((REFUSED, f"►{row}}}"), ("      device: d1\n", "")) == (
        "a record in a device's tree counts for its device only; name it in `given_on`"
    )
    case = files.case((REFUSED, f"{row}, given_on: {{device: d1}}}}"), ("      device: d1\n", ""))
    assert case.snapshot.parties[1].records[0].given_on == GivenOn(device="d1")


def test_without_a_notice_of_its_own_the_packs_first_is_meant(files: CaseFiles) -> None:
    before, after = TEXT.index("notices:\n"), TEXT.index("cases:\n")
    own = TEXT[before:after]
    case = files.case((own, ""), ("      notices_served: [m1]\n", ""))
    assert [one.notice for one in case.snapshot.own.records] == [NoticeRef("n1", 1), NoticeRef("n1", 1)]


def test_a_notice_whose_name_looks_like_a_version_is_found_by_its_name(files: CaseFiles) -> None:
    case = files.case(
        ("- {id: m1, eff", '- {id: "m1@9", effective_from: 2026-01-01}\n  - {id: m1, eff'),
        (REFUSED, '- {kind: GIVEN, at: 2026-01-20T00:00:00Z, notice: "m1@9"}'),
    )
    assert case.snapshot.own.records[LAST].notice == NoticeRef("m1@9", 1)
