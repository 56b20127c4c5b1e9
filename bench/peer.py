"""The peers, each a process of its own: raw ASGI, Strawberry as it comes, and Strawberry with all it can be given.

Run as `python -m bench.peer raw|stock|served|tuned FILE`; the file holds the gateway's answers, so all say the same.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.loops.auto import auto_loop_factory

from bench.raw import raw
from bench.stock import stock
from gateway.serving import Ready, Server, listening, run
from gateway.setting_forms import Address

PEERS: Mapping[str, Callable[[Mapping[str, Any]], ASGIApp]] = {
    "raw": raw,
    "stock": lambda held: stock(held, cached=False),
    "served": lambda held: stock(held, cached=False),
    "tuned": lambda held: stock(held, cached=True),
}


def main(kind: str, file: str) -> None:
    """Serve until SIGTERM; announces itself as the gateway does."""
    app = PEERS[kind](json.loads(Path(file).read_text()))
    with listening(Address("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]

        async def ready() -> None:
            await asyncio.to_thread(print, json.dumps({"graphql": f"http://127.0.0.1:{port}/graphql"}), flush=True)

        if kind == "stock":
            _as_it_comes(app, bound, ready)
        else:
            run(nullcontext(app), bound, ready)  # as the gateway is: what was made at the start is no garbage


def _as_it_comes(app: ASGIApp, bound: socket.socket, ready: Ready) -> None:
    """Serve under uvicorn's own settings; only its log of every request, which nobody else here writes, is left out."""
    config = uvicorn.Config(app, access_log=False, log_level="warning")
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(Server(config, ready).serve(sockets=[bound]))


if __name__ == "__main__":
    main(*sys.argv[1:])
