"""Builds the three schemas of one catalogue, and says which names no catalogue may take."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph.catalogue import Catalogue, Tables, compiled
from graph.pack import Taken
from graph.terms import Audience
from schema.client import client_query
from schema.client_acts import client_mutation
from schema.field import SCALARS
from schema.governance import GovernanceMutation, GovernanceQuery
from schema.operation import Operation
from schema.outcome import TYPES
from schema.paced import PacedExecutor
from schema.partner import PartnerQuery
from schema.profile import profile_types

LATER = ("Subscription",)  # a root there will be: a pack that loads today loads then


class AsPrepared(SchemaExtension):
    """Take the document that the door parsed and validated; neither is done twice."""

    def on_parse(self) -> Iterator[None]:
        """Put the document where Strawberry looks for it."""
        operation: Operation = self.execution_context.context
        self.execution_context.graphql_document = operation.document
        yield

    def on_validate(self) -> Iterator[None]:
        """Say that it holds."""
        self.execution_context.pre_execution_errors = []
        yield


class Schema(strawberry.Schema):
    """A schema that logs nothing of its own: the door logs faults, masked."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave errors to the door; their text may quote what a person sent."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One audience's schema: as Strawberry runs it, and as graphql-core validates against it."""

    audience: Audience
    schema: strawberry.Schema

    @property
    def core(self) -> GraphQLSchema:
        """Return the schema documents are validated against."""
        return self.schema._schema

    @property
    def sdl(self) -> str:
        """Return the schema as text."""
        return self.schema.as_str() + "\n"


def contracts(catalogue: Catalogue) -> dict[Audience, Contract]:
    """Build the three contracts for the attributes of one catalogue."""
    types = profile_types(catalogue)
    roots: dict[Audience, tuple[Any, Any]] = {
        Audience.CLIENT: (client_query(types), client_mutation()),
        Audience.PARTNER: (PartnerQuery, None),
        Audience.GOVERNANCE: (GovernanceQuery, GovernanceMutation),
    }
    return {audience: Contract(audience, _schema(query, mutation)) for audience, (query, mutation) in roots.items()}


def taken() -> Taken:
    """Return the names a client's schema has before any attribute: a domain called so would be a second one."""
    bare = _schema(client_query(profile_types(compiled(Tables()))), client_mutation(), frozenset(TYPES.values()))
    profile: Any = bare._schema.type_map["Profile"]
    return Taken(types=frozenset({*bare._schema.type_map, *LATER}), fields=frozenset(profile.fields))


def _schema(query: Any, mutation: Any, types: Collection[Any] = ()) -> Schema:
    config = StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True)
    return Schema(
        query=query,
        mutation=mutation,
        types=types,
        config=config,
        extensions=[AsPrepared],
        execution_context_class=PacedExecutor,
    )
