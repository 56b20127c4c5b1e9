"""An offer on its way back: whether it is ours and still holds, who answers it, and what of it was chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.decision.consent import guardian_needed
from graph.decision.law import age_band
from graph.decision.situation import Hearing, Situation
from graph.terms import AgeBand, Fidelity, Operation, Standing
from resolvers.acts import BoundTo, CellChoice, GiveConsent
from resolvers.context import Context
from resolvers.notices import version_of
from resolvers.problems import Problem, ProblemKind, Refused, invalid
from resolvers.reading import Point, Reading, read_own, read_ward
from resolvers.signer import Offer, OfferCell, OfferForged
from resolvers.voice import Voice, guardian_voice, no_voice, step_up, yes_voice


@dataclass(frozen=True, slots=True)
class Answered:
    """An offer that is being answered, on the state of its subject, in the voice of whoever answers."""

    offer: Offer
    reading: Reading
    voice: Voice

    def situation(self, purpose: str) -> Situation:
        """Return the situation the offer was made in: its recipient on its channel."""
        here = self.reading.point(purpose)
        point = Point(purpose, self.offer.recipient, self.offer.channel, here.device, here.session)
        return self.reading.situation(point)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One cell that is said yes to, what is heard about it, and up to which rung."""

    cell: OfferCell
    hearing: Hearing
    fidelity: Fidelity


def offer_of(context: Context, token: str) -> Offer:
    """Return the offer a token holds, expired or not; raises `Refused` for one that was not made here."""
    try:
        return context.signer.read_offer(token)
    except OfferForged:
        message = "`offerToken` was not made here; give back the token of `offer` as it is"
        raise invalid("OFFER_INVALID", message, "offerToken") from None


async def saying_yes(context: Context, offer: Offer) -> Answered:
    """Return who says yes to an offer; raises `Refused` for strangers, and for a child."""
    reading = await _reading(context, offer)
    if not _is_own(context, offer):
        return Answered(offer, reading, guardian_voice(reading))
    if reading.snapshot.subject.standing is Standing.ERASED:
        raise _foreign()
    band = age_band(reading.snapshot.subject.age_band, Operation.USE, context.rules.unknown_age)
    if band is AgeBand.CHILD:
        raise _guardian_required()
    return Answered(offer, reading, yes_voice(reading))


async def saying_no(context: Context, offer: Offer) -> Answered:
    """Return who says no to an offer: its subject, a child too, or her guardian; raises `Refused` for strangers."""
    reading = await _reading(context, offer)
    own = _is_own(context, offer)
    return Answered(offer, reading, no_voice(reading) if own else guardian_voice(reading))


async def _reading(context: Context, offer: Offer) -> Reading:
    if context.third_party and offer.recipient != context.recipient.id:
        raise _foreign()
    if context.at >= offer.expires_at:
        raise _expired()
    if _is_own(context, offer):
        return await read_own(context)
    reading = await read_ward(context, offer.subject)
    if context.caller.subject not in reading.snapshot.subject.guardians:
        raise _foreign()
    return reading


def _is_own(context: Context, offer: Offer) -> bool:
    return offer.subject == context.caller.subject


def chosen(answered: Answered, choices: tuple[CellChoice, ...]) -> tuple[Chosen, ...]:
    """Return the cells that are said yes to; raises `Refused` for one that was not offered or may not be answered."""
    if not choices:
        message = "nothing is chosen; choose at least one cell of the offer, or refuse it"
        raise invalid("NOTHING_CHOSEN", message, "choices")
    offered = {(cell.purpose, cell.category, cell.operation): cell for cell in answered.offer.cells}
    picked = []
    for place, choice in enumerate(choices):
        cell = offered.pop((choice.purpose, choice.category, choice.operation), None)
        if cell is None or not Fidelity.NONE < choice.fidelity <= cell.max_fidelity:
            message = "this was not offered, or less far, or is chosen twice; choose each cell of the offer once"
            raise invalid("CHOICE_NOT_OFFERED", message, "choices", str(place))
        picked.append((cell, choice.fidelity))
    return _heard(answered, picked)


def _heard(answered: Answered, picked: Iterable[tuple[OfferCell, Fidelity]]) -> tuple[Chosen, ...]:
    situations: dict[str, Situation] = {}
    found = []
    for cell, fidelity in picked:
        if cell.purpose not in situations:
            situations[cell.purpose] = answered.situation(cell.purpose)
        situation = situations[cell.purpose]
        hearing = situation.hearing(cell.category, cell.operation)
        if situation.changed_since(answered.offer.notice, hearing.cell):
            raise _expired()
        found.append(Chosen(cell, hearing, fidelity))
    _permitted(answered, found)
    return tuple(found)


def _permitted(answered: Answered, found: list[Chosen]) -> None:
    """Check that this voice may say yes to every cell: a teen's may not everywhere, nor one that is not proven."""
    context = answered.reading.context
    if _is_own(context, answered.offer) and any(guardian_needed(one.hearing) for one in found):
        raise _guardian_required()
    if any(one.hearing.rule.min_assurance > answered.voice.assurance for one in found):
        raise step_up(context, "the law wants a surer sign of who says yes; prove who you are again")
    if answered.offer.raises_level_to is not None and answered.voice.bound_to is BoundTo.DEVICE:
        raise step_up(context, "this yes raises the level for the whole person; sign in to say it")


def notice_version(answered: Answered) -> int:
    """Return the catalogue version of the notice that was shown; raises `Refused` if it is gone."""
    version = version_of(answered.offer.notice, answered.reading.context.catalogue)
    if version is None:
        raise _expired()
    return version.catalogue_version


async def limits(answered: Answered, asked: GiveConsent) -> None:
    """Check channels, device, session and end of a yes; raises `Refused`."""
    context = answered.reading.context
    if asked.channels is not None and not asked.channels:
        message = "no channel is named; name at least one, or leave `channels` out for all"
        raise invalid("NOTHING_CHOSEN", message, "channels")
    for place, channel in enumerate(asked.channels or ()):
        if channel not in context.catalogue.channels:
            message = "unknown channel; give one of the catalogue, or leave `channels` out for all"
            raise invalid("UNKNOWN_CHANNEL", message, "channels", str(place))
    if asked.this_session_only and answered.reading.context.session.id is None:
        message = "no session is named; send the session's `id` with the request"
        raise invalid("SESSION_REQUIRED", message, "thisSessionOnly")
    if asked.expires_at is not None and asked.expires_at <= answered.reading.at:
        message = "`expiresAt` is not in the future; give a later instant, or leave it out"
        raise invalid("EXPIRES_IN_THE_PAST", message, "expiresAt")
    await _device_linked(answered, asked.device)


async def _device_linked(answered: Answered, device: str | None) -> None:
    if device is None:
        return
    context = answered.reading.context
    if device not in await _linked(answered):
        message = "unknown `deviceId`; give a linked one of `devices`, or leave it out for all"
        raise invalid("UNKNOWN_DEVICE", message, "deviceId")
    if answered.voice.bound_to is BoundTo.DEVICE and device != context.caller.device:
        raise step_up(context, "a yes for another device needs a signed-in person; sign in to say it")


async def _linked(answered: Answered) -> frozenset[str]:
    """Return the linked devices a yes may name; a third party's app knows of the one it runs on."""
    context, device = answered.reading.context, answered.reading.snapshot.device
    if context.third_party:
        return frozenset({device.id}) if device is not None and device.linked else frozenset()
    known = await context.store.devices(answered.offer.subject)
    return frozenset(one.id for one in known if one.unlinked_at is None)


def _expired() -> Refused:
    message = "the offer is over; ask for a new one and show it"
    return Refused(Problem(ProblemKind.OFFER_EXPIRED, "OFFER_EXPIRED", message, ("offerToken",)))


def _foreign() -> Refused:
    return invalid("OFFER_FOREIGN", "`offerToken` is not yours to answer; ask for an offer of your own", "offerToken")


def _guardian_required() -> Refused:
    message = "a guardian has to say yes; let her answer this offer with her own sign-in"
    return Refused(Problem(ProblemKind.GUARDIAN_REQUIRED, "GUARDIAN_REQUIRED", message))
