"""Starts the image's own command in the container that `check.sh` puts together, and says what holds."""

import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_SECONDS = 30.0  # what the health check's start period grants
STOP_SECONDS = 10.0  # after which a container's runtime kills
COMMAND_SECONDS = 30.0
POLL_SECONDS = 0.1
ANSWER_SECONDS = 5.0
NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS of prctl(2)

ISSUER = "https://issuer.example"
AUDIENCE = "https://gateway.example"
# Throwaway keys, made inside by what is installed there.
KEYS = """
import json, os
from joserfc.jwk import OKPKey
os.umask(0o077)
key = OKPKey.generate_key("Ed25519")
key.ensure_kid()
open("/data/signing.pem", "wb").write(key.as_pem(private=True))
json.dump({"keys": [{**key.as_dict(private=False), "alg": "EdDSA", "use": "sig"}]}, open("/data/keys.json", "w"))
"""
# Every folder of the image but the two it may write to.
WRITING = """
import os, sys
opened = []
for folder, folders, _ in os.walk("/"):
    if folder == "/":
        folders[:] = [name for name in folders if name not in ("proc", "sys", "dev", "data", "tmp")]
    try:
        open(os.path.join(folder, "written"), "w").close()
        opened.append(folder)
    except OSError:
        continue
sys.exit(f"could write to {opened}" if opened else 0)
"""
INSTALLER = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is not None)"


@dataclass(frozen=True, slots=True)
class Container:
    """A mounted image and how it says that it wants to be run."""

    root: Path
    user: tuple[int, int]
    folder: str
    environment: Mapping[str, str]
    command: tuple[str, ...]
    health: tuple[str, ...]

    def start(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        """Start a command inside, as the image's user and with no way to become another."""
        return subprocess.Popen(
            command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            preexec_fn=self._entered,  # no other thread runs here
        )

    def ended(self, command: Sequence[str]) -> int:
        """Run a command inside and return its exit code."""
        return self.start(command).wait(COMMAND_SECONDS)

    def _entered(self) -> None:
        os.chroot(self.root)
        os.chdir(self.folder)
        os.setgroups([])
        os.setgid(self.user[1])
        os.setuid(self.user[0])
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)


class Broken(Exception):
    """Something that the image promises does not hold."""


def container_of(root: Path, image: Mapping[str, Any], port: int) -> Container:
    """Read what the image says about itself, and add the settings of a throwaway gateway."""
    config = image["Docker"]["config"]
    user, _, group = config["User"].partition(":")
    stated = dict(line.split("=", 1) for line in config["Env"])
    settings = {
        "CONSENT_GATEWAY_BIND": f"127.0.0.1:{port}",
        "CONSENT_GATEWAY_ISSUER": ISSUER,
        "CONSENT_GATEWAY_AUDIENCE": AUDIENCE,
        "CONSENT_GATEWAY_JWKS_URL": "/data/keys.json",
        "CONSENT_GATEWAY_SIGNING_KEY_FILE": "/data/signing.pem",
        "CONSENT_GATEWAY_STORE": "sqlite:////data/consent.sqlite",
        "CONSENT_GATEWAY_GRAPHIQL": "1",
    }
    return Container(
        root=root,
        user=(int(user), int(group)),
        folder=config["WorkingDir"],
        environment={**stated, **settings},
        command=(*config["Entrypoint"], *config["Cmd"]),
        health=tuple(config["Healthcheck"]["Test"][1:]),
    )


def status_of(method: str, path: str, port: int) -> int:
    """Return the status of one request over loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        body = b'{"query": "{ __typename }"}' if method == "POST" else None
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        return connection.getresponse().status
    finally:
        connection.close()


def wait_until_healthy(container: Container, gateway: "subprocess.Popen[bytes]") -> None:
    """Ask with the image's own health check until it is content; raises `Broken` when the time is up."""
    until = time.monotonic() + READY_SECONDS
    while container.ended(container.health) != 0:
        if gateway.poll() is not None:
            raise Broken(f"the command ended at once with exit code {gateway.returncode}")
        if time.monotonic() > until:
            raise Broken(f"the health check was not content within {READY_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def promises(container: Container, gateway: "subprocess.Popen[bytes]", port: int) -> dict[str, Callable[[], bool]]:
    """Return each thing that must hold while the gateway runs."""
    python = "/opt/consent-gateway/bin/python"
    status = (container.root / "proc" / str(gateway.pid) / "status").read_text(encoding="ascii")
    facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    return {
        "alive at /healthz": lambda: status_of("GET", "/healthz", port) == 200,
        "a stranger is refused at /graphql": lambda: status_of("POST", "/graphql", port) == 401,
        "the page of GraphiQL is in it": lambda: status_of("GET", "/graphiql/page.js", port) == 200,
        "a stranger is told no numbers": lambda: status_of("GET", "/metrics", port) == 404,
        "it runs as nobody in particular": lambda: set(facts["Uid"].split()) == {str(container.user[0])} != {"0"},
        "it has no capability": lambda: int(facts["CapEff"], 16) == 0,
        "it can write nowhere but to /data and /tmp": lambda: container.ended((python, "-c", WRITING)) == 0,
        "nobody can write to its root": lambda: not os.access(container.root, os.W_OK),
        "its store is in the volume": lambda: (container.root / "data/consent.sqlite").is_file(),
        "no installer is left in it": lambda: container.ended((python, "-c", INSTALLER)) == 0,
        "no settings of the builder's packages are left in it": lambda: not _left(container.root),
    }


def _left(root: Path) -> list[Path]:
    return [path for path in (root / "etc/pip.conf", root / "run/secrets", root / "source") if path.exists()]


def stopped(gateway: "subprocess.Popen[bytes]") -> int:
    """Ask the gateway to end and return its exit code."""
    gateway.send_signal(signal.SIGTERM)
    return gateway.wait(STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def told(claim: str, *, holds: bool) -> bool:
    print(f"image: {'yes' if holds else 'NO '}  {claim}", flush=True)
    return holds


def main(root: Path, image: Mapping[str, Any]) -> int:
    """Start, ask, stop; return 0 iff every promise holds."""
    port = free_port()
    container = container_of(root, image, port)
    if container.ended(("/opt/consent-gateway/bin/python", "-c", KEYS)) != 0:
        raise Broken("could not make throwaway keys inside")
    gateway = container.start(container.command)
    try:
        wait_until_healthy(container, gateway)
        held = [told("its own health check is content", holds=True)]
        held += [told(claim, holds=check()) for claim, check in promises(container, gateway, port).items()]
        held += [told("it ends with exit code 0 when told to", holds=stopped(gateway) == 0)]
        held += [told("its health check then fails", holds=container.ended(container.health) != 0)]
    finally:
        gateway.kill()
    return 0 if all(held) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))))
    except Broken as broken:
        sys.exit(f"image: {broken}")
