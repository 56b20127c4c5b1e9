"""The enforcement: load, decide, release, record."""
