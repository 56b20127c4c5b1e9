"""The catalogue: everything that is not about one person, as rows and compiled; no files."""

from graph.catalogue.attributes import INTRUSION, Attribute, Rung, Source
from graph.catalogue.compiling import Catalogue, Tables, closure, compiled
from graph.catalogue.nodes import US_MARKS, Category, Channel, Purpose, Recipient
from graph.catalogue.rules import MOST_DAYS, LawRow, NoticeCell, NoticeText, NoticeVersion, RegisterRow

__all__ = [
    "INTRUSION",
    "MOST_DAYS",
    "US_MARKS",
    "Attribute",
    "Catalogue",
    "Category",
    "Channel",
    "LawRow",
    "NoticeCell",
    "NoticeText",
    "NoticeVersion",
    "Purpose",
    "Recipient",
    "RegisterRow",
    "Rung",
    "Source",
    "Tables",
    "closure",
    "compiled",
]
