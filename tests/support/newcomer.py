"""A person nobody has met before, so that tests on one gateway never meet: her tokens, one for each way she asks."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with a subject of her own and devices of her own."""

    gateway: GatewayRunning
    residence: str | None = "DE"
    age_band: str | None = "ADULT"
    sub: str = field(default_factory=lambda: f"newcomer-{uuid4().hex}")

    def token(self, **claims: Any) -> str:
        """Return a token of hers with these claims, or without those that are `None`."""
        own = {"sub": self.sub, "cg_residence": self.residence, "cg_age_band": self.age_band}
        return self.gateway.issuer().token({**own, "cg_channel": "mobile", **claims})

    def on(self, channel: str, *, device: str = "own", **claims: Any) -> Asking:
        """Return her on a channel, by default on one device of her own a channel."""
        named = f"{self.sub}-{channel}-{device}"
        return Asking(self.gateway.client(self.token(cg_channel=channel, cg_device=named, **claims)))

    def headset(self, **claims: Any) -> Asking:
        """Return her in her own headset; its device is linked by the first call."""
        return self.on("vr_headset", **{"cg_attested": True, **claims})

    def phone(self, **claims: Any) -> Asking:
        """Return her on her phone."""
        return self.on("mobile", **claims)
