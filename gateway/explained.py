"""`explain` on the command line: the officer's question, asked of the store itself by whoever runs the gateway."""

import argparse
import json
from typing import TextIO

from gateway.operator import at_the_desk
from gateway.settings import Settings
from gateway.wrong_call import WrongCall
from graph.formats import instant
from graph.terms import Operation
from resolvers.explaining import NOTHING_IN_THE_WAY, ExplainAsked, Explanation, UnknownWord, explain

RELEASED, WITHHELD = 0, 1  # exit codes (4.7): done, the answer is no
OUR_WORDS = {"recipientId": "--recipient", "purpose": "--purpose", "channel": "--channel", "keys": "KEY"}


async def explained(asked: argparse.Namespace, settings: Settings, out: TextIO) -> int:
    """Explain one attribute; returns 0 if something would be released. Raises `WrongCall` for an unknown word."""
    async with at_the_desk(settings) as (_, context):
        try:
            found = await explain(context, _question(asked))
        except UnknownWord as fault:
            raise WrongCall(str(UnknownWord(fault.field, OUR_WORDS[fault.field]))) from None
    out.write(_document(found) if asked.json else "".join(_lines(one) for one in found))
    return RELEASED if found[0].ceiling else WITHHELD


def _question(asked: argparse.Namespace) -> ExplainAsked:
    at = None if asked.at is None else instant(asked.at)
    if asked.at is not None and at is None:
        raise WrongCall("`--at` is no instant; write it like `2026-01-31T12:00:00Z`")
    return ExplainAsked(
        subject=asked.subject,
        recipient=asked.recipient,
        purpose=asked.purpose,
        channel=asked.channel,
        keys=(asked.key,),
        operation=None if asked.operation is None else Operation(asked.operation),
        device=asked.device,
        at=at,
    )


def _lines(found: Explanation) -> str:
    rows = [f"{found.key}: {found.ceiling.name}"]
    for one in found.gates:
        mark = "*" if one.decisive else " "
        seen = f"  records {', '.join(one.records)}" if one.records else ""
        rows.append(f"{mark} {one.gate:<8} {one.ceiling.name:<11} {one.reason:<28} {one.rule or ''}{seen}".rstrip())
    if any(one.reason != NOTHING_IN_THE_WAY for one in found.gates):
        rows.append(f"would change with: {', '.join(found.would_change_if) or 'more than one gate'}")
    return "\n".join(rows) + "\n"


def _document(found: tuple[Explanation, ...]) -> str:
    return (
        json.dumps(
            [
                {
                    "key": one.key,
                    "ceiling": one.ceiling.name,
                    "gates": [
                        {
                            "gate": gate.gate.value,
                            "ceiling": gate.ceiling.name,
                            "reason": gate.reason,
                            "recordIds": list(gate.records),
                            "rule": gate.rule,
                            "decisive": gate.decisive,
                        }
                        for gate in one.gates
                    ],
                    "wouldChangeIf": list(one.would_change_if),
                }
                for one in found
            ]
        )
        + "\n"
    )
