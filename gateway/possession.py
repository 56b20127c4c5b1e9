"""Whether who shows a token may: a bound one takes a proof by its key (DPoP), for each call another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.dpop import PROOF_WINDOW, Call, Proof, ProofRefused, proven
from gateway.keys import ALGORITHMS
from gateway.replays import Replays
from gateway.tokens import TokenFault
from resolvers.caller import Caller

BEARER, DPOP = "bearer", "dpop"  # the two ways to show a token, in small letters: a scheme has no case
# A proof may be made a window ahead and is good for one after that, the last instant too; two clocks run side by side.
REMEMBERED_SECONDS = 2 * PROOF_WINDOW.total_seconds() + 1
TAKEN = f'algs="{" ".join(ALGORITHMS)}"'


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as it came: in which scheme, in which call."""

    token: str
    scheme: str = BEARER
    call: Call | None = None


class Possession:
    """Judges how tokens are shown.

    `address` is the gateway's own, before the path. Without one there is no DPoP: the `Host` of a call is whatever its
    sender writes, so a proof that was made for another server would do.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        address: str | None = None,
        bound: frozenset[str] = frozenset(),
        replays: Replays | None = None,
    ) -> None:
        """Hold a clock of seconds that never goes back, the address, and the clients whose tokens must be bound."""
        self._address, self._bound = address, bound
        self._replays = replays or Replays(REMEMBERED_SECONDS, clock)

    @property
    def schemes(self) -> tuple[str, ...]:
        """Return the schemes in which a token may be shown here."""
        return (BEARER,) if self._address is None else (BEARER, DPOP)

    def call(self, method: str, path: str, proofs: tuple[str, ...]) -> Call:
        """Return a call as proofs name it."""
        return Call(method, f"{self._address or ''}{path}", proofs)

    def proof(self, shown: Shown, now: datetime) -> Proof | TokenFault | None:
        """Return the proof of a token shown as bound, whoever made it; looked at before the token is.

        A proof that is none is told apart from a token that is none, and says nothing of the token.
        """
        if shown.scheme != DPOP or shown.call is None:
            return None
        try:
            return proven(shown.call, shown.token, now)
        except ProofRefused:
            return TokenFault.PROOF

    def fault(self, caller: Caller, proof: Proof | None) -> TokenFault | None:
        """Return why this token may not be shown with this proof, or `None`; a proof that does is used up."""
        if caller.bound_to is None and caller.client_id in self._bound:
            return TokenFault.UNBOUND
        if caller.bound_to != (None if proof is None else proof.key):
            return TokenFault.SENDER_CONSTRAINED
        # counted by person or service: keys cost nothing, and whoever made many would take all the room there is
        if proof is not None and not self._replays.first(caller.subject, proof.key.encode() + proof.id):
            return TokenFault.PROOF_REPLAYED
        return None
