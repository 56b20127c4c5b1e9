"""What an auditor reads of the whole: disclosures, the ledger's chain, the impact on everybody, the catalogue."""

from typing import Annotated

import strawberry

from graph.store import DisclosureQuery
from resolvers.audit import EntryShown, entries_shown, ledger_checked, population_impact
from resolvers.edition import edition
from schema.connection import DISCLOSURES, PageInfo, listing, page_info
from schema.field import CONSENT_DATA, IDENTITY_DATA, NO_DATA, AttributeKey, DateTime, PurposeKey, field, given
from schema.governance_words import OperationWord
from schema.operation import Operation
from schema.scope import GovernanceScopeInput

Info = strawberry.Info[Operation]


@strawberry.input(description="Which disclosures; what is absent matches all. Instants are half-open.")
class DisclosureFilter:
    """What a listing of disclosures is narrowed to."""

    subject_id: strawberry.ID | None = strawberry.UNSET
    recipient_id: strawberry.ID | None = strawberry.UNSET
    purpose: PurposeKey | None = strawberry.UNSET
    key: AttributeKey | None = strawberry.UNSET
    record_id: strawberry.ID | None = strawberry.UNSET
    from_: DateTime | None = strawberry.field(name="from", default=strawberry.UNSET)
    until: DateTime | None = strawberry.UNSET

    def query(self) -> DisclosureQuery:
        """Return what is asked of the ledger."""
        return DisclosureQuery(
            subject=given(self.subject_id),
            recipient=given(self.recipient_id),
            purpose=given(self.purpose),
            key=given(self.key),
            record=given(self.record_id),
            since=given(self.from_),
            until=given(self.until),
        )


@strawberry.type(description="One entry of the ledger: what was given out, never the values.")
class AuditDisclosure:
    """One release to one recipient."""

    id: strawberry.ID = field("The entry.", category=NO_DATA)
    subject_id: strawberry.ID = field("About whom; `nobody` once she was forgotten.", category=IDENTITY_DATA)
    recipient_id: strawberry.ID = field("Who received it.", category=CONSENT_DATA)
    purpose: PurposeKey = field("What for.", category=CONSENT_DATA)
    operation: OperationWord = field("What was done.", category=CONSENT_DATA)
    keys: list[AttributeKey] = field("Which attributes.", category=CONSENT_DATA)
    record_ids: list[strawberry.ID] = field("The records that proved it.", category=CONSENT_DATA)
    catalogue_version: int = field("The catalogue it was decided by.", category=NO_DATA)
    document_id: strawberry.ID | None = field("The registered document that asked, if one did.", category=NO_DATA)
    trace_id: str | None = field("The trace of the request.", category=NO_DATA)
    at: DateTime = field("When.", category=CONSENT_DATA)


@strawberry.type(description="An entry of the ledger in a listing.")
class AuditDisclosureEdge:
    """An edge."""

    cursor: str = field("Where it stands in the listing.", category=NO_DATA)
    node: AuditDisclosure = field("The entry.", category=CONSENT_DATA)


@strawberry.type(description="Entries of the ledger, oldest first.")
class AuditDisclosureConnection:
    """A page."""

    edges: list[AuditDisclosureEdge] = field("The rows of this page.", category=CONSENT_DATA)
    page_info: PageInfo = field("Where this page stands.", category=NO_DATA)
    total_count: int = field("How many there are in all.", category=NO_DATA)


@strawberry.type(description="Whom and what a withdrawal by everybody would touch; names no subject.")
class PopulationImpact:
    """Counts."""

    subjects: int = field("How many have a yes in force, or something disclosed, that it touches.", category=NO_DATA)
    recipients: int = field("How many recipients are named by these, or received something.", category=NO_DATA)
    keys: list[AttributeKey] = field("Which attributes were disclosed.", category=NO_DATA)


@strawberry.type(description="Head of the hash chain and the result of checking it.")
class LedgerCheck:
    """How the ledger stands."""

    length: int = field("How many entries there are.", category=NO_DATA)
    head: str = field("Head of the chain, in hexadecimal.", category=NO_DATA)
    intact: bool = field("Whether every entry checked fits the one before it.", category=NO_DATA)
    first_broken: int | None = field("Position of the first entry that does not fit, if any.", category=NO_DATA)


@strawberry.type(description="One version of the catalogue.")
class CatalogueVersion:
    """The catalogue in force."""

    version: int = field("Its number; it grows with everything governance adds.", category=NO_DATA)
    published_at: DateTime = field("When its pack was published.", category=NO_DATA)
    attributes: int = field("How many attributes it has.", category=NO_DATA)
    digest: str = field("Digest of its pack.", category=NO_DATA)


async def disclosures(
    info: Info,
    filter: DisclosureFilter,  # noqa: A002 the contract's word
    first: int | None = 25,
    after: str | None = strawberry.UNSET,
) -> AuditDisclosureConnection | None:
    """List entries of the ledger."""
    context = info.context.context
    here = listing(context, DISCLOSURES)
    found = await entries_shown(context, filter.query(), here, first=first, after=given(after))
    return AuditDisclosureConnection(
        edges=[AuditDisclosureEdge(cursor=cursor, node=_disclosure(row)) for cursor, row in found.rows],
        page_info=page_info(found),
        total_count=found.total,
    )


def _disclosure(found: EntryShown) -> AuditDisclosure:
    entry = found.entry
    return AuditDisclosure(
        id=strawberry.ID(entry.id),
        subject_id=strawberry.ID(found.subject),
        recipient_id=strawberry.ID(entry.recipient),
        purpose=PurposeKey(entry.purpose),
        operation=entry.operation,
        keys=[AttributeKey(key) for key in entry.keys],
        record_ids=[strawberry.ID(record) for record in entry.evidence],
        catalogue_version=entry.catalogue_version,
        document_id=None if entry.document is None else strawberry.ID(entry.document),
        trace_id=entry.trace,
        at=DateTime(entry.at),
    )


async def impact(info: Info, withdraw: GovernanceScopeInput) -> PopulationImpact | None:
    """Count whom and what a withdrawal would touch."""
    found = await population_impact(info.context.context, withdraw.scope())
    return PopulationImpact(
        subjects=found.subjects,
        recipients=len(found.recipients),
        keys=[AttributeKey(key) for key in sorted(found.keys)],
    )


async def ledger(info: Info, from_: Annotated[int | None, strawberry.argument(name="from")] = 0) -> LedgerCheck | None:
    """Check the ledger after a position."""
    found = await ledger_checked(info.context.context, from_)
    return LedgerCheck(length=found.length, head=found.head, intact=found.intact, first_broken=found.first_broken)


async def catalogue(info: Info, version: int | None = strawberry.UNSET) -> CatalogueVersion | None:
    """Return the version asked for, if that is the one in force; without a number, the one in force."""
    found = await edition(info.context.context, given(version))
    if found is None:
        return None
    return CatalogueVersion(
        version=found.version,
        published_at=DateTime(found.published_at),
        attributes=found.attributes,
        digest=found.digest,
    )
