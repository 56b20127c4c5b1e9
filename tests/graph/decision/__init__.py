"""Unit tests of the decision; its laws and cases are elsewhere."""
