"""A case file that stands alone on the small pack, whole or with changes; a fault is expected where `►` stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.cases import Case, CaseFault, World, cases_of
from tests.support import pack_folder

HERE = "►"  # before the line a fault is told for

TEXT = """\
catalogue: pack
purposes:
  - {key: game, us_operations: [sale], gpc_objects: true, since: 1}
  - {key: game.match, parent: game}
categories:
  - {key: craft, sensitivity: S2, art9: "", us_sensitive: false}
  - {key: craft.knots, parent: craft, sensitivity: S1}
recipients:
  - {id: guild, group: guilds, third_party: true, region: QQ, since: 1}
attributes:
  - key: craft.list
    category: craft
    kind: LIST
    sensitivity: S2
    origin: declared
    rungs: [NONE, PRESENCE, PRECISE]
    purposes: [game.match]
    channels: [goggles, backend]
  - key: craft.guess
    category: craft.knots
    kind: STRING
    sensitivity: S2
    origin: inferred
    rungs: [PRECISE, NOISED, NONE]
    purposes: [game.match]
    channels: [goggles]
    derived_from:
      - craft.list
      - {key: hobby.level, masks: [craft]}
register:
  - {recipient: guild, purpose: game.match, category: craft, operation: DISCLOSE, basis: CONSENT, retention_days: 9}
law:
  - {jurisdiction: QQ, regime: CONSENT, max_age_days: 365, min_assurance: 1, guardian: false}
notices:
  - {id: m1, effective_from: 2026-01-01}
  - id: m1
    version: 2
    catalogue_version: 2
    effective_from: 2026-02-01T00:00:00Z
    cells:
      - {purpose: game, category: "*", material: false}
cases:
  - name: a yes is a yes
    subject:
      jurisdictions: [QQ]
      age_band: ADULT
      levels: {"*": PREDICTIVE, goggles: DECLARED}
      notices_served: [m1]
    devices:
      - {id: d1, linked: true, attested: false, shared: false}
    records:
      - {kind: GIVEN, at: 2026-01-20T00:00:00Z, until: 2026-06-01T00:00:00Z, scope: {category: craft}}
      - {kind: REFUSED, at: 2026-01-10T00:00:00Z, scope: {channel: backend}}
    request:
      recipient: guild
      purpose: game.match
      channel: goggles
      device: d1
      at: 2026-03-01T00:00:00Z
    expect:
      craft.list:
        fidelity: PRECISE
        reasons: []
        next_action: null
        evidence: [1]
        valid_until: 2026-06-01T00:00:00Z
"""

Change = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """A folder with the small pack, where case files are written."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "CaseFiles":
        """Write the pack beside the files to come."""
        pack_folder.written(folder / "pack")
        return cls(folder)

    def written(self, *changes: Change, name: str = "cases.yaml") -> Path:
        """Write the file with changes; the old text of each must stand in it exactly once."""
        return self.of(_changed(changes).replace(HERE, ""), name=name)

    def of(self, text: str, *, name: str = "cases.yaml") -> Path:
        """Write a file of one's own."""
        path = self.folder / name
        path.write_text(text)
        return path

    def read(self, *changes: Change) -> tuple[World, tuple[Case, ...]]:
        """Read the file with changes."""
        return cases_of(self.written(*changes))

    def case(self, *changes: Change) -> Case:
        """Read the one case of the file with changes."""
        _, (case,) = self.read(*changes)
        return case

    def refused(self, *changes: Change) -> str:
        """Return the message of the fault the changes make, which names the file and the marked line."""
        lines = _changed(changes).split("\n")
        marked = [number for number, line in enumerate(lines, start=1) if HERE in line]
        with pytest.raises(CaseFault) as fault:
            self.read(*changes)
        path = self.folder / "cases.yaml"
        assert [(fault.value.file, fault.value.line)] == [(str(path), line) for line in marked], str(fault.value)
        assert str(fault.value) == f"{path}:{fault.value.line}: {fault.value.message}"
        return fault.value.message


def _changed(changes: Sequence[Change]) -> str:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"`{old}` must stand once in the file"
        text = text.replace(old, new)
    return text
