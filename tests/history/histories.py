"""Histories made by hand, of one person: each operation with only what its rule looks at."""

from typing import Any

from tests.history.operations import Act, Deposit, Entry, History, Outcome, Read, Says

ANN = "ann"
SHOP = "shop"


def yes(revision: int, invoked: float, answered: float, **more: Any) -> Act:
    """Return a yes that made a revision."""
    return _act(Says.YES, revision, invoked, answered, **more)


def no(revision: int, invoked: float, answered: float, **more: Any) -> Act:
    """Return a no that made a revision."""
    return _act(Says.NO, revision, invoked, answered, **more)


def wrote(number: int, invoked: float, answered: float) -> Deposit:
    """Return the write of a number."""
    return Deposit(0, ANN, number, invoked, answered)


def got(invoked: float, answered: float, **seen: Any) -> Read:
    """Return a read that released something."""
    return _read(invoked, answered, outcome=Outcome.RELEASED, **seen)


def nothing(invoked: float, answered: float, **seen: Any) -> Read:
    """Return a read that released nothing."""
    return _read(invoked, answered, outcome=Outcome.WITHHELD, **seen)


def unknown(invoked: float, answered: float, **seen: Any) -> Read:
    """Return a read that nobody answered."""
    return _read(invoked, answered, outcome=Outcome.UNKNOWN, **seen)


def entry(**changes: Any) -> Entry:
    """Return the ledger's entry of a read."""
    return Entry(**({"position": 1, "trace": "t", "subject": ANN, "recipient": SHOP, "revision": 1} | changes))


def history(*operations: Act | Deposit | Read | Entry, began: int = 0) -> History:
    """Return the history of these operations."""
    acts, deposits, reads, entries = (
        tuple(one for one in operations if isinstance(one, kind)) for kind in (Act, Deposit, Read, Entry)
    )
    return History(ANN, began, acts, deposits, reads, entries)  # type: ignore[arg-type]  # each is of its kind


def _act(says: Says, revision: int, invoked: float, answered: float, **more: Any) -> Act:
    seen = {"recipient": SHOP, "records": (f"record-{revision}",)} | more
    return Act(0, ANN, says=says, invoked=invoked, answered=answered, revision=revision, **seen)


def _read(invoked: float, answered: float, **seen: Any) -> Read:
    return Read(0, ANN, invoked=invoked, answered=answered, **({"recipient": SHOP, "trace": "t"} | seen))
