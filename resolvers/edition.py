"""Which version of the catalogue is in force; older ones are not kept."""

from dataclasses import dataclass
from datetime import UTC, datetime

from graph.catalogue import Catalogue
from resolvers.context import Context
from resolvers.growth import grown

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # a pack that states neither its own date nor a notice's


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the catalogue."""

    version: int
    published_at: datetime
    attributes: int
    digest: str


async def edition(context: Context, version: int | None) -> Edition | None:
    """Return the version in force, `None` if another one is asked for."""
    catalogue = (await grown(context)).catalogue
    if version not in (None, catalogue.version):
        return None
    return Edition(catalogue.version, _published_at(catalogue), len(catalogue.attributes), catalogue.digest)


def _published_at(catalogue: Catalogue) -> datetime:
    """Return when the pack says it was published, else when its first notice came into force."""
    first = min((one.effective_from for rows in catalogue.notices.values() for one in rows), default=UNDATED)
    return first if catalogue.published_at is None else catalogue.published_at
