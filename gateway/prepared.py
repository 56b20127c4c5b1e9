"""A document made ready once: parsed, validated, its operations and purposes known; kept by its text, bounded."""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSyntaxError,
    ObjectFieldNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    specified_rules,
    validate,
)

from gateway.limits import MEANING_RULES, SHAPE_RULES, parsed
from schema.build import Contract

MOST_DOCUMENTS = 512  # of one audience; a registered set is tens, and free text must not grow memory
# What a parser found where it expected something else: the kind of it is told, the text may be a person's value.
FOUND = re.compile(r"(\bName|\bInt|\bFloat|String|escape sequence):? '.*'", re.DOTALL)
MOST_ERRORS = 5  # enough to mend a document by; every error costs time and bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that parsed; `errors` are those of validation."""

    text: str
    document: DocumentNode
    operations: tuple[OperationDefinitionNode, ...]
    errors: tuple[GraphQLError, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation named, or the only one; `None` if that is no single one."""
        found = [one for one in self.operations if name is None or (one.name and one.name.value == name)]
        return found[0] if len(found) == 1 else None


class Documents:
    """Holds the documents of one audience, ready to run, least recently used ones let go first."""

    def __init__(self, contract: Contract, rules: Sequence[type[ASTValidationRule]]) -> None:
        """Hold the contract, and the rules of its own that every document is checked against."""
        self.contract, self.schema = contract, contract.core
        self._rules = (*specified_rules, *MEANING_RULES, *rules)
        self._ready: OrderedDict[str, Prepared] = OrderedDict()

    def ready(self, text: str) -> Prepared:
        """Return a document made ready; raises `GraphQLError` for text that is none or too long."""
        found = self._ready.get(text)
        if found is None:
            found = self._made(text)
            self._ready[text] = found
            if len(self._ready) > MOST_DOCUMENTS:
                self._ready.popitem(last=False)
        else:
            self._ready.move_to_end(text)
        return found

    def _made(self, text: str) -> Prepared:
        document = _read(text)
        errors = self._judged(document, SHAPE_RULES) or self._judged(document, self._rules)
        operations = tuple(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        return Prepared(text, document, operations, tuple(_unquoted(error) for error in errors))

    def _judged(self, document: DocumentNode, rules: Sequence[type[ASTValidationRule]]) -> list[GraphQLError]:
        return validate(self.schema, document, rules, max_errors=MOST_ERRORS, hide_suggestions=True)


def _read(text: str) -> DocumentNode:
    """Parse a document; the error of one that is none says where it ends, not what stands there."""
    try:
        return parsed(text)
    except GraphQLSyntaxError as error:
        message = FOUND.sub(lambda found: found[1], error.message)
        raise GraphQLError(message, source=error.source, positions=error.positions) from None


def _unquoted(error: GraphQLError) -> GraphQLError:
    """Return an error without the literal it quotes: a value on its way in may be a person's."""
    about = error.nodes[0] if error.nodes else None
    if error.extensions or isinstance(about, VariableNode) or not isinstance(about, ValueNode | ObjectFieldNode):
        return error
    return GraphQLError("a literal does not fit its type; see the schema", error.nodes)


def code_of(error: GraphQLError, otherwise: str) -> str:
    """Return an error's code, or the one for errors that bring none."""
    extensions: Mapping[str, Any] = error.extensions or {}
    return str(extensions.get("code", otherwise))
