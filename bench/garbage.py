"""What a hostile caller sends: the costliest document that is permitted, and what is no request at all."""

from collections.abc import Sequence

from graphql import OperationDefinitionNode, parse

from bench.attributes import CHANNEL, controller
from bench.client import Place, request
from bench.flood import MARK
from bench.person import Person
from bench.servers import Server
from bench.world import MODEL, World, subject
from gateway.cost import MOST_COST, cost_of
from gateway.limits import MOST_ALIASES
from graph.catalogue import Catalogue
from graph.terms import Audience
from schema.build import contracts

KEYS = "keys"  # the variable
DEEP = b"[" * 30_000
FORGED = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJub2JvZHkifQ." + "A" * 78 + MARK.decode()
WHOLE = (
    "impact(withdraw: {}) { subjects recipients keys }",
    "ledger { length intact }",
    "disclosures(filter: {}, first: 100) { totalCount edges { node { id subjectId } } }",
)
WIDE = 4_000  # fields of a text that does not hold: half of the tokens a document may have
PADDING = "x" * 20_000  # more than headers may have


def costliest(world: World, server: Server) -> Sequence[bytes]:
    """Return the costliest document any caller may send: the officer's question why, about every attribute."""
    body = {"query": explaining(world.catalogue), "variables": {KEYS: exposed(world.catalogue)}}
    return [request(server.place, body, server.announced["tokens"]["officer"])]


def about_everybody(server: Server) -> Sequence[bytes]:
    """Return what costs little by the rule and reads most: all that looks at the whole store, as often as it may."""
    return [request(server.place, {"query": everybody()}, server.announced["tokens"]["officer"])]


def everybody() -> str:
    """Return the document of that."""
    return f"{{ {' '.join(f'w{number}: {WHOLE[number % len(WHOLE)]}' for number in range(MOST_ALIASES))} }}"


def exposed(catalogue: Catalogue) -> list[str]:
    """Return every attribute that can be asked about."""
    return [one.key for one in catalogue.attributes.values() if one.exposed]


def explaining(catalogue: Catalogue) -> str:
    """Return as many explanations as a document may have aliases, as many of them with every gate as it may cost.

    What is decided costs a key however little of it is told: a few whole ones alone take half of what these take.
    """
    whole = 0
    while costs(catalogue, _explaining(catalogue, whole + 1)) <= MOST_COST and whole < MOST_ALIASES:
        whole += 1
    return _explaining(catalogue, whole)


def costs(catalogue: Catalogue, text: str) -> int:
    """Return what explanations of every attribute cost."""
    document = parse(text)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    core = contracts(catalogue)[Audience.GOVERNANCE].core
    return cost_of(core, document, operation, {KEYS: len(exposed(catalogue))})


def _explaining(catalogue: Catalogue, whole: int) -> str:
    recipient = controller(catalogue).id
    purpose = next(one for one in catalogue.purposes if catalogue.trees.purposes.is_leaf(one))
    asked = f'subjectId: "{subject(MODEL)}", recipientId: "{recipient}", purpose: "{purpose}", channel: "{CHANNEL}"'
    answered = "key ceiling gates { gate ceiling reason recordIds rule decisive } wouldChangeIf"
    fields = (
        f"e{number}: explain(input: {{{asked}, keys: ${KEYS}}}) {{ {answered if number < whole else 'key'} }}"
        for number in range(MOST_ALIASES)
    )
    return f"query(${KEYS}: [AttributeKey!]!) {{ {' '.join(fields)} }}"


def garbage(server: Server, flooder: Person) -> Sequence[bytes]:
    """Return one of everything that is no request, or none that holds."""
    place, token = server.place, flooder.token
    wide = " ".join(f"a{number}" for number in range(WIDE))
    officer = server.announced["tokens"]["officer"]
    return [
        request(place, {"query": "{ devices { id } }"}, FORGED),
        raw(place, b'{"query": "{ devices', token),
        raw(place, DEEP, token),
        request(place, {"query": "{ devices { id } }"}),
        raw(place, b'{"query": 1}', token, {"X-Padding": PADDING}),
        raw(place, b"\xff" * 60_000, token),
        request(place, {"query": f"{{ n{MARK.decode()} {wide} }}"}, officer),
        request(place, {"documentId": "sha256:" + MARK.decode() * 8}, token),
    ]


def raw(place: Place, content: bytes, token: str, headers: dict[str, str] | None = None) -> bytes:
    """Return a POST of bytes that are no body."""
    shown = {
        "Host": f"{place.host}:{place.port}",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "Authorization": f"Bearer {token}",
        **(headers or {}),
    }
    lines = [f"POST {place.path} HTTP/1.1", *(f"{name}: {value}" for name, value in shown.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
