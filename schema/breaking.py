"""What a document stands on in one contract, and which changes to the next would break it; no store, no file."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from graphql import (
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    UnionTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    find_breaking_changes,
    get_named_type,
    parse,
    validate,
    visit,
)

WHOLE = (EnumTypeDefinitionNode, InputObjectTypeDefinitionNode, ScalarTypeDefinitionNode)
Names: TypeAlias = tuple[NamedTypeNode, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """A contract as it was: as it is written, and as documents are judged by it."""

    written: DocumentNode
    schema: GraphQLSchema

    @classmethod
    def read(cls, sdl: str) -> "Before":
        """Read an SDL; raises `GraphQLError` or `TypeError` for what is none."""
        written = parse(sdl)
        return cls(written, build_ast_schema(written, assume_valid=True))


def holds(document: DocumentNode, schema: GraphQLSchema) -> bool:
    """Tell whether a document is valid by a contract, as the specification says; our own limits are not asked."""
    return not validate(schema, document, hide_suggestions=True)


def breaks(document: DocumentNode, before: Before, now: GraphQLSchema) -> tuple[str, ...]:
    """Return which changes since `before` break a document that was valid by it, in alphabetical order.

    An answer of another type breaks whoever reads it, though the document is as valid as it was.
    """
    used = _Used(before.schema)
    visit(document, TypeInfoVisitor(used.types, used))
    known = build_ast_schema(DocumentNode(definitions=tuple(_kept(before.written, used))), assume_valid=True)
    return tuple(sorted({one.description for one in find_breaking_changes(known, now)}))


class _Used(Visitor):
    """Collects what a document uses of a contract: types, fields of types, arguments of fields."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self.names: set[str] = set()
        self.fields: defaultdict[str, set[str]] = defaultdict(set)
        self.arguments: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def enter(self, *_: Any) -> None:
        """Note where the visit stands."""
        for kind in (self.types.get_parent_type(), self.types.get_type()):
            if kind is not None:
                self.names.add(get_named_type(kind).name)

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Note a field, its type and its arguments."""
        self.enter()
        parent, definition = self.types.get_parent_type(), self.types.get_field_def()
        if parent is not None and definition is not None:
            name = node.name.value
            self.fields[parent.name].add(name)
            for argument in node.arguments or ():
                self.arguments[parent.name, name].add(argument.name.value)
                taken = definition.args.get(argument.name.value)
                self._input(None if taken is None else taken.type)

    def enter_variable_definition(self, *_: Any) -> None:
        """Note what a variable brings."""
        self._input(self.types.get_input_type())

    def _input(self, kind: GraphQLInputType | None) -> None:
        """Note a type of values and all that is within: nobody knows which of it variables bring."""
        found = None if kind is None else get_named_type(kind)
        if found is None or found.name in self.names:
            return
        self.names.add(found.name)
        for field in found.fields.values() if isinstance(found, GraphQLInputObjectType) else ():
            self._input(field.type)


def _kept(before: DocumentNode, used: _Used) -> Iterator[DefinitionNode]:
    """Yield what is left of a contract without all that is not used of it."""
    for node in before.definitions:
        if isinstance(node, SchemaDefinitionNode):
            kept = tuple(one for one in node.operation_types if one.type.name.value in used.names)
            yield replace(node, operation_types=kept)
        elif isinstance(node, WHOLE) and node.name.value in used.names:
            yield node
        elif isinstance(node, UnionTypeDefinitionNode) and node.name.value in used.names:
            yield replace(node, types=_named(node.types, used))
        elif isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode) and node.name.value in used.names:
            yield replace(node, interfaces=_named(node.interfaces, used), fields=tuple(_fields(node, used)))


def _named(names: Names | None, used: _Used) -> Names:
    return tuple(one for one in names or () if one.name.value in used.names)


def _fields(node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode, used: _Used) -> Iterator[FieldDefinitionNode]:
    parent = node.name.value
    for field in node.fields or ():
        if field.name.value in used.fields[parent]:
            given = used.arguments[parent, field.name.value]
            kept = tuple(one for one in field.arguments or () if one.name.value in given)
            yield replace(field, arguments=kept)
