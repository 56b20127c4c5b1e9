"""The answer to a consent act: what it made, with a receipt its person can check without us."""

from graph.records import Record
from resolvers.acts import BoundTo, Changed, Receipt
from resolvers.reading import Draft
from resolvers.signer import ReceiptContent


def changed(draft: Draft, records: tuple[Record, ...], bound_to: BoundTo = BoundTo.SUBJECT) -> Changed:
    """Return the answer to an act on these records, as the next read will find them."""
    revision = draft.after.revision
    return Changed(
        receipt=_receipt(draft, records),
        revision=revision,
        consistency_token=revision,  # one store, one state: who knows the revision knows what to wait for
        bound_to=bound_to,
    )


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
