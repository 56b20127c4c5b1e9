"""Contracts as text: the definitions of an SDL one by one, and what changed from one release to the next."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from graphql import (
    REMOVE,
    BreakingChangeType,
    DefinitionNode,
    Node,
    Visitor,
    build_schema,
    find_breaking_changes,
    parse,
    print_ast,
    visit,
)

from graph.pack import REFERENCE, load
from graph.terms import Audience
from schema.build import Contract, contracts
from tests.support.house import ROOT

ATTRIBUTE = "attribute"  # the directive of a field that is made from the catalogue


@cache
def reference() -> Mapping[Audience, Contract]:
    """Return the three contracts of the reference pack."""
    return contracts(load(REFERENCE).catalogue)


def committed(audience: Audience) -> str:
    """Return the committed SDL of an audience."""
    return (ROOT / "schema" / f"{audience.value}.graphql").read_text()


def intended(audience: Audience) -> str:
    """Return an audience's contract as it was written by hand."""
    return (ROOT / "tests" / "contract" / f"{audience.value}.graphql").read_text()


def definitions(sdl: str) -> dict[str, str]:
    """Return what an SDL says of each name but for descriptions and what is made from the catalogue."""
    bare = _Bare(domains(sdl))
    return {_name(node): print_ast(visit(node, bare)) for node in parse(sdl).definitions if not is_domain(node)}


def domains(sdl: str) -> dict[str, set[str]]:
    """Return the types that are made from the catalogue, each with its fields as they are written."""
    return {
        _name(node): {print_ast(visit(field, _Bare({}, keep=True))) for field in node.fields}
        for node in parse(sdl).definitions
        if is_domain(node)
    }


def is_domain(node: DefinitionNode) -> bool:
    """Tell whether a definition is a type of typed fields."""
    fields = getattr(node, "fields", None) or ()
    return bool(fields) and all(any(one.name.value == ATTRIBUTE for one in field.directives or ()) for field in fields)


def removed_too_soon(released: str, now: str) -> list[str]:
    """Return what breaks a client of the last release, but for the removal of what was deprecated in it."""
    kept = build_schema(print_ast(visit(parse(released), _WithoutDeprecated())), assume_valid=True)
    breaking = find_breaking_changes(kept, build_schema(now, assume_valid=True))
    # A type goes with the last field that leads to it; of that field another row tells.
    return [one.description for one in breaking if one.type is not BreakingChangeType.TYPE_REMOVED]


class _Bare(Visitor):
    """Takes descriptions away, directives too unless they are kept, and fields whose type is one of `domains`."""

    def __init__(self, domains: Mapping[str, object], *, keep: bool = False) -> None:
        super().__init__()
        self._domains, self._keep = domains, keep

    def enter_field_definition(self, node: Node, *_: object) -> object:
        return REMOVE if print_ast(node.type) in self._domains else None

    def leave(self, node: Node, *_: object) -> object:
        if node.kind == "directive" and not self._keep:
            return REMOVE
        return replace(node, description=None) if getattr(node, "description", None) is not None else None


class _WithoutDeprecated(Visitor):
    """Takes away what is deprecated."""

    def enter(self, node: Node, *_: object) -> object:
        directives = getattr(node, "directives", None) or ()
        return REMOVE if any(one.name.value == "deprecated" for one in directives) else None


def _name(node: DefinitionNode) -> str:
    return str(getattr(node, "name", node).value)
