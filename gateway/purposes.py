"""The purpose of a document: exactly one, or none; as a validation rule for literals and a look-up for variables.

A purpose that is *required* (`PurposeKey!`, as an argument of a root field or one level inside its input) says what is
asked for. One that may be left out narrows a scope or a filter and is nobody's purpose.
"""

from collections.abc import Iterator, Mapping

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    ValidationContext,
    ValueNode,
    VariableNode,
    get_nullable_type,
)

from gateway.shape import INVALID, Fragments, fault, flat, fragments_of

PURPOSE = "PurposeKey"  # the scalar of the contract


class OnePurposeRule(ASTValidationRule):
    """Refuse a document that names two purposes, in one operation or in several."""

    context: ValidationContext

    def enter_document(self, node: DocumentNode, *_: object) -> None:
        """Compare the literal purposes of all root fields."""
        if len(literal_purposes(self.context.schema, node)) > 1:
            self.report_error(fault("the document names two purposes; send one document for each", node, INVALID))


def literal_purposes(schema: GraphQLSchema, document: DocumentNode) -> frozenset[str]:
    """Return the purposes a document names as literals."""
    return frozenset(node.value for node, _ in _asked(schema, document) if isinstance(node, StringValueNode))


def purposes_asked(
    schema: GraphQLSchema,
    document: DocumentNode,
    *,
    operation: OperationDefinitionNode,
    variables: Mapping[str, object],
) -> frozenset[str]:
    """Return the purposes one operation asks for, in literals and in coerced variables; two are a fault."""
    found: set[str] = set()
    for node, fields in _asked(schema, document, operation):
        if isinstance(node, StringValueNode):
            found.add(node.value)
        elif isinstance(node, VariableNode):
            found |= _said(variables.get(node.name.value), fields)
    return frozenset(found)


def _asked(
    schema: GraphQLSchema, document: DocumentNode, only: OperationDefinitionNode | None = None
) -> Iterator[tuple[ValueNode, frozenset[str]]]:
    """Yield what stands where a purpose is required; for a variable that is a whole input, with its purposes' names."""
    fragments = fragments_of(document)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode) and only in (None, operation):
            for node, kind in _root_arguments(schema, operation, fragments):
                yield from _required(node, kind)


def _root_arguments(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments
) -> Iterator[tuple[ValueNode, GraphQLInputType]]:
    root = schema.get_root_type(operation.operation)
    for node in flat(operation.selection_set, fragments):
        field = root.fields.get(node.name.value) if root else None
        declared = field.args if field else {}
        for argument in node.arguments or ():
            if argument.name.value in declared:
                yield argument.value, declared[argument.name.value].type


def _required(node: ValueNode, kind: GraphQLInputType) -> Iterator[tuple[ValueNode, frozenset[str]]]:
    if _is_required_purpose(kind):
        yield node, frozenset()
        return
    fields = _purpose_fields(kind)
    if fields and isinstance(node, VariableNode):
        yield node, fields
    elif isinstance(node, ObjectValueNode):
        yield from ((row.value, frozenset()) for row in node.fields if row.name.value in fields)


def _purpose_fields(kind: GraphQLInputType) -> frozenset[str]:
    inside = get_nullable_type(kind)
    if not isinstance(inside, GraphQLInputObjectType):
        return frozenset()
    return frozenset(name for name, field in inside.fields.items() if _is_required_purpose(field.type))


def _is_required_purpose(kind: GraphQLInputType) -> bool:
    return isinstance(kind, GraphQLNonNull) and getattr(kind.of_type, "name", None) == PURPOSE


def _said(value: object, fields: frozenset[str]) -> set[str]:
    """Return the purposes in a variable's value: itself, or those of the input it is."""
    if isinstance(value, Mapping):
        return {str(value[name]) for name in fields if name in value}
    return set() if value is None or fields else {str(value)}
