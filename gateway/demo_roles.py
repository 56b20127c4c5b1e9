"""Who asks in the demonstration: one role a token, as claims; the people themselves are rows of the pack."""

from collections.abc import Mapping
from typing import Any

ALL = [{"type": "consent_gateway"}]  # RFC 9396: no list in it, so all of it


def _app(person: str, device: str, channel: str, **more: Any) -> dict[str, Any]:
    return {
        "sub": person,
        "client_id": "controller-app",
        "cg_audience": "client",
        "cg_channel": channel,
        "cg_device": device,
        "acr": "login",
        "authorization_details": ALL,
        **more,
    }


def _server(client: str) -> dict[str, Any]:
    return {
        "sub": client,
        "client_id": client,
        "cg_audience": "partner",
        "cg_channel": "partner_server",
        "authorization_details": ALL,
    }


ROLES: Mapping[str, Mapping[str, Any]] = {
    "noor_headset": _app("noor", "noor_headset", "vr_headset", cg_attested=True),
    "noor_phone": _app("noor", "noor_phone", "mobile"),
    "pia_headset": _app("pia", "pia_headset", "vr_headset"),
    "jon_web": _app("jon", "jon_browser", "web", client_id="controller-web"),
    "living_room_headset": _app("noor", "living_room_headset", "vr_headset"),
    "studio_app": _app("noor", "noor_headset", "vr_headset", client_id="studio-app", cg_attested=True),
    "brightwear": _server("brightwear-server"),
    "northfit": _server("northfit-server"),
    "sunrise_ads": _server("sunrise-ads-server"),
    "officer": {
        "sub": "officer",
        "client_id": "controller-desk",
        "cg_audience": "governance",
        "authorization_details": ALL,
    },
}

PARTNERS = ("brightwear", "northfit", "sunrise_ads")  # roles that know people by pairwise ids
