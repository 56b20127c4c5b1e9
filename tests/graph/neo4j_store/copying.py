"""Many people on a server soon: one whom the store made, copied in the graph, whole, under other names."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from neo4j import Session

AT_ONCE = 100  # more take the server so long that the driver believes it frozen
NODES = """MATCH (node)
WHERE node.id STARTS WITH $party OR node.subject = $subject
  OR (node:ReleasedKey OR node:Evidence) AND EXISTS { (node)<--({subject: $subject}) }
RETURN elementId(node) AS id, labels(node)[0] AS label, properties(node) AS properties"""
EDGES = """UNWIND $ids AS id
MATCH (node)-[edge]->(to) WHERE elementId(node) = id
RETURN id, type(edge) AS type, properties(edge) AS properties, elementId(to) AS to"""
LAST = """MATCH (ledger:Ledger {id: 'ledger'}), (last:Entry)
WITH ledger, last ORDER BY last.position DESC LIMIT 1
SET ledger.end = '[' + last.position + ',"' + last.head + '"]'
WITH count(*) AS barrier
MATCH (feed:Feed) SET feed.position = $position"""


@dataclass(frozen=True, slots=True)
class Original:
    """A person as the graph holds her: her nodes, and the query that makes as many again with other properties."""

    name: str
    labels: tuple[str, ...]
    properties: tuple[dict[str, Any], ...]
    query: str
    outside: tuple[str, ...]

    def copy(self, session: Session, numbers: range) -> None:
        """Make copies, named by numbers nobody was given before; the ledger's end and the feeds' move with them."""
        for start in range(numbers.start, numbers.stop, AT_ONCE):
            several = range(start, min(start + AT_ONCE, numbers.stop))
            rows = [[*self._copied(number)] for number in several]
            session.run(self.query, rows=rows, outside=self.outside).consume()
        session.run(LAST, position=numbers.stop * len(self.labels)).consume()

    def _copied(self, number: int) -> Iterator[dict[str, Any]]:
        for place, (label, properties) in enumerate(zip(self.labels, self.properties, strict=True)):
            found = {key: self._renamed(one, number) for key, one in properties.items()}
            moved = number * len(self.labels)
            if label == "Change":
                found["place"] = f"{properties['place'].partition('/')[0]}/{moved + place:012d}"
            elif label in {"Subject", "Entry", "ReleasedKey", "Evidence"}:
                name = "place" if label == "Subject" else "position"
                found[name] = properties[name] + moved
            yield found

    def _renamed(self, one: Any, number: int) -> Any:
        if isinstance(one, list):
            return [self._renamed(each, number) for each in one]
        return one.replace(self.name, f"{self.name}{number}") if isinstance(one, str) else one


def original(session: Session, subject: str) -> Original:
    """Take the measure of a person; her name must be part of no other word."""
    nodes = [*session.run(NODES, party=f"PERSON/{subject}", subject=subject)]
    edges = [*session.run(EDGES, ids=[node["id"] for node in nodes])]
    names = {node["id"]: f"n{place}" for place, node in enumerate(nodes)}
    outside = sorted({edge["to"] for edge in edges} - names.keys())
    names |= {id_: f"o{place}" for place, id_ in enumerate(outside)}
    query = [
        f"MATCH ({names[id_]}) WHERE elementId({names[id_]}) = $outside[{place}]" for place, id_ in enumerate(outside)
    ]
    query.append("UNWIND $rows AS row")
    for place, node in enumerate(nodes):
        query.append(f"CREATE (n{place}:{node['label']}) SET n{place} = row[{place}]")
    for edge in edges:
        more = re.sub(r'"(\w+)":', r"\1:", json.dumps(edge["properties"]))
        query.append(f"CREATE ({names[edge['id']]})-[:{edge['type']} {more}]->({names[edge['to']]})")
    return Original(
        subject,
        tuple(node["label"] for node in nodes),
        tuple(node["properties"] for node in nodes),
        "\n".join(query),
        tuple(outside),
    )
