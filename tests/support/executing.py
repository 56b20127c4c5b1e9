"""Runs a document in this process as the endpoint does once it is checked: same doors, same contract, a real store."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.prepared import Documents
from gateway.variables import Named, naming_rule
from graph.catalogue import Catalogue
from graph.terms import Audience
from resolvers.context import Context
from schema.build import contracts
from schema.operation import Operation
from tests.support.worlds_resolvers import ATTRIBUTES, GUESS, HEIGHT, HOBBY, NOTE, TABLES, TOPICS, TURNING

TYPED = {
    HOBBY: ("Hobby", "list"),
    GUESS: ("Hobby", "guess"),
    HEIGHT: ("Body", "heightCm"),
    TURNING: ("Comfort", "turning"),
    NOTE: ("Health", "note"),
    TOPICS: ("Access", "keys"),  # as a type of the partner's contract is called, and a field of it
}
TYPED_TABLES = replace(
    TABLES,
    attributes=tuple(
        replace(one, graphql_type=TYPED[one.key][0], graphql_field=TYPED[one.key][1]) if one.key in TYPED else one
        for one in ATTRIBUTES
    ),
)
"""The small world's tables, some of their attributes with a typed field."""


def doors(catalogue: Catalogue) -> dict[Audience, Documents]:
    """Return the doors of a catalogue's three contracts."""
    return {
        audience: Documents(contract, (naming_rule(Named(catalogue, audience)),))
        for audience, contract in contracts(catalogue).items()
    }


async def executed(context: Context, text: str, variables: Mapping[str, Any] | None = None) -> Any:
    """Execute a document that holds, and return its result."""
    open_to = doors(context.catalogue)
    door = open_to[context.caller.audience]
    ready = door.ready(text)
    assert ready.errors == (), ready.errors
    operation = Operation(context, ready.document, open_to)
    return await door.contract.schema.execute(text, variable_values=dict(variables or {}), context_value=operation)


async def answered(context: Context, text: str, variables: Mapping[str, Any] | None = None) -> Any:
    """Execute a document that is answered without an error; return its data."""
    result = await executed(context, text, variables)
    assert result.errors is None, result.errors
    return result.data
