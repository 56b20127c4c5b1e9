"""The error tree: what the graph refuses, each with what to do next.

GraphError
├── PackError          a catalogue pack that does not hold (file, line, column)
├── StoreError
│   ├── StoreUnavailable   the store cannot be read or written now; nothing was changed
│   ├── StoreTooNew        the store was written by a newer version
│   ├── CatalogueTooOld    the store has served a newer catalogue
│   ├── StoreNotEmpty      a store that was to take in another holds something already
│   ├── RevisionConflict   somebody else changed this subject first; load again and decide again
│   ├── KeyReused          an idempotency key came back with another input
│   └── OfferUsed          an offer was answered before
├── ArchiveRefused     what was to be taken in is not a whole store (altered, cut off, of another version)
└── InvalidValue       a value that an attribute cannot take
"""


class GraphError(Exception):
    """Anything the graph refuses."""


class PackError(GraphError):
    """A fault in a catalogue pack: `file:line:column: what, what to do`."""

    def __init__(self, message: str, *, file: str, line: int, column: str = "") -> None:
        place = f"{file}:{line}" + (f": column `{column}`" if column else "")
        super().__init__(f"{place}: {message}")
        self.file, self.line, self.column = file, line, column


class StoreError(GraphError):
    """A store did not do what was asked."""


class StoreUnavailable(StoreError):
    """The store cannot be read or written now; nothing was changed by the call that raised this."""


class StoreTooNew(StoreError):
    """The store's schema is newer than this program."""


class CatalogueTooOld(StoreError):
    """The store has served a newer catalogue than the one it is given."""


class StoreNotEmpty(StoreError):
    """The store that was to take in another holds something already; nothing was changed."""


class RevisionConflict(StoreError):
    """The subject's state moved on between read and write; nothing was changed."""


class KeyReused(StoreError):
    """An idempotency key came back with another input; nothing was changed."""


class OfferUsed(StoreError):
    """An offer was answered before; nothing was changed."""


class ArchiveRefused(GraphError):
    """What was to be taken in is not a whole store; nothing of it was."""


class InvalidValue(GraphError):
    """A value that its attribute cannot take; `code` is one of 2.7."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
