"""A person's devices: intervals of linking, hers to make and undo."""

from typing import Annotated

import strawberry

from graph.records import Device as DeviceFound
from graph.terms import DeviceKind
from resolvers.acts import DeviceChanged as DeviceChangedFound
from resolvers.devices import LinkDevice
from resolvers.problems import Problem as ProblemFound
from schema.field import CONSENT_DATA, DEVICE_DATA, NO_DATA, DateTime, field, instant_or_none
from schema.problems import InvalidInput, StepUpRequired, problem


@strawberry.type(description="One device of one person.")
class Device:
    """A device and when it was linked."""

    id: strawberry.ID = field("The device.", category=DEVICE_DATA)
    name: str = field("What the person calls it.", category=DEVICE_DATA)
    kind: DeviceKind = field("What kind it is.", category=DEVICE_DATA)
    shared: bool = field("Whether others use it too.", category=DEVICE_DATA)
    linked_at: DateTime = field("When it was linked.", category=DEVICE_DATA)
    unlinked_at: DateTime | None = field("When it was unlinked, if it is.", category=DEVICE_DATA)


def device(found: DeviceFound) -> Device:
    """Return a device as the contract tells it."""
    return Device(
        id=strawberry.ID(found.id),
        name=found.name,
        kind=found.kind,
        shared=found.shared,
        linked_at=DateTime(found.linked_at),
        unlinked_at=instant_or_none(found.unlinked_at),
    )


@strawberry.type(description="A device was linked or unlinked.")
class DeviceChanged:
    """What linking or unlinking made."""

    device: Device = field("The device as it is now.", category=DEVICE_DATA)
    revision: str = field("The consent state it made.", category=CONSENT_DATA)
    ended_sessions: int = field("Grants for this device that ended with it.", category=NO_DATA)


def device_changed(found: DeviceChangedFound) -> DeviceChanged:
    """Return what linking or unlinking made as the contract tells it."""
    return DeviceChanged(device=device(found.device), revision=found.revision, ended_sessions=found.ended_sessions)


DeviceAnswer = Annotated[DeviceChanged | InvalidInput | StepUpRequired, strawberry.union("DevicePayload")]


def device_answer(found: DeviceChangedFound | ProblemFound) -> DeviceAnswer:
    """Return what linking or unlinking made, or why it did not, as the contract tells it."""
    if isinstance(found, ProblemFound):
        told: DeviceAnswer = problem(found)
        return told
    return device_changed(found)


@strawberry.input(description="A device to link.")
class LinkDeviceInput:
    """What `linkDevice` takes."""

    idempotency_key: strawberry.ID
    device_id: strawberry.ID
    name: str
    kind: DeviceKind
    shared: bool

    def act(self) -> LinkDevice:
        """Return the act."""
        return LinkDevice(device=self.device_id, name=self.name, kind=self.kind, shared=self.shared)


@strawberry.input(description="A device to unlink.")
class UnlinkDeviceInput:
    """What `unlinkDevice` takes."""

    idempotency_key: strawberry.ID
    device_id: strawberry.ID
