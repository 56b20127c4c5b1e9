"""A document on its way into the registry: valid for an audience, one operation, one literal purpose, its keys."""

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
    GraphQLSyntaxError,
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
    parse,
    validate,
    visit,
)

from graph.catalogue import Catalogue
from graph.terms import Audience
from resolvers.problems import invalid

PURPOSE, KEY = "PurposeKey", "AttributeKey"  # the scalars of the contract that say what a document is about
MOST_TOKENS = 8_000  # what the door parses of any document
MOST_ERRORS = 1  # the first error is the one that is told

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a checked document is known by: its hash, and the keys it names, each once, in its own order."""

    id: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contracts:
    """The contracts a document may be written for, and the words it may use."""

    schemas: Mapping[str, GraphQLSchema]
    catalogue: Catalogue
    third_party: bool

    def facts(self, body: str, purpose: str, place: Place) -> Facts:
        """Check a document; raises `Refused` with the path of what does not hold."""
        document = _parsed(body, place)
        operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        if len(operations) != 1:
            message = "a document has exactly one operation; register one document for each"
            raise invalid("ONE_OPERATION", message, *place, "body")
        schema, audience = self._fitting(document, place)
        found = _Found(schema, operations[0], self._typed())
        visit(document, TypeInfoVisitor(found.types, found))
        self._one_purpose(found, purpose, place)
        unknown = next((key for key in found.keys if key not in self.catalogue.attributes), None)
        if unknown is not None and audience is Audience.CLIENT:  # a partner is told `notAvailable`
            raise invalid("UNKNOWN_KEY", f"`{unknown}` is no attribute of the catalogue", *place, "body")
        return Facts(f"sha256:{hashlib.sha256(body.encode()).hexdigest()}", tuple(found.keys))

    def _fitting(self, document: DocumentNode, place: Place) -> tuple[GraphQLSchema, Audience]:
        """Return the contract a document holds for: the partner's first, else the client's."""
        faults: dict[Audience, str] = {}
        for audience in (Audience.PARTNER, Audience.CLIENT):
            schema = self.schemas[audience]
            errors = validate(schema, document, max_errors=MOST_ERRORS, hide_suggestions=True)
            if not errors:
                return schema, audience
            faults[audience] = errors[0].message
        told = faults[Audience.PARTNER if self.third_party else Audience.CLIENT]
        message = f"the document holds for no contract of this recipient: {told}"
        raise invalid("DOCUMENT_INVALID", message, *place, "body")

    def _one_purpose(self, found: "_Found", purpose: str, place: Place) -> None:
        """Hold the document's purpose against the one it is registered for; a document without one ignores that."""
        if found.by_variable:
            message = "the document takes its purpose from a variable; write it as a literal"
            raise invalid("PURPOSE_VARIABLE", message, *place, "body")
        if len(found.purposes) > 1:
            message = "the document names two purposes; register one document for each"
            raise invalid("TWO_PURPOSES", message, *place, "body")
        if not found.purposes:
            return
        if found.purposes != {purpose}:
            message = "the document names another purpose than the one it is registered for; make them equal"
            raise invalid("PURPOSE_MISMATCH", message, *place, "purpose")
        if not self.catalogue.trees.purposes.is_leaf(purpose):
            message = "`purpose` is no leaf of the tree of purposes; name one that is"
            raise invalid("UNKNOWN_PURPOSE", message, *place, "purpose")

    def _typed(self) -> Mapping[tuple[str, str], str]:
        return {(one.graphql_type, one.graphql_field): one.key for one in self.catalogue.attributes.values()}


def _parsed(body: str, place: Place) -> DocumentNode:
    try:
        return parse(body, max_tokens=MOST_TOKENS)
    except GraphQLSyntaxError as error:
        raise invalid("DOCUMENT_UNPARSABLE", f"the document does not parse: {error.message}", *place, "body") from None
    except RecursionError:
        message = "the document is nested too deeply; write a flatter one"
        raise invalid("DOCUMENT_UNPARSABLE", message, *place, "body") from None


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
        self.keys: dict[str, None] = {}

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
            if isinstance(node, VariableNode):
                self.by_variable |= bool(fields)
            elif isinstance(node, ObjectValueNode):
                for row in node.fields:
                    if row.name.value in fields:
                        self._said(row.value)

    def _said(self, node: ValueNode) -> None:
        if isinstance(node, StringValueNode):
            self.purposes.add(node.value)
        else:
            self.by_variable = True


def _is_required_purpose(kind: GraphQLInputType) -> bool:
    return isinstance(kind, GraphQLNonNull) and getattr(kind.of_type, "name", None) == PURPOSE
