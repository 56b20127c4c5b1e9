"""The checkout as the tests of the house see it: its tracked files and their syntax trees."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("gateway", "schema", "resolvers", "graph")
UNPACKED = (
    ".venv",
    ".build",
    ".git",
    "node_modules",
    "__pycache__",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
)


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path within the checkout, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        return self.path.parts[0]

    @property
    def name(self) -> str:
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def defined(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in self.defined() if not isinstance(node, ast.ClassDef))

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        return imports_of(self.tree)


def imports_of(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each import statement below `tree` with each module that it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, "." * node.level + (node.module or "")


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file git tracks or would; of an unpacked archive every file that is not made by a tool."""
    listed = _listed_by_git()
    names = listed if listed is not None else _walked()
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


@cache
def modules() -> tuple[Module, ...]:
    """Return every Python file of the floors, the tests and the bench, parsed once."""
    wanted = (
        path
        for path in tracked()
        if path.suffix == ".py" and path.parts[0] in (*FLOORS, "tests", "bench", "neo4j_here")
    )
    return tuple(_parsed(path) for path in wanted)


def floors() -> tuple[Module, ...]:
    return tuple(module for module in modules() if module.floor in FLOORS)


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def words_of(name: str) -> tuple[str, ...]:
    """Split a snake_case or CamelCase name into its lower-case words."""
    return tuple(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name))


def _parsed(path: Path) -> Module:
    text = read(path)
    return Module(path, text, ast.parse(text, filename=str(path)))


def _listed_by_git() -> tuple[Path, ...] | None:
    if not (ROOT / ".git").exists():
        return None
    command = ("git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return tuple(Path(name) for name in listed.stdout.split("\0") if name)


def _walked() -> tuple[Path, ...]:
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return tuple(path for path in files if not set(path.parts) & set(UNPACKED))
