"""A person's devices: linked and unlinked by her, as intervals; unlinking ends what was said yes to for the device."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from graph.decision.snapshot import SIGNED_IN, Entry, entries, in_force
from graph.records import Device, Scope, at_least_as_narrow
from graph.store import Appended
from graph.terms import DeviceKind, PartyKind, RecordKind, Standing
from resolvers.acts import DeviceChanged
from resolvers.commit import Key, committed, kept, keyed, told, told_again
from resolvers.context import Context
from resolvers.problems import invalid
from resolvers.reading import Draft, Reading, read_own
from resolvers.refusals import No, heard
from resolvers.voice import no_voice, step_up

LONGEST_NAME = 200  # characters of a device's name or id: far more than any device shows


@dataclass(frozen=True, slots=True)
class LinkDevice:
    """A device as its person registers it."""

    device: str
    name: str
    kind: DeviceKind
    shared: bool


async def devices(context: Context) -> tuple[Device, ...]:
    """List the person's devices, unlinked ones too; a third party's app sees the one it runs on."""
    reading = await read_own(context)
    if reading.snapshot.subject.standing is Standing.ERASED:
        return ()
    found = await context.store.devices(reading.snapshot.subject.id)
    return tuple(one for one in found if not context.third_party or one.id == context.caller.device)


@told
async def link(context: Context, key: str, asked: LinkDevice) -> DeviceChanged:
    """Link a device, again after it was unlinked, or register it anew; what was ended with it stays ended."""
    named = keyed(context, key, "link", asked)

    async def act() -> Appended:
        reading = await read_own(context)
        _may_link(reading, asked)
        known = await _known(reading, asked.device)
        linked_at = known.linked_at if known and known.unlinked_at is None else reading.at
        device = Device(asked.device, asked.name, asked.kind, asked.shared, linked_at)
        draft = Draft(reading, PartyKind.SUBJECT, devices=() if device == known else (device,))
        return await _appended(draft, device, named)

    return await _answered(context, named, act)


@told
async def unlink(context: Context, key: str, device: str) -> DeviceChanged:
    """Unlink a device and end every yes for it; on the device itself nobody has to be signed in."""
    named = keyed(context, key, "unlink", device)

    async def act() -> Appended:
        reading = await read_own(context)
        _not_foreign(context)
        known = await _known(reading, device)
        if known is None:
            raise invalid("UNKNOWN_DEVICE", "unknown `deviceId`; give one of `devices`", "deviceId")
        if context.assurance < SIGNED_IN and device != context.caller.device:
            raise step_up(context, "unlinking another device needs a signed-in person; sign in to unlink it")
        if known.unlinked_at is not None:
            return await _appended(Draft(reading, PartyKind.SUBJECT), known, named)
        gone = replace(known, unlinked_at=reading.at)
        no = No(RecordKind.WITHDRAWN, (Scope(device=device),))  # now, and once it is linked again
        draft = replace(heard(reading, no, no_voice(reading)).draft, devices=(gone,))
        return await _appended(draft, gone, named, sessions=_grants(reading, device))

    return await _answered(context, named, act)


def _may_link(reading: Reading, asked: LinkDevice) -> None:
    context = reading.context
    _not_foreign(context)
    if context.assurance < SIGNED_IN:
        raise step_up(context, "linking a device needs a signed-in person; sign in to link it")
    for field, text in (("deviceId", asked.device), ("name", asked.name)):
        if not 0 < len(text) <= LONGEST_NAME or not text.isprintable():
            message = f"`{field}` needs 1 to {LONGEST_NAME} printable characters; give another one"
            raise invalid("OUT_OF_BOUNDS", message, field)
    if reading.snapshot.subject.standing is Standing.ERASED:
        raise invalid("SUBJECT_ERASED", "this person was erased and nothing can be linked; sign up anew")


def _not_foreign(context: Context) -> None:
    if context.third_party:
        message = "this app cannot change devices; let the person do it in the controller's own app"
        raise invalid("FORBIDDEN_HERE", message)


async def _known(reading: Reading, device: str) -> Device | None:
    found = await reading.context.store.devices(reading.snapshot.subject.id)
    return next((one for one in found if one.id == device), None)


def _grants(reading: Reading, device: str) -> int:
    """Count what is said yes to for a device and neither over nor taken back: each scope once, whatever its caps."""
    rows = in_force(entries(reading.snapshot.own, reading.at), reading.at, reading.trees)
    return len({row.scope for row in rows if row.scope.device == device and _is_grant(row, rows, reading)})


def _is_grant(row: Entry, rows: tuple[Entry, ...], reading: Reading) -> bool:
    until = row.record.valid_until
    if not row.record.is_yes or (until is not None and until <= reading.at):
        return False
    nos = (no for no in rows if no.record.is_no and no.place > row.place)
    return not any(at_least_as_narrow(row.scope, no.scope, reading.trees) for no in nos)


async def _appended(draft: Draft, device: Device, key: Key, *, sessions: int = 0) -> Appended:
    answer = kept(DeviceChanged(device, draft.after.revision, sessions))
    return await draft.reading.context.store.append(draft.change(key.command(draft.party.id, answer)))


async def _answered(context: Context, key: Key, act: Callable[[], Awaitable[Appended]]) -> DeviceChanged:
    places = ((PartyKind.SUBJECT, context.caller.subject),)
    return told_again(await committed(context, key, act, places=places), DeviceChanged)
