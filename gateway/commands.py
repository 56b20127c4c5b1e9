"""What each command does; arguments are read in `cli`, everything else lives below."""

import argparse
import asyncio
import json
import logging
import signal
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from importlib.metadata import version as version_of
from socket import socket
from typing import Any

from gateway import cases, logs
from gateway import settings as configuration
from gateway.app import application
from gateway.checking import checked, doubts
from gateway.demo import Asked, demonstrate
from gateway.drain import Drain
from gateway.explained import explained
from gateway.introduced import introduced
from gateway.issuer import WARNING, minted
from gateway.keys import private_keys
from gateway.moving import Move, Progress, exported, imported
from gateway.registration import documents_checked, documents_registered
from gateway.serving import listening, listening_if, run
from gateway.wiring import START_SECONDS, gateway, login_of, named_store, opened, utc_now
from gateway.wrong_call import WrongCall
from graph.pack import REFERENCE, load
from graph.terms import Audience
from schema.build import contracts, taken

LOG = logging.getLogger("gateway")
DONE, NO, WRONG = 0, 1, 2  # exit codes (page 4.7): done, the answer is no, the call is wrong
DISTRIBUTION = "consent-gateway"
ALL_HOLDS = "catalogue pack, settings, store, keys, clock and packages hold"
OUR_PACKAGES = ("gateway", "schema", "resolvers", "graph")


def version() -> str:
    """Return the version that is installed."""
    return version_of(DISTRIBUTION)


def serve(_: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serve until SIGTERM."""
    _begin()
    settings = configuration.read(environment)
    with listening(settings.bind) as bound, listening_if(settings.metrics_bind) as numbers:

        async def ready() -> None:
            _log("serving", bound)
            if numbers is not None:
                _log("serving numbers", numbers)

        drain = Drain()
        run(
            application(gateway(settings), drain=drain),
            bound,
            ready,
            drain=drain,
            numbers=numbers,
            proxies=settings.proxies,
        )
    return DONE


def _log(event: str, bound: socket) -> None:
    host, port, *_ = bound.getsockname()
    LOG.info(event, extra={"host": host, "port": port})


def demo(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serve a demonstration until SIGTERM."""
    _begin()
    demonstrate(Asked(asked.port, asked.store, asked.json), environment)
    return DONE


def test(asked: argparse.Namespace, _: Mapping[str, str]) -> int:
    """Run case files."""
    return cases.run(asked.files, as_json=asked.json, out=sys.stdout, err=sys.stderr)


def explain(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Say what a recipient would get, and why."""
    return asyncio.run(explained(asked, configuration.read(environment), sys.stdout))


def pairwise(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Say by which ids a recipient knows people now."""
    return asyncio.run(introduced(asked, configuration.read(environment), sys.stdout))


def check_documents(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Say what documents ask, and whether they could be registered."""
    return asyncio.run(documents_checked(asked, configuration.read(environment), sys.stdout))


def register_documents(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Register documents for a recipient."""
    return asyncio.run(documents_registered(asked, configuration.read(environment), sys.stdout))


def check(_: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Check everything a gateway stands on; says every fault, and warns of what is no fault yet."""
    faults = asyncio.run(checked(environment, utc_now())) + [f"packages: {clash}" for clash in clashes()]
    sys.stderr.write("".join(f"warning: {doubt}\n" for doubt in asyncio.run(doubts(environment))))
    sys.stdout.write("".join(f"{fault}\n" for fault in faults) or f"{ALL_HOLDS}\n")
    return NO if faults else DONE


def token(asked: argparse.Namespace, _: Mapping[str, str]) -> int:
    """Sign claims with a development issuer's key."""
    sys.stderr.write(f"{WARNING}\n")
    sys.stdout.write(minted(private_keys(asked.key.read_bytes())[0], _claims(asked.claims)) + "\n")
    return DONE


def _claims(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise WrongCall("`--claims` is no JSON object; write it in braces, in quotes for the shell")


def schema(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Print an audience's schema for the catalogue that is set, else the reference pack."""
    source = environment.get(f"{configuration.PREFIX}CATALOGUE") or REFERENCE
    sys.stdout.write(contracts(load(source, taken()).catalogue)[Audience(asked.audience)].sdl)
    return DONE


def migrate(_: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Bring the store to this version: opening it does."""

    async def migrated() -> None:
        settings = configuration.read_store(environment)
        await (await opened(settings.store, login_of(settings), START_SECONDS)).aclose()

    asyncio.run(migrated())
    sys.stdout.write("the store is at this version\n")
    return DONE


def export(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Write all a store keeps into a file."""
    return exported(_move(asked, environment), Progress("export", sys.stderr))


def import_(asked: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Take a file into a store that holds nothing."""
    return imported(_move(asked, environment), Progress("import", sys.stderr))


def _move(asked: argparse.Namespace, environment: Mapping[str, str]) -> Move:
    if asked.store is None and configuration.PREFIX + "STORE" not in environment:
        raise WrongCall("no store is named; give `--store URL` or set `CONSENT_GATEWAY_STORE`")
    url = None if asked.store is None else named_store(asked.store)
    found = configuration.read_store(environment, url)
    return Move(found.store, login_of(found), asked.file, version())


def clashes() -> list[str]:
    """Return which other distributions claim one of our import names: they would overwrite ours silently."""
    claimed = packages_distributions()
    return [
        f"`{', '.join(others)}` also installs `{name}`; install consent-gateway in an environment of its own"
        for name in OUR_PACKAGES
        if (others := sorted(set(claimed.get(name, ())) - {DISTRIBUTION}))
    ]


def _begin() -> None:
    """Send all logging through our own lines, and warn of what would make this another program.

    Until the server takes the signal, SIGTERM ends the command as Ctrl-C does, and what is open is closed.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logs.configure()
    logs.catch_crashes()
    for clash in clashes():
        sys.stderr.write(f"warning: {clash}\n")
