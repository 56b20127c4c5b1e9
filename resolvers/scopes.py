"""Scopes as a client writes them: checked and bound to what this caller may speak of; and when two of them meet."""

from graph.decision.snapshot import SIGNED_IN
from graph.records import ALL_OPERATIONS, Scope
from graph.taxonomy import Trees
from resolvers.acts import ScopeAsked
from resolvers.context import Context
from resolvers.problems import invalid
from resolvers.reading import Reading


async def checked(asked: ScopeAsked, reading: Reading) -> Scope:
    """Return the scope asked for; raises `Refused` with the path of what is unknown or somebody else's."""
    context = reading.context
    _known(asked, context)
    await _device_known(asked, reading)
    return Scope(
        purpose=asked.purpose,
        category=asked.category,
        recipient=_recipient(asked, context),
        channel=asked.channel,
        device=asked.device,
        operations=ALL_OPERATIONS if asked.operations is None else frozenset(asked.operations),
    )


def everything(context: Context) -> Scope:
    """Return all that a caller may speak of: everything, or what a third party's app has itself."""
    return Scope(recipient=context.recipient.id if context.third_party else None)


def _known(asked: ScopeAsked, context: Context) -> None:
    catalogue = context.catalogue
    for field, key, rows in (
        ("purpose", asked.purpose, catalogue.purposes),
        ("category", asked.category, catalogue.categories),
        ("channel", asked.channel, catalogue.channels),
    ):
        if key is not None and key not in rows:
            message = f"unknown {field}; give one of the catalogue, or leave it out for all"
            raise invalid(f"UNKNOWN_{field.upper()}", message, "scope", field)
    if asked.operations is not None and not asked.operations:
        message = "no operation is named; name at least one, or leave `operations` out for all"
        raise invalid("NOTHING_CHOSEN", message, "scope", "operations")


def _recipient(asked: ScopeAsked, context: Context) -> str | None:
    """Return whom a scope is about; a third party's app binds itself and learns of nobody else."""
    path = ("scope", "recipientId")
    if context.third_party:
        if asked.recipient not in (None, context.recipient.id):
            raise invalid("RECIPIENT_FOREIGN", "an app speaks of itself only; leave `recipientId` out", *path)
        return context.recipient.id
    if asked.recipient is not None and asked.recipient not in context.catalogue.recipients:
        message = "unknown `recipientId`; give one that was disclosed to you, or leave it out for all"
        raise invalid("UNKNOWN_RECIPIENT", message, *path)
    return asked.recipient


async def _device_known(asked: ScopeAsked, reading: Reading) -> None:
    context, path = reading.context, ("scope", "deviceId")
    if asked.device in (None, context.caller.device):
        return
    linked = () if context.third_party else await context.store.devices(reading.snapshot.subject.id)
    if all(device.id != asked.device for device in linked):
        raise invalid("UNKNOWN_DEVICE", "unknown `deviceId`; give one of `devices`, or leave it out for all", *path)
    if context.assurance < SIGNED_IN and context.caller.device is not None:
        message = "without signing in a no binds the device it is said on; leave `deviceId` out, or sign in"
        raise invalid("DEVICE_FOREIGN", message, *path)


def overlap(one: Scope, other: Scope, trees: Trees) -> bool:
    """Tell whether some cell could be within both scopes."""
    return (
        not one.operations.isdisjoint(other.operations)
        and _meet(one.channel, other.channel)
        and _meet(one.device, other.device)
        and _meet(one.session, other.session)
        and _meet(one.recipient, other.recipient)
        and _meet(_group(one, trees), _group(other, trees))
        and (one.purpose is None or trees.purposes.related(one.purpose, other.purpose))
        and (one.category is None or trees.categories.related(one.category, other.category))
    )


def _meet(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _group(scope: Scope, trees: Trees) -> str | None:
    """Return the group a scope is about; a recipient without one is in a group of nobody."""
    return scope.group if scope.recipient is None else trees.groups.get(scope.recipient, "")
