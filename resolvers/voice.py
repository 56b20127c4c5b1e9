"""As whom a caller speaks, and in whose tree what is said stands (2.2 *Parties*, 2.4 rules 5 and 11)."""

from dataclasses import dataclass

from graph.decision.snapshot import SIGNED_IN
from graph.records import GivenOn
from graph.terms import GivenBy, PartyKind
from resolvers.acts import BoundTo
from resolvers.context import Context
from resolvers.problems import Problem, ProblemKind, Refused, invalid
from resolvers.reading import Reading


@dataclass(frozen=True, slots=True)
class Voice:
    """What a record says of how it was made, and whom it binds."""

    kind: PartyKind
    given_by: GivenBy
    given_on: GivenOn
    assurance: int
    bound_to: BoundTo = BoundTo.SUBJECT


def step_up(context: Context, message: str) -> Refused:
    """Return a refusal told as `StepUpRequired`, with where to step up."""
    return Refused(Problem(ProblemKind.STEP_UP_REQUIRED, "STEP_UP_REQUIRED", message, url=context.rules.step_up_url))


def yes_voice(reading: Reading) -> Voice:
    """Return the voice of a person who says yes for herself; raises `Refused` where her yes could never count.

    A yes counts only from her own records, so one from a device she never linked, or from no device at all, would be
    a promise that is not kept.
    """
    context = reading.context
    if context.assurance >= SIGNED_IN:
        return Voice(PartyKind.SUBJECT, GivenBy.SUBJECT, context.given_on, context.assurance)
    if reading.snapshot.device is None:
        message = "nobody is signed in and no device is named; sign in, or use a token that names the device"
        raise invalid("DEVICE_REQUIRED", message)
    if not reading.linked:
        raise step_up(context, "nobody is signed in on this device; sign in to say yes")
    return Voice(PartyKind.SUBJECT, GivenBy.SUBJECT, context.given_on, context.assurance, BoundTo.DEVICE)


def no_voice(reading: Reading) -> Voice:
    """Return the voice of whoever says no; this never refuses.

    Below assurance 2 a no binds the device it was said on. Where there is none (a link in a mail, a text message) it
    would bind nothing, so the operator heeds it for the whole person: its own act, at its own assurance, in her tree.
    """
    context = reading.context
    if context.assurance >= SIGNED_IN:
        return Voice(PartyKind.SUBJECT, GivenBy.SUBJECT, context.given_on, context.assurance)
    if reading.snapshot.device is None:
        return Voice(PartyKind.SUBJECT, GivenBy.OPERATOR, context.given_on, SIGNED_IN)
    kind = PartyKind.SUBJECT if reading.linked else PartyKind.DEVICE
    return Voice(kind, GivenBy.DEVICE, context.given_on, context.assurance, BoundTo.DEVICE)


def guardian_voice(reading: Reading) -> Voice:
    """Return the voice of a guardian in her ward's tree; raises `Refused` below assurance 2.

    Her own device and session are not named there: nothing joins two persons.
    """
    context = reading.context
    if context.assurance < SIGNED_IN:
        raise step_up(context, "a guardian has to be signed in to answer for a child; sign in and answer again")
    given_on = GivenOn(context.caller.channel or None)
    return Voice(PartyKind.SUBJECT, GivenBy.GUARDIAN, given_on, context.assurance)


def household_voice(reading: Reading) -> Voice:
    """Return the voice in which one member's no stands for everybody at a device; it names no member."""
    context = reading.context
    given_on = GivenOn(context.caller.channel, context.caller.device)
    return Voice(PartyKind.HOUSEHOLD, GivenBy.DEVICE, given_on, context.assurance)
