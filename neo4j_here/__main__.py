"""`python -m neo4j_here COMMAND…`: starts a Neo4j, says where, and becomes the command, the server its store.

Where `CONSENT_GATEWAY_STORE` names a Neo4j already, that is the store, and none is started.
"""

import os
import sys
import tempfile
from pathlib import Path

from neo4j_here.starting import CannotStart, Neo4jServer, start

PREFIX = "CONSENT_GATEWAY_STORE"
WRONG = 2


def main(command: list[str]) -> None:
    """Become the command; the server ends when this process does, however it ends."""
    if not os.environ.get(PREFIX, "").startswith(("neo4j", "bolt")):
        try:
            server = start(os.getpid())
        except CannotStart as fault:
            sys.exit(_told(fault))
        os.environ |= {PREFIX: server.uri, f"{PREFIX}_USER": server.user, f"{PREFIX}_PASSWORD_FILE": _kept(server)}
        _say(server, command)
    os.execvp(command[0], command)


def _told(fault: CannotStart) -> int:
    sys.stderr.write(f"{fault}\n")
    return WRONG


def _kept(server: Neo4jServer) -> str:
    """Write the password where the gateway's settings can name it: in a folder that goes with the server."""
    handle, name = tempfile.mkstemp(prefix="password-", dir=server.folder)
    with os.fdopen(handle, "w") as file:
        file.write(server.password)
    return str(Path(name))


def _say(server: Neo4jServer, command: list[str]) -> None:
    """Say how to look at the graph: beside the demo's lines, or apart from them where a program reads those."""
    stream = sys.stderr if "--json" in command else sys.stdout
    where = f" (in a browser: {server.browser})" if server.browser else ""
    stream.write(
        f"# Its graph is in a Neo4j at {server.uri}, user {server.user}, password {server.password}{where}, "
        "and ends with it\n"
    )
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
