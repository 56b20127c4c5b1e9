"""What a person asks to change and what she is answered: plain values between contract and resolvers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from graph.decision.explain import Told
from graph.incoming import Given
from graph.records import Device
from graph.terms import Fidelity, Operation


class BoundTo(StrEnum):
    """Whom a change binds: the subject, or only the device of a caller who was not signed in."""

    SUBJECT = "SUBJECT"
    DEVICE = "DEVICE"


@dataclass(frozen=True, slots=True)
class CellChoice:
    """One cell of an offer that is said yes to, up to a rung."""

    purpose: str
    category: str
    operation: Operation
    fidelity: Fidelity = Fidelity.PRECISE


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """A yes to chosen cells of an offer."""

    key: str
    offer_token: str = field(repr=False)
    choices: tuple[CellChoice, ...] = ()
    channels: tuple[str, ...] | None = None
    device: str | None = None
    this_session_only: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScopeAsked:
    """A scope as a client writes it; an absent dimension means all of it."""

    purpose: str | None = None
    category: str | None = None
    recipient: str | None = None
    channel: str | None = None
    device: str | None = None
    operations: tuple[Operation, ...] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one consent act, checkable offline."""

    id: str
    jws: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class WithheldKey:
    """One attribute that stays withheld, and why."""

    key: str
    told: Told


@dataclass(frozen=True, slots=True)
class Changed:
    """What a consent act made."""

    receipt: Receipt
    revision: str
    consistency_token: str = field(repr=False)
    still_withheld: tuple[WithheldKey, ...] = ()
    needed_for_contract: tuple[str, ...] = ()
    bound_to: BoundTo = BoundTo.SUBJECT


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """What linking or unlinking made; `ended_sessions` counts grants that ended with the device."""

    device: Device
    revision: str
    ended_sessions: int = 0


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value on its way in, as its client said it, with where it came from."""

    key: str
    given: Given = field(repr=False)
    observed_at: datetime | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValuesRecorded:
    """Which values were stored, and which were not and why."""

    keys: tuple[str, ...]
    not_recorded: tuple[WithheldKey, ...] = ()
