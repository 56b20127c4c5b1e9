"""Rows of what is spoken of: data categories, purposes, recipients, channels."""

from dataclasses import dataclass

from graph.terms import CategoryClass, Sensitivity

US_MARKS = ("sale", "share", "targeted", "profiling")  # what the US state laws call what a purpose amounts to


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of personal data; the marks are the node's own, never inherited."""

    key: str
    parent: str
    sensitivity: Sensitivity
    name: str = ""
    art9: str = ""
    us_sensitive: bool = False
    raw_sensor: bool = False
    bystander: bool = False
    life_event: bool = False
    emotion: bool = False
    since: int = 1
    moved: int | None = None

    @property
    def law_class(self) -> CategoryClass:
        """Return the class by which law rows speak of this category."""
        if self.art9:
            return CategoryClass.SPECIAL
        return CategoryClass.SENSITIVE if self.us_sensitive else CategoryClass.ORDINARY


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data is asked for; only a leaf may be named by a request."""

    key: str
    parent: str
    name: str = ""
    us_operations: frozenset[str] = frozenset()
    gpc_objects: bool = False
    strictly_needed: bool = False
    legal_bases: tuple[str, ...] = ()
    since: int = 1
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives attributes; `since` is the catalogue version that brought its membership of the group."""

    id: str
    name: str = ""
    group: str = ""
    third_party: bool = False
    region: str = ""
    clients: tuple[str, ...] = ()
    since: int = 1


@dataclass(frozen=True, slots=True)
class Channel:
    """A row of the channel table: what it may ask for and receive, and who else sees or hears."""

    id: str
    shared_by_default: str
    can_be_private: bool
    max_sensitivity_to_ask: Sensitivity
    max_sensitivity_to_release: Sensitivity
    max_assurance: int
    can_withdraw: bool = True
    name: str = ""
    identity: str = ""
    prompt_ability: str = ""
    prompt_interface: str = ""
    offline_ttl_seconds: int = 0
