"""The examples of README and docs: a marked block, what it is run as, and the answer that is printed below it.

`<!-- run: ROLE name… -->` stands above a GraphQL document that a role of the demonstration sends. Each `name` is a
variable: kept from an answer above, or `name=person` for her id (a partner's role gets her pairwise id, in a list).
`<!-- registered: ROLE purpose name… -->`: the same, but a document the officer registers first.
`<!-- post: ROLE -->` stands above a whole body, in which `"…name"` is what was kept; `<!-- run: shell -->` above lines
for a shell, with what they print.
In an answer `"…"` stands for what differs each time, and `"…name"` is kept for the blocks below.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.house import ROOT

FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- (?P<how>run|registered|post): (?P<words>[^>]*?) -->\n$")
VARIES = "…"


@dataclass(frozen=True, slots=True)
class Example:
    """One block that is run, and what is printed below it."""

    place: str
    how: str
    words: tuple[str, ...]
    text: str
    answer: str | None


def pages() -> tuple[str, ...]:
    """Return the pages that have examples."""
    paths = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    return tuple(
        path.relative_to(ROOT).as_posix() for path in paths if any(examples(path.relative_to(ROOT).as_posix()))
    )


def examples(page: str) -> Iterator[Example]:
    """Yield the marked blocks of a page, in order."""
    text = (ROOT / page).read_text()
    blocks = list(FENCE.finditer(text))
    for number, block in enumerate(blocks):
        mark = _mark(text, block)
        if mark is not None:
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            answers = following is not None and following["kind"] in ("json", "text") and not _mark(text, following)
            line = text.count("\n", 0, block.start()) + 1
            yield Example(
                place=f"{page}:{line}",
                how=mark["how"],
                words=tuple(mark["words"].split()),
                text=block["text"],
                answer=following["text"] if following is not None and answers else None,
            )


def unmarked(page: str) -> list[int]:
    """Return the lines of GraphQL blocks that nothing runs."""
    text = (ROOT / page).read_text()
    loose = (one for one in FENCE.finditer(text) if one["kind"] == "graphql" and _mark(text, one) is None)
    return [text.count("\n", 0, one.start()) + 1 for one in loose]


def compared(stated: Any, found: Any) -> tuple[Any, dict[str, Any]]:
    """Return what was found with `"…"` wherever the page says so, and what the page keeps by a name."""
    kept: dict[str, Any] = {}
    return _compared(stated, found, kept), kept


def filled(body: Any, kept: Mapping[str, Any]) -> Any:
    """Return a body with what the page kept by a name wherever it says so."""
    if isinstance(body, Mapping):
        return {name: filled(value, kept) for name, value in body.items()}
    return kept[body.removeprefix(VARIES)] if isinstance(body, str) and body.startswith(VARIES) else body


def _compared(stated: Any, found: Any, kept: dict[str, Any]) -> Any:
    if isinstance(stated, str) and stated.startswith(VARIES) and found is not None:
        kept[stated.removeprefix(VARIES)] = found
        return stated
    if isinstance(stated, Mapping) and isinstance(found, Mapping):
        return {name: _compared(stated.get(name), value, kept) for name, value in found.items()}
    if isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        return [_compared(one, other, kept) for one, other in zip(stated, found, strict=True)]
    return found


def _mark(text: str, block: re.Match[str]) -> re.Match[str] | None:
    return MARK.search(text, 0, block.start())
