"""A caller that floods, as a process of its own: sends what it is given over and over, as fast as answers come.

Run as `python -m bench.flood URL FILE CONNECTIONS SECONDS`; the file holds requests, one a line, in base64. It prints
how many answers of each status came, as JSON. It is polite to the machine alone: who measures gets the CPU first.
"""

import asyncio
import base64
import itertools
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.client import Place

NICE = 10  # behind the client that measures, on the CPU they share
WAIT_SECONDS = 10.0  # for one answer: a 503 comes within five
CLOSED = "closed"  # an answer that is none: the connection was ended
MARK = b"@@@@@@@@"  # where the number of the request is written, so that no two are the same


def main(url: str, file: str, connections: str, seconds: str) -> None:
    """Flood a gateway and print what came back."""
    os.nice(NICE)
    requests = [base64.b64decode(line) for line in Path(file).read_text().split()]
    told = asyncio.run(_flooded(Place.of(url), requests, int(connections), float(seconds)))
    sys.stdout.write(json.dumps(told) + "\n")


async def _flooded(place: Place, requests: list[bytes], connections: int, seconds: float) -> Counter[str]:
    told: Counter[str] = Counter()
    until, turns = time.monotonic() + seconds, numbered(requests)
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_sending(place, turns, until, told))
    return told


def numbered(requests: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the requests over and over, each with its number where it has a mark."""
    for number, one in enumerate(itertools.cycle(requests)):
        yield one.replace(MARK, b"%08d" % number)


async def _sending(place: Place, turns: Iterator[bytes], until: float, told: Counter[str]) -> None:
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection(place.host, place.port)
        try:
            while time.monotonic() < until:
                writer.write(next(turns))
                async with asyncio.timeout(WAIT_SECONDS):
                    told[await _status(reader)] += 1
        except (OSError, EOFError, TimeoutError):
            told[CLOSED] += 1
        finally:
            writer.close()


async def _status(reader: asyncio.StreamReader) -> str:
    """Read one answer whole; returns its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((line[15:] for line in lines if line.startswith(b"content-length:")), b"0")
    await reader.readexactly(int(length))
    if b"connection: close" in lines:
        raise EOFError
    return lines[0].split(b" ")[1].decode()


if __name__ == "__main__":
    main(*sys.argv[1:])
