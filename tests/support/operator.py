"""What an operator has to run a gateway: a folder with a store, the keys of an issuer and of the gateway, settings."""

import json
from dataclasses import dataclass
from pathlib import Path

from gateway.keys import published, secret_jwk
from tests.support.keys import ed25519
from tests.support.minting import Issuer

ISSUER, AUDIENCE = "https://issuer.example", "https://gateway.example"


@dataclass(frozen=True, slots=True)
class Operator:
    """Settings that hold, over files in one folder."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "Operator":
        """Write the keys down."""
        (folder / "signing.jwk").write_text(json.dumps(secret_jwk(ed25519("signing"))))
        (folder / "issuer.jwk").write_text(json.dumps(secret_jwk(ed25519("issuer"))))
        (folder / "jwks.json").write_text(json.dumps(published((ed25519("issuer"),))))
        return cls(folder)

    @property
    def store(self) -> Path:
        """Return the file of the store."""
        return self.folder / "store.sqlite"

    def settings(self, **changes: str | None) -> dict[str, str]:
        """Return settings that hold, with changes; `None` leaves one out."""
        whole = {
            "STORE": f"sqlite:///{self.store}",
            "ISSUER": ISSUER,
            "AUDIENCE": AUDIENCE,
            "JWKS_URL": str(self.folder / "jwks.json"),
            "SIGNING_KEY_FILE": str(self.folder / "signing.jwk"),
            "BIND": "127.0.0.1:0",
            **changes,
        }
        return {name: text for name, text in whole.items() if text is not None}

    @property
    def issuer(self) -> Issuer:
        """Return the issuer whose tokens this gateway takes."""
        return Issuer(json.loads((self.folder / "issuer.jwk").read_text()), ISSUER, AUDIENCE)
