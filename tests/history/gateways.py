"""The gateway processes of a history: started on free ports, killed, started again; what they log stays in files."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.gateway_running import COMMAND, surroundings
from tests.support.house import ROOT

READY_SECONDS = 60.0  # three of them start at once, beside everything else
LOOK_SECONDS = 0.05
END_SECONDS = 15.0
SERVE = (str(COMMAND), "serve")
UNSAFE = (sys.executable, "-m", "tests.history.unsafe")


@dataclass(slots=True)
class GatewayProcess:
    """One gateway of several on one store; `port` is 0 while there is none."""

    name: str
    folder: Path
    settings: Mapping[str, str]
    command: Sequence[str] = SERVE
    port: int = 0
    lives: int = 0
    process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it, and return when it says where it listens."""
        self.lives += 1
        self.process = self._begun()
        async with asyncio.timeout(READY_SECONDS):
            while not (found := self._listening()):
                assert self.process.poll() is None, f"a gateway did not start: {self._log.read_text()[-2000:]}"
                await asyncio.sleep(LOOK_SECONDS)
        self.port = found

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.port = 0
        if self.process is not None:
            self.process.kill()
            await asyncio.to_thread(self.process.wait, END_SECONDS)

    async def stop(self) -> None:
        """End it as an operator would."""
        self.port = 0
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                await asyncio.to_thread(self.process.wait, END_SECONDS)
            except subprocess.TimeoutExpired:
                await self.kill()

    def faults(self) -> list[str]:
        """Return what it logged as faults of ours, over all its lives; what the driver says of a cut line is none."""
        lines = [line for path in self.folder.glob(f"{self.name}-*.log") for line in path.read_text().splitlines()]
        return [line for line in lines if '"level":"error"' in line and '"logger":"neo4j' not in line]

    def _begun(self) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as log:
            return subprocess.Popen(
                self.command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=surroundings(**self.settings),
            )

    def _listening(self) -> int:
        for line in self._log.read_text().splitlines():
            if '"serving"' in line:
                return int(json.loads(line)["port"])
        return 0

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.name}-{self.lives}.log"


@dataclass(slots=True)
class Gateways:
    """All of them."""

    all: list[GatewayProcess] = field(default_factory=list)

    @property
    def ports(self) -> list[int]:
        """Return where those that are up listen."""
        return [one.port for one in self.all if one.port]


@asynccontextmanager
async def running(processes: Sequence[GatewayProcess]) -> AsyncIterator[Gateways]:
    """Run gateways until the end of the block."""
    gateways = Gateways(list(processes))
    try:
        await gateways.all[0].start()  # what a store is given at its first start, it is given once
        await asyncio.gather(*(one.start() for one in gateways.all[1:]))
        yield gateways
    finally:
        await asyncio.gather(*(one.stop() for one in gateways.all))
