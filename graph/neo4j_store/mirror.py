"""The catalogue mirrored into the graph, so that records and releases can be traced there; nothing decides by it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, LiteralString

from graph.catalogue import Attribute, Catalogue, Category, NoticeVersion, Recipient
from graph.instants import micros
from graph.neo4j_store.connection import Attempt, Link
from graph.neo4j_store.names import BUCKETS, joined
from graph.store import Additions, RegisteredDocument
from graph.transition import refuse_older_catalogue

MIRRORED: Final = """// catalogue mirrored: READ
OPTIONAL MATCH (catalogue:Catalogue {id: 'catalogue'})
RETURN catalogue.mark AS mark"""
LOCK: Final = """// catalogue locked: WRITE
MERGE (catalogue:Catalogue {id: 'catalogue'})
SET catalogue.lock = $lock
WITH head(collect(catalogue)) AS catalogue
RETURN catalogue.mark AS mark"""
MARK: Final = """// catalogue marked: WRITE
MATCH (catalogue:Catalogue {id: 'catalogue'})
SET catalogue.mark = $mark, catalogue.version = $mark[0], catalogue.digest = $mark[1]"""

NODES: Final[dict[str, LiteralString]] = {
    label: f"""// {named}: WRITE
UNWIND $rows AS row
MERGE (node:{label} {{id: row.id}})
SET node += row"""
    for label, named in (
        ("Purpose", "purposes"),
        ("Category", "categories"),
        ("RecipientGroup", "recipient groups"),
        ("Recipient", "recipients"),
        ("Attribute", "attributes"),
        ("NoticeVersion", "notice versions"),
        ("Document", "documents"),
    )
}
# Edges are laid anew: what a version moved is not left where it was.
PURPOSE_EDGES: Final = """// purposes below purposes: WRITE
UNWIND $rows AS row
MATCH (node:Purpose {id: row.from})
OPTIONAL MATCH (node)-[old:BROADER]->(:Purpose)
DELETE old
WITH DISTINCT node, row
CALL (node, row) {
  MATCH (other:Purpose {id: row.to})
  CREATE (node)-[:BROADER]->(other)
}"""
CATEGORY_EDGES: Final = """// categories below categories: WRITE
UNWIND $rows AS row
MATCH (node:Category {id: row.from})
OPTIONAL MATCH (node)-[old:BROADER]->(:Category)
DELETE old
WITH DISTINCT node, row
CALL (node, row) {
  MATCH (other:Category {id: row.to})
  CREATE (node)-[:BROADER]->(other)
}"""
GROUP_EDGES: Final = """// members of recipient groups: WRITE
UNWIND $rows AS row
MATCH (node:Recipient {id: row.from})
OPTIONAL MATCH (node)-[old:MEMBER_OF]->(:RecipientGroup)
DELETE old
WITH DISTINCT node, row
CALL (node, row) {
  MATCH (other:RecipientGroup {id: row.to})
  CREATE (node)-[:MEMBER_OF]->(other)
}"""
ATTRIBUTE_EDGES: Final = """// attributes in categories: WRITE
UNWIND $rows AS row
MATCH (node:Attribute {id: row.from})
OPTIONAL MATCH (node)-[old:IN_CATEGORY|DERIVED_FROM]->()
DELETE old
WITH DISTINCT node, row
CALL (node, row) {
  MATCH (other:Category {id: row.to})
  CREATE (node)-[:IN_CATEGORY]->(other)
}"""
SOURCE_EDGES: Final = """// sources of attributes: WRITE
UNWIND $rows AS row
MATCH (node:Attribute {id: row.from})
CALL (node, row) {
  MATCH (other:Attribute {id: row.to})
  CREATE (node)-[:DERIVED_FROM {rule: row.rule, masks: row.masks}]->(other)
}"""
NOTICE_EDGES: Final = """// purposes of notice versions: WRITE
UNWIND $rows AS row
MATCH (node:NoticeVersion {id: row.from})
CALL (node, row) {
  MATCH (other:Purpose {id: row.to})
  MERGE (node)-[:DISCLOSES]->(other)
}"""
# A version that names no cell speaks of every purpose: of each tree, as a cell of a purpose is of all below it.
OPEN_NOTICE_EDGES: Final = """// purposes of notice versions that speak of all: WRITE
UNWIND $rows AS row
MATCH (node:NoticeVersion {id: row.id})
CALL (node) {
  MATCH (top:Purpose) WHERE top.id > '' AND NOT (top)-[:BROADER]->()
  MERGE (node)-[:DISCLOSES]->(top)
}"""
DOCUMENT_EDGES: Final = """// recipients, purposes and attributes of documents: WRITE
UNWIND $rows AS row
MATCH (node:Document {id: row.from})
CALL (node, row) {
  MATCH (recipient:Recipient {id: row.recipient})
  MERGE (recipient)-[:OPERATES]->(node)
}
CALL (node, row) {
  MATCH (purpose:Purpose {id: row.purpose})
  MERGE (node)-[:FOR]->(purpose)
}
CALL (node, row) {
  UNWIND row.keys AS key
  MATCH (attribute:Attribute {id: key})
  MERGE (node)-[:REQUESTS]->(attribute)
}"""
COHORT_EDGES: Final = """// cohorts that were there before their nodes: WRITE
UNWIND $buckets AS bucket
MATCH (cohort:Cohort {bucket: bucket})
CALL (cohort) {
  MATCH (category:Category {id: cohort.category})
  USING INDEX SEEK category:Category(id)
  MERGE (cohort)-[:OF]->(category)
}
CALL (cohort) {
  MATCH (purpose:Purpose {id: cohort.purpose})
  USING INDEX SEEK purpose:Purpose(id)
  MERGE (cohort)-[:FOR]->(purpose)
}
CALL (cohort) {
  MATCH (recipient:Recipient {id: cohort.recipient})
  USING INDEX SEEK recipient:Recipient(id)
  MERGE (cohort)-[:TO]->(recipient)
}"""

RECIPIENT_COHORTS: Final = """// cohorts that were there before their recipient: WRITE
UNWIND $rows AS row
MATCH (recipient:Recipient {id: row.id})
CALL (recipient, row) {
  MATCH (cohort:Cohort {recipient: row.id})
  MERGE (cohort)-[:TO]->(recipient)
}"""

Step = tuple[LiteralString, list[dict[str, Any]]]


async def is_mirrored(link: Link, catalogue: Catalogue) -> bool:
    """Tell whether this very catalogue was the last to be mirrored; raises `CatalogueTooOld` for an older one."""
    return _same((await link.read(MIRRORED, {}))["mark"], catalogue)


async def mirror(attempt: Attempt, catalogue: Catalogue, more: Additions) -> None:
    """Mirror a catalogue, and what was added to it so far, inside the write transaction that took its turn."""
    for query, rows in _steps(catalogue):
        await attempt.run(query, {"rows": rows})
    await mirror_additions(attempt, more)
    await attempt.run(COHORT_EDGES, {"buckets": list(range(BUCKETS))})
    await attempt.run(MARK, {"mark": _mark(catalogue)})


async def took_turn(attempt: Attempt, catalogue: Catalogue) -> bool:
    """Tell, under the mirror's lock, whether this catalogue is to be mirrored; raises `CatalogueTooOld`."""
    return not _same((await attempt.row(LOCK, {"lock": attempt.lock}))["mark"], catalogue)


async def mirror_additions(attempt: Attempt, more: Additions) -> None:
    """Mirror what governance adds, in the transaction that adds it."""
    for query, rows in (*_of_recipients(more.recipients), *_of_notices(more.notices), *_of_documents(more.documents)):
        if rows:
            await attempt.run(query, {"rows": rows})


def _same(mark: list[Any] | None, catalogue: Catalogue) -> bool:
    if mark is None:
        return False
    refuse_older_catalogue(int(mark[0]), catalogue.version)
    return [str(one) for one in mark] == _mark(catalogue)


def _mark(catalogue: Catalogue) -> list[str]:
    return [str(catalogue.version), catalogue.digest]


def _steps(catalogue: Catalogue) -> Iterator[Step]:
    version, attributes = catalogue.version, catalogue.attributes.values()
    purposes, categories = catalogue.purposes.values(), catalogue.categories.values()
    yield (
        NODES["Purpose"],
        [{"id": one.key, "name": one.name or one.key, "catalogueVersion": version} for one in purposes],
    )
    yield NODES["Category"], [_category(one) | {"catalogueVersion": version} for one in categories]
    yield NODES["Attribute"], [_attribute(one) | {"catalogueVersion": version} for one in attributes]
    yield PURPOSE_EDGES, [{"from": one.key, "to": one.parent} for one in purposes]
    yield CATEGORY_EDGES, [{"from": one.key, "to": one.parent} for one in categories]
    yield ATTRIBUTE_EDGES, [{"from": one.key, "to": one.category} for one in attributes]
    yield (
        SOURCE_EDGES,
        [
            {"from": one.key, "to": source.key, "rule": source.rule, "masks": sorted(source.masks)}
            for one in attributes
            for source in one.sources
        ],
    )
    yield from _of_recipients(catalogue.recipients.values())
    yield from _of_notices(notice for versions in catalogue.notices.values() for notice in versions)


def _category(one: Category) -> dict[str, Any]:
    return {"id": one.key, "name": one.name or one.key, "sensitivity": one.sensitivity.name}


def _attribute(one: Attribute) -> dict[str, Any]:
    return {
        "id": one.key,
        "name": one.key,
        "title": one.title,
        "origin": one.origin.value,
        "sensitivity": one.sensitivity.name,
    }


def _of_recipients(recipients: Iterable[Recipient]) -> Iterator[Step]:
    found = tuple(recipients)
    yield (
        NODES["RecipientGroup"],
        [{"id": group, "name": group} for group in sorted({one.group for one in found if one.group})],
    )
    yield (
        NODES["Recipient"],
        [
            {"id": one.id, "name": one.name or one.id, "thirdParty": one.third_party, "region": one.region}
            for one in found
        ],
    )
    yield GROUP_EDGES, [{"from": one.id, "to": one.group} for one in found]
    yield RECIPIENT_COHORTS, [{"id": one.id} for one in found]


def _of_notices(notices: Iterable[NoticeVersion]) -> Iterator[Step]:
    found = tuple(notices)
    yield (
        NODES["NoticeVersion"],
        [
            {
                "id": str(one.ref),
                "name": str(one.ref),
                "notice": one.ref.id,
                "version": one.ref.version,
                "effectiveFrom": micros(one.effective_from),
            }
            for one in found
        ],
    )
    cells = {(str(one.ref), cell.purpose) for one in found for cell in one.cells or () if cell.purpose}
    yield NOTICE_EDGES, [{"from": notice, "to": purpose} for notice, purpose in sorted(cells)]
    yield OPEN_NOTICE_EDGES, [{"id": str(one.ref)} for one in found if _speaks_of_all(one)]


def _speaks_of_all(notice: NoticeVersion) -> bool:
    return notice.cells is None or any(cell.purpose is None for cell in notice.cells)


def _of_documents(documents: Iterable[RegisteredDocument]) -> Iterator[Step]:
    rows = [(joined(one.recipient, one.id), one) for one in documents]
    yield (
        NODES["Document"],
        [{"id": key, "hash": one.id, "name": one.name, "operation": one.operation.value} for key, one in rows],
    )
    yield (
        DOCUMENT_EDGES,
        [
            {"from": key, "recipient": one.recipient, "purpose": one.purpose, "keys": list(one.keys)}
            for key, one in rows
        ],
    )
