"""Documents out of client tools' manifests, plain files and folders, to name, text and hash; nothing is stored here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from graphql import GraphQLError, OperationDefinitionNode

from gateway.documents import HASH, PREFIX, RELAY_HASH, document_id, relay_id
from gateway.limits import parsed

APOLLO = "apollo-persisted-query-manifest"
SHA1_CHARACTERS = 40  # what graphql-codegen writes unless told otherwise
PLAIN = (".graphql", ".gql")  # how a file of one document ends


class ManifestRefused(Exception):
    """A manifest that does not hold; the text names the file, the document and what to do."""


@dataclass(frozen=True, slots=True)
class ManifestDocument:
    """One document of a manifest: its id as computed here, the name of its operation, its text."""

    id: str
    name: str
    body: str


def manifests_in(path: Path) -> tuple[Path, ...]:
    """Return a file itself, of a folder every `.graphql` file at any depth; raises `OSError` for what is not there."""
    path.stat()
    if not path.is_dir():
        return (path,)
    return tuple(sorted(one for one in path.rglob("*") if one.suffix in PLAIN and one.is_file()))


def read_manifest(path: Path) -> tuple[ManifestDocument, ...]:
    """Read a manifest of graphql-codegen, Apollo or Relay, or one `.graphql` file; raises `ManifestRefused`."""
    try:
        text = path.read_bytes().decode()  # byte for byte: line ends are part of the hash
    except (OSError, UnicodeDecodeError):
        raise ManifestRefused(f"`{path}` cannot be read as UTF-8; see that it is there and a text file") from None
    try:
        if path.suffix in PLAIN:
            return (_document(text),)
        return tuple(_document(body, named) for named, body in _rows(text).items())
    except ManifestRefused as refusal:
        raise ManifestRefused(f"`{path}`: {refusal}") from None


def _rows(text: str) -> Mapping[str, str]:
    """Return id and text of each document: Apollo's list, or the object of the other tools."""
    try:
        found = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        raise ManifestRefused("is no JSON object; write the manifest of graphql-codegen, Apollo or Relay") from None
    rows = _apollo(found) if found.get("format") == APOLLO else {named: _text(row) for named, row in found.items()}
    if not all(isinstance(body, str) for body in rows.values()):
        raise ManifestRefused("holds something else than texts; write an object of hash and document")
    return rows


def _text(row: Any) -> Any:
    """Return the text of a row: itself, or its `source` in the operationOutput of Apollo Kotlin and Apollo iOS."""
    return row.get("source") if isinstance(row, dict) else row


def _apollo(found: Mapping[str, Any]) -> dict[str, Any]:
    rows = found.get("operations")
    if found.get("version") != 1 or not isinstance(rows, list):
        raise ManifestRefused("is no Apollo manifest of version 1; generate it again")
    if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        raise ManifestRefused("has an operation without an `id`; generate it again")
    return {row["id"]: row.get("body") for row in rows}


def _document(body: str, named: str | None = None) -> ManifestDocument:
    if named is not None:
        _hash_held(named, body)
    try:
        found = [one for one in parsed(body).definitions if isinstance(one, OperationDefinitionNode)]
    except GraphQLError:
        raise ManifestRefused(f"`{named or 'the file'}` is no GraphQL document; generate it again") from None
    if len(found) != 1 or found[0].name is None:
        raise ManifestRefused(f"`{named or 'the file'}` does not hold one named operation; write one a document")
    return ManifestDocument(document_id(body), found[0].name.value, body)


def _hash_held(named: str, body: str) -> None:
    bare = named.removeprefix(PREFIX)
    if HASH.fullmatch(bare) and PREFIX + bare == document_id(body):
        return
    if RELAY_HASH.fullmatch(named) and named == relay_id(body):
        return
    if len(named) == SHA1_CHARACTERS:
        raise ManifestRefused(f'`{named}` is a SHA-1; set `hashAlgorithm: "sha256"` and generate again')
    raise ManifestRefused(f"`{named}` is not the SHA-256 of its document; generate the manifest again")
