"""One operation as resolvers see it: its context, the keys the whole of it asks for, and one release for all."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
)
from graphql.execution.values import VariableValues

from graph.terms import Audience
from resolvers.context import Context
from resolvers.release import Ask, Released, release_of, release_own
from schema.door import Door


@dataclass(slots=True)
class Operation:
    """What `info.context` holds: one a request; releases are begun once and shared by every field of it."""

    context: Context
    document: DocumentNode
    doors: Mapping[Audience, Door] = field(default_factory=dict)
    releases: dict[str, "asyncio.Future[Released]"] = field(default_factory=dict)

    async def own(self, purpose: str, keys: tuple[str, ...]) -> Released:
        """Release the caller's own attributes, once for the operation."""
        return await self._once("", lambda: release_own(self.context, purpose, keys))

    async def of(self, pairwise: str, subject: str, ask: Ask) -> Released:
        """Release the person behind an id to a partner, once for each id: known or not, as many store calls."""
        return await self._once(pairwise, lambda: release_of(self.context, subject, ask.purpose, ask.keys))

    async def _once(self, name: str, releasing: Callable[[], Coroutine[Any, Any, Released]]) -> Released:
        if name not in self.releases:
            self.releases[name] = asyncio.ensure_future(releasing())
        return await self.releases[name]


@dataclass(frozen=True, slots=True)
class AskedKeys:
    """The attribute keys an operation asks for, each once, in the order first asked; `typed` those in typed fields."""

    keys: tuple[str, ...]
    typed: frozenset[str]


def asked_keys(
    info: GraphQLResolveInfo[Any], typed: Mapping[tuple[str, str], str], person: str | None = None
) -> AskedKeys:
    """Return every attribute key the operation asks for.

    `typed` maps (type, field) to the key of a typed field; `sheet(keys:)` names its own. Skipped fields ask nothing.
    With a `person`, only root fields whose `id` or `ids` name her count: what is asked of another is not asked of her.
    """
    root = info.schema.get_root_type(info.operation.operation)
    walk = _Walk(info, typed, _variables(info), root if person is not None else None, person)
    found = dict.fromkeys(walk.keys(info.operation.selection_set, root) if root else ())
    return AskedKeys(tuple(found), frozenset(walk.in_domains))


def _variables(info: GraphQLResolveInfo[Any]) -> VariableValues:
    """Return the operation's variables as graphql-core reads them; Strawberry hands on the coerced ones alone."""
    found: Any = info.variable_values
    return VariableValues({}, found) if isinstance(found, dict) else found


@dataclass(frozen=True, slots=True)
class _Walk:
    info: GraphQLResolveInfo[Any]
    typed: Mapping[tuple[str, str], str]
    variables: VariableValues
    root: GraphQLObjectType | None
    person: str | None
    in_domains: set[str] = field(default_factory=set)

    def keys(self, selections: SelectionSetNode, parent: GraphQLObjectType) -> Iterable[str]:
        for node in selections.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield from self._field(node, parent)
            else:
                inner = node if isinstance(node, InlineFragmentNode) else self._fragment(node)
                yield from self.keys(inner.selection_set, parent)

    def _field(self, node: FieldNode, parent: GraphQLObjectType) -> Iterable[str]:
        definition = parent.fields.get(node.name.value)
        if definition is None or (parent is self.root and not self._names(node, definition)):
            return
        key = self.typed.get((parent.name, node.name.value))
        if key is not None:
            self.in_domains.add(key)
            yield key
        elif node.name.value == "sheet":
            yield from get_argument_values(definition, node, self.variables)["keys"]
        elif node.selection_set and isinstance(inner := get_named_type(definition.type), GraphQLObjectType):
            yield from self.keys(node.selection_set, inner)

    def _names(self, node: FieldNode, definition: GraphQLField) -> bool:
        arguments = get_argument_values(definition, node, self.variables)
        return self.person == arguments.get("id") or self.person in arguments.get("ids", ())

    def _fragment(self, node: Any) -> FragmentDefinitionNode:
        """Return the fragment spread; a document that was validated has it."""
        found: Any = self.info.fragments[node.name.value]
        definition: FragmentDefinitionNode = getattr(found, "definition", found)
        return definition

    def _included(self, node: Any) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (skip and skip["if"]) and (include is None or bool(include["if"]))
