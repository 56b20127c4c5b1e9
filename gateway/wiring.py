"""The composition root: puts settings, pack, store, keys and contracts together; the only file that names a store."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TypeAlias
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from graphql import ASTValidationRule, NoSchemaIntrospectionCustomRule

from gateway import setting_forms as forms
from gateway.admission import Admission
from gateway.authn import Authenticator, Checks
from gateway.budget import Budget
from gateway.cached_store import CachedStore
from gateway.consistency import SealedConsistency
from gateway.crowd import Crowd
from gateway.cursors import SealedCursors
from gateway.fairness import Fairness
from gateway.follower import following
from gateway.key_ring import KeyRing, key_source
from gateway.keys import private_keys
from gateway.living import LivingCatalogue, clients_of
from gateway.metrics import Metrics
from gateway.pairwise import SivPseudonyms
from gateway.possession import Possession
from gateway.prepared import Documents
from gateway.proof import Proof
from gateway.rates import Rates
from gateway.revocations import Revocations
from gateway.rooms import Gateway, Parts
from gateway.settings import Settings, StoreSettings
from gateway.signing import Ed25519Signer
from gateway.snapshots import Snapshots
from gateway.sweeper import sweeping
from gateway.telemetry import started
from gateway.tokens import TokenTerms
from gateway.variables import Named, naming_rule
from gateway.wrong_call import WrongCall
from graph.archive import MovableStore
from graph.neo4j_store import inspect_store as inspect_neo4j
from graph.neo4j_store import open_store as open_neo4j
from graph.neo4j_store.connection import Server
from graph.pack import Pack, load
from graph.sqlite_store import inspect_store as inspect_sqlite
from graph.sqlite_store import open_store as open_sqlite
from graph.store import Store
from graph.terms import Audience
from resolvers.context import Rules
from schema.build import contracts, taken

LOGGER = logging.getLogger(__name__)
Clock: TypeAlias = Callable[[], datetime]
START_SECONDS = 30.0  # a database that is started beside the gateway takes as long, cold


def utc_now() -> datetime:
    """Return the instant, in UTC, to the millisecond: the gateway's one clock.

    What is told of an instant (4.3) is then the whole of it: who asks with it again finds what was recorded at it.
    """
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def file_of(url: str) -> Path:
    """Return the file a `sqlite:///path` URL names; four slashes begin at the root.

    With three it is taken from the working directory, unless only the root has such a directory.
    """
    path = Path(unquote(urlsplit(url).path.removeprefix("/")))
    rooted = Path("/") / path
    return rooted if not path.parent.is_dir() and rooted.parent.is_dir() else path


@dataclass(frozen=True, slots=True)
class Login:
    """Who comes into a store's server: what two settings say together."""

    user: str | None = None
    password_file: Path | None = None


NOBODY = Login()


def login_of(settings: Settings | StoreSettings) -> Login:
    """Return who comes in, as the settings say."""
    return Login(settings.store_user, settings.store_password_file)


async def opened(url: str, login: Login = NOBODY, patience: float = 0.0, *, half_done: bool = False) -> MovableStore:
    """Open a store; waits `patience` seconds for one whose server is not there yet.

    One that was not taken in to the end is opened only if it may be `half_done`, for another to be taken in.

    Raises `WrongCall` for a kind there is none of, and what the store raises.
    """
    if _is_file(url):
        return await open_sqlite(file_of(url))
    store = await open_neo4j(server_of(url, login), patience=patience, half_done=half_done)
    for name in store.unfit:
        LOGGER.warning("a setting of the store's server should be otherwise", extra={"variable": name})
    return store


def named_store(url: str) -> str:
    """Take the URL of a store from an argument; raises `WrongCall`, before anything is opened."""
    try:
        return forms.store(url)
    except forms.Unfit as unfit:
        raise WrongCall(f"the store's URL {unfit}") from None


def refuse_absent(url: str) -> None:
    """Raise `WrongCall` for a store that opening would make: there is nothing in it."""
    if _is_file(url) and not file_of(url).is_file():
        raise WrongCall(f"`{file_of(url)}` is no store; name one that is there")


async def inspect(url: str, login: Login = NOBODY) -> tuple[str, ...]:
    """Look at a store and change nothing; returns the settings of its server that should be otherwise.

    Raises as `opened` would, and for one that is older.
    """
    if not _is_file(url):
        return await inspect_neo4j(server_of(url, login))
    inspect_sqlite(file_of(url))
    return ()


def _is_file(url: str) -> bool:
    """Tell whether a store is a file, not a server; raises `WrongCall` for a kind there is none of."""
    scheme = url.partition(":")[0]
    if scheme not in forms.STORES:
        raise WrongCall(f"`{scheme}` is no store of this version; write `sqlite:///path` or `neo4j://host:7687`")
    return scheme not in forms.SERVERS


def server_of(url: str, login: Login) -> Server:
    """Return the server a `neo4j://host:port/database` URL names; without a database it is `neo4j`."""
    parts = urlsplit(url)
    database, place = parts.path.strip("/") or "neo4j", parts._replace(path="").geturl()
    if login.password_file is None:
        return Server(place, login.user, database=database)
    password = partial(_password, login.password_file)
    return Server(place, login.user, password(), database, password)


def _password(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongCall(f"`{file}` is no text in UTF-8; write the password into it") from None


@asynccontextmanager
async def gateway(settings: Settings, *, clock: Clock = utc_now, serving: bool = True) -> AsyncIterator[Gateway]:
    """Open everything one gateway needs, and close it after; raises what a pack, a key or a store raises.

    The store takes note of the catalogue, and refuses an older one, only of a gateway that is `serving`.
    """
    pack = load(settings.catalogue, taken())
    signer = Ed25519Signer(private_keys(settings.signing_key_file.read_bytes()))
    checks = checks_of(settings)
    telemetry = started(settings.otlp_endpoint, settings.trace_ratio, metrics=Metrics())
    snapshots = Snapshots()
    store = CachedStore(await opened(settings.store, login_of(settings), START_SECONDS), telemetry, snapshots)
    try:
        if serving:
            await store.mirror(pack.catalogue)
        living = LivingCatalogue(pack, store)
        await living.renewed()
        _doubt(settings, living)
        parts = Parts(
            settings=settings,
            rules=rules_of(settings),
            store=store,
            living=living,
            signer=signer,
            pseudonyms=await pseudonyms_of(store, settings),
            cursors=SealedCursors(await store.secret("cursors")),
            consistency=SealedConsistency(await store.secret("consistency")),
            authenticator=_authenticator(settings, living, checks),
            documents=_documents(pack, settings),
            telemetry=telemetry,
            admission=Admission(Rates(settings.rate, monotonic), Crowd(settings.concurrency), Fairness(monotonic)),
            budget=Budget(settings.subjects_a_day, monotonic),
            proof=Proof(store.ready, monotonic),
            clock=clock,
            fresh_id=lambda: uuid4().hex,
        )
        async with sweeping(parts), following(store, snapshots):
            yield Gateway(parts)
    finally:
        await store.aclose()
        telemetry.close()


def _doubt(settings: Settings, living: LivingCatalogue) -> None:
    """Warn of settings that name what is not there."""
    if settings.dpop_clients - clients_of(living.catalogue).keys():
        LOGGER.warning("a client that must prove its key is nobody's", extra={"variable": "DPOP_CLIENTS"})


async def pseudonyms_of(store: Store, settings: Settings) -> SivPseudonyms:
    """Return who makes and opens pairwise ids with the versions of the key that are set.

    The first version is the store's secret of old; the ledger is sealed with that one, whichever makes ids.
    """
    made = [await store.secret("pairwise" if one == 1 else f"pairwise.{one}") for one in settings.pairwise_keys]
    return SivPseudonyms(await store.secret("pairwise"), tuple(made))


def checks_of(settings: Settings) -> Checks:
    """Return what is asked of a good token each time; raises `WrongCall` for a list of revoked ones that is none."""
    listed = None if settings.revoked_tokens is None else Revocations(settings.revoked_tokens)
    return Checks(Possession(monotonic, settings.public_url, settings.dpop_clients), listed)


def _authenticator(settings: Settings, living: LivingCatalogue, checks: Checks) -> Authenticator:
    def terms() -> TokenTerms:
        """Return what is asked of a token now: the catalogue may have gained recipients."""
        return TokenTerms(
            issuer=settings.issuer,
            audience=settings.audience,
            recipients=clients_of(living.catalogue),
            channels=living.catalogue.channels,
            step_up_acr=settings.step_up_acr,
            typed=settings.typed_tokens,
        )

    return Authenticator(KeyRing(key_source(settings.jwks_url)), terms, checks=checks)


def _documents(pack: Pack, settings: Settings) -> dict[Audience, Documents]:
    made = contracts(pack.catalogue)
    return {
        audience: Documents(contract, (naming_rule(Named(pack.catalogue, audience)), *_closed(audience, settings)))
        for audience, contract in made.items()
    }


def _closed(audience: Audience, settings: Settings) -> tuple[type[ASTValidationRule], ...]:
    """Return what closes introspection: for partners always, for clients unless this is development (4.2)."""
    open_to = audience is Audience.GOVERNANCE or (audience is Audience.CLIENT and settings.development)
    return () if open_to else (NoSchemaIntrospectionCustomRule,)


def rules_of(settings: Settings) -> Rules:
    """Return what the operator set for decisions."""
    return Rules(controller_region=settings.region, unknown_age=settings.unknown_age)
