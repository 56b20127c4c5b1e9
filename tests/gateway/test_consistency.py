"""Consistency tokens: opaque, never twice the same, good at the store that wrote them alone."""

import re

import pytest

from gateway.consistency import MOST_CHARACTERS, SealedConsistency
from graph.store import Seen
from graph.terms import PartyKind
from resolvers.problems import BadUserInput

TOKENS = SealedConsistency(bytes(range(32)))
SEEN = Seen(((PartyKind.SUBJECT, "ann", 7), (PartyKind.DEVICE, "brille é", 2**53)))
LONGEST_DEVICE = "d" * 6144  # what fits into an access token of 8 KiB


@pytest.mark.parametrize(
    "seen",
    [
        SEEN,
        Seen(),
        Seen(((PartyKind.DEVICE, LONGEST_DEVICE, 1), (PartyKind.HOUSEHOLD, LONGEST_DEVICE, 1))),
    ],
)
def test_a_token_opens_to_what_was_seen_at_any_gateway_of_the_store(seen: Seen) -> None:
    assert SealedConsistency(bytes(range(32))).read(TOKENS.write(seen)) == seen


def test_two_tokens_of_the_same_are_not_alike() -> None:
    first, second = TOKENS.write(SEEN), TOKENS.write(SEEN)
    assert sum(one != other for one, other in zip(first, second, strict=True)) > len(first) // 2


def test_a_token_needs_no_escaping_anywhere() -> None:
    for length in range(4):
        assert re.fullmatch(r"[\w-]+", TOKENS.write(Seen(((PartyKind.SUBJECT, "a" * length, 1),))), re.ASCII)


def test_a_token_of_another_store_is_refused() -> None:
    with pytest.raises(BadUserInput):
        TOKENS.read(SealedConsistency(bytes(32)).write(SEEN))


def _tampered(text: str) -> list[str]:
    changed = [text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :] for place in range(len(text))]
    return [*changed, text + "=", text + "A", text + "AAAA", text[:-1], text[:-4], text.replace("-", "+")[::-1], "+/+/"]


def test_no_tampered_token_opens() -> None:
    for text in _tampered(TOKENS.write(SEEN)):
        with pytest.raises(BadUserInput):
            TOKENS.read(text)


def test_a_token_has_one_spelling() -> None:
    tokens = SealedConsistency(bytes(32), lambda size: b"\xfb" * size)
    text = tokens.write(SEEN)
    with pytest.raises(BadUserInput):
        tokens.read(text.replace("-", "+"))
    assert ("-" in text, tokens.read(text)) == (True, SEEN)


@pytest.mark.parametrize("text", ["", "7", "é", "s2.d0", "a" * 64, "\x00" * 64, "=" * 64, "a" * (MOST_CHARACTERS + 4)])
def test_no_text_of_ones_own_opens(text: str) -> None:
    with pytest.raises(BadUserInput, match="Token` is none of this store; leave it out"):
        TOKENS.read(text)


def test_a_token_longer_than_any_of_ours_is_not_even_looked_at() -> None:
    with pytest.raises(BadUserInput):
        TOKENS.read(TOKENS.write(Seen(((PartyKind.DEVICE, "d" * MOST_CHARACTERS, 1),))))


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="31 bytes; give it 32"):
        SealedConsistency(bytes(31))
