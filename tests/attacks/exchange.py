"""Sends a case over a connection of its own and reads all that comes back, until there is nothing more to come."""

import asyncio
import socket
import struct

from tests.attacks.raw import Case

PAUSE_SECONDS = 0.05  # between pieces, and after the last before we say that nothing more comes
HANG_SECONDS = 20.0  # an answer or its refusal takes five; a machine that does much else takes longer


class Hung(Exception):
    """A connection the gateway neither answered nor ended."""


async def exchanged(port: int, one: Case) -> bytes:
    """Send a case; return all that came back; raises `Hung`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(HANG_SECONDS):
            return await _exchanged(reader, writer, one)
    except TimeoutError:
        raise Hung from None
    finally:
        writer.close()


async def _exchanged(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, one: Case) -> bytes:
    found = b""
    try:
        for piece in one.pieces:
            writer.write(piece)
            await writer.drain()
            if len(one.pieces) > 1:
                found += await _soon(reader)
        if one.resets:
            _resetting(writer)
            return found
        if one.halves:
            writer.write_eof()
        else:
            found += await _quiet(reader)
            writer.write_eof()
        return found + await reader.read()
    except OSError:  # it ended the connection while we were still sending: as it may
        return found


async def _soon(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(65_536), PAUSE_SECONDS / 10)
    except TimeoutError:
        return b""


async def _quiet(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until nothing has come for a moment: what is read to the end is answered at once."""
    found = b""
    while True:
        try:
            piece = await asyncio.wait_for(reader.read(65_536), PAUSE_SECONDS)
        except TimeoutError:
            return found
        found += piece
        if not piece:
            return found


def _resetting(writer: asyncio.StreamWriter) -> None:
    """Let the connection end with a reset."""
    kept = writer.get_extra_info("socket")
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
