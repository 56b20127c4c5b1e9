"""The typed field of an attribute: two names of a GraphQL schema; what that schema has itself is handed in."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graph.catalogue import Attribute
from graph.pack.cells import unique
from graph.pack.reading import Row

_NAME = re.compile(r"(?!__)[_A-Za-z][_0-9A-Za-z]*")


@dataclass(frozen=True, slots=True)
class Taken:
    """Names that no pack may take: types of the contract, and fields beside which a domain would stand."""

    types: Collection[str] = ()
    fields: Collection[str] = ()


def graphql_name(row: Row, column: str) -> str:
    """Return a name, or nothing if the row has no typed field; raises `PackError` for what is no name."""
    if bool(row["graphql_type"]) is not bool(row["graphql_field"]):
        raise row.fault(column, "a typed field needs both `graphql_type` and `graphql_field`; fill or empty both")
    if row[column] and not _NAME.fullmatch(row[column]):
        message = f"`{row[column]}` is not a GraphQL name; use letters, digits and `_`, not `__` first"
        raise row.fault(column, message)
    return row[column]


def domain_field(graphql_type: str) -> str:
    """Return the field under which a domain stands: its type with a small first letter."""
    return graphql_type[:1].lower() + graphql_type[1:]


def check_typed_fields(pairs: Sequence[tuple[Row, Attribute]], taken: Taken) -> None:
    """Refuse a typed field that is there twice, or whose domain clashes with another one or with the contract."""
    named = [(row, one) for row, one in pairs if one.graphql_type]
    unique(((row, (one.graphql_type, one.graphql_field)) for row, one in named), "graphql_field")
    spelling: dict[str, str] = {}
    for row, one in named:
        name = one.graphql_type
        field = domain_field(name)
        if name in taken.types:
            raise row.fault("graphql_type", f"`{name}` is a type of the contract itself; name the domain otherwise")
        if field in taken.fields:
            message = f"`{name}` makes the field `{field}`, which the contract has itself; name the domain otherwise"
            raise row.fault("graphql_type", message)
        if spelling.setdefault(field, name) != name:
            raise row.fault("graphql_type", f"`{name}` and `{spelling[field]}` make one field; spell them alike")
