"""The embedded store: one SQLite file, one writer, readers beside it; every promise is that of `graph.store`."""

from graph.sqlite_store.inspection import inspect_store
from graph.sqlite_store.store import SqliteStore, open_store

__all__ = ["SqliteStore", "inspect_store", "open_store"]
