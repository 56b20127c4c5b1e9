"""Loads the decision with one text of its source rewritten, beside the real modules and never over them."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

from graph import records
from graph.decision.request import Decision
from tests.laws.changes import tables_of
from tests.support.worlds import World

SHARED = ("graph.terms", "graph.errors")  # words are the same on both sides, or no two would be equal
DECISION = "graph.decision."
BELOW = ("graph.catalogue", "graph.records", "graph.taxonomy")  # shared too where the fault is in the decision alone


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: in a module, a text that stands there once, and what stands there instead."""

    name: str
    module: str
    old: str
    new: str


class _Rewritten(SourceFileLoader):
    """Loads a module from its file with one text replaced, and leaves no bytecode behind."""

    def __init__(self, fullname: str, path: str, mutant: Mutant) -> None:
        super().__init__(fullname, path)
        self._mutant = mutant

    def get_data(self, path: str) -> bytes:
        if not path.endswith(".py"):
            raise OSError("no bytecode of a mutant")
        source = super().get_data(path).decode()
        if source.count(self._mutant.old) != 1:
            raise ValueError(f"`{self._mutant.old}` does not stand once in `{self.name}`; rewrite the mutant")
        return source.replace(self._mutant.old, self._mutant.new).encode()

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Keep no bytecode."""


class _Finder(MetaPathFinder):
    """Finds the mutant's module rewritten; every other one as always."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Rewritten(fullname, spec.origin, self._mutant)
        spec.cached = None
        return spec


@contextmanager
def _beside(shared: tuple[str, ...]) -> Iterator[None]:
    """Let graph modules be imported anew, all but the shared ones, and put the real ones back."""
    real = {name: module for name, module in sys.modules.items() if name == "graph" or name.startswith("graph.")}
    for name in real:
        if not any(name == one or name.startswith(f"{one}.") for one in shared):
            del sys.modules[name]
    finders = list(sys.meta_path)
    try:
        yield
    finally:
        sys.meta_path[:] = finders
        for name in [name for name in sys.modules if name == "graph" or name.startswith("graph.")]:
            del sys.modules[name]
        sys.modules.update(real)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A decision and a catalogue compiler with (or, for `None`, without) a fault."""

    decide: Any
    catalogue: ModuleType
    records: ModuleType

    def own(self, one: Any) -> Any:
        """Return values made anew of this one's own records, whose rules may be at fault too."""
        if isinstance(one, tuple):
            return tuple(self.own(part) for part in one)
        if not is_dataclass(one):
            return one
        kind = getattr(self.records, type(one).__name__, type(one))
        return kind(**{part.name: self.own(getattr(one, part.name)) for part in fields(one)})

    def decided(self, one: World) -> tuple[Decision, ...]:
        """Decide a world's request as this one would."""
        snapshot, made = (
            (one.snapshot, one.catalogue) if self.records is records else (self.own(one.snapshot), self._compiled(one))
        )
        found: tuple[Decision, ...] = self.decide(one.request, snapshot, made, one.keys)
        return found

    def _compiled(self, one: World) -> Any:
        """Return a world's catalogue as this one's own compiler makes it."""
        tables = tables_of(one.catalogue)
        rows = self.catalogue.Tables(**(tables | {"notices": self.own(tables["notices"])}))
        return self.catalogue.compiled(rows, version=one.catalogue.version, digest=one.catalogue.digest)


def loaded(mutant: Mutant | None) -> Loaded:
    """Load the decision with a fault, or a second time without one."""
    in_decision = mutant is not None and mutant.module.startswith(DECISION)
    with _beside((*SHARED, *BELOW) if in_decision else SHARED):
        if mutant is not None:
            sys.meta_path.insert(0, _Finder(mutant))
        deciding = importlib.import_module("graph.decision.decide")
        named = ("graph.catalogue", "graph.records")
        return Loaded(deciding.decide, *(importlib.import_module(name) for name in named))
