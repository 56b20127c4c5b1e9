"""A real Neo4j server on this machine for as long as somebody needs it: the demo's, and the tests'."""
