"""Runs a server for as long as somebody lives, then kills it: nobody has to remember to end it, not even after a crash.

Called as a program: the process not to outlive, the folder to remove, and the server's command. It goes on by itself:
whoever calls it goes on at once.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

LOOK_SECONDS = 0.2
SETTLE_SECONDS = 10
CONTAINER = "container"  # the file in which Docker names the container it runs, if it runs one
PID = "server.pid"  # for who does it harm


def main(lives: int, folder: Path, command: list[str]) -> None:
    """Keep the server while process `lives` does. SIGKILL: Neo4j is crash-safe, and SIGTERM takes it 5 to 19 s."""
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    (folder / PID).write_text(f"{server.pid}\n")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        while _lives(lives) and server.poll() is None:
            time.sleep(LOOK_SECONDS)
    finally:
        server.kill()
        server.wait(SETTLE_SECONDS)
        _remove(folder / CONTAINER)
        shutil.rmtree(folder, ignore_errors=True)


def _remove(named: Path) -> None:
    """Remove a container: it outlives the command that ran it, if that is killed."""
    if named.is_file():
        command = ("docker", "rm", "--force", named.read_text().strip())
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SETTLE_SECONDS, check=False)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__" and os.fork() == 0:
    os.setsid()
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
