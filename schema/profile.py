"""A person seen for one purpose on one channel: typed fields made from the catalogue, and the flat sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from graph.catalogue import Attribute, Catalogue
from graph.pack import domain_field
from graph.terms import Outcome
from resolvers.context import Context
from resolvers.profile import view_id
from resolvers.release import Entry, Released
from schema.field import (
    CONSENT_DATA,
    IDENTITY_DATA,
    NO_DATA,
    AttributeDirective,
    AttributeKey,
    CategoryKey,
    DateTime,
    PurposeKey,
    field,
)
from schema.operation import AskedKeys, Operation, asked_keys
from schema.outcome import TYPES, AttributeEntry, AttributeSheet, Remedy, flat, typed


@dataclass(frozen=True, slots=True)
class Domain:
    """One type of typed fields: its GraphQL name, its Python name on the profile, its attributes by Python name."""

    type: Any
    name: str
    on_profile: str
    attributes: Mapping[str, Attribute]
    blank: Any

    def holding(self, entries: Mapping[str, Entry], remedy: Remedy) -> Any:
        """Return the domain with what is said of its attributes; one object for all askers where nothing is."""
        said = {
            name: typed(one, entries[one.key], remedy) for name, one in self.attributes.items() if one.key in entries
        }
        return self.type(**(dict.fromkeys(self.attributes) | said)) if said else self.blank


@dataclass(frozen=True, slots=True)
class ProfileTypes:
    """The profile type of one catalogue; `keys` maps (type, field) to the attribute's key."""

    profile: Any
    domains: tuple[Domain, ...]
    keys: Mapping[tuple[str, str], str]

    async def seen(self, info: strawberry.Info[Operation], purpose: str) -> Any:
        """Return the caller's own view for a purpose, with everything the operation asks for released at once."""
        asked = asked_keys(info._raw_info, self.keys)
        released = await info.context.own(purpose, asked.keys)
        return self._view(info.context.context, released, asked)

    def _view(self, context: Context, released: Released, asked: AskedKeys) -> Any:
        entries = {entry.key: entry for entry in released.entries if entry.key in asked.typed}
        remedy = Remedy(released.purpose, context.rules.step_up_url)
        domains = {domain.on_profile: domain.holding(entries, remedy) for domain in self.domains}
        profile = self.profile(
            id=strawberry.ID(view_id(context, released.purpose, released.subject)),
            purpose=PurposeKey(released.purpose),
            revision=released.revision,
            valid_until=released.valid_until(asked.keys),
            **domains,
        )
        profile.released, profile.remedy, profile.attributes = released, remedy, context.catalogue.attributes
        return profile


def profile_types(catalogue: Catalogue) -> ProfileTypes:
    """Make the profile type of a catalogue: one typed field for each exposed attribute that names one."""
    grouped: dict[str, list[Attribute]] = {}
    for attribute in catalogue.attributes.values():
        if attribute.exposed and attribute.graphql_type and attribute.kind in TYPES:
            grouped.setdefault(attribute.graphql_type, []).append(attribute)
    domains = tuple(_domain(name, tuple(rows)) for name, rows in grouped.items())
    keys = {(domain.name, one.graphql_field): one.key for domain in domains for one in domain.attributes.values()}
    return ProfileTypes(_profile(domains), domains, keys)


def _domain(name: str, attributes: tuple[Attribute, ...]) -> Domain:
    members: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for attribute in attributes:
        python = python_name(attribute.graphql_field)
        members["__annotations__"][python] = TYPES[attribute.kind] | None
        members[python] = field(
            attribute.title or attribute.key,
            category=attribute.category,
            name=attribute.graphql_field,
            directives=[
                AttributeDirective(
                    key=AttributeKey(attribute.key),
                    category=CategoryKey(attribute.category),
                    sensitivity=int(attribute.sensitivity),
                )
            ],
        )
    made = strawberry.type(type(name, (), members), name=name, description=f"Attributes of the domain {name}.")
    named = {python_name(one.graphql_field): one for one in attributes}
    return Domain(made, name, python_name(domain_field(name)), named, made(**dict.fromkeys(named)))


def python_name(graphql: str) -> str:
    """Return a Python name for a field of the catalogue: never a keyword, a dunder or one of our own."""
    return f"{graphql}_"


def _profile(domains: tuple[Domain, ...]) -> Any:
    members: dict[str, Any] = {
        "__module__": __name__,
        "__annotations__": {
            "id": strawberry.ID,
            "purpose": PurposeKey,
            "revision": str,
            "valid_until": DateTime | None,
            **{domain.on_profile: domain.type | None for domain in domains},
        },
        "id": field("Names this view, never the person.", category=IDENTITY_DATA),
        "purpose": field("The one purpose of this view.", category=NO_DATA),
        "revision": field("The consent state this was decided on.", category=CONSENT_DATA),
        "valid_until": field("Ask again by then: something begins or ends.", category=NO_DATA),
        **{
            domain.on_profile: field(f"The domain {domain.name}.", category=NO_DATA, name=domain_field(domain.name))
            for domain in domains
        },
        "sheet": field("The flat twin of the typed fields.", category=NO_DATA, resolver=_sheet),
    }
    return strawberry.type(
        type("Profile", (), members),
        description="A person seen for ONE purpose on ONE channel. `id` names that view, never the person, so a "
        "normalized cache cannot hand a value released for one purpose to another.",
    )


def _sheet(self: Any, keys: list[AttributeKey]) -> AttributeSheet | None:
    asked = tuple(dict.fromkeys(keys))
    entries = {entry.key: entry for entry in self.released.entries}
    given = [entries[key] for key in asked if entries[key].outcome is not Outcome.WITHHELD]
    stopped = [entries[key] for key in asked if entries[key].outcome is Outcome.WITHHELD]
    return AttributeSheet(
        entries=[AttributeEntry(outcome=one.outcome, **flat(self.attributes[one.key], one)) for one in given],
        withheld=[self.remedy.withheld(one.key, one.told) for one in stopped if one.told],
        revision=self.released.revision,
        valid_until=self.released.valid_until(asked),
    )
