"""A program that takes the file for itself, says so, and lets go when its input ends."""

import sqlite3
import sys

STATEMENTS = {
    "writer": ("BEGIN IMMEDIATE",),
    "everything": ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "UPDATE tally SET writes = writes"),
}

if __name__ == "__main__":
    path, what = sys.argv[1:]
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    for statement in STATEMENTS[what]:
        connection.execute(statement)
    print("locked", flush=True)
    sys.stdin.read()
    connection.close()
