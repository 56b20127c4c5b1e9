"""The ledger, read on from where it was read to, through the store's own port."""

from dataclasses import dataclass

from gateway.pairwise import SivPseudonyms
from graph.ledger import Disclosure
from graph.store import DisclosureQuery, Page, Store
from tests.history.clients import place_of
from tests.history.operations import Entry

PAGE = 1000
EVERYTHING = DisclosureQuery()


@dataclass(slots=True)
class Tail:
    """Where the ledger was read to."""

    store: Store
    pseudonyms: SivPseudonyms
    position: int = 0

    async def read(self) -> list[Entry]:
        """Return what was appended since, all of it; raises `StoreUnavailable`, and then nothing was read."""
        found: list[Entry] = []
        position = self.position
        while rows := await self.store.disclosures(EVERYTHING, Page(PAGE, position)):
            found += [self._entry(place, one) for place, one in rows]
            position = rows[-1][0]
        self.position = position
        return found

    def _entry(self, position: int, one: Disclosure) -> Entry:
        subject = self.pseudonyms.open_subject(one.subject) or one.subject
        return Entry(position, one.trace or "", subject, one.recipient, place_of(one.revision))
