"""Publishing a notice: what an officer gives, and whom it makes us ask again."""

from typing import Annotated

import strawberry

from graph.catalogue import NoticeCell, NoticeText
from resolvers.problems import Problem
from resolvers.publishing import NewNotice, publish_notice
from schema.field import NO_DATA, CategoryKey, DateTime, PurposeKey, field
from schema.governance_words import OperationWord
from schema.operation import Operation
from schema.problems import InvalidInput, invalid_input


@strawberry.input(description="A cell the notice speaks of; material if this version changed it.")
class NoticeCellInput:
    """One cell; purpose and category stand for everything below them."""

    purpose: PurposeKey
    category: CategoryKey
    recipient_id: strawberry.ID
    operation: OperationWord
    material: bool

    def cell(self) -> NoticeCell:
        """Return the cell."""
        return NoticeCell(self.purpose, self.category, self.recipient_id, self.operation, self.material)


@strawberry.input(description="The text in one language.")
class NoticeTextInput:
    """One text; `locale` is a BCP 47 tag."""

    locale: str
    title: str
    body: str


@strawberry.input(description="The next version of a notice; version 1 of one there was none of.")
class PublishNoticeInput:
    """What `publishNotice` takes."""

    idempotency_key: strawberry.ID
    notice_id: strawberry.ID
    effective_from: DateTime
    cells: list[NoticeCellInput]
    texts: list[NoticeTextInput]

    def notice(self) -> NewNotice:
        """Return the notice."""
        return NewNotice(
            id=self.notice_id,
            effective_from=self.effective_from,
            cells=tuple(one.cell() for one in self.cells),
            texts=tuple(NoticeText(one.locale, one.title, one.body) for one in self.texts),
        )


@strawberry.type(description="A notice version was published.")
class NoticePublished:
    """The answer."""

    notice_id: strawberry.ID = field("The notice.", category=NO_DATA)
    version: int = field("The version published.", category=NO_DATA)
    subjects_to_ask_again: int = field("How many have a yes that it outdates, at most.", category=NO_DATA)


PublishNoticePayload = Annotated[
    NoticePublished | InvalidInput,
    strawberry.union("PublishNoticePayload", description="The version, or what to mend."),
]


async def published_notice(
    info: strawberry.Info[Operation],
    input: PublishNoticeInput,  # noqa: A002 the contract's word
) -> PublishNoticePayload:
    """Publish a notice version."""
    found = await publish_notice(info.context.context, input.idempotency_key, input.notice())
    if isinstance(found, Problem):
        return invalid_input(found)
    return NoticePublished(
        notice_id=strawberry.ID(found.notice), version=found.version, subjects_to_ask_again=found.ask_again
    )
