"""Scopes as governance reads and writes them."""

import strawberry

from graph.records import ALL_OPERATIONS
from graph.records import Scope as ScopeFound
from schema.field import CONSENT_DATA, CategoryKey, ChannelKey, PurposeKey, field, given
from schema.governance_words import OperationWord


@strawberry.type(description="What a record speaks about; an absent dimension means all of it.")
class Scope:
    """One node in each dimension."""

    purpose: PurposeKey | None = field("What for, with everything below it.", category=CONSENT_DATA)
    category: CategoryKey | None = field("Which kind of data, with everything below it.", category=CONSENT_DATA)
    recipient_id: strawberry.ID | None = field(
        "For whom; `group:` and its name for a group of recipients.", category=CONSENT_DATA
    )
    channel: ChannelKey | None = field("On which channel.", category=CONSENT_DATA)
    device_id: strawberry.ID | None = field("On which device.", category=CONSENT_DATA)
    operations: list[OperationWord] | None = field("What is done with it.", category=CONSENT_DATA)


@strawberry.input(description="What a withdrawal by everybody would speak about; an absent dimension means all of it.")
class GovernanceScopeInput:
    """A scope without persons, channels and devices."""

    purpose: PurposeKey | None = strawberry.UNSET
    category: CategoryKey | None = strawberry.UNSET
    recipient_id: strawberry.ID | None = strawberry.UNSET

    def scope(self) -> ScopeFound:
        """Return the scope."""
        return ScopeFound(
            purpose=given(self.purpose), category=given(self.category), recipient=given(self.recipient_id)
        )


def scope(found: ScopeFound) -> Scope:
    """Return a scope as the contract tells it; one for a group never reads as one for everybody."""
    recipient = found.recipient if found.group is None else f"group:{found.group}"
    return Scope(
        purpose=None if found.purpose is None else PurposeKey(found.purpose),
        category=None if found.category is None else CategoryKey(found.category),
        recipient_id=None if recipient is None else strawberry.ID(recipient),
        channel=None if found.channel is None else ChannelKey(found.channel),
        device_id=None if found.device is None else strawberry.ID(found.device),
        operations=None if found.operations == ALL_OPERATIONS else sorted(found.operations),
    )
