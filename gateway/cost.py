"""The cost of a document, as a validation rule: one for each object it asks, multiplied through lists and pages."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValidationContext,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from gateway.shape import Fragments, fault, fragments_of

MOST_COST = 12_000  # 50 people with a sheet of 200 keys each, the most a partner may ask, is 10,101
PAGE_ARGUMENT = "first"  # the size of a page (4.3)
MOST_PAGE = 100  # what a page may hold; a variable counts as that much
USUAL_PAGE = 25  # what a page holds if nobody says
VARIABLE_LIST = 50  # a list in a variable counts as the most ids a partner may name; a longer one when it comes
USUAL_LIST = 10  # a list whose length nothing tells: gates, edges of lineage, reasons
MUTATION_COST = 10  # a durable write against a read in memory
Lengths: TypeAlias = Mapping[str, int]  # of the longest list in a variable, by its name
NONE_KNOWN: Lengths = MappingProxyType({})


class CostRule(ASTValidationRule):
    """Refuse a document that asks for too much; leaves are free, introspection has limits of its own."""

    context: ValidationContext

    def enter_document(self, node: DocumentNode, *_: object) -> None:
        """Judge each operation."""
        for one in node.definitions:
            if isinstance(one, OperationDefinitionNode):
                cost = cost_of(self.context.schema, node, one)
                if cost > MOST_COST:
                    self.report_error(fault(f"the document costs {cost}, at most {MOST_COST}; ask for less", one))


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, lengths: Lengths = NONE_KNOWN
) -> int:
    """Return what an operation costs; a list in a variable has the length known for that variable, or the usual one."""
    root = schema.get_root_type(operation.operation)
    cost = _Costs(schema, fragments_of(document), lengths).of(operation.selection_set, root, None)
    writes = operation.operation is OperationType.MUTATION
    return cost + MUTATION_COST * len(operation.selection_set.selections) * writes


class _Costs:
    """Adds up selections; each fragment once for each type and page size it is used with."""

    def __init__(self, schema: GraphQLSchema, fragments: Fragments, lengths: Lengths) -> None:
        self._schema, self._fragments, self._lengths = schema, fragments, lengths
        self._known: dict[tuple[str, int | None], int] = {}

    def of(self, selections: SelectionSetNode | None, parent: object, page: int | None) -> int:
        """Return the cost of a selection on a type; `page` is how many items a list directly below holds."""
        spread: set[str] = set()  # a fragment spread twice in one selection is asked once
        cost = 0
        for node in selections.selections if selections else ():
            name = node.name.value if isinstance(node, FragmentSpreadNode) else None
            if name is None or name not in spread:
                cost += self._one(node, parent, page)
            if name is not None:
                spread.add(name)
        return cost

    def _one(self, node: object, parent: object, page: int | None) -> int:
        if isinstance(node, FieldNode):
            return self._field(node, parent, page)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            kind = self._schema.get_type(condition.name.value) if condition else parent
            return self.of(node.selection_set, kind, page)
        return self._fragment(node, page) if isinstance(node, FragmentSpreadNode) else 0

    def _fragment(self, node: FragmentSpreadNode, page: int | None) -> int:
        name = node.name.value
        if (name, page) not in self._known and name in self._fragments:
            self._known[name, page] = 0  # while it is added up: a fragment within itself is refused elsewhere
            fragment = self._fragments[name]
            kind = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name, page] = self.of(fragment.selection_set, kind, page)
        return self._known.get((name, page), 0)

    def _field(self, node: FieldNode, parent: object, page: int | None) -> int:
        fields = parent.fields if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else {}
        field = fields.get(node.name.value)
        if field is None or is_leaf_type(get_named_type(field.type)):
            return 0
        size, listed = _size(node, field, self._lengths), is_list_type(get_nullable_type(field.type))
        times = next((one for one in (size, page, USUAL_LIST) if one is not None), 0) if listed else 1
        return times * (1 + self.of(node.selection_set, get_named_type(field.type), None if listed else size))


def _size(node: FieldNode, field: GraphQLField, lengths: Lengths) -> int | None:
    """Return how many items a field's arguments ask for, or `None` if they do not say."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    sizes = [_argument_size((name, argument), given.get(name), lengths) for name, argument in field.args.items()]
    return max((size for size in sizes if size is not None), default=None)


def _argument_size(named: tuple[str, GraphQLArgument], value: ValueNode | None, lengths: Lengths) -> int | None:
    name, argument = named
    if name == PAGE_ARGUMENT:
        return _page_size(value)
    kind = get_nullable_type(argument.type)
    if isinstance(kind, GraphQLInputObjectType):
        given = {row.name.value: row.value for row in value.fields} if isinstance(value, ObjectValueNode) else {}
        lists = [name for name, row in kind.fields.items() if is_list_type(get_nullable_type(row.type))]
        return _most(_length(value if isinstance(value, VariableNode) else given.get(name), lengths) for name in lists)
    return _length(value, lengths) if is_list_type(kind) else None


def _page_size(value: ValueNode | None) -> int:
    if isinstance(value, IntValueNode):
        return max(0, int(value.value))
    return USUAL_PAGE if value is None else MOST_PAGE


def _length(value: ValueNode | None, lengths: Lengths) -> int | None:
    if isinstance(value, ListValueNode):
        return len(value.values)
    return lengths.get(value.name.value, VARIABLE_LIST) if isinstance(value, VariableNode) else None


def _most(sizes: Iterable[int | None]) -> int | None:
    return max((size for size in sizes if size is not None), default=None)
