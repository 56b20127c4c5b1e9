"""Whom an officer's operation is about: every person its arguments name, whatever the field."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLObjectType, get_argument_values
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
    fields = flat(asked.operation.selection_set, fragments_of(asked.document))
    return frozenset(person for node in fields for person in _named(node, root, given))


def _named(node: FieldNode, root: GraphQLObjectType, given: VariableValues) -> Iterator[str]:
    field = root.fields.get(node.name.value)
    if field is None:
        return
    try:
        arguments = get_argument_values(field, node, given)
    except GraphQLError:
        return  # a null where none may be: nobody is asked about, the execution says where
    yield from _members(arguments)
    if node.name.value == QUESTION[0] and QUESTION[1] in arguments:
        yield str(arguments[QUESTION[1]])


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
