"""A person arriving with a request: read, made at her first signed-in call, her device linked, her signal recorded."""

from contextlib import suppress
from dataclasses import replace

from graph.decision.situation import SIGNAL_OPERATIONS
from graph.decision.snapshot import SIGNED_IN, Snapshot
from graph.errors import RevisionConflict
from graph.records import Device, Record, Scope, Subject
from graph.store import Change, Command
from graph.terms import AgeBand, DeviceKind, GivenBy, PartyKind, RecordKind, Signal, Standing
from resolvers.context import Context


async def own_snapshot(context: Context) -> Snapshot:
    """Read the caller's own subject: she comes to be, and her device is linked, at the first signed-in call (4.6).

    One read, unless something about her is new.
    """
    caller, store = context.caller, context.store
    snapshot = attested(await store.snapshot(caller.subject, context.parties), context)
    if _is_new(snapshot, context):
        await store.open_subject(_claimed(context), _first_device(context), context.at)
        snapshot = attested(await store.snapshot(caller.subject, context.parties), context)
    if _signal_is_new(snapshot, context):
        snapshot = await _signal_recorded(snapshot, context)
    return snapshot


async def own_recent(context: Context) -> Snapshot:
    """Return what was known of the caller's own subject a moment ago, for who proves it before anything leaves.

    Where this request brings news about her, she arrives first.
    """
    known = attested(await context.store.recent(context.caller.subject, context.parties), context)
    return await own_snapshot(context) if has_news(known, context) else known


def attested(snapshot: Snapshot, context: Context) -> Snapshot:
    """Return the snapshot with what the token says of the device: attestation is never the store's to say."""
    device = snapshot.device
    if device is None or device.attested == context.caller.attested:
        return snapshot
    return replace(snapshot, device=replace(device, attested=context.caller.attested))


def has_news(snapshot: Snapshot, context: Context) -> bool:
    """Tell whether this request says something of the caller's own subject that is not on record: who arrives reads."""
    return _is_new(snapshot, context) or _signal_is_new(snapshot, context)


def _is_new(snapshot: Snapshot, context: Context) -> bool:
    subject, caller, device = snapshot.subject, context.caller, snapshot.device
    if subject.standing is Standing.UNKNOWN:
        return True
    if subject.standing is Standing.ERASED:
        return False
    if device is not None and not device.known and context.assurance >= SIGNED_IN:
        return True
    claims = caller.residence is not None and subject.jurisdictions != (caller.residence,)
    return claims or caller.age_band not in (AgeBand.UNKNOWN, subject.age_band)


def _claimed(context: Context) -> Subject:
    caller = context.caller
    residence = (caller.residence,) if caller.residence else ()
    return Subject(caller.subject, age_band=caller.age_band, jurisdictions=residence)


def _first_device(context: Context) -> Device | None:
    device = context.caller.device
    if device is None or context.assurance < SIGNED_IN:
        return None
    channel = context.channel
    shared = channel is not None and channel.shared_by_default == "yes"
    name = (channel.name or channel.id) if channel else device
    return Device(device, name, kind_of(context.caller.channel), shared, context.at)


def kind_of(channel: str) -> DeviceKind:
    """Return the kind a device is listed under until somebody names it: from its channel's word."""
    words = {"headset": DeviceKind.HEADSET, "glasses": DeviceKind.HEADSET, "xr": DeviceKind.HEADSET}
    words |= {"tv": DeviceKind.TV, "kiosk": DeviceKind.KIOSK, "voice": DeviceKind.SPEAKER}
    words |= {"mobile": DeviceKind.PHONE, "tablet": DeviceKind.PHONE}
    return next((kind for word, kind in words.items() if word in channel), DeviceKind.BROWSER)


def _signal_is_new(snapshot: Snapshot, context: Context) -> bool:
    """Tell whether this request carries a signal that is not on record for this device (2.4 rule 8)."""
    if Signal.GPC not in context.signals or snapshot.subject.standing is Standing.ERASED:
        return False
    return not any(
        record.kind is RecordKind.SIGNAL and record.given_on.device == context.caller.device
        for party in snapshot.parties
        for record in party.records
    )


async def _signal_recorded(snapshot: Snapshot, context: Context) -> Snapshot:
    """Record the signal once for subject and device: in her tree, in the device's if nobody is signed in."""
    signed_in = context.assurance >= SIGNED_IN or context.caller.device is None
    kind = PartyKind.SUBJECT if signed_in else PartyKind.DEVICE
    party = next((one for one in snapshot.parties if one.kind is kind), snapshot.own)
    at = max(context.at, party.latest or context.at)
    record = Record(
        id=context.fresh_id(),
        kind=RecordKind.SIGNAL,
        recorded_at=at,
        scope=Scope(operations=SIGNAL_OPERATIONS),
        catalogue_version=context.catalogue.version,
        assurance=context.assurance,
        given_by=GivenBy.DEVICE,
        given_on=context.given_on,
        sequence=party.revision + 1,
    )
    command = Command(key=f"signal:{context.caller.device or ''}", fingerprint="gpc")
    with suppress(RevisionConflict):  # somebody changed her state meanwhile: the next request records it
        await context.store.append(
            Change(subject=party.id, kind=kind, base=party.revision, at=at, command=command, begins=(record,))
        )
    return attested(await context.store.snapshot(context.caller.subject, context.parties), context)
