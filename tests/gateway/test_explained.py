"""`explain` at the command line: the officer's question to the store, answered 0 for a release and 1 for none."""

import json
from datetime import UTC, datetime

import anyio
import pytest

from gateway.tokens import subject_of
from gateway.wiring import opened
from graph.records import NoticeRef, Record, Scope, Subject, Value
from graph.store import Change, Command
from graph.terms import AgeBand, Fidelity, Operation, RecordKind
from tests.support import pack_folder
from tests.support.command import Called, called
from tests.support.operator import ISSUER, Operator

ADA = subject_of(ISSUER, "ada")
GATES = ["SCOPE", "PURPOSE", "STANDING", "LAW", "CONSENT", "LINEAGE", "LEVEL", "CONTEXT"]
ASKED = ("--purpose", "play.match", "--recipient", "house", "--channel", "goggles")
YES = datetime(2026, 6, 1, tzinfo=UTC)
BEFORE, AFTER = "2026-05-31T23:59:59.999Z", "2026-06-02T02:00:00+02:00"


@pytest.fixture
def desk(operator: Operator) -> Operator:
    """Return an operator of a pack of its own, whose Ada said yes to her hobby on 1 June 2026."""
    pack_folder.written(operator.folder / "pack")

    async def filled() -> None:
        store = await opened(f"sqlite:///{operator.store}")
        await store.open_subject(Subject(ADA, age_band=AgeBand.ADULT, jurisdictions=("XX",)), None, YES)
        await store.append(change(0, Fidelity.CATEGORY))
        await store.aclose()

    anyio.run(filled)
    return operator


def change(base: int, cap: Fidelity) -> Change:
    """Return her yes to her hobby, up to a rung."""
    yes = Record(
        id=f"yes-{base + 1}",
        kind=RecordKind.GIVEN,
        recorded_at=YES,
        scope=Scope(purpose="play.match", category="hobby", operations=frozenset({Operation.USE})),
        cap=cap,
        explicit=True,
        assurance=2,
        sequence=base + 1,
        notice=NoticeRef("n1", 2),
        catalogue_version=2,
    )
    return Change(subject=ADA, base=base, at=YES, command=Command(f"key-{base}", "print"), begins=(yes,))


def explained(desk: Operator, *more: str, key: str = "hobby.level", asked: tuple[str, ...] = ASKED) -> Called:
    settings = desk.settings(CATALOGUE=str(desk.folder / "pack"))
    return called("explain", ADA, key, *asked, *more, settings=settings)


def test_what_would_be_released_is_shown_gate_by_gate_and_is_done(desk: Operator) -> None:
    told = explained(desk, "--at", AFTER)
    assert (told.code, told.err) == (0, "")
    first, *gates, last = told.out.splitlines()
    assert (first, last) == ("hobby.level: CATEGORY", "would change with: CONSENT")
    assert [line[2:].split()[0] for line in gates] == GATES
    assert [line.split() for line in gates if line.startswith("*")] == [
        ["*", "CONSENT", "CATEGORY", "CONSENT_MISSING", "USE", "CONSENT", "records", "yes-1"]
    ]
    assert [line for line in told.out.splitlines() if line != line.rstrip()] == []


def test_before_the_yes_the_answer_is_no(desk: Operator) -> None:
    told = explained(desk, "--at", BEFORE)
    assert (told.code, told.err) == (1, "")
    assert told.out.startswith("hobby.level: NONE\n")


def test_the_same_as_one_document_for_machines(desk: Operator) -> None:
    told = explained(desk, "--at", AFTER, "--json")
    assert told.code == 0
    assert told.out.count("\n") == 1
    (found,) = json.loads(told.out)
    gates = found.pop("gates")
    assert found == {"key": "hobby.level", "ceiling": "CATEGORY", "wouldChangeIf": ["CONSENT"]}
    assert [gate["gate"] for gate in gates] == GATES
    assert gates[4] == {
        "gate": "CONSENT",
        "ceiling": "CATEGORY",
        "reason": "CONSENT_MISSING",
        "recordIds": ["yes-1"],
        "rule": "USE CONSENT",
        "decisive": True,
    }
    assert not any(gate["decisive"] for gate in gates if gate["gate"] != "CONSENT")


def test_an_operation_is_asked_for_alone(desk: Operator) -> None:
    assert explained(desk, "--at", AFTER, "--operation", "USE").code == 0
    assert explained(desk, "--at", AFTER, "--operation", "TRAIN").code == 1


def test_several_gates_at_the_bottom_are_no_one_thing_to_change(desk: Operator) -> None:
    told = explained(desk, "--at", BEFORE, "--operation", "TRAIN")
    assert told.out.splitlines()[-1] == "would change with: more than one gate"


def test_of_what_is_fully_permitted_nothing_is_said_to_change(desk: Operator) -> None:
    async def said() -> None:
        store = await opened(f"sqlite:///{desk.store}")
        await store.append(change(1, Fidelity.PRECISE))
        await store.aclose()

    anyio.run(said)
    told = explained(desk, "--at", AFTER)
    assert (told.code, told.err) == (0, "")
    first, *gates = told.out.splitlines()
    assert first == "hobby.level: PRECISE"
    assert [line.split()[:4] for line in gates] == [["*", gate, "PRECISE", "PERMITTED"] for gate in GATES]


def test_a_device_that_is_not_hers_is_not_trusted(desk: Operator) -> None:
    told = explained(desk, "--at", AFTER, "--device", "somebody-elses", "--json")
    context = json.loads(told.out)[0]["gates"][7]
    assert (context["ceiling"], context["reason"]) == ("CATEGORY", "DEVICE_NOT_TRUSTED")


def test_somebody_nobody_knows_gets_nothing(desk: Operator) -> None:
    settings = desk.settings(CATALOGUE=str(desk.folder / "pack"))
    told = called("explain", "nobody", "hobby.level", *ASKED, settings=settings)
    assert (told.code, told.out.splitlines()[0]) == (1, "hobby.level: NONE")


@pytest.mark.parametrize("at", ["yesterday", "2026-06-02", "2026-06-02T00:00:00", ""])
def test_an_instant_that_is_none_is_a_wrong_call(desk: Operator, at: str) -> None:
    told = explained(desk, "--at", at)
    assert (told.code, told.out) == (2, "")
    assert told.err == "consent-gateway explain: `--at` is no instant; write it like `2026-01-31T12:00:00Z`\n"


@pytest.mark.parametrize(
    ("named", "key", "asked"),
    [
        ("KEY", "hobby.none", ASKED),
        ("--purpose", "hobby.level", ("--purpose", "play", *ASKED[2:])),
        ("--recipient", "hobby.level", (*ASKED[:2], "--recipient", "nobody", *ASKED[4:])),
        ("--channel", "hobby.level", (*ASKED[:4], "--channel", "pigeon")),
    ],
)
def test_a_word_the_catalogue_does_not_have_is_a_wrong_call_told_by_the_commands_own_name_for_it(
    desk: Operator, named: str, key: str, asked: tuple[str, ...]
) -> None:
    told = explained(desk, key=key, asked=asked)
    assert (told.code, told.out) == (2, "")
    assert told.err == (
        f"consent-gateway explain: `{named}` names nothing to decide on; "
        "take a word of the catalogue, a purpose's leaf\n"
    )


def test_no_value_is_read_or_shown(desk: Operator) -> None:
    async def planted() -> None:
        store = await opened(f"sqlite:///{desk.store}")
        value = Value(key="hobby.level", held="old", recorded_at=YES, purpose="play.match")
        await store.put(ADA, (value,), Command("put", "print"), YES)
        await store.aclose()

    anyio.run(planted)
    for more in ((), ("--json",)):
        told = explained(desk, "--at", AFTER, *more)
        assert "old" not in told.out
