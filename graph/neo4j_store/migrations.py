"""The schema, as numbered migrations: each is applied once, in order, under a lock, and never edited afterwards."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from graph.errors import StoreError, StoreTooNew
from graph.ledger import GENESIS
from graph.neo4j_store.connection import LONG_READ_SECONDS, Attempt, Link
from graph.neo4j_store.names import FEEDS

SCHEMA_SECONDS: Final = 20.0  # a server just started takes seconds for its first schema

LOCK_SCHEMA: Final = """CREATE CONSTRAINT store_id IF NOT EXISTS FOR (n:Store) REQUIRE n.id IS UNIQUE"""
LOCK: Final = """// lock of the migrations: WRITE
MERGE (store:Store {id: 'migrations'})
SET store.lock = $lock"""
JOURNAL_SCHEMA: Final = """CREATE CONSTRAINT migration_number IF NOT EXISTS
FOR (n:Migration) REQUIRE n.number IS UNIQUE"""
APPLIED: Final = """// migrations applied: READ
MATCH (migration:Migration) WHERE migration.number > 0
RETURN collect([migration.number, migration.checksum]) AS applied"""
APPLY: Final = """// migration applied: WRITE
MERGE (migration:Migration {number: $number})
SET migration.name = $name, migration.checksum = $checksum"""
ONLINE: Final = """CALL db.awaitIndexes(15)"""
SEED: Final = """// ends of feeds, ledger and additions: WRITE
FOREACH (id IN $feeds | MERGE (feed:Feed {id: id}) ON CREATE SET feed.position = 0)
MERGE (ledger:Ledger {id: 'ledger'}) ON CREATE SET ledger.end = $end
MERGE (additions:Additions {id: 'additions'}) ON CREATE SET additions.revision = 0, additions.tally = $tally"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; its number is its place in `MIGRATIONS`, from 1. Each statement may be run twice."""

    name: str
    statements: tuple[LiteralString, ...]

    @property
    def checksum(self) -> str:
        """Return the digest by which an edited migration is found."""
        return hashlib.sha256("\n;\n".join((self.name, *self.statements)).encode()).hexdigest()


# Community keeps uniqueness and range indexes; existence and types are the store's to keep. Every id is one string.
_FIRST: Final = Migration(
    "what a store keeps",
    (
        "CREATE CONSTRAINT subject_id IF NOT EXISTS FOR (n:Subject) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT subject_place IF NOT EXISTS FOR (n:Subject) REQUIRE n.place IS UNIQUE",
        "CREATE CONSTRAINT state_id IF NOT EXISTS FOR (n:State) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT device_id IF NOT EXISTS FOR (n:Device) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT record_id IF NOT EXISTS FOR (n:Record) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX record_place IF NOT EXISTS FOR (n:Record) ON (n.party, n.place)",
        "CREATE CONSTRAINT change_id IF NOT EXISTS FOR (n:Change) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX change_place IF NOT EXISTS FOR (n:Change) ON (n.place)",
        "CREATE CONSTRAINT command_id IF NOT EXISTS FOR (n:Command) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX command_at IF NOT EXISTS FOR (n:Command) ON (n.at)",
        "CREATE CONSTRAINT offer_id IF NOT EXISTS FOR (n:Offer) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT value_id IF NOT EXISTS FOR (n:Value) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX value_end IF NOT EXISTS FOR (n:Value) ON (n.expiresAt)",
        "CREATE CONSTRAINT cohort_id IF NOT EXISTS FOR (n:Cohort) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX cohort_bucket IF NOT EXISTS FOR (n:Cohort) ON (n.bucket)",
        "CREATE CONSTRAINT feed_id IF NOT EXISTS FOR (n:Feed) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT ledger_id IF NOT EXISTS FOR (n:Ledger) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT entry_position IF NOT EXISTS FOR (n:Entry) REQUIRE n.position IS UNIQUE",
        "CREATE INDEX entry_subject IF NOT EXISTS FOR (n:Entry) ON (n.subject, n.position)",
        "CREATE INDEX entry_recipient IF NOT EXISTS FOR (n:Entry) ON (n.recipient, n.position)",
        "CREATE INDEX entry_purpose IF NOT EXISTS FOR (n:Entry) ON (n.purpose, n.position)",
        "CREATE INDEX entry_document IF NOT EXISTS FOR (n:Entry) ON (n.document, n.recipient, n.at)",
        "CREATE INDEX released_key IF NOT EXISTS FOR (n:ReleasedKey) ON (n.key, n.position)",
        "CREATE INDEX evidence_record IF NOT EXISTS FOR (n:Evidence) ON (n.record, n.position)",
        "CREATE CONSTRAINT additions_id IF NOT EXISTS FOR (n:Additions) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT addition_id IF NOT EXISTS FOR (n:Addition) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX addition_place IF NOT EXISTS FOR (n:Addition) ON (n.place)",
        "CREATE CONSTRAINT secret_id IF NOT EXISTS FOR (n:Secret) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT purpose_id IF NOT EXISTS FOR (n:Purpose) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT category_id IF NOT EXISTS FOR (n:Category) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT recipient_id IF NOT EXISTS FOR (n:Recipient) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT recipient_group_id IF NOT EXISTS FOR (n:RecipientGroup) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT attribute_id IF NOT EXISTS FOR (n:Attribute) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT catalogue_id IF NOT EXISTS FOR (n:Catalogue) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT document_id IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT notice_version_id IF NOT EXISTS FOR (n:NoticeVersion) REQUIRE n.id IS UNIQUE",
    ),
)
_QUESTIONS: Final = Migration(
    "what is asked of the graph by people",
    (
        "CREATE CONSTRAINT roll_up_id IF NOT EXISTS FOR (n:RollUp) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT disclosure_id IF NOT EXISTS FOR (n:Disclosure) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX disclosure_recipient IF NOT EXISTS FOR (n:Disclosure) ON (n.recipient, n.lastAt)",
        "CREATE INDEX record_name IF NOT EXISTS FOR (n:Record) ON (n.record)",
        "CREATE INDEX record_end IF NOT EXISTS FOR (n:Record) ON (n.validUntil)",
        "CREATE INDEX record_notice IF NOT EXISTS FOR (n:Record) ON (n.notice)",
        "CREATE INDEX subject_name IF NOT EXISTS FOR (n:Subject) ON (n.subject)",
        "CREATE INDEX cohort_recipient IF NOT EXISTS FOR (n:Cohort) ON (n.recipient)",
    ),
)

# An id escapes what a name may hold, so that its order is not the names': a dump is in that of the names.
_NAMES: Final = Migration(
    "the order of a dump",
    (
        "CREATE INDEX subject_order IF NOT EXISTS FOR (n:Subject) ON (n.kind, n.subject)",
        "CREATE INDEX command_order IF NOT EXISTS FOR (n:Command) ON (n.kind, n.party, n.key)",
    ),
)

MIGRATIONS: Final[tuple[Migration, ...]] = (_FIRST, _QUESTIONS, _NAMES)
STARTS: Final[dict[str, Any]] = {
    "feeds": [f"{number:02d}" for number in range(FEEDS)],
    "end": json.dumps([0, GENESIS]),
    "tally": json.dumps([0, 0, 0]),
}


async def migrate(link: Link, migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    """Bring the schema up to date; return how many migrations were applied.

    Raises `StoreTooNew` for a schema this program does not know, `StoreError` for an edited migration.
    """
    if await _missing(link, migrations) == 0:
        return 0
    for statement in (LOCK_SCHEMA, JOURNAL_SCHEMA):
        await link.alone(statement, SCHEMA_SECONDS)

    async def under_lock(attempt: Attempt) -> int:
        await attempt.run(LOCK, {"lock": attempt.lock})
        missing = await _missing(link, migrations)
        for number in range(len(migrations) - missing + 1, len(migrations) + 1):
            await _apply(link, attempt, number, migrations[number - 1])
        return missing

    return await link.write(under_lock, SCHEMA_SECONDS)


async def refuse_unmigrated(link: Link, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Raise `StoreError` for a schema that is not up to date; an empty database holds, since serving fills it."""
    number = len(migrations) - await _missing(link, migrations)
    if 0 < number < len(migrations):
        raise StoreError(
            f"the store has schema `{number}`, this program knows `{len(migrations)}`; run `consent-gateway migrate`"
        )


async def _missing(link: Link, migrations: tuple[Migration, ...]) -> int:
    applied = (await link.read(APPLIED, {}, LONG_READ_SECONDS))["applied"]
    for number, checksum in applied:
        if number > len(migrations):
            raise StoreTooNew(
                f"the store has schema `{number}`, this program knows `{len(migrations)}`; start a newer program"
            )
        if migrations[number - 1].checksum != checksum:
            raise StoreError(f"migration `{number}` was edited after this store was made; start the program it knows")
    return len(migrations) - len(applied)


async def _apply(link: Link, attempt: Attempt, number: int, migration: Migration) -> None:
    """Apply one migration while another transaction holds the lock: a schema shares its transaction with nothing."""
    for statement in (*migration.statements, ONLINE):
        await link.alone(statement, SCHEMA_SECONDS)
    if number == 1:
        await attempt.run(SEED, STARTS)
    row = {"number": number, "name": migration.name, "checksum": migration.checksum}
    await attempt.run(APPLY, row)
