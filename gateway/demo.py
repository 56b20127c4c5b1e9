"""The demonstration: a gateway over a store with made-up people, one token a role, and what to try."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway import settings as configuration
from gateway.app import application
from gateway.demo_documents import documents
from gateway.demo_roles import PARTNERS, ROLES
from gateway.demo_try import TRY, Try, examples, things_to_try
from gateway.drain import Drain
from gateway.examples import EXAMPLES
from gateway.issuer import claims_of, minted
from gateway.keys import Key, published, secret_jwk, seeded
from gateway.pairwise import SivPseudonyms
from gateway.people import Filling, filled
from gateway.serving import listening, listening_if, run
from gateway.setting_forms import Address
from gateway.settings import Settings
from gateway.wiring import START_SECONDS, Login, gateway, named_store, opened, pseudonyms_of, utc_now
from graph.catalogue import Catalogue
from graph.pack import REFERENCE, Pack, load
from graph.store import Additions, Command, RegisteredDocument, Store
from schema.build import taken

DEFAULTS = {
    "ISSUER": "https://issuer.consent-gateway.example",  # a name that resolves nowhere (RFC 2606)
    "AUDIENCE": "consent-gateway-demo",
    "DEVELOPMENT": "1",
    "RATE": "100000/second",  # twenty callers at full speed: a laptop answers a few thousand a second
    "SUBJECTS_A_DAY": "100000",  # one officer looks at everybody there is, over and over
    "CONCURRENCY": "1000",  # all of them with one token
}
PUBLIC_URL = f"{configuration.PREFIX}PUBLIC_URL"
OF_THE_REFERENCE = {"REGION": "US-CA"}  # where the made-up controller is; another pack may not know of such a place


@dataclass(frozen=True, slots=True)
class Asked:
    """How the demonstration was called."""

    port: int = 8080
    store: str | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration says when it is ready (page 4.7)."""

    url: str
    tokens: Mapping[str, str]
    subjects: Mapping[str, str]
    documents: Mapping[str, str]
    pairwise: Mapping[str, Mapping[str, str]]
    issuer_key_file: str

    def line(self) -> str:
        """Return it as one line of JSON."""
        said = {
            "url": self.url,
            "graphql": f"{self.url}/graphql",
            "tokens": self.tokens,
            "subjects": self.subjects,
            "documents": self.documents,
            "pairwise": self.pairwise,
            "issuer_key_file": self.issuer_key_file,
        }
        return json.dumps(said)


def demonstrate(asked: Asked, environment: Mapping[str, str]) -> None:
    """Run a demonstration until SIGTERM. Raises what settings, pack, store and port raise."""
    with tempfile.TemporaryDirectory(prefix="consent-gateway-") as scratch:
        folder = Path(scratch)
        with listening(Address("127.0.0.1", asked.port)) as bound:
            url = f"http://127.0.0.1:{bound.getsockname()[1]}"
            settings, demo = asyncio.run(_prepared(Room(folder, url), asked, environment))
            said = demo.line() if asked.as_json else _told(demo, settings, folder)

            async def ready() -> None:
                sys.stdout.write(f"{said}\n")
                sys.stdout.flush()

            drain = Drain()
            with listening_if(settings.metrics_bind) as numbers:
                opening = application(
                    gateway(settings), drain=drain, examples=(*EXAMPLES, *examples(_tries(demo, settings)))
                )
                run(opening, bound, ready, drain=drain, numbers=numbers, proxies=settings.proxies)


def _told(demo: Demo, settings: Settings, folder: Path) -> str:
    """Return what to print: only lines that work."""
    tries = (*_tries(demo, settings), *(one for one in _asked_by_partners(demo) if one.role in demo.tokens))
    return things_to_try(demo.url, demo.tokens, tries, folder=folder, store=settings.store)


def _tries(demo: Demo, settings: Settings) -> tuple[Try, ...]:
    """Return what may be sent as text here: outside development by no client."""
    allowed = [one for one in TRY if settings.development or ROLES[one.role]["cg_audience"] != "client"]
    return tuple(one for one in allowed if one.role in demo.tokens)


def _asked_by_partners(demo: Demo) -> Iterable[Try]:
    """Yield one registered document of each partner, for everybody it knows."""
    for partner, ids in demo.pairwise.items():
        document = next((id_ for name, id_ in demo.documents.items() if name.startswith(f"{partner}_")), None)
        if document is not None:
            body = {"documentId": document, "variables": {"ids": list(ids.values())}}
            yield Try(partner, f"{partner} asks with its registered document; what it may not have looks absent", body)


@dataclass(frozen=True, slots=True)
class Room:
    """Where one demonstration lives: a folder of its own for keys, and its address."""

    folder: Path
    url: str


async def _prepared(room: Room, asked: Asked, environment: Mapping[str, str]) -> tuple[Settings, Demo]:
    """Open the store, fill it, write the keys down; the keys are the store's, so that others on it share them."""
    named = asked.store or environment.get(f"{configuration.PREFIX}STORE")
    url = named_store(named) if named else f"sqlite:///{room.folder}/demo.sqlite"
    store = await opened(url, _login(environment), START_SECONDS)
    try:
        issuer_key = seeded(await store.secret("demo.issuer"))
        signing_key = seeded(await store.secret("demo.signing"))
        settings = _settings(
            _written(room.folder, issuer_key, signing_key) | {"STORE": url}, {PUBLIC_URL: room.url, **environment}
        )
        pack = load(settings.catalogue, taken())
        subjects = await filled(Filling(store, pack, settings.issuer, utc_now()))
        registered = await _registered(store, pack)
        pseudonyms = await pseudonyms_of(store, settings)
    finally:
        await store.aclose()
    return settings, Demo(
        url=room.url,
        tokens=_tokens(issuer_key, settings, pack),
        subjects=subjects,
        documents={one.name: one.id for one in registered},
        pairwise=_pairwise(pack, pseudonyms, subjects),
        issuer_key_file=str(room.folder / "issuer.jwk"),
    )


def _login(environment: Mapping[str, str]) -> Login:
    """Return who comes in; read again with the settings, which refuse what does not hold."""
    user, password = (environment.get(f"{configuration.PREFIX}STORE_{name}") for name in ("USER", "PASSWORD_FILE"))
    return Login(user, None if password is None else Path(password))


def _written(folder: Path, issuer: Key, signing: Key) -> dict[str, str]:
    """Write the keys where settings can name them; returns those settings."""
    for name, text in (
        ("issuer.jwk", secret_jwk(issuer)),
        ("signing.jwk", secret_jwk(signing)),
        ("jwks.json", published((issuer,))),
    ):
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(json.dumps(text))
    return {"JWKS_URL": str(folder / "jwks.json"), "SIGNING_KEY_FILE": str(folder / "signing.jwk")}


def _settings(own: Mapping[str, str], environment: Mapping[str, str]) -> Settings:
    """Return the settings of a demonstration: its own, and what the environment says of the rest."""
    named = {name: text for name, text in environment.items() if name.startswith(configuration.PREFIX)}
    built_in = named.get(f"{configuration.PREFIX}CATALOGUE", REFERENCE) == REFERENCE
    defaults = DEFAULTS | (OF_THE_REFERENCE if built_in else {})
    prefixed = {f"{configuration.PREFIX}{name}": text for name, text in defaults.items()}
    fixed = {f"{configuration.PREFIX}{name}": text for name, text in own.items()}
    return configuration.read(prefixed | named | fixed)


async def _registered(store: Store, pack: Pack) -> tuple[RegisteredDocument, ...]:
    """Register the partners' documents, unless this store has them."""
    wanted = documents(pack.catalogue, _partners(pack.catalogue))
    known = {(one.recipient, one.id) for one in (await store.additions()).documents}
    missing = tuple(one for one in wanted if (one.recipient, one.id) not in known)
    if missing:
        await store.add(Additions(documents=missing), Command("demo:documents", "demo"), utc_now())
    return wanted


def _tokens(key: Key, settings: Settings, pack: Pack) -> dict[str, str]:
    """Return one token for each role whose client this pack knows."""
    clients = {client for row in pack.catalogue.recipients.values() for client in row.clients}
    return {
        name: minted(key, claims_of(role, issuer=settings.issuer, audience=settings.audience, now=utc_now()))
        for name, role in ROLES.items()
        if role["client_id"] in clients
    }


def _partners(catalogue: Catalogue) -> tuple[str, ...]:
    """Return who knows people by pairwise ids: the built-in pack's roles, in another pack every third party."""
    known = tuple(name for name in PARTNERS if name in catalogue.recipients)
    return known or tuple(row.id for row in catalogue.recipients.values() if row.third_party)


def _pairwise(pack: Pack, pseudonyms: SivPseudonyms, subjects: Mapping[str, str]) -> dict[str, dict[str, str]]:
    rows = [pack.catalogue.recipients[name] for name in _partners(pack.catalogue)]
    return {row.id: {name: pseudonyms.pairwise(subject, row) for name, subject in subjects.items()} for row in rows}
