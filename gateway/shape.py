"""How the rules walk a document and how they refuse one; of limits the one that text and variables share."""

from collections.abc import Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    SelectionSetNode,
)

TOO_COSTLY = "COST_LIMIT_EXCEEDED"
INVALID = "GRAPHQL_VALIDATION_FAILED"
MOST_ITEMS = 512  # in one list: every attribute of a catalogue of 200, or every choice of an offer, twice over
Fragments = Mapping[str, FragmentDefinitionNode]


def fault(message: str, node: Node | None = None, code: str = TOO_COSTLY) -> GraphQLError:
    """Return an error with one of the codes of 4.4."""
    return GraphQLError(message, node, extensions={"code": code})


def fragments_of(document: DocumentNode) -> Fragments:
    """Return a document's fragments by name."""
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def flat(
    selections: SelectionSetNode | None, fragments: Fragments, seen: set[str] | None = None
) -> Iterator[FieldNode]:
    """Yield the fields of a selection, through fragments, each once, whatever `@skip` and `@include` say."""
    seen = set() if seen is None else seen
    for node in selections.selections if selections else ():
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from flat(node.selection_set, fragments, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments and node.name.value not in seen:
            seen.add(node.name.value)
            yield from flat(fragments[node.name.value].selection_set, fragments, seen)
