"""What is odd between records whose links hold: numbers, clocks, recipes, beginnings of chains."""

from collections.abc import Iterator, Sequence

from workbench.model.profile import ChainProfile
from workbench.model.verdict import DiagnosisClass
from workbench.verify.chain.breaks import Break
from workbench.verify.chain.facts import Facts, Stretch
from workbench.verify.chain.following import begins_anew, counts_on, goes_back
from workbench.verify.chain.nodes import Node, neighbours
from workbench.verify.chain.survey import Survey

D = DiagnosisClass


def oddities(nodes: list[Node], seen: Survey, breaks: Sequence[Break]) -> Iterator[Break]:
    """Yield what is odd between neighbours, but for what breaks already tell."""
    # That a log begins elsewhere says nothing of what follows its first record.
    within = (found.record for found in breaks if found.kind is not D.HEAD_TRUNCATED)
    placed = {record for record in within if record is not None}
    told = placed | {record + 1 for record in placed}
    profile = seen.log.profile
    jumps: list[tuple[Stretch, Stretch]] = []
    for left, right in neighbours(nodes):
        if right.first in told:
            continue
        again = _repeated(right, seen) if begins_anew(right.head, profile) else None
        if again is not None:
            yield again
            continue
        if not counts_on(left.tail, right.head, profile):
            jumps.append((left, right))
        yield from _between(left, right, seen)
    if jumps:
        yield _jump(jumps)
    yield from _downgrades(nodes, seen, breaks)


def _downgrades(nodes: list[Node], seen: Survey, breaks: Sequence[Break]) -> Iterator[Break]:
    """Yield where an older recipe follows a newer one, in a chain or where one starts again."""
    restarts = {found.record for found in breaks if found.kind is D.SEQUENCE_ANOMALY}
    oldest = -len(seen.log.profile.versions)
    reached = oldest
    for node in nodes:
        if node.first not in restarts:
            reached = oldest  # something else is wrong here: what came before may not belong to it
        for stretch in node.stretches:
            if stretch.problem:
                continue
            if stretch.head.version < reached:
                yield _downgraded(stretch, seen.log.profile)
                reached = oldest
            reached = max(reached, stretch.tail.oldest)


def _downgraded(stretch: Stretch, profile: ChainProfile) -> Break:
    name = profile.versions[stretch.head.version].value
    note = f"From here on records are protected by the older recipe {name!r}, although newer ones "
    note += "came before. Writers of two versions side by side would leave this; so would somebody "
    note += "who forges records by the weaker recipe."
    return Break(D.RECIPE_DOWNGRADED, stretch.first, stretch.count, notes=[note])


def _between(left: Stretch, right: Stretch, seen: Survey) -> Iterator[Break]:
    profile = seen.log.profile
    sections = profile.sections
    ended = sections is None or left.tail.mark == sections.end
    if begins_anew(right.head, profile) and not ended:
        note = "A chain begins here, and the one before has no mark at its end: a writer that "
        note += "stopped suddenly would leave this; so would records that were cut."
        yield Break(D.SEQUENCE_ANOMALY, right.first, notes=[note])
    if goes_back(left.tail.time, right.head.time, profile):
        found = Break(D.CLOCK_REGRESSION, right.first, 1, str(right.head.time))
        found.notes.append(f"The record before it says {left.tail.time}.")
        yield found


def _repeated(stretch: Stretch, seen: Survey) -> Break | None:
    """Return a chain that stood in the log before; None where it did not."""
    earlier = (s for s in seen.stretches if s.first < stretch.first)
    again = next((s.first for s in earlier if s.head.own == stretch.head.own), None)
    if again is None:
        return None
    note = f"Record {seen.number_of(again):,} carries the same digest."
    found = Break(D.RECORD_DUPLICATED, stretch.first, None, notes=[note])
    found.covers = range(stretch.first, stretch.last + 1)
    return found


def _jump(jumps: Sequence[tuple[Stretch, Stretch]]) -> Break:
    left, right = jumps[0]
    note = f"Links hold, but {_number(right.head)} follows {_number(left.tail)}: two "
    note += "writers or a rotation would leave this; a writer that lost records, too."
    return Break(D.SEQUENCE_ANOMALY, right.first, len(jumps), notes=[note])


def _number(facts: Facts) -> str:
    return "a record without number" if facts.sequence is None else f"number {facts.sequence}"
