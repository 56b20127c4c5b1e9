"""Limits on the shape of a document, as validation rules that need no types; and the rules of every document."""

from collections import Counter
from collections.abc import Iterator

from graphql import (
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Lexer,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.language.parser import Parser
from graphql.validation import ASTValidationContext

from gateway.cost import CostRule
from gateway.purposes import OnePurposeRule
from gateway.shape import MOST_ITEMS, Fragments, fault, flat, fragments_of

MOST_DEPTH = 12  # the deepest honest document is 7 levels; room for five more
MOST_INTROSPECTION_DEPTH = 20  # the standard introspection query is 15
MOST_ALIASES = 30  # a screen that shows one list under a few filters; a batch by alias is what this stops
MOST_DIRECTIVES = 50  # one `@include` for each domain of a typed query, several times over
MOST_DIRECTIVES_HERE = 4  # `@include` and `@skip` once each, and room
MOST_FRAGMENTS = 50  # checking that fields merge compares fragments with each other
MOST_REPEATS = 10  # one answer key in one selection: whether it merges is checked pair by pair
MOST_TOKENS = 8_000  # the typed query of 155 attributes with everything selected is about 4,000
MOST_COMMENTS = 500  # the parser keeps them, so they cost memory


def parsed(text: str, lexer: Lexer | None = None) -> DocumentNode:
    """Parse a document, by a lexer of its own if there is one.

    Raises `GraphQLError`, with the code COST_LIMIT_EXCEEDED for one that is too long or nests too deeply.
    """
    parser = Parser(text, lexer=lexer, max_lexical_tokens=MOST_TOKENS, max_comments=MOST_COMMENTS)
    try:
        return parser.parse_document()
    except RecursionError:
        pass
    except GraphQLSyntaxError as error:
        if "Parsing aborted" not in error.message:
            raise
    # Out here it does not hold the other error, and with it all that was read.
    raise fault("the document is too long or nests too deeply; ask for less in one document")


class DepthRule(ASTValidationRule):
    """Refuse fields that nest deeper than any honest document's; introspection has a limit of its own."""

    def enter_document(self, node: DocumentNode, *_: object) -> None:
        """Measure every operation, fragments followed."""
        depths = _Depths(fragments_of(node))
        for one in node.definitions:
            if isinstance(one, OperationDefinitionNode):
                self._judge(one, depths)

    def _judge(self, operation: OperationDefinitionNode, depths: "_Depths") -> None:
        for field in flat(operation.selection_set, depths.fragments):
            most = MOST_INTROSPECTION_DEPTH if field.name.value in ("__schema", "__type") else MOST_DEPTH
            if 1 + depths.of(field.selection_set) > most:
                self.report_error(fault(f"the document nests deeper than {most} levels; ask for fewer levels", field))
                return


class _Depths:
    """Measures how deep fields nest, each fragment once; one within itself counts for nothing: another rule ends it."""

    def __init__(self, fragments: Fragments) -> None:
        self.fragments = fragments
        self._known: dict[str, int] = {}

    def of(self, selections: SelectionSetNode | None) -> int:
        """Return the levels of a selection."""
        return max((self._one(node) for node in selections.selections), default=0) if selections else 0

    def _one(self, node: Node) -> int:
        if isinstance(node, FieldNode):
            return 1 + self.of(node.selection_set)
        if isinstance(node, InlineFragmentNode):
            return self.of(node.selection_set)
        return self._fragment(node.name.value) if isinstance(node, FragmentSpreadNode) else 0

    def _fragment(self, name: str) -> int:
        if name not in self._known and name in self.fragments:
            self._known[name] = 0  # while it is measured
            self._known[name] = self.of(self.fragments[name].selection_set)
        return self._known.get(name, 0)


class AliasRule(ASTValidationRule):
    """Refuse a batch of questions under aliases."""

    def __init__(self, context: ASTValidationContext) -> None:
        super().__init__(context)
        self._aliases = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Count one alias."""
        self._aliases += node.alias is not None
        if node.alias is not None and self._aliases == MOST_ALIASES + 1:
            self.report_error(fault(f"more than {MOST_ALIASES} aliases; ask in several documents", node))


class DirectiveRule(ASTValidationRule):
    """Refuse a document loaded with directives."""

    def __init__(self, context: ASTValidationContext) -> None:
        super().__init__(context)
        self._directives = 0

    def enter_directive(self, node: DirectiveNode, place: object, *_: object) -> None:
        """Count one directive; `place` is its number among those of one node."""
        self._directives += 1
        if self._directives == MOST_DIRECTIVES + 1:
            self.report_error(fault(f"more than {MOST_DIRECTIVES} directives; use fewer", node))
        if place == MOST_DIRECTIVES_HERE:
            self.report_error(fault(f"more than {MOST_DIRECTIVES_HERE} directives in one place; use fewer", node))


class FragmentRule(ASTValidationRule):
    """Refuse a document of very many fragments."""

    def enter_document(self, node: DocumentNode, *_: object) -> None:
        """Count the fragments."""
        found = [one for one in node.definitions if isinstance(one, FragmentDefinitionNode)]
        if len(found) > MOST_FRAGMENTS:
            self.report_error(fault(f"more than {MOST_FRAGMENTS} fragments; use fewer", found[MOST_FRAGMENTS]))


class RepeatRule(ASTValidationRule):
    """Refuse one selection that asks the same thing over and over."""

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        """Count the answer keys of one selection, inline fragments included."""
        names = Counter((one.alias or one.name).value for one in _inline(node))
        if names and max(names.values()) > MOST_REPEATS:
            self.report_error(fault(f"one field stands more than {MOST_REPEATS} times; ask for it once", node))


class ListRule(ASTValidationRule):
    """Refuse a literal list of very many items."""

    def enter_list_value(self, node: ListValueNode, *_: object) -> None:
        """Count the items of one list."""
        if len(node.values) > MOST_ITEMS:
            self.report_error(fault(f"a list has more than {MOST_ITEMS} items; send fewer", node))


def _inline(selections: SelectionSetNode) -> Iterator[FieldNode]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _inline(node.selection_set)


SHAPE_RULES: tuple[type[ASTValidationRule], ...] = (
    DepthRule,
    AliasRule,
    DirectiveRule,
    FragmentRule,
    RepeatRule,
    ListRule,
)
MEANING_RULES: tuple[type[ASTValidationRule], ...] = (CostRule, OnePurposeRule)
# Judge by these first and alone: the rules of the specification are costly on a document that these refuse.
RULES = SHAPE_RULES + MEANING_RULES
