"""What is written of another store, step by step: nodes before what stands on them."""

from typing import Final, LiteralString

from graph.neo4j_store.deposits import TRACE

TAKE_SECRETS: Final = """// secrets as they were elsewhere: WRITE
UNWIND $rows AS row
CREATE (secret:Secret)
SET secret = row"""
TAKE_ADDITIONS: Final = """// additions as they were elsewhere: WRITE
UNWIND $rows AS row
CREATE (addition:Addition {id: row.id})
SET addition.place = row.place, addition += row.properties"""
TAKE_PARTIES: Final = """// parties as they were elsewhere: WRITE
UNWIND $rows AS row
CREATE (subject:Subject {id: row.id})-[:HAS_STATE]->(:State {id: row.id})
SET subject += row.person, subject.place = row.place"""
TAKE_DEVICES: Final = """// devices as they were elsewhere: WRITE
UNWIND $rows AS row
MATCH (subject:Subject {id: row.party})
CREATE (subject)-[:USES]->(device:Device {id: row.device.id})
SET device += row.device"""
HOLD: Final = """// records in force elsewhere: WRITE
UNWIND $rows AS row
MATCH (subject:Subject {id: row.party})
CREATE (subject)-[:HOLDS]->(record:Record {id: row.id})
SET record += row"""
HAVE_HELD: Final = """// records ended elsewhere: WRITE
UNWIND $rows AS row
MATCH (subject:Subject {id: row.party})
CREATE (subject)-[:HELD]->(record:Record {id: row.id})
SET record += row"""
TAKE_CHANGES: Final = """// changes as they were elsewhere: WRITE
UNWIND $rows AS row
CREATE (change:Change {id: row.change.id})
SET change += row.change
WITH change, row
CALL (change, row) {
  UNWIND row.began AS id
  MATCH (record:Record {id: id})
  CREATE (change)-[:BEGAN]->(record)
}
CALL (change, row) {
  UNWIND row.ended AS id
  MATCH (record:Record {id: id})
  CREATE (change)-[:ENDED]->(record)
}"""
TAKE_VALUES: Final = """// values as they were elsewhere: WRITE
UNWIND $rows AS row
MATCH (subject:Subject {id: row.party})
CREATE (subject)-[:HAS_VALUE]->(value:Value {id: row.id})
SET value += row, value.rev = 1"""
TAKE_STATES: Final = """// states as they are decided on: WRITE
UNWIND $rows AS row
MATCH (state:State {id: row.id})
SET state = row"""
COVER: Final = """// cohorts of records in force elsewhere: WRITE
UNWIND $rows AS row
MERGE (cohort:Cohort {id: row.cohort.id})
  ON CREATE SET cohort += row.cohort
WITH cohort, row
MATCH (record:Record {id: row.record})
CREATE (record)-[:COVERS]->(cohort)"""
TAKE_ENTRIES: Final = """// disclosures as they were elsewhere: WRITE
UNWIND $rows AS row
CREATE (entry:Entry {position: row.position})
SET entry += row
FOREACH (key IN row.keys |
  CREATE (entry)-[:RELEASED]->(:ReleasedKey {key: key, position: row.position}))
FOREACH (record IN row.evidence |
  CREATE (entry)-[:PROVEN_BY]->(:Evidence {record: record, position: row.position}))"""
TAKE_OFFERS: Final = """// offers as they were elsewhere: WRITE
UNWIND $rows AS row
CREATE (offer:Offer {id: row.id})
SET offer += row"""
TAKE_COMMANDS: Final = """// commands as they were elsewhere: WRITE
UNWIND $rows AS row
CREATE (command:Command {id: row.id})
SET command += row"""

# In the order they are run in: nodes before what stands on them.
STEPS: Final[tuple[LiteralString, ...]] = (
    TAKE_SECRETS,
    TAKE_ADDITIONS,
    TAKE_PARTIES,
    TAKE_DEVICES,
    HOLD,
    HAVE_HELD,
    TAKE_CHANGES,
    TAKE_VALUES,
    TRACE,
    TAKE_STATES,
    COVER,
    TAKE_ENTRIES,
    TAKE_OFFERS,
    TAKE_COMMANDS,
)
