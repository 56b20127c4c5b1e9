"""A document is made ready once, and memory does not grow with what strangers send."""

import asyncio
import gc
import re
import threading
from collections.abc import Iterator
from typing import SupportsIndex
from weakref import ref

import anyio
import pytest
from graphql import GraphQLError, Lexer, Source, Token, TokenKind, Visitor, parse, visit

from gateway.clearing import cleared
from gateway.limits import MOST_TOKENS
from gateway.pieces import PIECE_OF_STEPS
from gateway.prepared import MOST_CHARACTERS, MOST_DOCUMENTS, MOST_ERRORS, SHORT, Documents, Prepared, code_of
from graph.pack import load
from graph.terms import Audience
from schema.build import Contract, contracts
from tests.support import pack_folder
from tests.support.line import settled
from tests.support.polling import until
from tests.support.resting import Counting

CANARY = "canary-tangerine-7f3a"
LONG = 10.0  # seconds
WIDE = " ".join(f"a{number}" for number in range(600))


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


class Noticing(str):
    """A text that says whether it was read."""

    read = False

    def __getitem__(self, place: SupportsIndex | slice) -> str:
        self.read = True
        return super().__getitem__(place)


@pytest.mark.anyio
async def test_who_gives_up_is_out_of_the_line_and_leaves_no_other_its_place(documents: Documents) -> None:
    first, given_up, last = (Noticing(f"{{ {name} }}" + " " * SHORT) for name in "abc")
    before = set(threading.enumerate())
    with cleared():  # whoever is first waits for this
        asking = [asyncio.create_task(documents.ready_beside(text)) for text in (first, given_up)]
        await asyncio.sleep(0)
        for one in asking:
            one.cancel()
        await asyncio.wait(asking)
        asking.append(asyncio.create_task(documents.ready_beside(last)))
        await asyncio.sleep(0)
        threads = set(threading.enumerate()) - before
    await asking[-1]

    assert (first.read, given_up.read, last.read) == (False, False, True)
    assert len(threads) == 1


class Leaving(Counting):
    """A pace whose operation is given up while it rests."""

    def __init__(self, rests: int) -> None:
        super().__init__()
        self.asking: asyncio.Task[Prepared] | None = None
        self._last = rests

    async def rest(self) -> None:
        await super().rest()
        if self.rests == self._last:
            assert self.asking is not None
            self.asking.cancel()


@pytest.mark.anyio
async def test_a_text_that_is_begun_ends_when_who_waits_for_it_gives_up(documents: Documents) -> None:
    text, pace = f"{{ {WIDE} }}", Leaving(3)  # before it is in line, and before its first two pieces
    pace.asking = asyncio.create_task(documents.ready_beside(text, pace))
    await asyncio.wait([pace.asking])
    await documents.ready_beside("{ n }" + " " * SHORT)  # the thread is free

    assert (pace.asking.cancelled(), pace.rests) == (True, 3)


@pytest.mark.anyio
@pytest.mark.parametrize("registered", [False, True])
async def test_a_long_text_is_made_ready_at_the_pace_of_who_waits_for_it(
    documents: Documents, *, registered: bool
) -> None:
    text, pace = f"{{ {WIDE} }}", Counting()
    found = await documents.ready_beside(text, pace, registered=registered)
    whole = documents.ready(text + "\n")
    steps = 600 + 2 * 600  # at least: names as they are read, then fields and their names

    assert [(one.message, one.locations) for one in found.errors] == [
        (one.message, one.locations) for one in whole.errors
    ]
    assert pace.rests > steps // PIECE_OF_STEPS


class Nodes(Visitor):
    """Counts the nodes of a document."""

    number = 0

    def enter(self, *_: object) -> None:
        self.number += 1


@pytest.mark.anyio
async def test_each_token_and_each_node_twice_is_a_step(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.pieces.PIECE_OF_STEPS", 1)
    text, pace, nodes = "{ devices { id } }", Counting(), Nodes()
    lexer = Lexer(Source(text))
    visit(parse(text), nodes)
    tokens = 2  # its beginning and its end
    while lexer.advance().kind is not TokenKind.EOF:
        tokens += 1
    assert not (await documents.ready_beside(text + " " * SHORT, pace)).errors

    assert pace.rests == 1 + tokens + 2 * nodes.number  # and the one before it is in line


@pytest.mark.anyio
async def test_others_go_first_before_a_long_text_is_in_line(documents: Documents) -> None:
    pace = Counting()
    with cleared():  # whoever is first in line waits for this
        asking = asyncio.create_task(documents.ready_beside(f"{{ {WIDE} }}", pace))
        await settled()
        before = pace.rests
    await asking

    assert before == 1


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


@pytest.fixture
def hurried() -> Iterator[None]:
    """Let the collector look so often that what a document is made of grows old meanwhile."""
    thresholds = gc.get_threshold()
    gc.set_threshold(100, 2, 1_000_000)
    yield
    gc.set_threshold(*thresholds)


def tokens() -> int:
    return sum(isinstance(one, Token) for one in gc.get_objects())


class Text(str):
    """A text that can be seen to go."""


BODIES = (f"{{ {WIDE} }}", f"{{ {WIDE}", f"{{ {WIDE} {' a' * MOST_TOKENS} }}")


@pytest.mark.anyio
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("body", BODIES, ids=("invalid", "unfinished", "too long"))
async def test_what_it_took_to_refuse_a_long_text_is_free_at_once(contract: Contract, body: str) -> None:
    gc.collect()
    before, documents, text = tokens(), Documents(contract, ()), Text(body)
    assert (await documents.ready_beside(text)).errors
    left, seen = tokens(), ref(text)
    del documents, text

    assert left == before
    until(lambda: seen() is None, LONG)  # the thread has still to put down what it did


def test_an_operation_is_the_one_named_or_the_only_one(documents: Documents) -> None:
    two = documents.ready("query A { devices { id } } query B { devices { id } }")
    a, b = two.operations
    assert (two.operation("A"), two.operation("B"), two.operation("C"), two.operation(None)) == (a, b, None, None)
    (only,) = documents.ready("{ devices { id } }").operations
    one = documents.ready("{ devices { id } }")
    assert (one.operation(None), one.operation("A")) == (only, None)
    assert documents.ready("fragment F on Query { devices { id } }").operation(None) is None


def test_text_that_is_none_is_remembered_with_its_error_too(documents: Documents) -> None:
    found = documents.ready("{")
    assert (found.parsed, found.operations) == (False, ())
    assert [(one.message, one.locations) for one in found.errors] == [
        ("Syntax Error: Expected Name, found <EOF>.", [(1, 2)])
    ]
    assert documents.ready("{") is found


def test_a_literal_of_another_type_is_told_without_repeating_it(documents: Documents) -> None:
    found = documents.ready(f'{{ consents(first: "{CANARY}") {{ edges {{ cursor }} }} }}')
    assert [one.message for one in found.errors] == ["a literal does not fit its type; see the schema"]


@pytest.mark.parametrize(
    "text", ["query($a: Int = $canary) { a }", "{ canary(", "canary", "{ a(b: 1c) }", '{ a(b: "\\c") }']
)
def test_text_that_is_none_is_told_without_what_stands_there(documents: Documents, text: str) -> None:
    (error,) = documents.ready(text).errors
    assert not re.search(r"canary|'\\?c'", error.message), error.message


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
