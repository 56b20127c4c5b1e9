"""Documents in use: those registered so far, held against this gateway's contract and what is to be registered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphql import GraphQLError, parse

from gateway.wrong_call import WrongCall
from graph.store import RegisteredDocument
from graph.terms import Audience
from resolvers.problems import Refused
from resolvers.registry import NewDocument
from schema.breaking import Before, breaks, holds
from schema.document_check import READERS, Contracts


@dataclass(frozen=True, slots=True)
class Broken:
    """A document in use, and what would break it."""

    document: RegisteredDocument
    causes: tuple[str, ...]


def contracts_before(folder: Path) -> Mapping[Audience, Before]:
    """Read the contracts of a former version, `client.graphql` and `partner.graphql`, as `schema` prints them.

    Raises `WrongCall` for a folder that has neither, or a file that is no SDL.
    """
    files = {audience: folder / f"{audience.value}.graphql" for audience in READERS}
    found = {audience: _before(file) for audience, file in files.items() if file.is_file()}
    if not found:
        raise WrongCall(f"`{folder}` has no `client.graphql` and no `partner.graphql`; print them with `schema`")
    return found


def broken(
    documents: Iterable[RegisteredDocument], contracts: Contracts, before: Mapping[Audience, Before]
) -> tuple[Broken, ...]:
    """Return the documents that could not be run as they are, or would be answered otherwise than `before`."""
    judged = (Broken(one, tuple(_causes(one, contracts, before))) for one in documents)
    return tuple(one for one in judged if one.causes)


def rebound(documents: Iterable[RegisteredDocument], new: Iterable[NewDocument], recipient: str) -> tuple[Broken, ...]:
    """Return the documents that were used, and that a registration would bind to something else."""
    wanted = {one.id: one for one in new}
    used = (one for one in documents if one.recipient == recipient and one.id in wanted and one.last_used_at)
    return tuple(Broken(one, (_other(one, wanted[one.id]),)) for one in used if _differs(one, wanted[one.id]))


def _before(file: Path) -> Before:
    try:
        return Before.read(file.read_text(encoding="utf-8"))
    except (GraphQLError, TypeError, UnicodeDecodeError):
        raise WrongCall(f"`{file}` is no schema; print it with `schema`, by the version that was") from None


def _causes(document: RegisteredDocument, contracts: Contracts, before: Mapping[Audience, Before]) -> Iterator[str]:
    try:
        contracts.facts(document.body, document.purpose, ())
    except Refused as refused:
        yield refused.problem.message
        return
    read = parse(document.body)
    for audience, known in before.items():
        if holds(read, known.schema):
            yield from breaks(read, known, contracts.doors[audience].schema)
            return


def _differs(document: RegisteredDocument, new: NewDocument) -> bool:
    """Tell whether one text would be run otherwise: its purpose is in it, and where it names none that is ignored."""
    return document.operation != new.operation


def _other(document: RegisteredDocument, new: NewDocument) -> str:
    return f"it is run for {document.operation} of `{document.purpose}`, not for {new.operation} of `{new.purpose}`"
