"""What the documents point at: decisions are on their list, links lead to files and fragments to headings."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest

from tests.support.house import ROOT, read, tracked

DECISIONS = Path("docs/adr")
INDEX = DECISIONS / "README.md"
PARTS = ["Context", "Decision", "Consequences"]
PAGE_LINES = 60  # a decision is under a page
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # an address with a scheme is not this checkout's


def documents() -> list[Path]:
    """Return every document of the checkout."""
    return [path for path in tracked() if path.suffix == ".md"]


def decisions() -> list[Path]:
    """Return the page of each decision."""
    return [path for path in documents() if path.parent == DECISIONS and path != INDEX]


def test_every_decision_is_on_the_list_under_its_own_title() -> None:
    listed = re.findall(r"^- \[([^\]]+)\]\(([^)]+)\)$", read(INDEX), re.MULTILINE)

    assert sorted((name, title) for title, name in listed) == [
        (path.name, read(path).splitlines()[0].removeprefix("# ")) for path in decisions()
    ]


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in decisions()]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", decisions(), ids=lambda page: page.name)
def test_a_decision_has_three_parts_and_fits_on_a_page(page: Path) -> None:
    text = read(page)

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert len(text.splitlines()) <= PAGE_LINES


def test_every_link_leads_to_a_file_of_this_checkout() -> None:
    files = {str(PurePosixPath(path)) for path in tracked()}
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}

    lost = [f"{path}: {target}" for path, target in _links() if _file(path, target) not in files | folders]

    assert lost == []


def test_every_fragment_of_a_link_names_a_heading() -> None:
    lost = [
        f"{path}: {target}"
        for path, target in _links()
        if "#" in target and _file(path, target).endswith(".md") and (ROOT / _file(path, target)).is_file()
        if target.partition("#")[2] not in _anchors(Path(_file(path, target)))
    ]

    assert lost == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see [one](a.md) and ![two](b/c.svg 'title')", ["a.md", "b/c.svg"]),
        ("```\n[not](a.md)\n```\n", []),
        ("[away](https://example.org) [mail](mailto:a@example.org)", []),
        ("[here](#heading)", ["#heading"]),
    ],
)
def test_links_are_found_outside_code_and_within_the_checkout(text: str, links: list[str]) -> None:
    assert list(_links_of(text)) == links


def _links() -> Iterator[tuple[Path, str]]:
    for path in documents():
        yield from ((path, target) for target in _links_of(read(path)))


def _links_of(text: str) -> Iterator[str]:
    for target in LINK.findall(CODE.sub("", text)):
        if not ELSEWHERE.match(target):
            yield target


def _file(path: Path, target: str) -> str:
    """Return what a link from a document names, as the checkout spells it."""
    name = target.partition("#")[0]
    return normpath(str(PurePosixPath(path.parent) / name)) if name else str(PurePosixPath(path))


def _anchors(path: Path) -> set[str]:
    """Return the fragments of a document's headings, as they are made from their words."""
    found = HEADING.findall(CODE.sub("", read(path)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
