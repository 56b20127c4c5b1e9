"""The house as its rules draw it: who may import whom, how long and how named things are, what no file may hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import FLOORS, ROOT, floors, imports_of, modules, read, tracked, words_of

PURE_PACKAGE = "graph.decision"
PURE_PACKAGES = (PURE_PACKAGE, "graph.catalogue")
PURE_MODULES = ("graph.catalogue", "graph.records", "graph.taxonomy", "graph.terms")
PURE_LIBRARIES = ("dataclasses", "datetime", "enum", "hashlib", "hmac", "typing", "collections.abc")
ANYWHERE = ("graph.errors",)

FORBIDDEN_NAMES = frozenset(
    ("utils", "helpers", "common", "misc", "base", "manager", "handler", "data", "info", "process", "do")
)
CONTRACT_SECONDS = 60  # one second is usual; two cores that do much else need more
SAYS_NOTHING = frozenset(("utils", "helpers", "helper", "common", "misc", "base", "manager", "handler"))
FILE_LINES = 300
FUNCTION_LINES = 40  # the house says 25; past 40 there is nothing left to talk about

# Spelled in two halves, so that this file may be tracked too.
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:" + "|".join(("ro" + "ot", "wo" + "rk", "ho" + "me", "Us" + "ers")) + r")/\w"
)
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("maven", "org"),
        ("docker", "io"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
)

BUILT = Path("gateway/pages/graphiql")  # other people's words, bundled: what they left unfinished is theirs

SILENCERS = re.compile(r"#\s*(noqa|type: ignore|mypy: ignore|pragma: no (?:cover|branch))(?P<rest>.*)")
CODES = re.compile(r"^\s*:?\s*(?:\[[\w\-, ]+\]|[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?[\s#:]*")
FEWEST_REASON_WORDS = 2


def test_the_import_contracts_are_kept() -> None:
    command = (str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo")

    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=CONTRACT_SECONDS)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_decision_and_all_below_it_import_only_what_cannot_see_the_world() -> None:
    allowed = (*PURE_LIBRARIES, *PURE_MODULES, *ANYWHERE)

    strays = [
        f"{module.path}:{node.lineno} imports {name}"
        for module in floors()
        if _is_pure(module.name)
        for node, name in module.imports()
        if name not in allowed and not any(_within(name, package) for package in PURE_PACKAGES)
    ]

    assert any(_is_pure(module.name) for module in floors())
    assert strays == []


def test_the_lower_rooms_of_the_graph_do_not_import_the_decision() -> None:
    upwards = [
        f"{module.path}:{node.lineno} imports {name}"
        for module in floors()
        if module.name in PURE_MODULES
        for node, name in module.imports()
        if _within(name, PURE_PACKAGE)
    ]

    assert upwards == []


def test_nothing_is_imported_inside_a_function() -> None:
    lazy = [
        f"{module.path}:{node.lineno} imports {name}"
        for module in modules()
        for function in module.functions()
        for node, name in imports_of(function)
    ]

    assert lazy == []


def test_nothing_is_imported_for_type_checking_alone() -> None:
    hidden = [f"{module.path}" for module in modules() if "TYPE_" + "CHECKING" in module.text]

    assert hidden == []


def test_every_import_names_its_module_in_full() -> None:
    relative = [
        f"{module.path}:{node.lineno}" for module in modules() for node, name in module.imports() if name[:1] == "."
    ]

    assert relative == []


def test_no_module_class_or_function_has_a_name_that_says_nothing() -> None:
    named = [(f"{module.path}", module.path.stem) for module in modules()]
    named += [(f"{module.path}:{node.lineno}", node.name) for module in modules() for node in module.defined()]

    assert [f"{place} {name}" for place, name in named if _says_nothing(name)] == []


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("info", True),
        ("Data", True),
        ("PageInfo", False),
        ("StoreManager", True),
        ("store_utils", True),
        ("what_they_do", False),
    ],
)
def test_a_name_says_nothing_if_it_is_such_a_word_or_ends_in_one(name: str, empty: bool) -> None:
    assert _says_nothing(name) is empty


def test_a_file_fits_in_the_head() -> None:
    long = {str(module.path): len(module.text.splitlines()) for module in modules()}

    assert {path: lines for path, lines in long.items() if lines > FILE_LINES} == {}


def test_a_function_fits_on_a_card() -> None:
    long = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules()
        for function in module.functions()
        if _lines(function) > FUNCTION_LINES
    ]

    assert long == []


def test_every_module_says_on_top_what_lives_in_it() -> None:
    silent = [str(module.path) for module in floors() if module.tree.body and ast.get_docstring(module.tree) is None]

    assert silent == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in tracked() if path.parts[0] == "tests" and path.suffix == ".py"}

    assert {str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()} == set()


def test_no_package_outside_the_four_floors_is_shipped() -> None:
    packages = {path.parts[0] for path in tracked() if len(path.parts) > 1 and path.name == "__init__.py"}

    assert packages - {"tests", "bench", "neo4j_here"} == set(FLOORS)


def test_every_silenced_check_says_why_on_its_line() -> None:
    unexplained = [
        f"{module.path}:{number} {line.strip()}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), start=1)
        if _silences_without_reason(line)
    ]

    assert unexplained == []


@pytest.mark.parametrize(
    ("line", "unexplained"),
    [
        ("x = 1  # no" + "qa: S105", True),
        ("x = 1  # no" + "qa: S105, E501", True),
        ("x = 1  # no" + "qa: S105 a reason, not a secret", False),
        ("x = 1  # type: " + "ignore[arg-type]", True),
        ("x = 1  # type: " + "ignore[arg-type]  # any value may be held", False),
        ("if x:  # pragma: " + "no cover", True),
        ("if x:  # pragma: " + "no cover - only on another system", False),
        ("x = 1  # two of them", False),
    ],
)
def test_a_bare_code_is_no_reason(line: str, unexplained: bool) -> None:
    assert _silences_without_reason(line) is unexplained


def test_nothing_is_left_unfinished() -> None:
    assert [place for place in _found(UNFINISHED) if not place.startswith(f"{BUILT}/")] == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert list(_found(MACHINE_PATHS)) == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = re.compile("|".join(re.escape(host) for host in REGISTRY_HOSTS), re.IGNORECASE)

    assert list(_found(hosts)) == []


def _is_pure(name: str) -> bool:
    return name in PURE_MODULES or any(_within(name, package) for package in PURE_PACKAGES)


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _says_nothing(name: str) -> bool:
    return name.lower() in FORBIDDEN_NAMES or words_of(name)[-1:] in {(word,) for word in SAYS_NOTHING}


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _silences_without_reason(line: str) -> bool:
    found = SILENCERS.search(line)
    if found is None:
        return False
    reason = CODES.sub("", found["rest"], count=1)
    return len(reason.split()) < FEWEST_REASON_WORDS


def _found(wanted: re.Pattern[str]) -> Iterator[str]:
    for path in tracked():
        for number, line in enumerate(_text(path).splitlines(), start=1):
            if wanted.search(line):
                yield f"{path}:{number}"


def _text(path: Path) -> str:
    """Return what is written in a file, nothing for one that is no text."""
    return "" if b"\0" in (ROOT / path).read_bytes()[:8192] else read(path)
