"""How many calls one caller may make: who counts as one caller, what is left to it, and the headers that say so."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

from limits import RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter

from gateway.setting_forms import Rate
from gateway.windows import MOST_KEYS, Windows
from graph.terms import Audience
from resolvers.caller import Caller

CALLER, ADDRESS = "caller", "address"  # the names of the two policies in the headers
NETWORK_BITS = 64  # an IPv6 customer has at least such a network to call from: it is one address
KEY_BYTES = 16  # of a digest: long enough that nobody finds a second caller of the same key


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one call leaves to its caller; `reset` is the seconds until the oldest calls of the window are forgotten."""

    policy: str
    rate: Rate
    permitted: bool
    remaining: int
    reset: int

    @property
    def wait(self) -> int:
        """Return how many seconds to wait until there is room again."""
        return max(self.reset, 1)

    def headers(self) -> Mapping[str, str]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers-10; a refused call's say how long to wait."""
        said = {
            "RateLimit-Policy": f'"{self.policy}";q={self.rate.calls};w={self.rate.seconds}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset}',
        }
        return said if self.permitted else said | {"Retry-After": str(self.wait)}


class Rates:
    """Counts calls: verified callers each by itself, and apart from them whoever has no good token, by address.

    Strangers have windows of their own, so that however many they are, no caller's window is forgotten for theirs.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float], most: int = MOST_KEYS) -> None:
        """Hold the rate of each caller, a clock of seconds that never goes back, and how many are remembered."""
        self._rate, self._clock = rate, clock
        self._item = RateLimitItemPerSecond(rate.calls, rate.seconds)
        self._limiters = {policy: MovingWindowRateLimiter(Windows(clock, most)) for policy in (CALLER, ADDRESS)}

    def called_by(self, caller: Caller) -> Allowance:
        """Count a call of a verified caller."""
        return self._counted(CALLER, identity(caller))

    def called_from(self, host: str | None) -> Allowance:
        """Count a call without a good token, from the address it came from."""
        return self._counted(ADDRESS, (network(host),))

    def _counted(self, policy: str, identity: tuple[str, ...]) -> Allowance:
        limiter = self._limiters[policy]
        key = hashlib.blake2b(repr(identity).encode(), digest_size=KEY_BYTES).hexdigest()
        permitted = limiter.hit(self._item, key)
        left = limiter.get_window_stats(self._item, key)
        reset = max(0, ceil(left.reset_time - self._clock()))
        return Allowance(policy, self._rate, permitted, left.remaining, reset)


def identity(caller: Caller) -> tuple[str, ...]:
    """Return what one caller is.

    A person's app on one device: her headset gone wild must not keep her phone from taking a yes back. A partner is
    its client, whomever the token is about: or a brand with many people would have no limit at all.
    """
    if caller.audience is Audience.PARTNER:
        return (caller.audience, caller.client_id)
    return (caller.audience, caller.client_id, caller.subject, caller.device or "")


def network(host: str | None) -> str:
    """Return what counts as one address; whatever is none counts as one together."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or int(address) >> (address.max_prefixlen - NETWORK_BITS))
