"""Every query of the store, found where it stands, and its plan as this server makes it."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from neo4j import Session

import graph.neo4j_store


@dataclass(frozen=True, slots=True)
class Query:
    """A query: the constant that holds it, and its text."""

    name: str
    text: str

    @property
    def title(self) -> str:
        return self.text.split("\n")[0].removeprefix("// ").rpartition(":")[0]

    @property
    def writes(self) -> bool:
        return self.text.split("\n")[0].endswith(": WRITE")

    def plan(self, session: Session) -> "Plan":
        """Return the plan on the graph as it is now, and what the server has to say about it."""
        unknown: dict[str, Any] = dict.fromkeys(re.findall(r"\$(\w+)", self.text))
        summary = session.run(f"EXPLAIN {self.text}", unknown).consume()  # type: ignore[arg-type]  # no one's text
        assert summary.plan is not None
        told = tuple(one.status_description for one in summary.gql_status_objects if one.is_notification)
        return Plan(tuple(_steps(summary.plan)), told)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One operator of a plan, its details, and the operators its rows come from, near and far.

    Compared by identity and told without what is below: each holds all that its rows come from, and so do those.
    """

    operator: str
    details: str
    below: tuple["Step", ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """The operators of a plan from the last to the first, and the server's notifications."""

    steps: tuple[Step, ...] = field(repr=False)
    told: tuple[str, ...]

    @property
    def answers(self) -> bool:
        """Tell whether the query answers anything: whether its last operator has columns."""
        return bool(self.steps[0].details)

    @property
    def operators(self) -> set[str]:
        return {step.operator for step in self.steps}


def walks(plan: Plan) -> set[str]:
    """Return the operators that walk what grows with people, whatever they scan, or join what nothing joins."""
    return {operator for operator in plan.operators if "Scan" in operator or operator == "CartesianProduct"}


def queries() -> Iterator[Query]:
    """Yield every constant that is a query; those of the schema name themselves otherwise."""
    for module in pkgutil.iter_modules(graph.neo4j_store.__path__):
        for name, found in vars(importlib.import_module(f"graph.neo4j_store.{module.name}")).items():
            if name.isupper() and not name.startswith("_"):
                several = found.values() if isinstance(found, dict) else (found,)
                yield from (Query(f"{module.name}.{name}", one) for one in several if _is_query(one))


def _is_query(one: object) -> bool:
    return isinstance(one, str) and re.search(r"\b(MATCH|MERGE|CREATE)\b \(", one) is not None


def _steps(plan: dict[str, Any]) -> Iterator[Step]:
    below = tuple(step for child in plan.get("children", ()) for step in _steps(child))
    yield Step(plan["operatorType"].split("@")[0], str(plan["args"].get("Details", "")), below)
    yield from below
