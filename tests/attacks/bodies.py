"""Bodies nobody would send: GraphQL requests gone wrong, JSON at its edges, bytes that are neither. By dice alone."""

import json
from random import Random
from typing import Any

from tests.support.canaries import PLANTED_WORD
from tests.support.documents import CONSENTS, OFFER, SHEET

COMFORT = "personalize.system.comfort"
DOCUMENTS = (
    "{ devices { id } }",
    "{ __typename }",
    "{ __schema { types { name fields { name } } } }",
    '{ __type(name: "Query") { name } }',
    f'{{ me(purpose: "{COMFORT}") {{ sheet(keys: ["xr.comfort.turning"]) {{ withheld {{ key }} }} }} }}',
    SHEET,
    OFFER,
    CONSENTS,
    'mutation($f: Float) { recordValues(input: {idempotencyKey: "a", purpose: "personalize.system.comfort", '
    'values: [{key: "body.height", float: $f}]}) { __typename } }',
    "query A { devices { id } } query B { devices { id } }",
    "subscription { devices { id } }",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
)
NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, -0.0, 5e-324, "", " ", "\x00",
    "\u2028", "\u202e", "ﬃ", "😀" * 50, "a" * 5000, PLANTED_WORD, [], {}, [[]], [None], {"": None}, {"__proto__": {}},
    ["x"] * 300, {"a": {"b": {"c": {"d": {}}}}}, "../../etc/passwd", "' OR 1=1 --", "}) RETURN n //", "${7*7}",
)  # fmt: skip
LITERALS = (
    b"1e999", b"-1e999", b"1" * 400, b"NaN", b"Infinity", b"-", b"01", b"1.", b".1", b"0x1", b'"\\ud800"',
    b'"\\udc00x"',
    b'"\\u0000"', b'"\x00"', b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b"'a'", b"undefined", b"[1,]", b'{"a":1,}',
    b'{"a":1,"a":2}', b'"\\x"', b"/*a*/1", b"\xef\xbb\xbf1", b"[" * 3000, b"[" * 900 + b"]" * 900, b'{"a":' * 3000,
)  # fmt: skip
MEMBERS = ("query", "variables", "operationName", "extensions", "documentId", "doc_id", "id", "query ", "Query")
TOKENS = (
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$",
    "@",
    "...",
    "|",
    "&",
    "=",
    '"',
    '"""',
    "#",
    ",",
    "\\",
    "😀",
    "\x00",
)


def body(dice: Random, known: tuple[str, ...]) -> bytes:
    """Return a body; `known` are ids of documents and people."""
    makes = (*(_request,) * 7, _spliced, _bent, _bytes, _edge, _batch)
    return dice.choice(makes)(dice, known)


def _members(dice: Random, known: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"query": _document(dice)}
    if dice.random() < 0.3:
        found = {dice.choice(("documentId", "doc_id")): dice.choice((*known, "sha256:" + "0" * 64, *map(str, NASTY)))}
    if dice.random() < 0.7:
        names = ("purpose", "keys", "id", "ids", "input", "after", "f", "")
        found["variables"] = {dice.choice(names): dice.choice((*NASTY, *known)) for _ in range(dice.randrange(4))}
    if dice.random() < 0.3:
        found["operationName"] = dice.choice(("A", "B", "Sheet", *NASTY))
    if dice.random() < 0.3:
        words = ("session", "persistedQuery", "consistencyToken", "x")
        found["extensions"] = {dice.choice(words): dice.choice(NASTY) for _ in range(2)}
    return found


def _request(dice: Random, known: tuple[str, ...]) -> bytes:
    found = _members(dice, known)
    while dice.random() < 0.3:
        found[dice.choice(MEMBERS)] = dice.choice(NASTY)
    return json.dumps(found, ensure_ascii=dice.random() < 0.5).encode()


def _document(dice: Random) -> str:
    text = dice.choice(DOCUMENTS)
    kind = dice.randrange(8)
    if kind == 0:
        depth = dice.choice((5, 13, 50, 3000))
        return "{a" * depth + "}" * dice.choice((depth, depth - 1))
    if kind == 1:
        return "{" + " ".join(f"a{place}: __typename" for place in range(dice.choice((29, 31, 1500)))) + "}"
    if kind == 2:
        return "{ __typename " + "@include(if: true) " * dice.choice((1, 5, 60)) + "}"
    if kind == 3:
        return "{ devices { id } " + "__typename " * dice.choice((9, 11, 900)) + "}"
    while dice.random() < 0.5:
        place = dice.randrange(len(text))
        text = text[:place] + dice.choice(TOKENS) + text[place + dice.randrange(3) :]
    return text


def _spliced(dice: Random, known: tuple[str, ...]) -> bytes:
    """Return a request, one of its values in place of which a literal of JSON's edges stands."""
    found = _members(dice, known)
    found[dice.choice(MEMBERS[:6])] = "SPLICE"
    return json.dumps(found).encode().replace(b'"SPLICE"', dice.choice(LITERALS))


def _bent(dice: Random, known: tuple[str, ...]) -> bytes:
    made = bytearray(_request(dice, known))
    for _ in range(1 + dice.randrange(6)):
        made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made[: dice.randrange(len(made))] if dice.random() < 0.3 else made)


def _bytes(dice: Random, _: tuple[str, ...]) -> bytes:
    return dice.randbytes(dice.choice((0, 1, 2, 40, 3000)))


def _edge(dice: Random, _: tuple[str, ...]) -> bytes:
    literal = dice.choice(LITERALS)
    return dice.choice((literal, b" " * 65_530 + literal, b'{"query": ' + literal + b"}", literal * 20))


def _batch(dice: Random, known: tuple[str, ...]) -> bytes:
    return json.dumps([_members(dice, known) for _ in range(dice.randrange(12))]).encode()
