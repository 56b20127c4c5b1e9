"""The governance contract: what an officer may ask and do; no type here carries a person's attribute value."""

import strawberry

from schema.audit import (
    AuditDisclosureConnection,
    CatalogueVersion,
    LedgerCheck,
    PopulationImpact,
    catalogue,
    disclosures,
    impact,
    ledger,
)
from schema.explanation import Explanation, explanations
from schema.field import CONSENT_DATA, NO_DATA, field
from schema.lineage import LineageGraph, lineage
from schema.publishing import PublishNoticePayload, published_notice
from schema.registry import (
    RecipientConnection,
    RegisterDocumentsPayload,
    RegisterRecipientPayload,
    recipients,
    registered_documents,
    registered_recipient,
)
from schema.restricting import SubjectPayload, erased_subject, restricted_subject
from schema.subject_record import SubjectRecord, subject


@strawberry.type(name="Query", description="No type here carries a person's attribute value.")
class GovernanceQuery:
    """The officer's questions."""

    subject: SubjectRecord | None = field(
        "One subject; null if nobody here has that id.", category=CONSENT_DATA, resolver=subject
    )
    explain: list[Explanation] | None = field(
        "What would this recipient get, and why? Reads no value, records nothing as disclosed.",
        category=CONSENT_DATA,
        resolver=explanations,
    )
    lineage: LineageGraph | None = field(
        "What an attribute is made from, or what is made of it; null if no attribute has that key.",
        category=NO_DATA,
        resolver=lineage,
    )
    recipients: RecipientConnection | None = field("Who receives attributes.", category=NO_DATA, resolver=recipients)
    catalogue: CatalogueVersion | None = field(
        "The catalogue in force; null if another version is asked for.", category=NO_DATA, resolver=catalogue
    )
    disclosures: AuditDisclosureConnection | None = field(
        "Who received what.", category=CONSENT_DATA, resolver=disclosures
    )
    impact: PopulationImpact | None = field(
        "Whom and what a withdrawal by everybody would touch. Changes nothing.", category=NO_DATA, resolver=impact
    )
    ledger: LedgerCheck | None = field(
        "Head of the hash chain and the result of checking it.", category=NO_DATA, resolver=ledger
    )


@strawberry.type(name="Mutation", description="What an officer may do; never to give or change a person's consent.")
class GovernanceMutation:
    """The officer's acts."""

    publish_notice: PublishNoticePayload = field(
        "Publish the next version of a notice.", category=NO_DATA, resolver=published_notice
    )
    register_recipient: RegisterRecipientPayload = field(
        "Register a recipient.", category=NO_DATA, resolver=registered_recipient
    )
    register_documents: RegisterDocumentsPayload = field(
        "Register documents a recipient may run.", category=NO_DATA, resolver=registered_documents
    )
    restrict_subject: SubjectPayload = field(
        "Restrict a subject at her request, or lift that.", category=CONSENT_DATA, resolver=restricted_subject
    )
    erase_subject: SubjectPayload = field(
        "Erase a subject at her request.", category=CONSENT_DATA, resolver=erased_subject
    )
