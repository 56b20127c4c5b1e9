"""YAML 1.2 core text as items that know their file and line; what a key means lives elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

_DEEPEST = 32  # the format nests six deep; far less than what Python's stack allows
_TAG = "tag:yaml.org,2002:"
_CORE = {  # the core schema of YAML 1.2.2, 10.3.2: `NO`, `on`, `yes` and dates are words
    "null": r"(?:null|Null|NULL|~|)",
    "bool": r"(?:true|True|TRUE|false|False|FALSE)",
    "int": r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)",
    "float": r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))",
}

Scalar: TypeAlias = str | int | float | bool | None


class CaseFault(Exception):
    """A fault in a case file: `file:line: what, what to do`."""

    def __init__(self, message: str, *, file: str, line: int) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.message, self.file, self.line = message, file, line


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a case file, with where it stands; `lines` says where each key of a mapping stands."""

    value: "Scalar | tuple[Item, ...] | Mapping[str, Item]"
    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, message: str) -> CaseFault:
        """Return the error that names this item's file and line."""
        return CaseFault(message, file=self.file, line=self.line)


def read(path: Path) -> Item:
    """Read one document; raises `CaseFault` for a file that cannot be read or is not YAML 1.2 core."""
    return items_of(_text(path), str(path))


def items_of(text: str, file: str) -> Item:
    """Return the items of one document; raises `CaseFault`."""
    try:
        node = _composed(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CaseFault("a character YAML does not allow; remove it", file=file, line=line) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "this is not YAML"
        line = mark.line + 1 if mark else 1
        raise CaseFault(f"{what}; correct the YAML", file=file, line=line) from None
    if node is None:
        raise CaseFault("the file is empty; write at least `cases`", file=file, line=1)
    return _Walk(file).item(node)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CaseFault("this is not UTF-8; save the file as UTF-8", file=str(path), line=line) from None
    except OSError as error:
        what = (error.strerror or "it cannot be read").lower()
        raise CaseFault(f"{what}; name a case file", file=str(path), line=1) from None


class _Loader(yaml.SafeLoader):
    """Composes nodes under the core schema; builds no objects."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 PyYAML declares it so
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node; raises `ComposerError` where documents nest too deep."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise yaml.composer.ComposerError(None, None, "nested too deep", parent.start_mark if parent else None)
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


for _name, _pattern in _CORE.items():
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"^{_pattern}\Z"), None)


def _composed(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


class _Walk:
    """Turns nodes into items, each node once: an alias is the same item again, and never inside itself."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._made: dict[int, Item] = {}
        self._open: set[int] = set()

    def item(self, node: yaml.Node) -> Item:
        if id(node) in self._open:
            raise self._fault("an alias stands inside its own anchor; break the circle", node)
        if id(node) not in self._made:
            self._open.add(id(node))
            self._made[id(node)] = self._new(node)
            self._open.discard(id(node))
        return self._made[id(node)]

    def _new(self, node: yaml.Node) -> Item:
        tag = node.tag.removeprefix(_TAG)
        if isinstance(node, yaml.MappingNode) and tag == "map":
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode) and tag == "seq":
            return Item(tuple(self.item(one) for one in node.value), self.file, _line(node))
        if isinstance(node, yaml.ScalarNode) and tag in {"str", *_CORE}:
            return Item(self._scalar(node, tag), self.file, _line(node))
        raise self._fault(f"the tag `{node.tag}` means nothing here; remove it", node)

    def _mapping(self, node: yaml.MappingNode) -> Item:
        found: dict[str, Item] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = self.item(key_node).value
            if not isinstance(key, str):
                raise self._fault("a key is not a word; put it in quotes if it is meant", key_node)
            if key in lines:
                raise self._fault(f"`{key}` stands on line {lines[key]} already; keep one of them", key_node)
            found[key], lines[key] = self.item(value_node), _line(key_node)
        return Item(found, self.file, _line(node), lines)

    def _scalar(self, node: yaml.ScalarNode, tag: str) -> Scalar:
        text: str = node.value
        if tag != "str" and not re.fullmatch(_CORE[tag], text):
            raise self._fault(f"`{text}` is no `{tag}`; remove the tag or correct the value", node)
        return {"null": _nothing, "bool": _truth, "int": _whole, "float": _decimal}.get(tag, str)(text)

    def _fault(self, message: str, node: yaml.Node) -> CaseFault:
        return CaseFault(message, file=self.file, line=_line(node))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _nothing(_: str) -> None:
    return None


def _truth(text: str) -> bool:
    return text.lower() == "true"


def _whole(text: str) -> int | str:
    """Return the number; one too long for Python stays a word, which no whole number may be."""
    try:
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    except ValueError:
        return text


def _decimal(text: str) -> float:
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
