"""The rules of a history, each a pure function from one person's history to what breaks it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from tests.history.operations import Act, Highest, History, Kept, Outcome, Read, Says, Violation

Rule = Callable[[History], Iterable[Violation]]


def released_after_a_withdrawal(history: History) -> Iterator[Violation]:
    """A read releases nothing under a no that was acknowledged before it began, unless a later yes may have come."""
    for recipient, reads in _by_recipient(history, Outcome.RELEASED).items():
        nos = Highest((act.answered, act.revision) for act in _acts(history, recipient, Says.NO))
        yeses = Highest((act.invoked, act.revision) for act in _acts(history, recipient, Says.YES))
        for read in reads:
            if yeses.before(read.answered) <= max(nos.before(read.invoked), history.began):
                yield _broken("released after a withdrawal", read, _acts(history, recipient))


def withheld_after_a_grant(history: History) -> Iterator[Violation]:
    """A read withholds nothing under a yes that was acknowledged before it began, unless a later no may have come."""
    for recipient, reads in _by_recipient(history, Outcome.WITHHELD).items():
        yeses = Highest((act.answered, act.revision) for act in _acts(history, recipient, Says.YES))
        nos = Highest((act.invoked, act.revision) for act in _acts(history, recipient, Says.NO))
        for read in reads:
            if nos.before(read.answered) < yeses.before(read.invoked):
                yield _broken("withheld after a grant", read, _acts(history, recipient))


def decided_on_another_revision(history: History) -> Iterator[Violation]:
    """An answer is what the revision it tells of permits, and that revision was in force while it was read."""
    ended = Highest((act.answered, act.revision) for act in history.acts)
    begun, said = Highest((act.invoked, act.revision) for act in history.acts), _said(history)
    for read in _told(history):
        assert read.revision is not None
        oldest = max(ended.before(read.invoked), history.began)
        newest = max(begun.before(read.answered), history.began)
        if not oldest <= read.revision <= newest:
            yield _broken("decided on another revision", read, history.acts)
            continue
        yes, no = (said[read.recipient, word].before(read.revision + 1) for word in (Says.YES, Says.NO))
        if (yes > no) is not (read.outcome is Outcome.RELEASED):
            yield _broken("decided against its revision", read, _acts(history, read.recipient))


def value_newer_than_its_consent(history: History) -> Iterator[Violation]:
    """A value is never released under a revision that had been replaced before the value was written."""
    invoked = {one.number: one for one in history.deposits}
    ended = Highest((act.answered, act.revision) for act in history.acts)
    for read in _told(history):
        deposit = invoked.get(read.number) if read.number is not None else None
        if deposit is not None and ended.before(deposit.invoked) > (read.revision or 0):
            yield Violation(
                "value newer than its consent", f"revision {read.revision}", (read, deposit, *_near(history, read))
            )


def value_not_of_its_time(history: History) -> Iterator[Violation]:
    """A value that is read was written, and no later write had been acknowledged before the read began."""
    deposits = {one.number: one for one in history.deposits}
    replaced = Highest((one.answered, one.invoked) for one in history.deposits)
    for read in history.reads:
        if read.number is None:
            continue
        deposit = deposits.get(read.number)
        if deposit is None or deposit.invoked > read.answered:
            yield Violation("value nobody wrote", f"number {read.number}", (read,))
        elif replaced.before(read.invoked) > deposit.answered:
            yield Violation("value replaced before", f"number {read.number}", (read, deposit))


def revision_went_back(history: History) -> Iterator[Violation]:
    """A client never sees less than the change whose token it brings, or than it saw before."""
    for read in history.reads:
        if read.revision is not None and read.revision < read.least:
            yield Violation("revision went back", f"it knew of {read.least}", (read,))


def ledger_differs(history: History) -> Iterator[Violation]:
    """The ledger has one entry for each release that was received, and no other but of reads nobody had answered."""
    reads = {read.trace: read for read in history.reads}
    entries = Counter(entry.trace for entry in history.entries)
    for entry in history.entries:
        read = reads.get(entry.trace)
        if read is None or read.outcome is Outcome.WITHHELD or read.recipient != entry.recipient:
            yield Violation("entry of nothing received", f"position {entry.position}", (entry, read))
        elif entries[entry.trace] > 1:
            yield Violation("entry twice", f"position {entry.position}", (entry, read))
        elif read.revision not in (None, entry.revision):
            yield Violation("entry of another revision", f"position {entry.position}", (entry, read))
    for read in history.reads:
        if read.outcome is Outcome.RELEASED and not entries[read.trace]:
            yield Violation("release without an entry", f"trace {read.trace}", (read,))


RULES: tuple[Rule, ...] = (
    released_after_a_withdrawal,
    withheld_after_a_grant,
    decided_on_another_revision,
    value_newer_than_its_consent,
    value_not_of_its_time,
    revision_went_back,
    ledger_differs,
)


def violations(history: History) -> list[Violation]:
    """Return what breaks any rule; what only the ledger tells of a release is judged like what an answer tells."""
    known = replace(history, reads=tuple(_with_revision(history)))
    return [found for rule in RULES for found in rule(known)]


def violations_at_the_end(history: History, kept: Kept) -> list[Violation]:
    """Return which commands were lost or done twice, once every act has its answer."""
    return [*two_commands_made_one_revision(history), *lost_or_doubled(history, kept)]


def two_commands_made_one_revision(history: History) -> Iterator[Violation]:
    """Each command that says something new makes a revision of its own."""
    first: dict[int, Act] = {}
    for act in _makers(history):
        other = first.setdefault(act.revision, act)
        if other is not act:
            yield Violation("two commands made one revision", f"revision {act.revision}", (other, act))


def lost_or_doubled(history: History, kept: Kept) -> Iterator[Violation]:
    """The store has the records of each command once, under the revision its answer told, and no others."""
    makers = _makers(history)
    claimed = {identity: act for act in makers for identity in act.records}
    made, sequences = Counter(identity for identity, _ in kept.records), dict(kept.records)
    for identity, act in claimed.items():
        if sequences.get(identity) != act.revision:
            yield Violation("command lost", f"record {identity}, kept under {sequences.get(identity)}", (act,))
    for identity, count in made.items():
        if count > 1 or identity not in claimed:
            yield Violation("command doubled", f"record {identity}, there {count} times", (claimed.get(identity),))
    differ = set(range(history.began + 1, kept.revision + 1)) ^ {act.revision for act in makers}
    if differ:
        yield Violation("revisions differ from commands", f"{sorted(differ)[:5]}, the last kept is {kept.revision}")


def _makers(history: History) -> tuple[Act, ...]:
    """Return the acts that said something new: a no that stands already is answered with the records it stands by."""
    known: set[tuple[str, ...]] = set()
    found = []
    for act in sorted(history.acts, key=lambda one: one.revision):
        if act.records not in known:
            found.append(act)
        known.add(act.records)
    return tuple(found)


def _with_revision(history: History) -> Iterator[Read]:
    told = {entry.trace: entry.revision for entry in history.entries}
    for read in history.reads:
        released = read.outcome is Outcome.RELEASED and read.revision is None
        yield replace(read, revision=told.get(read.trace)) if released else read


def _told(history: History) -> Iterator[Read]:
    return (one for one in history.reads if one.revision is not None and one.outcome is not Outcome.UNKNOWN)


def _by_recipient(history: History, outcome: Outcome) -> dict[str, list[Read]]:
    found = defaultdict(list)
    for read in history.reads:
        if read.outcome is outcome:
            found[read.recipient].append(read)
    return found


def _acts(history: History, recipient: str, says: Says | None = None) -> tuple[Act, ...]:
    return tuple(one for one in history.acts if one.recipient == recipient and says in (None, one.says))


def _said(history: History) -> dict[tuple[str, Says], Highest]:
    """Return for recipient and word the highest revision said up to a revision."""
    rows = defaultdict(list)
    for act in history.acts:
        rows[act.recipient, act.says].append((act.revision, act.revision))
    return defaultdict(lambda: Highest(()), {name: Highest(found) for name, found in rows.items()})


def _near(history: History, read: Read) -> tuple[Act, ...]:
    """Return the acts that show best why a read is wrong: the last that began before its answer."""
    begun = sorted((one for one in history.acts if one.invoked < read.answered), key=lambda one: one.revision)
    return tuple(begun[-4:])


def _broken(rule: str, read: Read, acts: Iterable[Act]) -> Violation:
    begun = sorted((one for one in acts if one.invoked < read.answered), key=lambda one: one.revision)
    return Violation(rule, f"recipient {read.recipient}", (read, *begun[-4:]))
