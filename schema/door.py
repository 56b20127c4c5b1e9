"""What the contract is given of the door: a document made ready as it is whenever a client sends it."""

from typing import Protocol

from graphql import DocumentNode, GraphQLError, GraphQLSchema


class Ready(Protocol):
    """A document that parsed."""

    @property
    def document(self) -> DocumentNode:
        """Return the document."""
        ...

    @property
    def errors(self) -> tuple[GraphQLError, ...]:
        """Return why it is refused; nothing if it holds."""
        ...

    @property
    def parsed(self) -> bool:
        """Tell whether it is a document at all, and none that is too long."""
        ...


class Door(Protocol):
    """The documents of one audience."""

    @property
    def schema(self) -> GraphQLSchema:
        """Return the schema they are validated against."""
        ...

    def ready(self, text: str) -> Ready:
        """Return a document made ready."""
        ...
