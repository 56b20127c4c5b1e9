"""Categories and purposes: the two trees of a pack, with their parents, marks and leaves checked."""

from collections.abc import Mapping, Sequence

from graph.catalogue import US_MARKS, Category, Purpose
from graph.pack.cells import choice, choices, flag, key, member, unique, whole, words
from graph.pack.reading import Row, Table, rows
from graph.terms import Sensitivity

CATEGORIES = Table.of(
    "categories.csv",
    "key parent sensitivity",
    "name taxonomy alias art9 biometric child_sensitive us_sensitive raw_sensor bystander life_event emotion dpv_pd "
    "dpv_match tcf_data_categories since moved",
)
PURPOSES = Table.of(
    "purposes.csv",
    "key parent",
    "name taxonomy leaf tcf_purpose tcf_special_purpose dpv_purpose us_operations gpp_usnat_fields gpc_objects "
    "legal_bases consent_only legitimate_interest_possible contract_possible strictly_needed seed_story since moved",
)
_LEGAL_BASES = ("consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interest")
_MATCHES = ("exact", "close", "broad", "narrow")
_BASIS_FLAGS = {"legitimate_interest_possible": "legitimate_interest", "contract_possible": "contract"}


def categories(files: Mapping[str, bytes]) -> tuple[Category, ...]:
    """Read the tree of data categories."""
    found = rows(files, CATEGORIES)
    _check_tree(found)
    return tuple(_category(row) for row in found)


def purposes(files: Mapping[str, bytes]) -> tuple[Purpose, ...]:
    """Read the tree of purposes; a leaf is a node with nothing below it."""
    found = rows(files, PURPOSES)
    _check_tree(found)
    parents = {row["parent"] for row in found}
    for row in found:
        _check_leaf(row, parents)
        _check_bases(row)
    return tuple(_purpose(row) for row in found)


def _category(row: Row) -> Category:
    for column in ("biometric", "child_sensitive"):
        flag(row, column)
    words(row, "tcf_data_categories")
    choice(row, "dpv_match", _MATCHES)
    return Category(
        key=row["key"],
        parent=row["parent"],
        sensitivity=member(row, "sensitivity", Sensitivity),
        name=row["name"],
        art9=row["art9"],
        us_sensitive=flag(row, "us_sensitive"),
        raw_sensor=flag(row, "raw_sensor"),
        bystander=flag(row, "bystander"),
        life_event=flag(row, "life_event"),
        emotion=flag(row, "emotion"),
        since=_since(row),
        moved=_moved(row),
    )


def _purpose(row: Row) -> Purpose:
    flag(row, "seed_story")
    for column in ("tcf_purpose", "tcf_special_purpose"):
        whole(row, column, least=1)
    return Purpose(
        key=row["key"],
        parent=row["parent"],
        name=row["name"],
        us_operations=frozenset(choices(row, "us_operations", US_MARKS)),
        gpc_objects=flag(row, "gpc_objects"),
        strictly_needed=flag(row, "strictly_needed"),
        legal_bases=choices(row, "legal_bases", _LEGAL_BASES),
        since=_since(row),
        moved=_moved(row),
    )


def _since(row: Row) -> int:
    return whole(row, "since", least=1) or 1


def _moved(row: Row) -> int | None:
    moved = whole(row, "moved", least=1)
    if moved is not None and moved < _since(row):
        raise row.fault("moved", f"`{moved}` is before `since`; a node moves after it came")
    return moved


def _check_tree(found: Sequence[Row]) -> None:
    unique(((row, key(row, "key")) for row in found), "key")
    by_key = {row["key"]: row for row in found}
    for row in found:
        if row["parent"] and row["parent"] not in by_key:
            raise row.fault("parent", f"parent `{row['parent']}` is not in this table; add it or correct the parent")
    for row in found:
        _check_path(row, by_key)


def _check_path(row: Row, by_key: Mapping[str, Row]) -> None:
    seen = {row["key"]}
    parent = row["parent"]
    while parent:
        if parent in seen:
            raise row.fault("parent", f"`{row['key']}` stands below a circle; break it at `{parent}`")
        seen.add(parent)
        parent = by_key[parent]["parent"]


def _check_leaf(row: Row, parents: set[str]) -> None:
    is_leaf = row["key"] not in parents
    if flag(row, "leaf", default=is_leaf) is not is_leaf:
        fact = "nothing stands below it" if is_leaf else "other purposes stand below it"
        raise row.fault("leaf", f"`{row['leaf']}` contradicts the tree: {fact}; write `{int(is_leaf)}`")


def _check_bases(row: Row) -> None:
    """Check the flags that repeat `legal_bases`, where both are stated."""
    bases = choices(row, "legal_bases", _LEGAL_BASES)
    facts = {column: basis in bases for column, basis in _BASIS_FLAGS.items()} | {"consent_only": bases == ("consent",)}
    for column, fact in facts.items():
        if bases and flag(row, column, default=fact) is not fact:
            raise row.fault(column, f"`{row[column]}` contradicts `legal_bases`; write `{int(fact)}`")
