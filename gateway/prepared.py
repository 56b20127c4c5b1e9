"""A document made ready once: parsed, validated, its operations and purposes known; kept by its text, bounded."""

import re
from asyncio import CancelledError, get_running_loop
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    GraphQLError,
    ObjectFieldNode,
    OperationDefinitionNode,
    Token,
    ValueNode,
    VariableNode,
    specified_rules,
    validate,
)

from gateway.clearing import cleared
from gateway.limits import RULES, parsed
from gateway.pieces import GivenUp, Pieces, SteppingLexer, stepping
from resolvers.pacing import UNPACED, Pace
from schema.build import Contract

MOST_DOCUMENTS = 512  # of one audience; a registered set is tens, and free text must not grow memory
# What a parser found where it expected something else: the kind of it is told, the text may be a person's value.
FOUND = re.compile(r"(\bName|\bInt|\bFloat|String|escape sequence|\bvariable|\bgot):? '.*'", re.DOTALL)
MOST_CHARACTERS = 250_000  # of all of them; a document made ready takes a hundred times its text: 25 MB
MOST_REGISTERED = 2_000_000  # characters of those an officer put there: two hundred screens that ask everything
SHORT = 2_000  # characters: made ready within some milliseconds, so at once; a longer one beside everything else
SUGGESTED = " Did you mean "
MOST_ERRORS = 5  # enough to mend a document by; every error costs time and bytes
NOTHING = DocumentNode(definitions=())
Rules: TypeAlias = Sequence[type[ASTValidationRule]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document; of one that does not hold, or is none, the errors alone."""

    text: str
    document: DocumentNode = NOTHING
    operations: tuple[OperationDefinitionNode, ...] = ()
    errors: tuple[GraphQLError, ...] = ()
    parsed: bool = True

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation named, or the only one; `None` if that is no single one."""
        found = [one for one in self.operations if name is None or (one.name and one.name.value == name)]
        return found[0] if len(found) == 1 else None


class Shelf:
    """Documents by their text, the least recently used let go first."""

    def __init__(self, most_characters: int) -> None:
        """Hold how long all texts together may be."""
        self._most, self._characters = most_characters, 0
        self._found: OrderedDict[str, Prepared] = OrderedDict()

    def take(self, text: str) -> Prepared | None:
        """Return a document, if it is here."""
        found = self._found.get(text)
        if found is not None:
            self._found.move_to_end(text)
        return found

    def keep(self, found: Prepared) -> Prepared:
        """Keep a document; of two made at the same time the first."""
        if found.text not in self._found:
            self._found[found.text] = found
            self._characters += len(found.text)
        while len(self._found) > MOST_DOCUMENTS or self._characters > self._most:
            self._characters -= len(self._found.popitem(last=False)[0])
        return found


class Documents:
    """Holds the documents of one audience, ready to run, least recently used ones let go first."""

    def __init__(self, contract: Contract, rules: Rules) -> None:
        """Hold the contract, and the rules of its own that every document is checked against."""
        self.contract, self.schema = contract, contract.core
        self._rules = (*specified_rules, *rules)
        self._sent, self._registered = Shelf(MOST_CHARACTERS), Shelf(MOST_REGISTERED)
        # One long text at a time: two would take the time of four from everybody else. Who gives up is out of the line,
        # and what was begun for them ends with its piece.
        self._beside = ThreadPoolExecutor(1, f"documents of {contract.audience.value}")

    def ready(self, text: str) -> Prepared:
        """Return a document made ready."""
        return self._sent.take(text) or self._sent.keep(self._made(text))

    async def ready_beside(self, text: str, pace: Pace = UNPACED, *, registered: bool = False) -> Prepared:
        """Return a document made ready, a long one beside everything else, at the pace of who waits for it.

        Registered ones are kept apart: no text that is sent puts them out, and there may be more of them.
        """
        shelf = self._registered if registered else self._sent
        found = shelf.take(text)
        if found is None and len(text) <= SHORT:
            found = shelf.keep(self._made(text))
        return found or shelf.keep(await self._made_beside(text, pace))

    async def _made_beside(self, text: str, pace: Pace) -> Prepared:
        made: list[Prepared] = []  # not the result of a future that crosses threads: such a one holds itself, and that
        pieces = Pieces(pace)
        await pace.rest()  # now it is known to be long: nobody rests for it while it is in line
        try:
            await get_running_loop().run_in_executor(self._beside, self._make, text, pieces, made)
        except CancelledError:
            pieces.give_up()
            raise
        return made[0]

    def _make(self, text: str, pieces: Pieces, made: list[Prepared]) -> None:
        """Make a document ready; what read and checked it holds itself and all of it, whether it is kept or not."""
        with cleared(), suppress(GivenUp):
            made.append(self._made(text, pieces))

    def _made(self, text: str, pieces: Pieces | None = None) -> Prepared:
        try:
            document = parsed(text, SteppingLexer(text, pieces) if pieces else None)
        except GraphQLError as error:  # told, not raised: what crosses threads holds itself, and with it the text
            return Prepared(text, errors=(_bare(error, _unread(error)),), parsed=False)
        errors = self._judged(document, (stepping(pieces),) if pieces else ())
        _let_go(document)
        if errors:
            return Prepared(text, errors=tuple(_bare(error, _unquoted(error)) for error in errors))
        operations = tuple(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        return Prepared(text, document, operations)

    def _judged(self, document: DocumentNode, beside: Rules) -> list[GraphQLError]:
        """Return what is wrong with a document; what is too much of it first and alone: the rest is costly there."""
        return self._broken(document, (*beside, *RULES)) or self._broken(document, (*beside, *self._rules))

    def _broken(self, document: DocumentNode, rules: Rules) -> list[GraphQLError]:
        return validate(self.schema, document, rules, max_errors=MOST_ERRORS, hide_suggestions=True)


def _unread(error: GraphQLError) -> str:
    """Return the message of text that is no document: it says where it ends, not what stands there."""
    return FOUND.sub(lambda found: found[1], error.message)


def _let_go(document: DocumentNode) -> None:
    """Untie the tokens a document was read from: nobody needs them, and in both directions they hold each other."""
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        following, token.prev, token.next = token.next, None, None
        token = following


def _bare(error: GraphQLError, message: str) -> GraphQLError:
    """Return an error with this message and without the document: it would be held as long as its text is known."""
    bare = GraphQLError(message, extensions=error.extensions)
    bare.locations = error.locations
    return bare


def _unquoted(error: GraphQLError) -> str:
    """Return the message, no suggestion or literal in it: such a one may be a person's value on its way in."""
    about = error.nodes[0] if error.nodes else None
    if isinstance(about, FieldNode) and SUGGESTED in error.message:  # one rule suggests whatever it is told
        return error.message.partition(SUGGESTED)[0]
    if error.extensions or isinstance(about, VariableNode) or not isinstance(about, ValueNode | ObjectFieldNode):
        return error.message
    return "a literal does not fit its type; see the schema"


def code_of(error: GraphQLError, otherwise: str) -> str:
    """Return an error's code, or the one for errors that bring none."""
    extensions: Mapping[str, Any] = error.extensions or {}
    return str(extensions.get("code", otherwise))
