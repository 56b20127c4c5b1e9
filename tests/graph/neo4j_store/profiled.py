"""A link to the server that counts what each query touches there, by the query's name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar

from neo4j import READ_ACCESS, AsyncResult, AsyncTransaction

from graph.neo4j_store.connection import (
    PROMISED_SECONDS,
    READ_SECONDS,
    WRITE_SECONDS,
    Attempt,
    Link,
    Parameters,
    Row,
    Server,
    Work,
)

T = TypeVar("T")


class ProfiledLink(Link):
    """Runs each query under PROFILE; `hits` has what the last of each name touched."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.hits: dict[str, int] = {}

    async def read(self, query: LiteralString, parameters: Parameters, seconds: float = READ_SECONDS) -> Row:
        async with self._session(READ_ACCESS) as session:
            result = await session.run(f"PROFILE {query}", parameters)
            return await Profiled(result, query, self.hits).single(strict=True)

    async def write(self, work: Work[T], seconds: float = WRITE_SECONDS, within: float = PROMISED_SECONDS) -> T:
        async def profiled(attempt: Attempt) -> T:
            attempt.transaction = ProfiledTransaction(attempt.transaction, self.hits)  # type: ignore[assignment]  # it does as much
            return await work(attempt)

        return await super().write(profiled, seconds, within)


@dataclass(slots=True)
class ProfiledTransaction:
    """What a try of a write asks of its transaction."""

    transaction: AsyncTransaction
    hits: dict[str, int] = field(repr=False)

    async def run(self, query: str, parameters: Mapping[str, Any]) -> "Profiled":
        return Profiled(await self.transaction.run(f"PROFILE {query}", dict(parameters)), query, self.hits)

    async def rollback(self) -> None:
        await self.transaction.rollback()


@dataclass(slots=True)
class Profiled:
    """A result that notes what it cost when it is read to its end."""

    result: AsyncResult
    query: str
    hits: dict[str, int] = field(repr=False)

    async def single(self, *, strict: bool) -> Row:
        assert strict
        row = await self.result.single(strict=True)
        await self.consume()
        return row

    async def consume(self) -> None:
        summary = await self.result.consume()
        assert summary.profile is not None
        title = self.query.split("\n")[0].removeprefix("// ").rpartition(":")[0]
        self.hits[title] = _hits(summary.profile)


def _hits(plan: dict[str, Any]) -> int:
    return int(plan.get("dbHits", 0)) + sum(_hits(child) for child in plan.get("children", ()))
