"""What an officer does to one subject at her request: restriction, its lifting, erasure; never consent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from graph.decision.snapshot import SIGNED_IN, Snapshot
from graph.records import GivenOn, Record, Scope
from graph.store import Additions, Appended, Change, DisclosureQuery, Page, Parties
from graph.terms import GivenBy, PartyKind, RecordKind, Standing
from resolvers.commit import Key, committed, kept, keyed, told, told_again
from resolvers.context import Context, current, instant
from resolvers.officer import standing_of
from resolvers.problems import invalid
from resolvers.registry import OFFICE
from resolvers.signer import ReceiptContent

LONGEST_CASE = 200  # characters of a case reference: the number of a file
AT_ONCE = 1000  # ledger entries read in one piece while recipients are looked for


@dataclass(frozen=True, slots=True)
class SubjectChanged:
    """How the subject stands now, who has to be told (GDPR Art. 19), and the signed receipt of the act."""

    subject: str
    standing: Standing
    recipients: tuple[str, ...]
    receipt: str


@dataclass(frozen=True, slots=True)
class _Act:
    """One act on one subject: its key, the case it is for, and the state it was computed on."""

    context: Context
    snapshot: Snapshot
    key: Key
    case: str

    @property
    def subject(self) -> str:
        return self.snapshot.subject.id

    @property
    def standing(self) -> Standing:
        return standing_of(self.snapshot)

    def change(self) -> Change:
        """Return the change that leaves everything as it is."""
        at = instant(self.context, self.snapshot)
        return Change(self.subject, self.snapshot.own.revision, at, self.key.command(self.subject))


@told
async def restrict_subject(context: Context, key: str, subject: str, *, restricted: bool, case: str) -> SubjectChanged:
    """Restrict a subject (GDPR Art. 18), or lift that; what stands already stays, at the same revision."""
    named = keyed(context, key, "restrictSubject", subject, restricted, case)
    return await _done(context, named, subject, case=case, computed=_restricting if restricted else _lifting)


@told
async def erase_subject(context: Context, key: str, subject: str, *, case: str) -> SubjectChanged:
    """Erase a subject (GDPR Art. 17): her values for good, the names of her devices; what she said stays as proof."""
    named = keyed(context, key, "eraseSubject", subject, case)
    return await _done(context, named, subject, case=case, computed=_erasing)


async def _done(
    context: Context, key: Key, subject: str, *, case: str, computed: Callable[[_Act], Awaitable[Change]]
) -> SubjectChanged:
    if not 0 < len(case.strip()) <= LONGEST_CASE or not case.isprintable():
        message = f"`caseReference` needs 1 to {LONGEST_CASE} printable characters; give the number of the case"
        raise invalid("OUT_OF_BOUNDS", message, "caseReference")

    async def act() -> Appended:
        snapshot = await context.store.snapshot(subject, Parties())
        if snapshot.subject.standing is Standing.UNKNOWN:
            raise invalid("UNKNOWN_SUBJECT", "unknown `subjectId`; give the id of a subject", "subjectId")
        done = _Act(await current(context, snapshot), snapshot, key, case)
        change = await computed(done)
        answer = kept(_answer(done, change, await _recipients(context, subject)))
        # The office keeps the key as well, so that it cannot come back with another act or another subject.
        await context.store.add(Additions(), key.command(OFFICE), context.at)
        return await context.store.append(replace(change, command=key.command(subject, answer)))

    answer = await committed(context, key, act, places=((PartyKind.SUBJECT, subject),))
    return told_again(answer, SubjectChanged)


async def _restricting(act: _Act) -> Change:
    _not_erased(act)
    change = act.change()
    if act.standing is Standing.RESTRICTED:
        return change
    record = Record(
        id=act.context.fresh_id(),
        kind=RecordKind.RESTRICTED,
        recorded_at=change.at,
        scope=Scope(),
        catalogue_version=act.context.catalogue.version,
        assurance=SIGNED_IN,
        given_by=GivenBy.OPERATOR,
        given_on=GivenOn(act.context.caller.channel or None),
        sequence=change.base + 1,
    )
    return replace(change, begins=(record,), standing=Standing.RESTRICTED)


async def _lifting(act: _Act) -> Change:
    _not_erased(act)
    if act.standing is not Standing.RESTRICTED:
        return act.change()
    lifts = tuple(record.id for record in act.snapshot.own.records if record.kind is RecordKind.RESTRICTED)
    return replace(act.change(), lifts=lifts, standing=Standing.ACTIVE)


async def _erasing(act: _Act) -> Change:
    change = act.change()
    if act.standing is Standing.ERASED:
        return change
    devices = await act.context.store.devices(act.subject)
    return replace(
        change,
        standing=Standing.ERASED,
        erases_values=True,
        devices=tuple(replace(one, name="", unlinked_at=one.unlinked_at or change.at) for one in devices),
        guardians=(),
    )


def _not_erased(act: _Act) -> None:
    if act.standing is Standing.ERASED:
        message = "the subject was erased, for good; nothing about her is decided on any more"
        raise invalid("SUBJECT_ERASED", message, "subjectId")


def _answer(act: _Act, change: Change, recipients: tuple[str, ...]) -> SubjectChanged:
    standing = change.standing or act.standing
    content = ReceiptContent(act.context.fresh_id(), act.subject, change.at, change.begins, standing, act.case)
    return SubjectChanged(act.subject, standing, recipients, act.context.signer.sign_receipt(content))


async def _recipients(context: Context, subject: str) -> tuple[str, ...]:
    """Return everybody the ledger says received something of a subject."""
    query, page = DisclosureQuery(subject=context.pseudonyms.seal_subject(subject)), Page(AT_ONCE)
    found: set[str] = set()
    while rows := await context.store.disclosures(query, page):
        found |= {entry.recipient for _, entry in rows}
        page = Page(AT_ONCE, rows[-1][0])
    return tuple(sorted(found))
