"""Stock Strawberry: its own ASGI view over the same types and fields, from memory; no token, no consent, no ledger."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from bench.documents import SHEET, TYPED
from graph.catalogue import Catalogue
from graph.pack import REFERENCE, load
from graph.terms import Outcome
from schema.field import SCALARS, AttributeKey, DateTime, PurposeKey
from schema.outcome import TYPES, AttributeEntry, AttributeSheet
from schema.words import FidelityWord


def stock(held: Mapping[str, Any], *, cached: bool) -> ASGIApp:
    """Return the application; `cached` adds the parser and validation caches that Strawberry offers."""
    extensions = [ParserCache, ValidationCache] if cached else []
    config = StrawberryConfig(scalar_map=SCALARS)
    schema = strawberry.Schema(_query(load(REFERENCE).catalogue, held), config=config, extensions=extensions)
    return Starlette(routes=[Route("/graphql", GraphQL(schema))])


def _query(catalogue: Catalogue, held: Mapping[str, Any]) -> Any:
    """Return the root: one profile, made once and held in memory."""
    profile = _profile(catalogue, held)

    def me(purpose: PurposeKey) -> Any:  # noqa: ARG001 the contract's argument; nothing here depends on it
        return profile

    me.__annotations__["return"] = type(profile)
    members = {"me": strawberry.field(resolver=me), "__annotations__": {}}
    return strawberry.type(type("Query", (), members))


def _profile(catalogue: Catalogue, held: Mapping[str, Any]) -> Any:
    flat, typed = held[SHEET]["me"], held[TYPED]["me"]
    entries = {row["key"]: AttributeEntry(**_said(row)) for row in flat["sheet"]["entries"]}
    shared = {name: _said(flat)[name] for name in ("revision", "valid_until")}

    def sheet(keys: list[AttributeKey]) -> AttributeSheet:
        return AttributeSheet(entries=[entries[key] for key in keys], withheld=[], **shared)

    domains = {name: _domain(catalogue, name, rows) for name, rows in typed.items() if isinstance(rows, dict)}
    members = {
        "__annotations__": {
            "purpose": PurposeKey,
            "revision": str,
            "valid_until": DateTime | None,
            **{name: type(domain) for name, domain in domains.items()},
        },
        "sheet": strawberry.field(resolver=sheet),
    }
    return strawberry.type(type("Profile", (), members))(purpose=flat["purpose"], **shared, **domains)


def _domain(catalogue: Catalogue, name: str, rows: Mapping[str, Any]) -> Any:
    """Return one domain with its attributes, made from what the gateway answered."""
    types = {field: TYPES[catalogue.attributes[row["key"]].kind] for field, row in rows.items()}
    members = {"__annotations__": types, **{field: strawberry.field(name=field) for field in rows}}
    made = strawberry.type(type(name.capitalize(), (), members))
    return made(**{field: types[field](**_said(row)) for field, row in rows.items()})


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer says, by the names and in the types of Python."""
    return {_snake(name): READ.get(name, _same)(value) for name, value in row.items()}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _same(value: Any) -> Any:
    return value


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


READ: Mapping[str, Callable[[Any], Any]] = {"outcome": Outcome, "fidelity": FidelityWord, "validUntil": _instant}
