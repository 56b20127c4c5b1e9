"""The store for production: a Neo4j server or cluster; every promise is that of `graph.store`."""

from graph.neo4j_store.store import Neo4jStore, inspect_store, open_store

__all__ = ["Neo4jStore", "inspect_store", "open_store"]
