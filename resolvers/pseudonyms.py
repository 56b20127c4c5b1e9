"""The port that makes and opens pseudonyms: pairwise ids for partners, sealed subjects for the ledger."""

from typing import Protocol

from graph.catalogue import Recipient


class Pseudonyms(Protocol):
    """Deterministic, reversible by the gateway alone; recipients of one group share a key, others never do."""

    def pairwise(self, subject: str, recipient: Recipient) -> str:
        """Return the id under which this recipient, or its group, knows a subject."""
        ...

    def open_pairwise(self, pairwise: str, recipient: Recipient) -> str | None:
        """Return the subject behind an id; `None` if malformed or another's, after the same work."""
        ...

    def names_person(self, text: str) -> bool:
        """Tell whether a text has the form of a pairwise id, whoever's it is and by whichever key."""
        ...

    def seal_subject(self, subject: str) -> str:
        """Return the subject as the ledger writes it."""
        ...

    def open_subject(self, sealed: str) -> str | None:
        """Return the subject behind a ledger entry's text, or `None` if it was not sealed here."""
        ...
