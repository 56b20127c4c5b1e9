"""The one console command: serve, demo, test, explain, documents, pairwise, check, token, schema, migrate; moving."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gateway import commands
from gateway.commands import DONE, NO, WRONG
from gateway.documents import DocumentMismatch
from gateway.key_ring import KeysUnavailable
from gateway.keys import KeyRefused
from gateway.otlp import ExporterMissing
from gateway.settings import SettingsRefused
from gateway.wrong_call import WrongCall
from graph.errors import PackError, StoreError
from graph.terms import Operation

# What may stand in the way of any command, and is told in a line: what, and what to do; anything else is our fault.
EXPECTED = (
    SettingsRefused,
    PackError,
    StoreError,
    KeyRefused,
    KeysUnavailable,
    ExporterMissing,
    DocumentMismatch,
    WrongCall,
    OSError,
)
HIGHEST_PORT = 65_535
OPERATIONS = tuple(Operation.__members__)
UNTIL_STOPPED = ("serve", "demo")  # what is done when it is told to stop; anything else is cut short by it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 for done, 1 for an answer that is no, 2 for a call that is wrong."""
    asked = parser().parse_args(arguments)
    try:
        found: int = asked.run(asked, os.environ)
    except EXPECTED as fault:
        sys.stderr.write(f"{asked.prog}: {_told(fault)}\n")
        return WRONG
    except KeyboardInterrupt:
        return DONE if asked.command in UNTIL_STOPPED else NO
    return found


def _told(fault: Exception) -> str:
    """Return what stands in the way; the system's own errors in our words."""
    if not isinstance(fault, OSError) or fault.strerror is None:
        return str(fault)
    named = "" if fault.filename is None else f"`{fault.filename}`: "
    return f"{named}{fault.strerror.lower()}; see that it is there, free and yours to use"


def parser() -> argparse.ArgumentParser:
    """Return the command's arguments."""
    top = argparse.ArgumentParser(prog="consent-gateway", description="Release personal data as consent allows.")
    top.add_argument("--version", action="version", version=f"consent-gateway {commands.version()}")
    several = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add(several, "serve", commands.serve, "serve the gateway; settings come from the environment")
    demo = _add(several, "demo", commands.demo, "serve a throwaway gateway with made-up people")
    demo.add_argument("--port", type=_port, default=8080, help="where to listen; 0 is any free port")
    demo.add_argument("--store", help="keep the demo in this store, e.g. sqlite:///demo.sqlite")
    demo.add_argument("--json", action="store_true", help="print one line of JSON when ready")
    test = _add(several, "test", commands.test, "run decision cases")
    test.add_argument("files", nargs="+", type=Path, metavar="FILE")
    test.add_argument("--json", action="store_true", help="print one JSON document")
    _explain(_add(several, "explain", commands.explain, "say what a recipient would get of a subject, and why"))
    _documents(several)
    pairwise = _add(several, "pairwise", commands.pairwise, "say by which ids a recipient knows people now")
    pairwise.add_argument(
        "file", type=Path, metavar="FILE", help="subjects or its former ids, one a line; `-` is stdin"
    )
    pairwise.add_argument("--recipient", required=True, metavar="ID", help="whose ids")
    _add(several, "check", commands.check, "check catalogue pack, settings, store, clock and clashing packages")
    token = _add(several, "token", commands.token, "sign a token with a development issuer's key")
    token.add_argument("--key", type=Path, required=True, help="the issuer's private key, a JWK")
    token.add_argument("--claims", required=True, help="the claims, as JSON")
    schema = _add(several, "schema", commands.schema, "print the schema of an audience")
    schema.add_argument("audience", choices=("client", "partner", "governance"))
    _add(several, "migrate", commands.migrate, "bring the store to this version")
    export = _add(several, "export", commands.export, "write all a store keeps into a file: personal data and secrets")
    _move(export, "standard output")
    _move(
        _add(several, "import", commands.import_, "take such a file into a store that holds nothing"), "standard input"
    )
    return top


def _add(
    several: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Callable[..., int], said: str
) -> argparse.ArgumentParser:
    found = several.add_parser(name, help=said, description=said)
    found.set_defaults(run=run, prog=found.prog)
    return found


def _move(found: argparse.ArgumentParser, pipe: str) -> None:
    found.add_argument(
        "--store",
        metavar="URL",
        help="the store, e.g. sqlite:///consent.sqlite or bolt://host:7687; else that of the settings",
    )
    found.add_argument("file", metavar="FILE", help=f"the archive; `-` is {pipe}")


def _explain(found: argparse.ArgumentParser) -> None:
    found.add_argument("subject", metavar="SUBJECT")
    found.add_argument("key", metavar="KEY")
    for name in ("purpose", "recipient", "channel"):
        found.add_argument(f"--{name}", required=True)
    found.add_argument("--operation", choices=OPERATIONS, help="ask for this operation alone")
    found.add_argument("--device", help="a device of the subject")
    found.add_argument("--at", help="an instant, RFC 3339")
    found.add_argument("--json", action="store_true", help="print one JSON document")


def _documents(several: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    said = "check or register the documents a recipient may run"
    acts = several.add_parser("documents", help=said, description=said).add_subparsers(required=True, metavar="ACT")
    for name, run, said in (
        ("check", commands.check_documents, "say what documents ask, and whether the register of processing allows it"),
        ("register", commands.register_documents, "register documents at the store; the same again change nothing"),
    ):
        act = _add(acts, name, run, said)
        registers = name == "register"
        many, more = ("+", "") if registers else ("*", "; none: those in use alone")
        act.add_argument(
            "files", nargs=many, type=Path, metavar="FILE", help=f"a manifest, a .graphql file or a folder{more}"
        )
        act.add_argument("--recipient", required=registers, metavar="ID", help="who runs them")
        act.add_argument(
            "--purpose",
            required=registers,
            action="append",
            metavar="KEY",
            help="a purpose they name, again for each; a document that names none is kept with the first",
        )
        act.add_argument(
            "--since", type=Path, metavar="FOLDER", help="the schemas of the version before, to see what changed since"
        )
        if registers:
            act.add_argument("--breaking", action="store_true", help="register although documents in use break")
        act.add_argument("--operation", choices=OPERATIONS, help="DISCLOSE for a third party if left out, else USE")
        act.add_argument("--json", action="store_true", help="print one JSON document")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"`{text}` is no port; write a number from 0 to {HIGHEST_PORT}")
    return int(text)
