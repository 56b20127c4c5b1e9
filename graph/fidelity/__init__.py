"""Fidelity (2.6): what an answer holds of a value at each rung, and the check of ladders; nothing is decided here."""

from graph.fidelity.answer import Shown, shown
from graph.fidelity.ladders import check_ladder
from graph.fidelity.names import ShowContext

__all__ = ["ShowContext", "Shown", "check_ladder", "shown"]
