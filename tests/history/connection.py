"""One keep-alive connection of one client to one gateway: HTTP/1.1 with lengths and nothing else, to be light."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

ANSWER_SECONDS = 10.0  # an answer or a 503 within 5 s is the promise; what comes later is no answer
JSON = {"Content-Type": "application/json", "Accept": "application/graphql-response+json", "Host": "127.0.0.1"}


class Unanswered(Exception):
    """Nobody knows what became of a request."""


class Connection:
    """Sends one request after the other; opened anew after whatever went wrong."""

    def __init__(self) -> None:
        self._port = 0
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, port: int, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Return status and body of an answer; raises `Unanswered`."""
        lines = "".join(f"{name}: {text}\r\n" for name, text in (*JSON.items(), *headers.items()))
        head = f"POST /graphql HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._exchange(port, head.encode() + body)
        except (OSError, EOFError, TimeoutError, ValueError) as fault:
            self.close()
            raise Unanswered from fault

    async def _exchange(self, port: int, sent: bytes) -> tuple[int, bytes]:
        if self._streams is None or self._port != port:
            self.close()
            self._port, self._streams = port, await asyncio.open_connection("127.0.0.1", port)
        reader, writer = self._streams
        writer.write(sent)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        body = await reader.readexactly(length)
        if b"connection: close" in head:
            self.close()
        return int(head.split(b" ", 2)[1]), body

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._streams is not None:
            with suppress(OSError):
                self._streams[1].close()
        self._streams = None
