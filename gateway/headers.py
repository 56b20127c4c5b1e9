"""The headers every answer has, whoever gives it: no sniffing, no frame, no referrer, and TLS for a year once used."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = b"content-security-policy"
# What every answer carries: it is data, not a page, and no frame or sniffer has business with it.
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (POLICY, b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
# For this name alone: what else is under the domain is not ours to say.
TLS_ONLY = (b"strict-transport-security", b"max-age=31536000")


class WithHeaders:
    """Adds the headers every answer has; a page of ours brings a policy of its own."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Hold the application, and whether callers reach it by TLS alone."""
        self._app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers."""
        # the scheme is the word of a proxy that the operator named
        added = (*HEADERS, TLS_ONLY) if self._secure or scope.get("scheme") == "https" else HEADERS

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", ())
                own = any(name == POLICY for name, _ in given)
                message["headers"] = [*given, *(one for one in added if not (own and one[0] == POLICY))]
            await send(message)

        await self._app(scope, receive, adding)
