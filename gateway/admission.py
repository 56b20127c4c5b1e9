"""Who is let in, and when: the rate, the number at once, and the turns of callers, told as the endpoint needs them."""

from collections.abc import Hashable
from dataclasses import dataclass

from starlette.requests import Request

from gateway.answers import Refusal
from gateway.crowd import WAIT_SECONDS, Crowd
from gateway.fairness import KNOCKING, REFUSED, Fairness, Turn
from gateway.rates import Allowance, Rates, identity, network
from resolvers.caller import Caller

AT_ONCE = frozenset({"TIMEOUT", "UNAVAILABLE", "INTERNAL"})  # told without a turn: whoever is told waited already


@dataclass(frozen=True, slots=True)
class Admission:
    """Keeps one caller's calls from being everybody's load."""

    rates: Rates
    crowd: Crowd
    fairness: Fairness

    def admit(self, request: Request, caller: Caller) -> None:
        """Count a call of a verified caller as begun; raises `Refusal` for one too many."""
        request.state.who = who = identity(caller)
        _counted(request, self.rates.called_by(caller))
        if not self.crowd.enter(who):
            message = f"{self.crowd.most} operations are under way for you; wait for one of them, then call again"
            raise Refusal("RATE_LIMITED", message, headers={"Retry-After": str(WAIT_SECONDS)})
        request.state.inside = who

    def leave(self, request: Request) -> None:
        """Count a call as ended, if it was counted as begun."""
        if getattr(request.state, "inside", None) is not None:
            self.crowd.leave(request.state.inside)
            request.state.inside = None

    def turned_away(self, request: Request) -> None:
        """Count a call without a good token against its address; raises `Refusal` for one too many."""
        _counted(request, self.rates.called_from(_host(request)))

    def turn(self, caller: Caller) -> Turn:
        """Wait for the turn of an operation, and hold it."""
        return self.fairness.turn(identity(caller))

    async def knock(self, request: Request) -> None:
        """Wait for the turn of a token that was not seen before.

        It is not held: what takes time is checked at once, and who waits for the issuer after that keeps none waiting.
        """
        async with self.fairness.turn(_stranger(request), KNOCKING):
            pass

    async def paced(self, request: Request, refusal: Refusal) -> None:
        """Let refusals of one caller leave one after another."""
        if refusal.code not in AT_ONCE:
            async with self.fairness.turn(getattr(request.state, "who", None) or _stranger(request), REFUSED):
                pass


def _counted(request: Request, allowance: Allowance) -> None:
    """Keep what a call leaves for the answer's headers, whatever the answer; raises `Refusal` if it was too much."""
    request.state.allowed = allowance.headers()
    if not allowance.permitted:
        raise Refusal("RATE_LIMITED", f"too many calls; wait {allowance.wait} s, then call again")


def _stranger(request: Request) -> Hashable:
    return (network(_host(request)),)


def _host(request: Request) -> str | None:
    return request.client.host if request.client else None
