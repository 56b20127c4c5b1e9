"""The image's health check: exits 0 iff the gateway beside it says at `/healthz` that it is alive."""

import os
import sys
from http.client import HTTPConnection, HTTPException

ANSWER_SECONDS = 3.0  # below the five after which the container's runtime gives up
BOUND = "CONSENT_GATEWAY_BIND"


def alive(port: int) -> bool:
    """Ask over loopback, past any proxy the environment names."""
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if alive(int(os.environ[BOUND].rpartition(":")[2])) else 1)
