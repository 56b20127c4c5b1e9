"""Seeded faults of the decision (2.9): each rewrites a text of ours; a law or the oracle must notice every one.

Each stands like a change: the module and what is wrong, `-` what stands there once, `+` what stands there instead.
"""

from tests.laws import mutants_of_answers, mutants_of_consent, mutants_of_gates, mutants_of_place, mutants_of_records
from tests.laws.mutating import Mutant

HOMES = {"records": "graph.", "taxonomy": "graph.", "catalogue.compiling": "graph."}  # else the decision's room


def _read(text: str) -> tuple[Mutant, ...]:
    return tuple(_mutant(block) for block in text.strip("\n").split("\n\n"))


def _mutant(block: str) -> Mutant:
    head, *lines = block.split("\n")
    module, _, name = head.partition(": ")
    home = HOMES.get(module, "graph.decision.")
    old = "\n".join(line[2:] for line in lines if line.startswith("- "))
    new = "\n".join(line[2:] for line in lines if line.startswith("+ "))
    return Mutant(name, home + module, old, new)


MUTANTS: tuple[Mutant, ...] = (
    *_read(mutants_of_records.SCOPES),
    *_read(mutants_of_consent.CONSENT),
    *_read(mutants_of_records.RECORDS),
    *_read(mutants_of_place.PLACE),
    *_read(mutants_of_gates.GATES),
    *_read(mutants_of_answers.CONTEXT),
    *_read(mutants_of_answers.ANSWERS),
)
