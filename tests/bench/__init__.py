"""Tests of the bench: that it runs and prints what it promises, never how fast anything was."""
