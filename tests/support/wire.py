"""Requests byte for byte, for what no client library would send."""

import socket
from urllib.parse import urlsplit

from tests.support.graphql_client import GraphqlClient

ANSWER_SECONDS = 10.0


def sent(client: GraphqlClient, head: bytes, body: bytes) -> bytes:
    """Post a body under these lines of the head and the client's own; return all that came back."""
    own = "".join(f"{name}: {value}\r\n" for name, value in client.headers.items()).encode()
    start = b"POST /graphql HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    return exchanged(client.url, start + own + head + b"\r\n" + body)


def exchanged(url: str, request: bytes) -> bytes:
    """Send bytes; return all that came back before the connection was closed."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=ANSWER_SECONDS) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))
