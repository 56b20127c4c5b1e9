"""The decision: a pure function from (request, snapshot, catalogue) to ceilings with their reasons."""
