"""Whom an officer's operation is about: every person its arguments name, whatever the field."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import get_argument_values
from graphql.execution.values import VariableValues, get_variable_values

from gateway.shape import flat, fragments_of
from gateway.variables import Variables

# Where the contract names a person: a member of that name, at any depth, and the one question by her own id.
MEMBER = "subjectId"
QUESTION = ("subject", "id")


def subjects_named(asked: Variables) -> frozenset[str]:
    """Return the ids an operation names; its variables have been found to hold."""
    root = asked.schema.get_root_type(asked.operation.operation)
    given = get_variable_values(asked.schema, asked.operation.variable_definitions or (), dict(asked.given))
    if root is None or not isinstance(given, VariableValues):
        return frozenset()  # neither is checked twice: what comes here was found to hold
    found: set[str] = set()
    for node in flat(asked.operation.selection_set, fragments_of(asked.document)):
        field = root.fields.get(node.name.value)
        if field is not None and node.arguments:
            arguments = get_argument_values(field, node, given)
            found |= set(_members(arguments))
            if node.name.value == QUESTION[0] and QUESTION[1] in arguments:
                found.add(str(arguments[QUESTION[1]]))
    return frozenset(found)


def _members(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == MEMBER and isinstance(inner, str):
                yield inner
            else:
                yield from _members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner)
