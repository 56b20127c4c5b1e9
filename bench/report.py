"""What was measured, as tables to read or as JSON; and on what machine, because no number means much without."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured; a number that there is none of is `None`."""

    name: str
    numbers: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, and what has to be known to read them."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and when it was measured; `load` is that of the last minute, before and after."""

    processor: str
    cpus: int
    system: str
    python: str
    load: tuple[float, float]


def load() -> float:
    """Return how many processes wanted a CPU in the last minute, on average."""
    return os.getloadavg()[0]


def machine(before: float) -> Machine:
    """Return this machine; `before` is its load when the run began."""
    return Machine(_processor(), os.cpu_count() or 0, platform.platform(), platform.python_version(), (before, load()))


def _processor() -> str:
    told = Path("/proc/cpuinfo").read_text() if sys.platform == "linux" else ""
    named = (line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def as_json(command: str, where: Machine, tables: Sequence[Table]) -> str:
    """Return everything as one JSON object; the numbers of a row by their column."""
    rows = [
        {
            "title": table.title,
            "note": table.note,
            "rows": [{"name": row.name, **dict(zip(table.columns, row.numbers, strict=True))} for row in table.rows],
        }
        for table in tables
    ]
    return json.dumps({"command": command, "machine": asdict(where), "tables": rows}, indent=2)


def as_text(command: str, where: Machine, tables: Sequence[Table]) -> str:
    """Return everything as Markdown."""
    place = f"{where.processor}, {where.cpus} CPUs, {where.system}, Python {where.python}"
    load_told = f"load {where.load[0]:.1f} before and {where.load[1]:.1f} after"
    return "\n\n".join([f"    {command}", f"{place}; {load_told}.", *map(_written, tables)])


def _written(table: Table) -> str:
    cells = [(table.title, *table.columns), *((row.name, *map(_number, row.numbers)) for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    head, *rest = (_line(row, widths) for row in cells)
    rule = (
        "|" + "|".join(f"{'-' * (width + 1)}{'-' if place == 0 else ':'}" for place, width in enumerate(widths)) + "|"
    )
    return "\n".join([head, rule, *rest, "", table.note])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        text.ljust(width) if place == 0 else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join([first, *others])} |"


def _number(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.2f}" if abs(number) < 10 else f"{number:.1f}"
