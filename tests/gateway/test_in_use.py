"""Documents in use are held against the contract that is to come, and what would break one is refused."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.documents import document_id
from gateway.in_use import Broken, rebound
from graph.store import RegisteredDocument
from graph.terms import Operation
from resolvers.registry import NewDocument
from tests.gateway.test_registration import FOR, LEVEL, additions, documents, row, written
from tests.support import pack_folder
from tests.support.command import called
from tests.support.operator import Operator

TYPED = 'query Typed { me(purpose: "play.match") { hobby { level { value } } } }'
AT = datetime(2026, 3, 4, tzinfo=UTC)
BOTH = ("client", "partner")


@pytest.fixture
def desk(operator: Operator) -> Operator:
    """Return an operator whose people's app runs a document with a typed field, and a brand one with a key."""
    pack_folder.written(operator.folder / "pack")
    (operator.folder / "documents").mkdir()
    for body, recipient in ((TYPED, "house"), (LEVEL, "acme")):
        assert registered(operator, body, recipient).code == 0
    return operator


def registered(desk: Operator, body: str, recipient: str, *more: str):
    return documents(desk, "register", written(desk, body), asked=("--recipient", recipient, *FOR[2:], *more))


def renamed(desk: Operator) -> None:
    """Give the attribute another place in the schema, as a pack to come might."""
    file = desk.folder / "pack" / "attributes.csv"
    file.write_text(file.read_text().replace(",Hobby,level,", ",Hobby,grade,"))


def told_of_typed(cause: str) -> str:
    return f"{document_id(TYPED)} Typed, registered for house, never used yet\n  would break: {cause}"


def test_documents_that_hold_are_counted(desk: Operator) -> None:
    told = documents(desk, "check", asked=())

    assert (told.code, told.out, told.err) == (0, "2 registered documents hold\n", "")


def test_a_field_that_goes_breaks_the_document_that_asks_for_it_and_no_other(desk: Operator) -> None:
    renamed(desk)

    told, machine = documents(desk, "check", asked=()), documents(desk, "check", asked=("--json",))

    assert told.code == machine.code == 1
    assert told.out.startswith(told_of_typed("the document holds for no contract; mend it (as a partner's: "))
    [found] = json.loads(machine.out)
    assert (found["id"], found["recipient"], found["lastUsedAt"]) == (document_id(TYPED), "house", None)
    assert "Cannot query field 'level' on type 'Hobby'" in found["wouldBreak"][0]


def test_nothing_is_registered_where_a_document_in_use_would_break_unless_that_is_meant(desk: Operator) -> None:
    renamed(desk)
    more = LEVEL.replace("Level", "More")

    refused, before = registered(desk, more, "acme"), additions(desk)
    meant = registered(desk, more, "acme", "--breaking")

    assert (refused.code, refused.out.splitlines()[0]) == (1, told_of_typed("").splitlines()[0])
    assert document_id(more) not in {one.id for one in before.documents}
    assert (meant.code, meant.out) == (0, f"{document_id(more)} More\n")


def test_documents_that_are_valid_still_break_where_their_answer_is_another(desk: Operator) -> None:
    before = desk.folder / "before"
    before.mkdir()
    for audience in BOTH:
        sdl = called("schema", audience, settings={"CATALOGUE": str(desk.folder / "pack")}).out
        (before / f"{audience}.graphql").write_text(sdl)
    held = documents(desk, "check", asked=("--since", str(before)))
    now = (before / "client.graphql").read_text()
    former = re.sub(r"(type StringAttribute \{.*?\n  value: )String", r"\1Int", now, flags=re.DOTALL)
    assert former != now
    (before / "client.graphql").write_text(former)

    told = documents(desk, "check", asked=("--since", str(before)))

    assert (held.code, held.out) == (0, "2 registered documents hold\n")
    assert told.code == 1
    assert told.out == told_of_typed("Field StringAttribute.value changed type from Int to String.") + "\n"


def test_to_try_a_catalogue_to_come_does_not_shut_out_the_one_that_is_served(desk: Operator) -> None:
    version = desk.folder / "pack" / "pack.csv"
    version.write_text("version\n9\n")

    assert documents(desk, "check", asked=()).code == 0

    version.unlink()
    assert registered(desk, LEVEL, "acme").code == 0, "the store has not seen it"


@pytest.mark.parametrize("name", ["nothing.graphql", "client.graphql"])
def test_a_folder_without_schemas_is_a_wrong_call(desk: Operator, name: str, tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / name).write_text("no schema at all")

    told = documents(desk, "check", asked=("--since", str(tmp_path / "before")))

    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("consent-gateway documents check: `")
    assert "with `schema`" in told.err


def test_files_are_checked_for_somebody_and_something(desk: Operator) -> None:
    told = documents(desk, "check", written(desk, LEVEL), asked=())

    assert (told.code, told.out) == (2, "")
    assert "name `--recipient` and `--purpose`" in told.err


def new(operation: Operation) -> NewDocument:
    return NewDocument(document_id(LEVEL), "Level", LEVEL, "play.match", operation, ("hobby.level",))


@pytest.mark.parametrize(
    ("held", "operation", "found"),
    [
        (row(LEVEL, "Level", last_used_at=AT), Operation.DISCLOSE, ()),
        (row(LEVEL, "Level"), Operation.TRAIN, ()),
        (
            row(LEVEL, "Level", last_used_at=AT),
            Operation.TRAIN,
            ("it is run for DISCLOSE of `play.match`, not for TRAIN of `play.match`",),
        ),
    ],
)
def test_a_document_that_was_used_is_not_bound_to_something_else(
    held: RegisteredDocument, operation: Operation, found: tuple[str, ...]
) -> None:
    told = rebound((held,), (new(operation),), "acme")

    assert told == ((Broken(held, found),) if found else ())
    assert rebound((held,), (new(operation),), "somebody else") == ()


def test_a_document_that_names_no_purpose_is_bound_to_none() -> None:
    held = replace(row("{ access { keys } }", "Access", last_used_at=AT), purpose="play.match")
    again = NewDocument(held.id, held.name, held.body, "play.other", held.operation, ())

    assert rebound((held,), (again,), held.recipient) == ()
    assert rebound((held,), (replace(again, operation=Operation.TRAIN),), held.recipient) != ()
