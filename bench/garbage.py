"""What a hostile caller sends: the costliest document that is permitted, and what is no request at all."""

from collections.abc import Sequence

from graphql import GraphQLSchema, OperationDefinitionNode, parse

from bench.attributes import CHANNEL, controller
from bench.client import Place, request
from bench.flood import MARK
from bench.person import Person
from bench.servers import Server
from bench.world import MODEL, World, subject
from gateway.cost import MOST_COST, cost_of
from graph.catalogue import Catalogue
from graph.terms import Audience
from schema.build import contracts

DEEP = b"[" * 30_000
FORGED = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJub2JvZHkifQ." + "A" * 78 + MARK.decode()
WIDE = 4_000  # fields of a text that does not hold: half of the tokens a document may have
PADDING = "x" * 20_000  # more than headers may have


def costliest(world: World, server: Server) -> Sequence[bytes]:
    """Return the costliest document any caller may send: the officer's question why, about every attribute."""
    catalogue = world.catalogue
    body = {"query": explaining(catalogue)}
    return [request(server.place, body, server.announced["tokens"]["officer"])]


def explaining(catalogue: Catalogue) -> str:
    """Return as many explanations as one document may cost."""
    core = contracts(catalogue)[Audience.GOVERNANCE].core
    count = 1
    while _cost(core, _explaining(catalogue, count + 1)) <= MOST_COST:
        count += 1
    return _explaining(catalogue, count)


def _cost(core: GraphQLSchema, text: str) -> int:
    document = parse(text)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return cost_of(core, document, operation)


def _explaining(catalogue: Catalogue, count: int) -> str:
    keys = ", ".join(f'"{one.key}"' for one in catalogue.attributes.values() if one.exposed)
    recipient = controller(catalogue).id
    purpose = next(one for one in catalogue.purposes if catalogue.trees.purposes.is_leaf(one))
    asked = f'subjectId: "{subject(MODEL)}", recipientId: "{recipient}", purpose: "{purpose}", channel: "{CHANNEL}"'
    answered = "key ceiling gates { gate ceiling reason recordIds rule decisive } wouldChangeIf"
    fields = (f"e{number}: explain(input: {{{asked}, keys: [{keys}]}}) {{ {answered} }}" for number in range(count))
    return f"{{ {' '.join(fields)} }}"


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
