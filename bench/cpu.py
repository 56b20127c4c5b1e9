"""CPU seconds a process has used, and on which CPU it runs; threads that ended are counted too."""

import asyncio
import os
import platform
import resource
import subprocess
import time
from pathlib import Path

LINUX = platform.system() == "Linux"
CPUS = sorted(os.sched_getaffinity(0)) if LINUX else []  # those this process may use, as it was started
SCHEDULED = 2  # `CPUCLOCK_SCHED` of Linux: what the scheduler accounts, in nanoseconds
SETTLED_SECONDS = 0.02  # five ticks of a slow kernel clock
SERVERS, CLIENT = 0, 1  # places in that list
KIBIBYTE = 1024


async def settled_cpu_seconds(process: int) -> float:
    """Return the CPU seconds of a process that has just answered: its last burst is told once it sleeps again."""
    await asyncio.sleep(SETTLED_SECONDS)
    return cpu_seconds(process)


def cpu_seconds(process: int) -> float:
    """Return the user and system CPU seconds of a process: nanoseconds on Linux, elsewhere what `ps` tells."""
    if LINUX:
        return time.clock_gettime((~process << 3) | SCHEDULED)  # what `clock_getcpuclockid(3)` computes
    told = subprocess.run(("ps", "-o", "time=", "-p", str(process)), capture_output=True, text=True, check=True)
    return seconds_of(told.stdout.strip())


def seconds_of(told: str) -> float:
    """Return the seconds of `[[days-]hours:]minutes:seconds`, as `ps` writes them."""
    days, _, clock = told.rpartition("-")
    hours, minutes, seconds = ["0", "0", *clock.split(":")][-3:]
    return ((float(days or 0) * 24 + float(hours)) * 60 + float(minutes)) * 60 + float(seconds)


def pinned(process: int, place: int) -> bool:
    """Keep a process with all its threads on one CPU, where the system lets us and there are two; tell whether."""
    if len(CPUS) < 2:
        return False
    for thread in Path(f"/proc/{process}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {CPUS[place]})
    return True


def resident_bytes(process: int) -> int:
    """Return how much memory a process has in use: of the machine's, not of what it asked for."""
    if LINUX:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    told = subprocess.run(("ps", "-o", "rss=", "-p", str(process)), capture_output=True, text=True, check=True)
    return int(told.stdout) * KIBIBYTE
