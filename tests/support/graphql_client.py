"""A GraphQL client over HTTP: sends documents, keeps what it heard, and asserts nothing but the shape of an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.heard import Heard

MODERN = "application/graphql-response+json"
OLD = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it came."""

    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        """Return the decoded body."""
        return dict(json.loads(self.content))

    @property
    def answered(self) -> dict[str, Any]:
        """Return the data of an answer that has no errors."""
        assert self.status == httpx.codes.OK, self.content
        assert "errors" not in self.body, self.content
        return dict(self.body["data"])

    @property
    def codes(self) -> list[str]:
        """Return the code of each error."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]


@dataclass(frozen=True, slots=True)
class GraphqlClient:
    """Asks one gateway with one token."""

    http: httpx.Client
    url: str
    headers: Mapping[str, str]
    heard: Heard
    token: str | None = None  # a consistency token

    def ask(self, document: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        """Send a document with its variables; `more` are other members of the body, as `extensions`."""
        return self.post({"query": document, "variables": dict(variables or {}), **more})

    def post(self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        """Send a body."""
        sent = {"Content-Type": "application/json", "Accept": MODERN, **(headers or {})}
        brought = {} if self.token is None else {"consistencyToken": self.token}
        whole = {**body, "extensions": {**brought, **body.get("extensions", {})}} if brought else body
        return self.send("POST", json.dumps(whole).encode(), sent)

    def send(self, method: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Send anything."""
        found = self.http.request(method, self.url, content=content, headers={**self.headers, **headers})
        answer = Answer(found.status_code, found.headers, found.content)
        self._hear(answer)
        return answer

    def _hear(self, answer: Answer) -> None:
        self.heard.note("a header", repr(answer.headers.multi_items()).encode())
        if answer.status != httpx.codes.OK or b'"errors"' in answer.content:
            self.heard.note("an error", answer.content)
        elif b'"code"' in answer.content:
            self.heard.note("a problem", answer.content)
