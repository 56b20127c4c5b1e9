"""The licence of every package that ships, as its own metadata says; run as a program it prints the report."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from tests.support.house import ROOT

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
# Permissive all of them: what is made with them may be kept closed, and asks for no more than a notice.
ALLOWED = frozenset(
    {"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "Python-2.0", "ISC", "0BSD"}
)
# What is allowed of one package alone, and why: certificates, unchanged, that the OTLP exporter brings (ADR 8).
ALLOWED_OF: Mapping[str, str] = {"certifi": "MPL-2.0"}
# Not installed where tests run: the image has it for speed. Read off its metadata by hand.
BY_HAND: Mapping[str, str] = {"neo4j-rust-ext": "Apache-2.0 AND MIT"}
# How metadata from before SPDX expressions says it.
SPELLED: Mapping[str, str] = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
}


@dataclass(frozen=True, slots=True)
class Shipped:
    """One package of the image: its pinned version, and the licence it says it has; empty if nothing is said."""

    name: str
    version: str
    licence: str

    @property
    def permitted(self) -> bool:
        """Tell whether it may ship: of a choice one is enough, of several parts each counts."""
        allowed = ALLOWED | {ALLOWED_OF.get(self.name, "")} - {""}
        parts = [part.split(" OR ") for part in self.licence.split(" AND ")]
        return all(any(one in allowed for one in choice) for choice in parts)


def shipped() -> Iterator[Shipped]:
    """Yield every package of the image's requirements that is of this system."""
    text = (ROOT / "requirements-image.txt").read_text(encoding="utf-8")
    for name, version, marker in PINNED.findall(text):
        found = _licence(name)
        if found is not None or not marker:
            yield Shipped(name, version, found or "")


def _licence(name: str) -> str | None:
    if name in BY_HAND:
        return BY_HAND[name]
    try:
        return _said(distribution(name))
    except PackageNotFoundError:
        return None


def _said(found: Distribution) -> str:
    """Return what a package says, in the newest form it says it in."""
    expression, text = found.metadata.get("License-Expression"), found.metadata.get("License")
    classes = [one.rpartition(" :: ")[2] for one in found.metadata.get_all("Classifier") or [] if "License ::" in one]
    said = str(expression or text or " AND ".join(classes)).strip()
    return SPELLED.get(said, said)


if __name__ == "__main__":
    for one in shipped():
        sys.stdout.write(f"{one.name} {one.version}: {one.licence}\n")
