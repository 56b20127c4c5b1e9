"""The body of a request, read strictly: a document or its id, variables, the session the client claims."""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from graph.decision.request import Claims
from graph.terms import Occupancy, Visibility
from resolvers.context import Session

PLACE = re.compile(r"[A-Z][A-Z_]{0,31}")  # any word may be a place; two of them close something
LONGEST_ID = 200  # a session id or a document id; longer ones are nobody's


class BadRequest(Exception):
    """The body is not a GraphQL request; the message says what to send instead."""


class NotJson(BadRequest):
    """The body cannot even be read: GraphQL over HTTP tells that apart from one that says the wrong things."""


class SessionSaid(msgspec.Struct, forbid_unknown_fields=True):
    """What a client says of its session; every word is optional."""

    id: str | None = None
    occupancy: str | None = None
    visibility: str | None = None
    place: str | None = None


class Persisted(msgspec.Struct):
    """Apollo's name for a registered document."""

    sha256Hash: str  # noqa: N815 the wire's word


class Extensions(msgspec.Struct):
    """The extensions this endpoint knows; others are left alone."""

    session: SessionSaid | None = None
    persistedQuery: Persisted | None = None  # noqa: N815 the wire's word
    consistencyToken: str | None = None  # noqa: N815 the wire's word


class Body(msgspec.Struct):
    """A request as GraphQL over HTTP writes it, with the three ways to name a registered document."""

    query: str | None = None
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815 the wire's word
    extensions: Extensions | None = None
    documentId: str | None = None  # noqa: N815 the wire's word
    doc_id: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: free text or a document's id, never both."""

    text: str | None = None
    document_id: str | None = None
    variables: dict[str, Any] = field(default_factory=dict, repr=False)
    operation_name: str | None = None
    session: Session = Session()
    consistency_token: str | None = field(default=None, repr=False)


_DECODER = msgspec.json.Decoder(Body)
NO_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
NOT_JSON = "the body is not JSON in UTF-8; send a JSON object with `query` or `documentId`"


def read(body: bytes) -> Asked:
    """Read a body; raises `BadRequest`, or `NotJson` if there is nothing to read.

    Of a member that stands twice the last counts. A name that is empty is none, and so is a document beside an id:
    Unity writes what is not there so.
    """
    found = _decoded(body)
    extensions = found.extensions or Extensions()
    persisted = extensions.persistedQuery.sha256Hash if extensions.persistedQuery else None
    named = found.documentId or found.doc_id or persisted or None
    text = found.query if found.query or named is None else None
    if text is None and named is None:
        raise BadRequest("neither a document nor a document's id is there; send `query` or `documentId`")
    if found.documentId and text is not None:
        raise BadRequest("both `query` and `documentId` are there; send one of them")
    return Asked(
        text=text,
        document_id=named if text is None else None,
        variables=found.variables or {},
        operation_name=found.operationName or None,
        session=_session(extensions.session or SessionSaid()),
        consistency_token=extensions.consistencyToken,
    )


def _decoded(body: bytes) -> Body:
    """Return the members of a body; a fault says nothing of what they hold: messages of a decoder may quote it."""
    try:
        return _DECODER.decode(body)
    except msgspec.ValidationError as error:
        _json(body)  # the decoder stops at what does not fit, and what follows may be no JSON
        place = re.search(r"\$[.\w]*", str(error))
        where = place.group() if place else "$"
        raise BadRequest(f"the body is no GraphQL request at `{where}`; see GraphQL over HTTP") from None
    except NO_JSON:
        raise NotJson(NOT_JSON) from None


def _json(body: bytes) -> None:
    """Read a body whatever it says; raises `NotJson`."""
    try:
        msgspec.json.decode(body)
    except NO_JSON:
        raise NotJson(NOT_JSON) from None


def _session(said: SessionSaid) -> Session:
    if said.id is not None and not 0 < len(said.id) <= LONGEST_ID:
        raise BadRequest(f"`extensions.session.id` is a text of 1 to {LONGEST_ID} characters; send a shorter one")
    if said.place is not None and not PLACE.fullmatch(said.place):
        raise BadRequest("`extensions.session.place` is one upper-case word, e.g. `HOME`, `WORK`, `SCHOOL`")
    occupancy = _word(said.occupancy, Occupancy, "occupancy")
    visibility = _word(said.visibility, Visibility, "visibility")
    return Session(said.id, Claims(occupancy=occupancy, visibility=visibility, place=said.place))


def _word(said: str | None, words: Any, name: str) -> Any:
    if said is None:
        return None
    if said not in words.__members__:
        raise BadRequest(f"`extensions.session.{name}` is one of {', '.join(words.__members__)}")
    return words[said]
