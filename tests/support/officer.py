"""What an officer asks and does in this process, told as the contract tells it."""

from typing import Any

from tests.support.executing import answered
from tests.support.worlds_governance import Office

NOON, LATER = "2026-03-01T12:00:00.000Z", "2026-03-01T13:00:00.000Z"
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"


async def asked(here: Office, text: str, variables: dict[str, Any] | None = None) -> Any:
    """Ask as an officer; return the data."""
    return await answered(here.officer(), text, variables)


async def act(here: Office, field: str, said: dict[str, Any], answer: str = "") -> dict[str, Any]:
    """Do one act of an officer; return its payload, which may be a problem."""
    kind = f"{field[0].upper()}{field[1:]}Input"
    payload = f"__typename ... on Problem {{ code message path }} {answer}"
    text = f"mutation M($input: {kind}!) {{ act: {field}(input: $input) {{ {payload} }} }}"
    return dict((await asked(here, text, {"input": {"idempotencyKey": "k", **said}}))["act"])
