"""A real Neo4j Community server out of Maven's jars: fetched once into `.build`, started in a folder of its own."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build" / "neo4j"
POM = Path(__file__).with_name("pom.xml")
FETCH_SECONDS = 600  # the first time
STDERR = 2
HEAP = "512m"

OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
SETTINGS = {
    "server.directories.data": "data",
    "server.default_listen_address": "127.0.0.1",
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "dbms.usage_report.enabled": "false",
    "dbms.security.auth_minimum_password_length": "8",
    "server.memory.heap.initial_size": HEAP,
    "server.memory.heap.max_size": HEAP,
    "server.memory.pagecache.size": "32m",
    "db.tx_log.preallocate": "false",  # 517 MB on the disk otherwise
    "db.tx_log.rotation.size": "1M",
    "db.logs.query.enabled": "OFF",  # parameters are personal data
    "db.transaction.timeout": "10s",
    "db.lock.acquisition.timeout": "3s",
    "db.transaction.monitor.check.interval": "100ms",  # 2 s: a time-out of 0.5 s would take 1.4 s
    "server.bolt.connection_keep_alive": "1s",  # whole seconds only: 500 ms gives the driver no time-out at all
    "server.bolt.connection_keep_alive_probes": "2",  # with 1 probe long queries are cut
}


def usable() -> bool:
    """Tell whether this machine has what it takes."""
    return shutil.which("java") is not None and shutil.which("mvn") is not None


def jars() -> Path:
    """Return the folder of the server's jars, fetched now unless they were before; raises what running Maven does."""
    folder = BUILD / f"jars-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    with locked(BUILD / "jars.lock"):
        if not folder.is_dir():
            fetched = folder.with_suffix(".part")
            shutil.rmtree(fetched, ignore_errors=True)
            _fetch(fetched)
            fetched.rename(folder)
    return folder


def _fetch(folder: Path) -> None:
    """Have Maven copy the jars; what it says is no part of what the caller prints."""
    sys.stderr.write("fetching a Neo4j, once: 118 MB\n")
    asked = ("mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={folder}")
    subprocess.run(asked, check=True, timeout=FETCH_SECONDS, stdin=subprocess.DEVNULL, stdout=STDERR)


def command(folder: Path, port: int, changed: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Return what starts a server on a loopback port; its files live in `folder`, its settings are written there."""
    for name in ("conf", "home"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = SETTINGS | dict(changed) | {"server.bolt.listen_address": f"127.0.0.1:{port}"}
    (folder / "conf" / "neo4j.conf").write_text("".join(f"{name}={text}\n" for name, text in settings.items()))
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENS]
    quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]  # up sooner; nothing is timed here
    places = [f"--home-dir={folder}/home", f"--config-dir={folder}/conf"]
    main = "org.neo4j.server.CommunityEntryPoint"
    return ["java", f"-Xmx{HEAP}", *quick, *opens, "-cp", f"{jars()}/*", main, *places, "--console-mode"]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file that only one process at a time may hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
