"""The catalogue as it stands now: the pack and what governance added to it, compiled anew when that grows."""

from gateway.documents import RegisteredDocuments
from graph.catalogue import Catalogue, Tables, compiled
from graph.pack import Pack
from graph.store import Additions, Store


class LivingCatalogue:
    """Holds one compiled catalogue; a snapshot's number tells when it is old."""

    def __init__(self, pack: Pack, store: Store) -> None:
        """Begin with the pack alone."""
        self._pack, self._store = pack, store
        self._revision = -1
        self.catalogue: Catalogue = pack.catalogue
        self.documents = RegisteredDocuments(())

    async def refreshed(self, revision: int) -> Catalogue:
        """Return a catalogue that knows at least the additions of a revision."""
        if revision > self._revision:
            self._grown(await self._store.additions())
        return self.catalogue

    async def renewed(self) -> None:
        """Read the additions again: something was asked for that is not known here."""
        self._grown(await self._store.additions())

    def _grown(self, additions: Additions) -> None:
        if additions.revision <= self._revision:
            return
        tables = self._pack.tables.plus(Tables(recipients=additions.recipients, notices=additions.notices))
        self.catalogue = compiled(
            tables,
            version=self._pack.catalogue.version + additions.revision,
            digest=self._pack.catalogue.digest,
            published_at=self._pack.catalogue.published_at,
        )
        self.documents = RegisteredDocuments(additions.documents)
        self._revision = additions.revision


def clients_of(catalogue: Catalogue) -> dict[str, str]:
    """Return which recipient each OAuth client stands for; one registered at run time stands for itself."""
    named = {client: row.id for row in catalogue.recipients.values() for client in row.clients}
    return {row.id: row.id for row in catalogue.recipients.values() if not row.clients} | named
