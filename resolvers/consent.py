"""What a person says: yes to an offer, no to it, a withdrawal, an objection, a level; each recorded once."""

from collections.abc import Awaitable, Callable

from graph.decision.gates import UNSET_LEVEL
from graph.decision.snapshot import SIGNED_IN
from graph.records import Scope
from graph.store import Appended
from graph.terms import Level, PartyKind, RecordKind, Standing
from resolvers.acts import Changed, GiveConsent, ScopeAsked
from resolvers.answering import offer_of, saying_no, saying_yes
from resolvers.commit import Key, committed, kept, keyed, told, told_again
from resolvers.context import Context
from resolvers.grants import granted
from resolvers.problems import invalid
from resolvers.reading import Draft, Reading, read_own
from resolvers.receipts import changed
from resolvers.refusals import No, said
from resolvers.scopes import checked, everything
from resolvers.signer import OfferCell
from resolvers.voice import no_voice, step_up

EVERYWHERE = "*"  # the channel under which a level for all of them is kept


@told
async def give(context: Context, asked: GiveConsent) -> Changed:
    """Say yes to chosen cells of an offer."""
    key = keyed(context, asked.key, "give", asked)
    offer = offer_of(context, asked.offer_token)

    async def act() -> Appended:
        return await granted(await saying_yes(context, offer), asked, key)

    return await _answered(context, key, act, subject=offer.subject)


@told
async def refuse(context: Context, key: str, offer_token: str) -> Changed:
    """Say no to every cell of an offer."""
    named = keyed(context, key, "refuse", offer_token)
    offer = offer_of(context, offer_token)
    scopes = tuple(_scope(cell) for cell in offer.cells)

    async def act() -> Appended:
        answered = await saying_no(context, offer)
        no = No(RecordKind.REFUSED, scopes, offer.id, offer.notice)
        return await said(answered.reading, no, answered.voice, key=named)

    return await _answered(context, named, act, subject=offer.subject)


@told
async def withdraw(context: Context, key: str, asked: ScopeAsked) -> Changed:
    """Take back whatever was said yes to within a scope."""
    return await _no(context, keyed(context, key, "withdraw", asked), RecordKind.WITHDRAWN, asked=asked)


@told
async def withdraw_all(context: Context, key: str) -> Changed:
    """Take back everything; at a third party's app, everything that app has."""
    return await _no(context, keyed(context, key, "withdraw all"), RecordKind.WITHDRAWN)


@told
async def object_to(context: Context, key: str, asked: ScopeAsked) -> Changed:
    """Object to a scope (GDPR Art. 21)."""
    return await _no(context, keyed(context, key, "object", asked), RecordKind.OBJECTED, asked=asked)


@told
async def set_level(context: Context, key: str, channel: str | None, level: Level) -> Changed:
    """Set how far personalization may go, on one channel or on all; it caps and never grants."""
    named = keyed(context, key, "level", channel, level)

    async def act() -> Appended:
        reading = await read_own(context)
        _may_set(reading, channel, level)
        where = EVERYWHERE if channel is None else channel
        same = dict(reading.snapshot.subject.levels).get(where) is level
        draft = Draft(reading, PartyKind.SUBJECT, levels=() if same else ((where, level),))
        answer = kept(changed(draft, ()))
        return await context.store.append(draft.change(named.command(draft.party.id, answer)))

    return await _answered(context, named, act, subject=context.caller.subject)


def _may_set(reading: Reading, channel: str | None, level: Level) -> None:
    """Check who sets a level; raises `Refused`. A level binds the whole person, so only a signed-in one raises it."""
    context, subject = reading.context, reading.snapshot.subject
    if context.third_party:
        message = "this app cannot set the level; let the person set it in the controller's own app"
        raise invalid("FORBIDDEN_HERE", message)
    if channel is not None and channel not in context.catalogue.channels:
        message = "unknown channel; give one of the catalogue, or leave it out for all"
        raise invalid("UNKNOWN_CHANNEL", message, "channel")
    if subject.standing is Standing.ERASED:
        raise invalid("SUBJECT_ERASED", "this person was erased and nothing can be set; sign up anew")
    now = subject.level(EVERYWHERE if channel is None else channel)
    if context.assurance < SIGNED_IN and level > (UNSET_LEVEL if now is None else now):
        raise step_up(context, "a higher level needs a signed-in person; sign in to raise it")


async def _no(context: Context, key: Key, kind: RecordKind, *, asked: ScopeAsked | None = None) -> Changed:
    async def act() -> Appended:
        reading = await read_own(context)
        scope = everything(reading.context) if asked is None else await checked(asked, reading)
        return await said(reading, No(kind, (scope,)), no_voice(reading), key=key)

    return await _answered(context, key, act, subject=context.caller.subject)


async def _answered(context: Context, key: Key, act: Callable[[], Awaitable[Appended]], *, subject: str) -> Changed:
    places = [(PartyKind.SUBJECT, subject)]
    device = context.parties.device
    if device is not None and context.assurance < SIGNED_IN:
        places.append((PartyKind.DEVICE, device))  # where a no stands that was said on an unlinked device
    return told_again(await committed(context, key, act, places=tuple(places)), Changed)


def _scope(cell: OfferCell) -> Scope:
    return Scope(cell.purpose, cell.category, cell.recipient, operations=frozenset({cell.operation}))
