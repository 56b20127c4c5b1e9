"""A document is made ready once, and memory does not grow with what strangers send."""

import anyio
import pytest
from graphql import GraphQLError

from gateway.prepared import MOST_CHARACTERS, MOST_DOCUMENTS, MOST_ERRORS, SHORT, Documents, code_of
from graph.pack import load
from graph.terms import Audience
from schema.build import Contract, contracts
from tests.support import pack_folder

CANARY = "canary-tangerine-7f3a"


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    pack = load(str(pack_folder.written(tmp_path_factory.mktemp("pack"))))
    return contracts(pack.catalogue)[Audience.CLIENT]


@pytest.fixture
def documents(contract: Contract) -> Documents:
    return Documents(contract, ())


def test_a_document_that_holds_is_parsed_and_checked_once(documents: Documents) -> None:
    first = documents.ready("{ devices { id } }")
    assert (first.text, first.errors, len(first.operations)) == ("{ devices { id } }", (), 1)
    assert documents.ready("{ devices { id } }") is first


def test_a_document_that_does_not_hold_is_remembered_with_its_errors(documents: Documents) -> None:
    first = documents.ready("{ nothing }")
    assert [one.message for one in first.errors] == ["Cannot query field 'nothing' on type 'Query'."]
    assert documents.ready("{ nothing }") is first


def test_the_least_lately_used_is_let_go_first(documents: Documents) -> None:
    kept, left = (documents.ready(f"{{ {name}: devices {{ id }} }}") for name in ("kept", "left"))
    for number in range(MOST_DOCUMENTS - 2):
        documents.ready(f"{{ d{number}: devices {{ id }} }}")
    assert documents.ready(kept.text) is kept
    documents.ready("{ devices { id } }")
    assert documents.ready(kept.text) is kept
    assert documents.ready(left.text) is not left


def test_long_documents_are_held_for_as_long_as_all_of_them_are_not_too_long(documents: Documents) -> None:
    longest = MOST_CHARACTERS // 2
    first, second = (documents.ready(f"{{ {name}: devices {{ id }} }} #{'x' * longest}") for name in "ab")
    kept = documents.ready("{ devices { id } }")

    assert documents.ready(second.text) is second
    assert documents.ready(kept.text) is kept
    assert documents.ready(first.text) is not first


@pytest.mark.anyio
async def test_no_text_that_is_sent_puts_a_registered_document_out(documents: Documents) -> None:
    registered = [f"{{ {name}: devices {{ id }} }} #{'x' * (MOST_CHARACTERS // 2)}" for name in "abc"]
    found = [await documents.ready_beside(text, registered=True) for text in registered]
    for text in registered:
        await documents.ready_beside(text + " ")

    assert all(
        [
            one is await documents.ready_beside(text, registered=True)
            for one, text in zip(found, registered, strict=True)
        ]
    )


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["{ devices { id } }", "{ devices { id } }" + " " * SHORT, "{ n }" + " " * SHORT])
async def test_a_document_made_ready_beside_everything_else_is_the_same(documents: Documents, text: str) -> None:
    first = await documents.ready_beside(text)

    assert await documents.ready_beside(text) is first
    assert documents.ready(text) is first


@pytest.mark.anyio
async def test_of_a_document_that_is_made_ready_twice_at_once_one_is_kept(documents: Documents) -> None:
    text = "{ devices { id } }" + " " * SHORT
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(documents.ready_beside, text)

    assert documents.ready(text) is documents.ready(text)


def test_of_a_document_that_does_not_hold_its_errors_alone_are_held(documents: Documents) -> None:
    found = documents.ready("{ nothing }")

    assert (found.document.definitions, found.operations) == ((), ())
    assert [(one.nodes, one.source, one.locations) for one in found.errors] == [(None, None, [(1, 3)])]


def test_an_operation_is_the_one_named_or_the_only_one(documents: Documents) -> None:
    two = documents.ready("query A { devices { id } } query B { devices { id } }")
    a, b = two.operations
    assert (two.operation("A"), two.operation("B"), two.operation("C"), two.operation(None)) == (a, b, None, None)
    (only,) = documents.ready("{ devices { id } }").operations
    one = documents.ready("{ devices { id } }")
    assert (one.operation(None), one.operation("A")) == (only, None)
    assert documents.ready("fragment F on Query { devices { id } }").operation(None) is None


def test_text_that_is_none_is_not_remembered(documents: Documents) -> None:
    for _ in range(2):
        with pytest.raises(GraphQLError):
            documents.ready("{")


def test_a_literal_of_another_type_is_told_without_repeating_it(documents: Documents) -> None:
    found = documents.ready(f'{{ consents(first: "{CANARY}") {{ edges {{ cursor }} }} }}')
    assert [one.message for one in found.errors] == ["a literal does not fit its type; see the schema"]


@pytest.mark.parametrize("text", ["{ devices }", "{ device { id } }", "{ devices { idd } }", "{ a: devices }"])
def test_an_error_suggests_nothing(documents: Documents, text: str) -> None:
    (error,) = documents.ready(text).errors
    assert "mean" not in error.message


def test_no_more_errors_are_told_than_it_takes_to_mend_a_document(documents: Documents) -> None:
    fields = " ".join(f"x{number}" for number in range(20))
    assert len(documents.ready(f"{{ {fields} }}").errors) <= MOST_ERRORS + 1


def test_an_error_brings_its_code_or_gets_one() -> None:
    assert code_of(GraphQLError("x", extensions={"code": "COST_LIMIT_EXCEEDED"}), "OTHER") == "COST_LIMIT_EXCEEDED"
    assert code_of(GraphQLError("x"), "OTHER") == "OTHER"
