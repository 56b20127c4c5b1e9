"""Channels and the device models that speak on them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from graph.catalogue import Channel
from graph.decision.situation import STEPPED_UP
from graph.pack.cells import flag, key, known, member, number, unique, whole, words
from graph.pack.reading import Row, Table, rows
from graph.terms import Sensitivity

CHANNELS = Table.of(
    "channels.csv",
    "id shared_by_default can_be_private max_sensitivity_to_ask max_sensitivity_to_release max_assurance",
    "name identity prompt_ability prompt_interface speaks_aloud visible_to_others bystanders push offline_ttl_s "
    "can_withdraw rule",
)
_SENSES = "eye_tracking face_tracking hand_tracking body_tracking depth_sensor microphone world_tracking gnss"
DEVICES = Table.of(
    "devices.csv",
    "id channel",
    f"vendor model release_year form_factor os_family {_SENSES} passthrough biosensors ipd_min_mm ipd_max_mm "
    "ipd_adjust refresh_hz openxr_interaction_profile webxr_input_profile permission_model evidence",
    needed=False,
)
_SHARED = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class DeviceModel:
    """A kind of device and what it can sense; IPD in mm, refresh rates in Hz."""

    id: str
    channel: str
    vendor: str
    model: str
    senses: frozenset[str]
    release_year: int | None = None
    form_factor: str = ""
    os_family: str = ""
    passthrough: str = ""
    biosensors: tuple[str, ...] = ()
    ipd_min_mm: float | None = None
    ipd_max_mm: float | None = None
    ipd_adjust: str = ""
    refresh_hz: tuple[str, ...] = ()
    openxr_interaction_profile: str = ""
    webxr_input_profile: str = ""
    permission_model: str = ""


def channels(files: Mapping[str, bytes]) -> tuple[Channel, ...]:
    """Read the channel table."""
    found = rows(files, CHANNELS)
    unique(((row, key(row, "id")) for row in found), "id")
    return tuple(_channel(row) for row in found)


def devices(files: Mapping[str, bytes], *, channels: Collection[str]) -> tuple[DeviceModel, ...]:
    """Read the table of device models, if the pack has one."""
    found = rows(files, DEVICES)
    unique(((row, key(row, "id")) for row in found), "id")
    return tuple(_device(row, channels) for row in found)


def _channel(row: Row) -> Channel:
    if row["shared_by_default"] not in _SHARED:
        raise row.fault(
            "shared_by_default", f"`{row['shared_by_default']}` is not one of `yes`, `no`, `unknown`; correct it"
        )
    flag(row, "speaks_aloud")
    assurance = whole(row, "max_assurance", most=STEPPED_UP)
    if assurance is None:
        raise row.fault("max_assurance", "the cell is empty; give a whole number from 0 to 3")
    return Channel(
        id=row["id"],
        shared_by_default=row["shared_by_default"],
        can_be_private=flag(row, "can_be_private"),
        max_sensitivity_to_ask=member(row, "max_sensitivity_to_ask", Sensitivity),
        max_sensitivity_to_release=member(row, "max_sensitivity_to_release", Sensitivity),
        max_assurance=assurance,
        can_withdraw=flag(row, "can_withdraw", default=True),
        name=row["name"],
        identity=row["identity"],
        prompt_ability=row["prompt_ability"],
        prompt_interface=row["prompt_interface"],
        offline_ttl_seconds=whole(row, "offline_ttl_s") or 0,
    )


def _device(row: Row, channels: Collection[str]) -> DeviceModel:
    least, most = number(row, "ipd_min_mm"), number(row, "ipd_max_mm")
    if least is not None and most is not None and least > most:
        raise row.fault("ipd_max_mm", f"`{row['ipd_max_mm']}` is below `ipd_min_mm`; swap or correct them")
    return DeviceModel(
        id=row["id"],
        channel=known(row, "channel", channels, table=CHANNELS.file),
        vendor=row["vendor"],
        model=row["model"],
        senses=frozenset(sense for sense in _SENSES.split() if flag(row, sense)),
        release_year=whole(row, "release_year"),
        form_factor=row["form_factor"],
        os_family=row["os_family"],
        passthrough=row["passthrough"],
        biosensors=words(row, "biosensors"),
        ipd_min_mm=least,
        ipd_max_mm=most,
        ipd_adjust=row["ipd_adjust"],
        refresh_hz=words(row, "refresh_hz"),
        openxr_interaction_profile=row["openxr_interaction_profile"],
        webxr_input_profile=row["webxr_input_profile"],
        permission_model=row["permission_model"],
    )
