"""HTTP/1.1 off the wire, where the server's own reader does not do what RFC 9110 says; nothing is answered here."""

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What speaks of this connection's protocol alone: gone when an offer to change it is not taken.
OF_THE_OFFER = frozenset({b"connection", b"http2-settings", b"upgrade"})


class Wire(HttpToolsProtocol):
    """Reads requests, one after another, off one connection.

    A trailer is no header: no signal and no token comes that way (6.5.1). An offer of another protocol is passed over
    (7.8): Java's client makes one with its first request, and the parser stops there, before the body.
    """

    def data_received(self, data: bytes) -> None:
        """Read on; a request with an offer that is not taken is read again without it."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        except httptools.HttpParserUpgrade as offer:
            again = self._without_offer() + data[offer.args[0] :]
            self.parser = httptools.HttpRequestParser(self)
            self.data_received(again)

    def on_headers_complete(self) -> None:
        """Begin to answer; fields that come after the body go where nobody looks."""
        if self.parser.get_method() == b"CONNECT":
            raise ValueError("this is no proxy")  # the parser makes it a request that cannot be read
        if not self.parser.should_upgrade():
            super().on_headers_complete()
            self.headers = []

    def on_message_complete(self) -> None:
        """Note the end of a body that was read."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _without_offer(self) -> bytes:
        """Return the head of the request as it was read, but for what offers another protocol."""
        kept = [(name, value) for name, value in self.headers if name not in OF_THE_OFFER]
        if any(name == b"connection" and b"close" in value.lower() for name, value in self.headers):
            kept.append((b"connection", b"close"))
        lines = [b" ".join((self.parser.get_method(), self.url, b"HTTP/1.1"))]
        return b"\r\n".join([*lines, *(name + b": " + value for name, value in kept), b"", b""])
