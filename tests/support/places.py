"""Where gateways keep what they know, in one kind of store: a place all may share, and one that begins empty."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.support.neo4j_server import Neo4jServer, own


@dataclass(frozen=True, slots=True)
class Kept:
    """One store as the gateway's settings name it."""

    settings: Mapping[str, str]

    @property
    def arguments(self) -> tuple[str, str]:
        """Return the demonstration's argument that names it."""
        return "--store", self.settings["STORE"]


class Place(Protocol):
    """A kind of store."""

    def shared(self) -> Kept:
        """Return the store of the gateway that most tests share."""

    def empty(self) -> Kept:
        """Return a store with nothing in it, for one test; the one before may be emptied for it."""


@dataclass(slots=True)
class Files:
    """SQLite: a file each."""

    folder: Path
    count: int = 0

    def shared(self) -> Kept:
        return self.empty()

    def empty(self) -> Kept:
        self.count += 1
        return Kept({"STORE": f"sqlite:///{self.folder}/store{self.count}.sqlite"})


@dataclass(slots=True)
class Servers:
    """Neo4j: Community has one database a server, so the shared gateway has a server to itself."""

    folder: Path
    _found: dict[str, Neo4jServer] = field(default_factory=dict)

    def shared(self) -> Kept:
        return self._kept("shared")

    def empty(self) -> Kept:
        kept = self._kept("empty")
        with self._found["empty"].driver() as driver, driver.session(database="neo4j") as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
        return kept

    def _kept(self, name: str) -> Kept:
        if name not in self._found:
            self._found[name] = own()
        found, password = self._found[name], self.folder / f"{name}.password"
        password.touch(mode=0o600)
        password.write_text(found.password)
        return Kept({"STORE": found.uri, "STORE_USER": found.user, "STORE_PASSWORD_FILE": os.fspath(password)})


PLACES: Mapping[str, Callable[[Path], Place]] = {"sqlite": Files, "neo4j": Servers}
