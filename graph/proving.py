"""Whether what is known of people still holds, by the revisions a store reads after their values."""

from collections.abc import Iterable

from graph.decision.snapshot import Snapshot
from graph.store import Parties
from graph.terms import PartyKind, Standing


def parties_of(known: Snapshot) -> Parties:
    """Return whose states a snapshot holds beside the subject's."""
    device, household = known.party(PartyKind.DEVICE), known.party(PartyKind.HOUSEHOLD)
    return Parties(device.id if device else None, household.id if household else None)


def holds(known: Snapshot, additions: int, revisions: Iterable[int | None]) -> bool:
    """Tell whether no party of a snapshot moved, nor the additions.

    `revisions` are the subject's, the device's, the household's; `None` for one that is not there. A subject comes to
    be at revision 0, like one nobody knows: that alone has moved.
    """
    own, device, household = revisions
    there = known.subject.standing is not Standing.UNKNOWN
    return (
        known.catalogue_revision == additions
        and there == (own is not None)
        and all(
            party.revision == (found or 0)
            for party, found in (
                (known.own, own),
                (known.party(PartyKind.DEVICE), device),
                (known.party(PartyKind.HOUSEHOLD), household),
            )
            if party is not None
        )
    )
