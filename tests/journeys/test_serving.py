"""The gateway as an operator starts it: from settings alone, until it is told to stop."""

import json
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.support.gateway_running import ANSWER_SECONDS, COMMAND, END_SECONDS, surroundings
from tests.support.heard import Heard
from tests.support.operator import Operator

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_serves_and_ends_with_0_when_told(
    heard: Heard, tmp_path: Path, how: signal.Signals
) -> None:
    operator = Operator.at(tmp_path)
    environment = surroundings(**operator.settings(OTLP_ENDPOINT=heard.collector))
    process = subprocess.Popen(
        [str(COMMAND), "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    )
    assert process.stderr is not None
    said = json.loads(process.stderr.readline())
    assert (said["level"], said["event"], said["host"]) == ("info", "serving", "127.0.0.1")

    url = f"http://127.0.0.1:{said['port']}"
    token = operator.issuer.token({"sub": "officer", "client_id": "controller-desk", "cg_audience": "governance"})
    with httpx.Client(timeout=ANSWER_SECONDS, trust_env=False) as client:
        assert client.get(f"{url}/readyz").json() == {"status": "ready", "store": "ok", "keys": "ok"}
        answer = client.post(
            f"{url}/graphql",
            json={"query": "{ ledger { length intact } }"},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.json() == {"data": {"ledger": {"length": 0, "intact": True}}}

    began = time.monotonic()
    process.send_signal(how)
    out, err = process.communicate(timeout=END_SECONDS)
    heard.note("a gateway's stderr", err.encode())
    assert (process.returncode, out, err) == (0, "", "")
    assert time.monotonic() - began < END_SECONDS
