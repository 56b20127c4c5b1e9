"""`pairwise`: the ids a recipient knows people by now, for whoever makes its tokens; after a change of the key too."""

import argparse
import re
import sys
from pathlib import Path
from typing import TextIO

from gateway.operator import at_the_desk
from gateway.settings import Settings
from gateway.wrong_call import WrongCall
from graph.catalogue import Recipient
from resolvers.context import Context

DONE, NO = 0, 1  # exit codes (4.7): done, the answer is no
SUBJECT = re.compile(r"[0-9a-f]{64}")  # `HMAC(issuer, sub)` in hexadecimal, which no pairwise id looks like
STANDARD_INPUT = Path("-")


async def introduced(asked: argparse.Namespace, settings: Settings, out: TextIO) -> int:
    """Write each id of a file and the one that stands for it now; returns 1 if one was nobody's.

    A line is a subject's id, or one the recipient was given: by any version of the key that is still set.
    Raises `WrongCall` for a recipient nobody knows, `OSError` for a file that is not there.
    """
    given = _given(asked.file)
    async with at_the_desk(settings) as (_, context):
        recipient = context.catalogue.recipients.get(asked.recipient)
        if recipient is None:
            raise WrongCall(f"`{asked.recipient}` is no recipient of the catalogue; name one of it")
        found = [(one, _now(context, recipient, one)) for one in given]
    out.write("".join(f"{one}\t{now or '-'}\n" for one, now in found))
    return DONE if all(now for _, now in found) else NO


def _given(file: Path) -> list[str]:
    try:
        text = sys.stdin.read() if file == STANDARD_INPUT else file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongCall(f"`{file}` is no text in UTF-8; write one id a line") from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _now(context: Context, recipient: Recipient, given: str) -> str | None:
    """Return the id that stands for one now, or `None` for nobody's."""
    subject = given if SUBJECT.fullmatch(given) else context.pseudonyms.open_pairwise(given, recipient)
    return None if subject is None else context.pseudonyms.pairwise(subject, recipient)
