"""A document on its way into the registry: held to what the door asks of it, one operation, a literal purpose."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    VariableNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    visit,
)

from graph.catalogue import Catalogue
from graph.terms import Audience
from resolvers.problems import invalid
from schema.door import Door, Ready

PURPOSE, KEY = "PurposeKey", "AttributeKey"  # the scalars of the contract that say what a document is about
READERS = (Audience.PARTNER, Audience.CLIENT)  # whom documents are registered for; governance sends its own text

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a checked document is known by: its hash, and the keys it names, each once, in its own order.

    `audience` is whose contract it holds for; `open_ended` that its variables may name further keys.
    """

    id: str
    keys: tuple[str, ...]
    audience: Audience
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Contracts:
    """The doors a document may be written for, each with its contract, and the attributes behind typed fields."""

    doors: Mapping[Audience, Door]
    catalogue: Catalogue

    def facts(self, body: str, purpose: str, place: Place) -> Facts:
        """Check a document; raises `Refused` with the path of what does not hold."""
        audience, document = self._fitting(body, place)
        operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        if len(operations) != 1:
            message = "a document has exactly one operation; register one document for each"
            raise invalid("ONE_OPERATION", message, *place, "body")
        found = _Found(self.doors[audience].schema, operations[0], self._typed(audience))
        visit(document, TypeInfoVisitor(found.types, found))
        _one_purpose(found, purpose, place)
        named = f"sha256:{hashlib.sha256(body.encode()).hexdigest()}"
        return Facts(named, tuple(found.keys), audience, found.open_ended)

    def _fitting(self, body: str, place: Place) -> tuple[Audience, DocumentNode]:
        """Return whom a document holds for, as it will be judged when it is sent: a partner first, else a client."""
        faults = []
        for audience in READERS:
            ready = _ready(self.doors[audience], body, place)
            if not ready.errors:
                return audience, ready.document
            faults.append(f"as a {audience.value}'s: {ready.errors[0].message.rstrip('.')}")
        message = f"the document holds for no contract; mend it ({'; '.join(faults)})"
        raise invalid("DOCUMENT_INVALID", message, *place, "body")

    def _typed(self, audience: Audience) -> Mapping[tuple[str, str], str]:
        """Return the attributes of typed fields, which only clients have."""
        rows = self.catalogue.attributes.values() if audience is Audience.CLIENT else ()
        return {(one.graphql_type, one.graphql_field): one.key for one in rows if one.graphql_type}


def _ready(door: Door, body: str, place: Place) -> Ready:
    found = door.ready(body)
    if not found.parsed:
        message = f"the document does not parse: {found.errors[0].message}"
        raise invalid("DOCUMENT_UNPARSABLE", message, *place, "body")
    return found


def _one_purpose(found: "_Found", purpose: str, place: Place) -> None:
    """Hold the document's purpose against the one it is registered for; a document without one ignores that."""
    if found.by_variable:
        message = "the document takes its purpose from a variable; write it as a literal"
        raise invalid("PURPOSE_VARIABLE", message, *place, "body")
    if found.purposes and found.purposes != {purpose}:
        message = "the document names another purpose than the one it is registered for; make them equal"
        raise invalid("PURPOSE_MISMATCH", message, *place, "purpose")


class _Found(Visitor):
    """Collects what a valid document names: purposes where one is required, and attribute keys, typed or literal."""

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, typed: Mapping[tuple[str, str], str]
    ) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self._root = schema.get_root_type(operation.operation)
        self._typed = typed
        self.purposes: set[str] = set()
        self.by_variable = False
        self.open_ended = False
        self.keys: dict[str, None] = {}

    def enter_variable_definition(self, *_: Any) -> None:
        """Note a variable that may bring keys."""
        kind = self.types.get_input_type()
        self.open_ended |= kind is not None and _takes_keys(kind, frozenset())

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Note a typed field's attribute."""
        parent = self.types.get_parent_type()
        key = self._typed.get((parent.name, node.name.value)) if isinstance(parent, GraphQLObjectType) else None
        if key is not None:
            self.keys[key] = None

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Note a key that is written out."""
        kind = self.types.get_input_type()
        if kind is not None and get_named_type(kind).name == KEY:
            self.keys[node.value] = None

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Note the purpose in an argument of a root field, or one level inside its input."""
        argument = self.types.get_argument()
        if argument is not None and self.types.get_parent_type() is self._root:
            self._required(node.value, argument.type)

    def _required(self, node: ValueNode, kind: GraphQLInputType) -> None:
        inside = get_nullable_type(kind)
        if _is_required_purpose(kind):
            self._said(node)
        elif isinstance(inside, GraphQLInputObjectType):
            fields = {name for name, field in inside.fields.items() if _is_required_purpose(field.type)}
            self.by_variable |= bool(fields) and isinstance(node, VariableNode)
            for row in node.fields if isinstance(node, ObjectValueNode) else ():
                if row.name.value in fields:
                    self._said(row.value)

    def _said(self, node: ValueNode) -> None:
        if isinstance(node, StringValueNode):
            self.purposes.add(node.value)
        else:
            self.by_variable = True


def _is_required_purpose(kind: GraphQLInputType) -> bool:
    return isinstance(kind, GraphQLNonNull) and getattr(kind.of_type, "name", None) == PURPOSE


def _takes_keys(kind: GraphQLInputType, above: frozenset[str]) -> bool:
    """Tell whether a key may stand somewhere in a value of a type; `above` are the types it is within."""
    inside = get_named_type(kind)
    if not isinstance(inside, GraphQLInputObjectType):
        return inside.name == KEY
    below = above | {inside.name}
    return inside.name not in above and any(_takes_keys(field.type, below) for field in inside.fields.values())
