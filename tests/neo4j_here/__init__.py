"""The Neo4j a demonstration has to itself: where it is told, whom it ends with, what it says where there is none."""
