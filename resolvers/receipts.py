"""The answer to a consent act: what it made, with a receipt its person can check without us."""

from graph.records import Record
from graph.store import Seen
from resolvers.acts import BoundTo, Changed, Receipt
from resolvers.reading import Draft
from resolvers.signer import ReceiptContent


def changed(draft: Draft, records: tuple[Record, ...], bound_to: BoundTo = BoundTo.SUBJECT) -> Changed:
    """Return the answer to an act on these records, as the next read will find them."""
    return Changed(
        receipt=_receipt(draft, records),
        revision=draft.after.revision,
        consistency_token=draft.reading.context.consistency.write(seen(draft)),
        bound_to=bound_to,
    )


def seen(draft: Draft) -> Seen:
    """Return what is on record after an act: all that its revision speaks of.

    Known before the act is committed, so that the same key is given the very same token again.
    """
    parties = ((party.kind, party.id, party.revision) for party in draft.after.parties)
    return Seen(tuple(party for party in parties if party[2]))


def _receipt(draft: Draft, records: tuple[Record, ...]) -> Receipt:
    reading, context = draft.reading, draft.reading.context
    subject = reading.snapshot.subject.id
    content = ReceiptContent(
        id=context.fresh_id(),
        subject=context.pseudonyms.pairwise(subject, context.recipient) if context.third_party else subject,
        issued_at=reading.at,
        records=records,
    )
    return Receipt(content.id, context.signer.sign_receipt(content), content.issued_at)
