"""Everything that left a gateway beside its answers: what its processes said, its errors and its headers."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Heard:
    """Keeps what was heard, so that it can be searched when the last test has ended; `collector` hears telemetry."""

    pieces: list[tuple[str, bytes]] = field(default_factory=list)
    collector: str = ""

    def note(self, source: str, content: bytes) -> None:
        """Keep one piece under a word that says where it came from."""
        self.pieces.append((source, content))

    def with_any(self, words: tuple[str, ...]) -> list[str]:
        """Return each place one of these words was heard, with the word."""
        return [
            f"{word} in {source}"
            for source, content in self.pieces
            for word in words
            if word.encode().lower() in content.lower()
        ]
