"""How a token may be shown: a bound one with a proof of its key, each proof once; any other as it is."""

from datetime import timedelta

import pytest

from gateway.authn import Authenticator, Checks, in_address
from gateway.key_ring import KeyRing, KeySource
from gateway.possession import Possession
from gateway.replays import Replays
from gateway.revocations import LOOK_SECONDS, Revocations
from gateway.tokens import TokenFault
from resolvers.caller import Caller
from tests.gateway.test_authn import Clock
from tests.support.gateway_here import PERSON, gateway_here
from tests.support.keys import NOW, TERMS, ed25519, jwks, token
from tests.support.minting import signed
from tests.support.proving import Prover

pytestmark = pytest.mark.anyio
ASK = {"query": "{ devices { id } }"}
PLACE, ADDRESS = "https://gateway.example", "https://gateway.example/graphql"
MINE, THEIRS = Prover.p256(), Prover.ed25519()
SECONDS = int(NOW.timestamp())
TAKEN = 'algs="EdDSA ES256"'
REFUSED = 'error_description="the access token was not accepted, get a new one"'


class Door:
    """An authenticator at an address, asked as the endpoint asks it."""

    def __init__(self, address=PLACE, bound=(), revoked=None, replays=None):
        self.clock = Clock()
        ring = KeyRing(KeySource(lambda: jwks(ed25519()), every=300.0, rest=10.0), self.clock)
        listed = None if revoked is None else Revocations(revoked, self.clock)
        checks = Checks(Possession(self.clock, address, frozenset(bound), replays), listed)
        self.authenticator = Authenticator(ring, lambda: TERMS, checks=checks)

    async def asks(self, header, *proofs, at=NOW):
        call = self.authenticator.call("POST", "/graphql", list(proofs))
        return await self.authenticator.caller(header, at, call)

    async def told(self, header, *proofs):
        """Return the challenge of a refusal."""
        return self.authenticator.challenge(await self.asks(header, *proofs), header)


def proof(text, client=MINE, **claims):
    return client.proof(ADDRESS, text, **{"iat": SECONDS, **claims})


BOUND = token(**MINE.binding)
FREE = token()


@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP "])
async def test_a_bound_token_is_shown_with_a_proof_of_its_key(scheme):
    found = await Door().asks(f"{scheme} {BOUND}", proof(BOUND))
    assert isinstance(found, Caller)
    assert found.bound_to == MINE.thumbprint


async def test_a_proof_is_good_for_one_call_also_of_a_token_that_is_known():
    door = Door()
    first, second = proof(BOUND), proof(BOUND)
    found = [await door.asks(f"DPoP {BOUND}", one) for one in (first, first, second, second)]
    assert [one if isinstance(one, TokenFault) else "caller" for one in found] == [
        "caller",
        TokenFault.PROOF_REPLAYED,
        "caller",
        TokenFault.PROOF_REPLAYED,
    ]


async def test_a_proof_is_forgotten_no_sooner_than_it_is_too_old():
    door, ahead = Door(), proof(BOUND, iat=SECONDS + 60)
    assert isinstance(await door.asks(f"DPoP {BOUND}", ahead), Caller)
    found = []
    for seconds in (120, 121):
        door.clock.now = 1000.0 + seconds
        found.append(await door.asks(f"DPoP {BOUND}", ahead, at=NOW + timedelta(seconds=seconds)))
    assert found == [TokenFault.PROOF_REPLAYED, TokenFault.PROOF]


async def test_two_keys_of_a_person_may_call_their_proofs_alike():
    door, other = Door(), token(**THEIRS.binding)
    assert isinstance(await door.asks(f"DPoP {BOUND}", proof(BOUND, jti="1")), Caller)
    assert isinstance(await door.asks(f"DPoP {other}", proof(other, THEIRS, jti="1")), Caller)


async def test_who_has_many_keys_takes_no_more_room_than_who_has_one():
    door, found = Door(replays=Replays(120.0, Clock(), most=4, most_of_one=2)), []
    for client, jti in ((MINE, "1"), (THEIRS, "2"), (MINE, "3"), (THEIRS, "4")):
        mine = token(**client.binding)
        found.append(isinstance(await door.asks(f"DPoP {mine}", proof(mine, client, jti=jti)), Caller))
    another = token(sub="another", **MINE.binding)
    assert isinstance(await door.asks(f"DPoP {another}", proof(another)), Caller)
    assert found == [True, True, False, False]


async def test_a_stolen_bound_token_is_worth_nothing():
    door = Door()
    tried = [
        (f"Bearer {BOUND}", ()),
        (f"Bearer {BOUND}", (proof(BOUND),)),
        (f"Bearer {BOUND}", (proof(BOUND, THEIRS),)),
        (f"DPoP {BOUND}", (proof(BOUND, THEIRS),)),
    ]
    for _ in ("unknown", "known"):
        for header, proofs in tried:
            assert await door.asks(header, *proofs) is TokenFault.SENDER_CONSTRAINED
        assert await door.asks(f"DPoP {BOUND}") is TokenFault.PROOF
        assert isinstance(await door.asks(f"DPoP {BOUND}", proof(BOUND)), Caller)


async def test_a_token_that_is_bound_to_no_key_is_not_shown_as_if_it_were():
    assert await Door().asks(f"DPoP {FREE}", proof(FREE)) is TokenFault.SENDER_CONSTRAINED
    assert isinstance(await Door().asks(f"Bearer {FREE}"), Caller)
    assert isinstance(await Door().asks(f"Bearer {FREE}", "a proof nobody asked for"), Caller)


async def test_what_a_wrong_proof_is_told_does_not_depend_on_the_token():
    wrong = proof(BOUND, htu="https://evil.example/graphql")
    tokens = (BOUND, FREE, token(exp=1), token(ed25519("stranger")), "a.b.c")
    assert {await Door().told(f"DPoP {one}", wrong) for one in tokens} == {
        f'DPoP error="invalid_dpop_proof", {REFUSED}, {TAKEN}'
    }


async def test_a_client_that_must_prove_its_key_gets_in_with_a_bound_token_only():
    door = Door(bound=["acme-app"])
    for header in (f"Bearer {FREE}", f"DPoP {FREE}"):
        assert await door.asks(header, proof(FREE)) is TokenFault.UNBOUND
    assert isinstance(await door.asks(f"DPoP {BOUND}", proof(BOUND)), Caller)
    other = token(client_id="brand-server", cg_channel="server", cg_audience="partner")
    assert isinstance(await door.asks(f"Bearer {other}"), Caller)


async def test_where_no_address_is_set_a_bound_token_is_nobodys():
    door = Door(address=None)
    assert await door.asks(f"Bearer {BOUND}") is TokenFault.SENDER_CONSTRAINED
    assert await door.asks(f"DPoP {BOUND}", proof(BOUND)) is TokenFault.MISSING
    assert await door.told(f"DPoP {BOUND}", proof(BOUND)) == 'Bearer realm="graphql"'
    assert await door.told("Bearer a.b.c") == f'Bearer error="invalid_token", {REFUSED}'


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, f'Bearer realm="graphql", DPoP {TAKEN}'),
        ("Basic eDp5", f'Bearer realm="graphql", DPoP {TAKEN}'),
        ("dpopx y", f'Bearer realm="graphql", DPoP {TAKEN}'),
        ("Bearer a.b.c", f'Bearer error="invalid_token", {REFUSED}, DPoP {TAKEN}'),
        ("DPoP", f'DPoP error="invalid_token", {REFUSED}, {TAKEN}'),
        ("DPoP a,b", f'DPoP error="invalid_token", {REFUSED}, {TAKEN}'),
    ],
)
async def test_a_refusal_names_the_schemes_there_are(header, challenge):
    assert await Door().told(header) == challenge


@pytest.mark.parametrize(
    "query",
    [
        b"access_token=x",
        b"a=b&access_token=",
        b"Access_Token=x",
        b"access%5Ftoken=x",
        b"a&access_token",
        b"%61ccess_token=x",
    ],
)
def test_a_token_in_an_address_is_seen_however_it_is_spelled(query):
    assert in_address(query)


@pytest.mark.parametrize("query", [b"", b"operationName=Sheet", b"x=access_token", b"access_tokens=x", b"\xff=%ff"])
def test_any_other_address_holds_no_token(query):
    assert not in_address(query)


async def test_a_gateway_behind_a_proxy_is_proven_to_by_the_address_its_callers_know(operator, caplog):
    public = {"PUBLIC_URL": "https://public.example/consent", "DPOP_CLIENTS": "front"}
    async with gateway_here(operator, **public) as here:
        text = here.operator.issuer.token({**PERSON, **MINE.binding})
        found = []
        for address in ("https://public.example/consent/graphql", "http://gateway.example/graphql"):
            shown = MINE.headers(address, text)
            found.append(await here.http.post("/graphql", json=ASK, headers=shown))
        plain = await here.post(ASK)
    assert [one.status_code for one in (*found, plain)] == [200, 401, 401]
    assert [one.headers["WWW-Authenticate"][:40] for one in (found[1], plain)] == [
        'DPoP error="invalid_dpop_proof", error_d',
        'Bearer error="invalid_token", error_desc',
    ]
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("host", "query", "proven_for", "status"),
    [
        (b"other.example/elsewhere?", b"", ADDRESS, 415),
        (b"[", b"x=\xff", ADDRESS, 415),
        (b"other.example/elsewhere?", b"", f"{PLACE}/elsewhere", 401),
    ],
)
async def test_what_a_proof_is_for_is_read_neither_from_the_host_nor_from_the_query(
    operator, host, query, proven_for, status
):
    async with gateway_here(operator, PUBLIC_URL=PLACE) as here:
        shown = MINE.headers(proven_for, here.token({**PERSON, **MINE.binding}))
        headers = [(name.lower().encode(), text.encode()) for name, text in shown.items()]
        assert await bare(here.app, query, [(b"host", host), *headers]) == status


async def bare(app, query, headers):
    """Return the status of a call no client library makes; without a type of body a good token has 415."""
    said = []

    async def nothing():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def heard(message):
        said.append(message)

    place = {"path": "/graphql", "raw_path": b"/graphql", "root_path": "", "query_string": query}
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", **place, "headers": headers}
    await app({**scope, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}, nothing, heard)
    return said[0]["status"]


async def test_a_gateway_of_typed_tokens_takes_no_other(operator):
    async with gateway_here(operator, TYPED_TOKENS="1") as here:
        issuer = here.operator.issuer
        untyped = signed({**issuer.header, "typ": "JWT"}, issuer.claims(PERSON), issuer.key)
        found = [await here.post(ASK), await here.post(ASK, headers={"Authorization": f"Bearer {untyped}"})]
    assert [one.status_code for one in found] == [200, 401]


async def test_a_client_that_must_prove_its_key_and_is_nobodys_is_told_at_the_start(operator, caplog):
    async with gateway_here(operator, PUBLIC_URL=PLACE, DPOP_CLIENTS="front,frnt"):
        assert caplog.messages == ["a client that must prove its key is nobody's"]


class TestRevoked:
    @pytest.fixture
    def revoked(self, tmp_path):
        found = tmp_path / "revoked"
        found.write_text("")
        return found

    async def test_a_token_taken_back_is_refused_within_a_second_though_it_is_known(self, revoked):
        door = Door(revoked=revoked)
        assert isinstance(await door.asks(f"Bearer {FREE}"), Caller)
        revoked.write_text("t1\n")
        door.clock.now += LOOK_SECONDS
        assert await door.asks(f"Bearer {FREE}") is TokenFault.REVOKED
        assert isinstance(await door.asks(f"Bearer {token(jti='t2')}"), Caller)
        revoked.write_text("t2\n")
        door.clock.now += LOOK_SECONDS
        assert isinstance(await door.asks(f"Bearer {FREE}"), Caller)

    async def test_it_is_its_id_that_is_taken_back_and_not_its_spelling(self, revoked):
        revoked.write_text("t1\n")
        door = Door(revoked=revoked)
        for text in (FREE, token(cg_device="d1"), token(kind="JWT")):
            assert await door.asks(f"Bearer {text}") is TokenFault.REVOKED
        assert await door.asks(f"DPoP {BOUND}", proof(BOUND)) is TokenFault.REVOKED

    async def test_a_token_without_an_id_cannot_be_taken_back(self, revoked):
        revoked.write_text("None\n\n")
        assert isinstance(await Door(revoked=revoked).asks(f"Bearer {token(jti=None)}"), Caller)
