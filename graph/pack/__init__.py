"""Catalogue packs: a directory of tables read, checked whole and compiled; nothing here decides."""

from graph.pack.channels import DeviceModel
from graph.pack.jurisdictions import Jurisdiction
from graph.pack.loading import REFERENCE, Pack, load
from graph.pack.people import Person, PersonDevice, PersonValue
from graph.pack.typed_fields import Taken, domain_field

__all__ = [
    "REFERENCE",
    "DeviceModel",
    "Jurisdiction",
    "Pack",
    "Person",
    "PersonDevice",
    "PersonValue",
    "Taken",
    "domain_field",
    "load",
]
