"""Where the tests find the guard of a server; it is shared with the demo."""

import os
import sys
from pathlib import Path

from neo4j_here.guard import PID, main

__all__ = ["PID", "main"]

if __name__ == "__main__" and os.fork() == 0:
    os.setsid()
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
