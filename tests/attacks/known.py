"""clairvoyance at a running gateway, with every word of our contracts to guess with: it must come home with nothing."""

import re
import subprocess
from pathlib import Path

from tests.support.gateway_running import GatewayRunning
from tests.support.house import ROOT

CONTRACTS = ("client", "partner", "governance")
MOST_SECONDS = 300.0


def words() -> str:
    """Return every name the contracts hold, one a line."""
    texts = ((ROOT / "schema" / f"{one}.graphql").read_text() for one in CONTRACTS)
    return "\n".join(sorted({name for text in texts for name in re.findall(r"\b[A-Za-z]\w+\b", text)}))


def drawn(command: Path, gateway: GatewayRunning, role: str | None, folder: Path) -> bool:
    """Let it try with the token of a role, or with none; tell whether it could draw anything."""
    guesses, schema = folder / "words.txt", folder / f"{role}.json"
    guesses.write_text(words())
    shown = [] if role is None else ["-H", f"Authorization: Bearer {gateway.announced['tokens'][role]}"]
    sent = [str(command), gateway.graphql, "-w", str(guesses), "-o", str(schema), "-m", "1", *shown]
    subprocess.run(sent, capture_output=True, check=False, timeout=MOST_SECONDS)
    return schema.exists()
