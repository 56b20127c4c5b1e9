"""Each rule of a history finds what breaks it, and nothing in what only nearly does."""

import pytest

from tests.history.checker import violations, violations_at_the_end
from tests.history.histories import entry, got, history, no, nothing, unknown, wrote, yes
from tests.history.operations import History, Kept

YES, NO = yes(1, 0, 1), no(2, 2, 3)

BROKEN: dict[str, tuple[str, History]] = {
    "a release after an acknowledged no": ("released after a withdrawal", history(YES, NO, got(4, 5), entry())),
    "a release nobody ever said yes to": ("released after a withdrawal", history(got(4, 5), entry())),
    "a release under another recipient's yes": (
        "released after a withdrawal",
        history(yes(1, 0, 1, recipient="other"), got(4, 5), entry()),
    ),
    "a release under a yes that came later": ("released after a withdrawal", history(yes(1, 6, 7), got(4, 5), entry())),
    "a no after an acknowledged yes": ("withheld after a grant", history(YES, nothing(4, 5))),
    "an old revision": ("decided on another revision", history(YES, NO, got(4, 5, revision=1), entry())),
    "a revision from the future": ("decided on another revision", history(YES, nothing(2, 3, revision=2), no(2, 4, 5))),
    "a release at a revision that says no": (
        "decided against its revision",
        history(YES, NO, got(2.5, 5, revision=2), entry(revision=2)),
    ),
    "a no at a revision that says yes": ("decided against its revision", history(YES, NO, nothing(2.5, 5, revision=1))),
    "a value written after the no, under the yes": (
        "value newer than its consent",
        history(YES, NO, wrote(7, 4, 5), got(1, 6, revision=1, number=7), entry()),
    ),
    "the same, where only the ledger tells the revision": (
        "value newer than its consent",
        history(YES, NO, wrote(7, 4, 5), got(1, 6, number=7), entry()),
    ),
    "a value nobody wrote": ("value nobody wrote", history(YES, got(4, 5, number=7), entry())),
    "a value written after it was read": (
        "value nobody wrote",
        history(YES, wrote(7, 6, 7), got(4, 5, number=7), entry()),
    ),
    "a value replaced before": (
        "value replaced before",
        history(YES, wrote(1, 0, 1), wrote(2, 2, 3), got(4, 5, number=1), entry()),
    ),
    "less than a client knew": ("revision went back", history(YES, NO, got(2.5, 5, revision=1, least=2), entry())),
    "a release that is not in the ledger": ("release without an entry", history(YES, got(4, 5))),
    "an entry of nothing": ("entry of nothing received", history(YES, entry())),
    "an entry of what was withheld": ("entry of nothing received", history(YES, NO, nothing(4, 5), entry())),
    "an entry for another recipient": (
        "entry of nothing received",
        history(YES, got(4, 5), entry(recipient="other")),
    ),
    "an entry twice": ("entry twice", history(YES, got(4, 5), entry(), entry(position=2))),
    "an entry of another revision": (
        "entry of another revision",
        history(YES, got(4, 5, revision=1), entry(revision=2)),
    ),
}

SOUND: dict[str, History] = {
    "nothing at all": history(),
    "a no that was not yet acknowledged": history(YES, NO, got(2.5, 5), entry()),
    "a release while a later yes was under way": history(YES, NO, yes(3, 4.5, 9), got(4, 5), entry(revision=3)),
    "a no that was under way": history(YES, NO, nothing(2.5, 5)),
    "a no that began while it was read": history(YES, no(2, 4.5, 9), nothing(4, 5)),
    "nothing said, nothing released": history(nothing(1, 2, revision=0)),
    "another recipient's no": history(YES, no(2, 2, 3, recipient="other"), got(4, 5), entry(revision=2)),
    "either revision while one becomes the other": history(
        YES, NO, got(2.5, 5, revision=1, trace="a"), nothing(2.6, 5, revision=2, trace="b"), entry(trace="a")
    ),
    "a value of before the no": history(YES, NO, wrote(7, 1, 2.5), got(2, 5, revision=1, number=7), entry()),
    "a value begun before the no was acknowledged": history(
        YES, NO, wrote(7, 2.5, 4), got(1, 6, revision=1, number=7), entry()
    ),
    "either value while one replaces the other": history(
        YES,
        wrote(1, 0, 1),
        wrote(2, 2, 3.5),
        got(3, 4, number=1, trace="a"),
        got(3, 4, number=2, trace="b"),
        entry(trace="a"),
        entry(trace="b", position=2),
    ),
    "as much as a client knew": history(YES, NO, nothing(2.5, 5, revision=2, least=2)),
    "an entry of a read nobody answered": history(YES, unknown(4, 5), entry()),
    "a read nobody answered, and no entry": history(YES, NO, unknown(4, 5)),
    "what came before the first act": history(nothing(1, 2, revision=4), began=4),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_rule_is_found(name: str) -> None:
    rule, made = BROKEN[name]

    assert rule in [found.rule for found in violations(made)]


@pytest.mark.parametrize("name", SOUND)
def test_what_only_nearly_breaks_a_rule_is_not(name: str) -> None:
    assert violations(SOUND[name]) == []


KEPT = Kept(2, (("record-1", 1), ("record-2", 2)))
AT_THE_END: dict[str, tuple[str, History, Kept]] = {
    "two commands under one revision": (
        "two commands made one revision",
        history(YES, no(1, 2, 3, records=("record-2",))),
        Kept(1, (("record-1", 1), ("record-2", 1))),
    ),
    "a command that left nothing": ("command lost", history(YES, NO), Kept(2, (("record-1", 1),))),
    "a command under another revision": (
        "command lost",
        history(YES, NO),
        Kept(3, (("record-1", 1), ("record-2", 3))),
    ),
    "a record twice": ("command doubled", history(YES, NO), Kept(2, (*KEPT.records, ("record-2", 2)))),
    "a record of no command": ("command doubled", history(YES, NO), Kept(2, (*KEPT.records, ("record-3", 2)))),
    "a revision of no command": ("revisions differ from commands", history(YES, NO), Kept(3, KEPT.records)),
}


@pytest.mark.parametrize("name", AT_THE_END)
def test_a_command_that_was_lost_or_doubled_is_found_at_the_end(name: str) -> None:
    rule, made, kept = AT_THE_END[name]

    assert rule in [found.rule for found in violations_at_the_end(made, kept)]


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        (history(YES, NO), KEPT),
        (history(YES, NO, no(2, 4, 5)), KEPT),
        (
            history(YES, NO, no(3, 6, 7, records=("record-2",)), yes(3, 4, 5, recipient="other")),
            Kept(3, (*KEPT.records, ("record-3", 3))),
        ),
        (history(yes(5, 0, 1), began=4), Kept(5, (("record-5", 5),))),
    ],
    ids=["each once", "a no that stands is not said again", "nor after somebody else's yes", "after what no act made"],
)
def test_commands_that_are_there_once_are_sound(made: History, kept: Kept) -> None:
    assert violations_at_the_end(made, kept) == []
