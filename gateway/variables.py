"""What literals and variables may name: keys there are, and leaf purposes; checked before anything is executed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    StringValueNode,
    ValidationContext,
    get_named_type,
    get_variable_values,
    type_from_ast,
)

from gateway.cost import MOST_COST, VARIABLE_LIST, cost_of
from gateway.purposes import purposes_asked
from gateway.shape import MOST_ITEMS, TOO_COSTLY, fault
from graph.catalogue import Catalogue
from graph.terms import Audience

# Inputs whose purpose may be any node of the tree: they speak of scopes, not of one request.
ANY_NODE = frozenset({"ScopeInput", "GovernanceScopeInput", "NoticeCellInput", "DisclosureFilter"})

# Inputs that hold a value on its way in: keys and lists in them are answered for as data (`InvalidInput` with a path).
OF_VALUES = frozenset({"ValueInput"})

MOST_FAULTS = 5  # enough to mend a request by


@dataclass(frozen=True, slots=True)
class Named:
    """What the words of one audience's documents are measured against."""

    catalogue: Catalogue
    audience: Audience

    def complaint(self, word: object, kind: str, parent: str) -> str | None:
        """Return what is wrong with a word of a scalar type inside an input type; `None` if it holds."""
        if not isinstance(word, str):
            return None
        if kind == "PurposeKey":
            return self._purpose(word, parent)
        known: Mapping[str, Any] = {
            "AttributeKey": self.catalogue.attributes,
            "CategoryKey": self.catalogue.categories,
            "ChannelKey": self.catalogue.channels,
        }.get(kind, {word: None})
        if kind == "AttributeKey" and (self.audience is Audience.PARTNER or parent in OF_VALUES):
            return None  # a partner is told `notAvailable`, whatever the reason
        return None if word in known else f"`{_short(word)}` is no {kind[:-3].lower()} of the catalogue; name one of it"

    def _purpose(self, word: str, parent: str) -> str | None:
        if word not in self.catalogue.purposes:
            return f"`{_short(word)}` is no purpose of the catalogue; name one of it"
        if parent not in ANY_NODE and not self.catalogue.trees.purposes.is_leaf(word):
            return f"`{_short(word)}` has narrower purposes; name one leaf"
        return None


def _short(word: str) -> str:
    return word if len(word) <= 80 else f"{word[:80]}…"


def naming_rule(named: Named) -> type[ASTValidationRule]:
    """Make the validation rule that measures literals; one class a schema, so that documents can be kept."""

    class NamingRule(ASTValidationRule):
        """Refuse a literal that names nothing of the catalogue."""

        context: ValidationContext

        def enter_string_value(self, node: StringValueNode, *_: object) -> None:
            """Measure one literal."""
            kind, parent = self.context.get_input_type(), self.context.get_parent_input_type()
            if kind is None:
                return
            within = get_named_type(parent).name if parent is not None else ""
            complaint = named.complaint(node.value, get_named_type(kind).name, within)
            if complaint:
                self.report_error(GraphQLError(complaint, node, extensions={"code": "GRAPHQL_VALIDATION_FAILED"}))

    return NamingRule


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of one operation, beside the schema that types them."""

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    given: Mapping[str, Any]


def faults_of(variables: Variables, named: Named) -> list[GraphQLError]:
    """Return what is wrong with an operation's variables; nothing if they hold."""
    definitions = variables.operation.variable_definitions or ()
    values = get_variable_values(
        variables.schema, definitions, dict(variables.given), max_errors=MOST_FAULTS, hide_suggestions=True
    )
    if isinstance(values, list):
        return [_unquoted(error) for error in values]
    found: list[GraphQLError] = []
    for definition in definitions:
        name = definition.variable.name.value
        kind = type_from_ast(variables.schema, definition.type)
        if name in values.coerced and kind is not None:
            complaints = _complaints(values.coerced[name], cast("GraphQLInputType", kind), ("", named))
            found += [fault(f"variable `${name}`: {one}", definition, code) for one, code in complaints]
    found += _too_costly(variables, values.coerced)
    asked = purposes_asked(
        variables.schema, variables.document, operation=variables.operation, variables=values.coerced
    )
    if len(asked) > 1:
        found.append(GraphQLError("the operation names two purposes; send one request for each", variables.operation))
    return found[:MOST_FAULTS]


def _too_costly(variables: Variables, coerced: Mapping[str, Any]) -> list[GraphQLError]:
    """Return what a list says that is longer than the document was judged by, be it sent or a variable's default."""
    lengths = {name: _longest(value) for name, value in coerced.items()}
    if max(lengths.values(), default=0) <= VARIABLE_LIST:
        return []
    cost = cost_of(variables.schema, variables.document, variables.operation, lengths)
    message = f"the document costs {cost} with these variables, at most {MOST_COST}; send shorter lists"
    return [fault(message, variables.operation)] if cost > MOST_COST else []


def _longest(value: Any) -> int:
    """Return the length of the longest list in a variable, or in an input however deep."""
    if isinstance(value, Mapping):
        return max(map(_longest, value.values()), default=0)
    return len(value) if isinstance(value, list) else 0


def _unquoted(error: GraphQLError) -> GraphQLError:
    """Return an error without the value it quotes: a value on its way in may be a person's."""
    place = re.match(r"Variable '(\$\w+)' has invalid value(?: at ([\w.\[\]]+))?:", error.message)
    if place is None:
        return GraphQLError("a variable is missing or does not fit its type; see the schema", error.nodes)
    where = f" at `{place[2]}`" if place[2] else ""
    return GraphQLError(f"variable `{place[1]}`{where} does not fit its type; see the schema", error.nodes)


def _complaints(value: Any, kind: GraphQLInputType, within: tuple[str, Named]) -> Iterable[tuple[str, str]]:
    """Yield what is wrong with a coerced value, each with its code."""
    parent, named = within
    if value is None:
        return
    if isinstance(kind, GraphQLNonNull):
        yield from _complaints(value, kind.of_type, within)
    elif isinstance(kind, GraphQLList):
        if len(value) > MOST_ITEMS and parent not in OF_VALUES:
            yield f"a list has more than {MOST_ITEMS} items; send fewer", TOO_COSTLY
            return
        for one in value:
            yield from _complaints(one, kind.of_type, within)
    elif isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            yield from _complaints(value.get(name), field.type, (kind.name, named))
    else:
        complaint = named.complaint(value, kind.name, parent)
        if complaint:
            yield complaint, "BAD_USER_INPUT"
