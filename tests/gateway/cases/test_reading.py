"""YAML 1.2 core, with the line of everything: words stay words, and what is no plain document is refused."""

from math import inf, isnan
from pathlib import Path

import pytest

from gateway.cases.reading import CaseFault, Item, items_of, read


def value(text: str) -> object:
    """Return the value of the key `a` of a document."""
    found = items_of(f"a: {text}\n", "f").value
    assert isinstance(found, dict)
    return found["a"].value


def fault(text: str) -> str:
    with pytest.raises(CaseFault) as refused:
        items_of(text, "f")
    return str(refused.value)


@pytest.mark.parametrize(
    "word", ["NO", "no", "on", "off", "yes", "Y", "2026-01-01", "1:30", "0b1", "1_000", "<<", "=", "nULL", "tRUE", "+"]
)
def test_what_only_yaml_1_1_took_for_something_else_is_a_word(word: str) -> None:
    assert value(word) == word


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_written_in_five_ways(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("true", True),
        ("FALSE", False),
        ("12", 12),
        ("-7", -7),
        ("+7", 7),
        ("007", 7),
        ("0o17", 15),
        ("0xff", 255),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -inf),
        (".INF", inf),
        ('"12"', "12"),
        ("'true'", "true"),
        ("!!str 12", "12"),
        ('!!int "12"', 12),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_scalars_are_read_by_the_core_schema(text: str, found: object) -> None:
    assert value(text) == found
    assert type(value(text)) is type(found)


def test_no_number_is_a_number_too() -> None:
    found = value(".NaN")
    assert isinstance(found, float)
    assert isnan(found)


def test_a_number_too_long_for_python_stays_a_word() -> None:
    assert value("9" * 5000) == "9" * 5000


def test_every_item_knows_its_line_and_every_key_its_own() -> None:
    found = items_of("# a comment\na:\n  - b\n  - {c: d,\n     e: f}\n", "f")
    b, rest = Item("b", "f", 3), {"c": Item("d", "f", 4), "e": Item("f", "f", 5)}
    assert found == Item(
        {"a": Item((b, Item(rest, "f", 4, {"c": 4, "e": 5})), "f", 3)},
        "f",
        2,
        {"a": 2},
    )


def test_an_alias_is_the_item_it_names() -> None:
    found = items_of("a: &x {b: c}\nd: *x\n", "f").value
    assert isinstance(found, dict)
    assert found["d"] is found["a"]


def test_many_aliases_of_aliases_cost_nothing() -> None:
    """A hundred million leaves, were each alias unfolded."""
    rows = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    found = items_of("\n".join(rows), "f").value
    assert isinstance(found, dict)
    assert len(found) == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f:1: the file is empty; write at least `cases`"),
        ("# only words\n", "f:1: the file is empty; "),
        ("a: [1,\n", "f:2: "),
        ("a: b: c\n", "f:1: mapping values are not allowed here; correct the YAML"),
        ("a: 1\n\ta: 2\n", "f:2: "),
        ("a: 1\nb: *nobody\n", "f:2: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "f:2: but found another document; correct the YAML"),
        ("a: 1\nb: \x07\n", "f:2: a character YAML does not allow; remove it"),
        ("a: 1\nb: 2\na: 3\n", "f:3: `a` stands on line 1 already; keep one of them"),
        ("1: a\n", "f:1: a key is not a word; put it in quotes if it is meant"),
        ("a: 1\n[a]: 2\n", "f:2: a key is not a word; "),
        ("a: 1\nb: !python/none x\n", "f:2: the tag `!python/none` means nothing here; remove it"),
        ("a: 1\nb: !!set {x}\n", "f:2: the tag `tag:yaml.org,2002:set` means nothing here; "),
        ("a: 1\nb: !!int x\n", "f:2: `x` is no `int`; remove the tag or correct the value"),
        ("a: 1\nb: !!bool yes\n", "f:2: `yes` is no `bool`; "),
        ("a: 1\nb: &b [c, *b]\n", "f:2: an alias stands inside its own anchor; break the circle"),
        ("a: 1\nb: " + "[" * 40 + "]" * 40, "f:2: nested too deep; correct the YAML"),
        ("a: 1\nb: " + "[" * 5000, "f:2: nested too deep; correct the YAML"),
    ],
)
def test_what_is_no_plain_document_is_refused_with_its_line(text: str, said: str) -> None:
    assert fault(text).startswith(said)


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_bytes("\ufeffa: b\n".encode())
    assert read(path) == Item({"a": Item("b", str(path), 1)}, str(path), 1, {"a": 1})


def test_what_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_bytes(b"a: 1\nb: \xe9\n")
    with pytest.raises(CaseFault, match=r"cases\.yaml:2: this is not UTF-8; save the file as UTF-8"):
        read(path)


@pytest.mark.parametrize(("name", "said"), [("none.yaml", "no such file or directory"), (".", "is a directory")])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(CaseFault) as refused:
        read(tmp_path / name)
    assert str(refused.value) == f"{tmp_path / name}:1: {said}; name a case file"
