"""What the server says of who waits for whom."""

from neo4j import Session


def waits_for_a_lock(session: Session) -> bool:
    """Tell whether a transaction waits for another's lock."""
    rows = session.run("SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS blocked")
    return rows.single(strict=True).value() > 0
