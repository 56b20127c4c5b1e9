"""Documents and bodies that reach a limit and no other, made for a number of what is limited."""

from collections.abc import Mapping
from typing import Any

from graphql import Lexer, Source, TokenKind

from gateway.limits import MOST_REPEATS

COMFORT, TURNING = "personalize.system.comfort", "xr.comfort.turning"
EXPLAINED = f'recipientId: "controller", purpose: "{COMFORT}", channel: "vr_headset"'
Body = Mapping[str, Any]


def deep(levels: int) -> str:
    return "{ me " * (levels - 1) + "{ id }" + " }" * (levels - 1)


def introspecting(levels: int) -> str:
    return '{ __type(name: "Query") ' + "{ ofType " * (levels - 2) + "{ name }" + " }" * (levels - 2) + " }"


def directives(number: int) -> str:
    pair = "@include(if: true) @skip(if: false)"
    told = "key outcome intValue floatValue stringValue booleanValue low high effect fidelity validUntil leaseSeconds"
    fields = [f"{name} {pair}" for name in told.split()]
    withheld = [f"{name} {pair}" for name in ["kind", "purpose", "keys", "url"]]
    rest = f"withheld {pair} {{ key {pair} reasons {pair} nextAction {pair} {{ {' '.join(withheld)} }} }}"
    sheet = f'sheet(keys: ["{TURNING}"]) {pair} {{ revision {pair} entries {{ {" ".join(fields)} }} {rest} }}'
    made = f'{{ me(purpose: "{COMFORT}") {{ id {pair} purpose {pair} revision {pair} validUntil {pair} {sheet} }} }}'
    while made.count("@") > number:
        made = "".join(made.rsplit(" @skip(if: false)" if made.count("@skip") else " @include(if: true)", 1))
    assert made.count("@") == number
    return made


def directives_here(number: int) -> str:
    return "{ devices { id " + "@include(if: true) " * number + "} }"


def fragments(number: int) -> str:
    spread = " ".join(f"...F{one}" for one in range(number))
    return f"{{ devices {{ {spread} }} }} " + " ".join(f"fragment F{one} on Device {{ id }}" for one in range(number))


def tokens(number: int) -> Body:
    one = "query Q{n} {{ devices {{ id }} }} "
    made = "".join(one.format(n=place) for place in range(number // 8))
    while (missing := number - _tokens(made)) > 0:
        made = made.replace("{ id ", "{ id " + "name " * min(missing, MOST_REPEATS - 1), 1) if missing else made
    return {"query": made, "operationName": "Q0"}


def _tokens(made: str) -> int:
    lexer, count = Lexer(Source(made)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count


def listed(number: int) -> Body:
    asked = f'query($keys: [AttributeKey!]!) {{ me(purpose: "{COMFORT}") {{ sheet(keys: $keys) {{ revision }} }} }}'
    return {"query": asked, "variables": {"keys": [TURNING] * number}}


def costing(number: int) -> Body:
    """Return explanations of so many attributes in all: each costs one."""
    each, aliases = divmod(number, 24)
    asked = " ".join(
        f'e{one}: explain(input: {{subjectId: "x", {EXPLAINED}, keys: ${keys}}}) {{ key }}'
        for one, keys in enumerate(["more"] * aliases + ["keys"] * (24 - aliases))
    )
    given = "$keys: [AttributeKey!]!" + (", $more: [AttributeKey!]!" if aliases else "")
    sent = {"keys": [TURNING] * each, **({"more": [TURNING] * (each + 1)} if aliases else {})}
    return {"query": f"query({given}) {{ {asked} }}", "variables": sent}
