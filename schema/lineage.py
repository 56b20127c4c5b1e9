"""Lineage of attributes, as a graph of nodes and edges."""

import strawberry

from graph.catalogue import Attribute
from resolvers.growth import grown
from resolvers.lineage import Edge
from resolvers.lineage import lineage as lineage_of
from schema.field import NO_DATA, AttributeKey, CategoryKey, field
from schema.governance_words import Direction, Origin
from schema.operation import Operation


@strawberry.type(description="An attribute in a lineage graph.")
class LineageNode:
    """One attribute."""

    key: AttributeKey = field("The attribute.", category=NO_DATA)
    category: CategoryKey = field("Which kind of data it is.", category=NO_DATA)
    origin: Origin = field("Where its values come from.", category=NO_DATA)
    sensitivity: int = field("How sensitive it is, 0 to 5.", category=NO_DATA)


@strawberry.type(description="One attribute is made from another.")
class LineageEdge:
    """One derivation."""

    from_: AttributeKey = field("The source.", category=NO_DATA, name="from")
    to: AttributeKey = field("What is made of it.", category=NO_DATA)
    rule: str = field("By which rule.", category=NO_DATA)
    masks: list[CategoryKey] = field("Kinds of data the rule takes away, with all below.", category=NO_DATA)


@strawberry.type(description="What an attribute is made from, or what is made of it.")
class LineageGraph:
    """Nodes, the one asked for first, and edges."""

    nodes: list[LineageNode] = field("The attributes reached.", category=NO_DATA)
    edges: list[LineageEdge] = field("What leads from one to another.", category=NO_DATA)
    truncated: bool = field("Whether depth or size left some out.", category=NO_DATA)


async def lineage(
    info: strawberry.Info[Operation], key: AttributeKey, direction: Direction, depth: int | None = 8
) -> LineageGraph | None:
    """Walk the lineage of an attribute; nothing for a key that is not known."""
    context = await grown(info.context.context)
    found = lineage_of(context.catalogue, key, direction, depth=depth)
    if found is None:
        return None
    return LineageGraph(
        nodes=[_node(one) for one in found.nodes],
        edges=[_edge(one) for one in found.edges],
        truncated=found.truncated,
    )


def _node(attribute: Attribute) -> LineageNode:
    return LineageNode(
        key=AttributeKey(attribute.key),
        category=CategoryKey(attribute.category),
        origin=attribute.origin,
        sensitivity=int(attribute.sensitivity),
    )


def _edge(edge: Edge) -> LineageEdge:
    return LineageEdge(
        from_=AttributeKey(edge.source),
        to=AttributeKey(edge.made),
        rule=edge.rule,
        masks=[CategoryKey(mask) for mask in edge.masks],
    )
