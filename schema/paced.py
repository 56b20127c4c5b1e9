"""Execution that rests: much is told piece by piece, and others may go first in between; the answer is the same."""

from collections.abc import Awaitable
from typing import Any

from graphql.execution.collect_fields import GroupedFieldSet
from graphql.pyutils import AwaitableOrValue, Path, gather_with_cancel
from graphql.type import GraphQLList, GraphQLObjectType, GraphQLResolveInfo, get_named_type, is_leaf_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.pacing import Pace, in_turn

WORK_OF_AN_ITEM = 10  # in fields told: an entry of a sheet has fourteen, an edge of a page one and its node's
WORK_OF_A_ROOT = 200  # a question by itself, which reads the store
ROOTS_AT_ONCE = 4  # a screen has two or three; thirty aliases side by side would take every reader of the store
MOST_AT_ONCE = 24  # items of a list told without a look whether it is time: a usual sheet, or most of a usual page


class PacedExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation at the pace of its context.

    graphql-core tells an object with everything below it in one go unless something in it is awaited. Here a long list
    is told item by item; those that wait for something wait side by side. INVARIANT: nothing that was begun waits at a
    rest: an operation may be cut off there, and nothing is left behind that nobody awaits.
    """

    @property
    def _pace(self) -> Pace:
        return self.context_value.context.pace  # type: ignore[no-any-return]  # the library's Any

    def execute_root_grouped_field_set(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,  # noqa: FBT001 the library's signature
        position_context: Any,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Answer many questions one after another, a few side by side."""
        if serially or len(grouped_field_set) <= ROOTS_AT_ONCE:
            return super().execute_root_grouped_field_set(
                root_type, root_value, grouped_field_set, serially, position_context
            )
        return self._answered(root_type, root_value, grouped_field_set, position_context)

    async def _answered(
        self, root_type: GraphQLObjectType, root_value: Any, questions: GroupedFieldSet, position_context: Any
    ) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for name, asked in questions.items():
            await in_turn(self._pace, WORK_OF_A_ROOT)
            found = self.execute_fields(root_type, root_value, None, {name: asked}, position_context)
            answers |= await found if isinstance(found, Awaitable) else found
        return answers

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[list[Any]]:
        """Tell a list, a long one item by item, and count its items."""
        if not isinstance(result, list) or is_leaf_type(get_named_type(return_type)):
            return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)
        if len(result) <= MOST_AT_ONCE or any(map(self.is_awaitable, result)):
            self._pace.worked(WORK_OF_AN_ITEM * len(result))
            return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)
        return self._told(return_type.of_type, (field_details_list, info, path, position_context), result)

    async def _told(
        self, kind: Any, place: tuple[Any, GraphQLResolveInfo[Any], Path, Any], items: list[Any]
    ) -> list[Any]:
        details, info, path, position = place
        told: list[Any] = []
        begun: list[int] = []
        for item in items:
            if self._pace.due and not begun:
                await self._pace.rest()
            self._pace.worked(WORK_OF_AN_ITEM)
            where = path.add_key(len(told), None)
            try:
                if self.complete_list_item_value(item, told, kind, details, info, where, position):
                    begun.append(len(told) - 1)
            except Exception:
                self.settle_in_background([told[one] for one in begun])  # as the library does: it is not waited for
                raise
            if len(begun) == MOST_AT_ONCE:
                await _settle(told, begun)
        await _settle(told, begun)
        return told


async def _settle(told: list[Any], begun: list[int]) -> None:
    """Wait for the items that were begun, side by side, and put them in their places."""
    found = await gather_with_cancel(*(told[one] for one in begun))
    for one, value in zip(begun, found, strict=True):
        told[one] = value
    begun.clear()
