"""What a verified token says of who asks; values only, made at the door and read by every resolver."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from graph.decision.request import TokenEntry
from graph.decision.snapshot import SIGNED_IN
from graph.terms import AgeBand, Audience


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as one verified token says.

    `subject` is `HMAC(issuer, sub)`: a client's own subject, at the other audiences nobody's. `sub` is there for
    partners only: a pairwise id if the token is about one person. `channel` is empty for an officer who named none.
    `bound_to` is the thumbprint of the key whose holder alone may show the token; none: whoever bears it.
    `assurance` is not yet cut to the channel's `max_assurance`; it holds until `step_up_until`, if that is set.
    """

    recipient: str
    client_id: str
    audience: Audience
    channel: str
    subject: str
    expires_at: datetime
    token: tuple[TokenEntry, ...] = ()
    assurance: int = 0
    step_up_until: datetime | None = None
    device: str | None = None
    attested: bool = False
    residence: str | None = None
    age_band: AgeBand = AgeBand.UNKNOWN
    sub: str | None = field(default=None, repr=False)
    jti: str | None = None
    bound_to: str | None = None

    def at(self, now: datetime) -> "Caller":
        """Return the caller as of an instant: a step-up that has ended counts as signed in."""
        if self.step_up_until is None or now <= self.step_up_until:
            return self
        return replace(self, assurance=SIGNED_IN, step_up_until=None)
