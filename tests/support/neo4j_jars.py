"""Where the tests find the server of Maven's jars; what starts it is shared with the demo."""

from neo4j_here.jars import BUILD, command, jars, locked, usable

__all__ = ["BUILD", "command", "jars", "locked", "usable"]
