"""Say what broke a chain, and where: one tampering, one diagnosis (VERDICTS section 4).

The log is a row of nodes, each linked within. The walk holds the tail of the chain and asks of
each node in file order whether it follows. Where it does not:

1. its first record is altered and would follow with its previous digest restored: no break;
2. a node passed over earlier follows: records were moved;
3. a later node follows: the nodes between were inserted, repeated, forked or moved;
4. its first record is altered and points nowhere: no break beside the alteration;
5. it points back into the chain: what lies between was inserted, or it is a second branch;
6. it points nowhere: numbers, holes or anchors decide between deletion and rewriting.

After a break the walk goes on from the node's own end, so that one tampering is told once.
"""

from collections import defaultdict

from workbench.model.profile import Beginning
from workbench.model.verdict import DiagnosisClass
from workbench.verify.chain.breaks import Break, Spans, Stated, in_order
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.facts import ALTERED, MALFORMED, Stretch
from workbench.verify.chain.gaps import Gap, settle
from workbench.verify.chain.nodes import (
    Node,
    Pool,
    Tail,
    first_above,
    groups,
    last_below,
    newest_first,
    nodes_of,
)
from workbench.verify.chain.oddities import oddities
from workbench.verify.chain.reading import MalformedError
from workbench.verify.chain.survey import Survey

D = DiagnosisClass
#: Records of a repeated block that are compared with those they repeat, one by one.
MOST_COMPARED = 4096


class Diagnostician:
    """Walks the nodes of a surveyed log once; ``breaks`` is what it found."""

    def __init__(
        self, survey: Survey, engine: Engine, places: dict[str, tuple[int, ...]], stated: Stated
    ) -> None:
        self.breaks: list[Break] = []
        self._survey = survey
        self._engine = engine
        self._places = places
        self._stated = stated
        self._profile = engine.profile
        self._nodes = nodes_of(survey.stretches)
        self._pool = Pool()
        self._by_previous: dict[str | None, list[int]] = defaultdict(list)
        for node in self._nodes:
            if not node.hole:
                self._by_previous[node.previous].append(node.index)
        self._tail = Tail(frozenset({self._genesis()}))
        self._moved: dict[int, tuple[int, int]] = {}
        self._gaps: list[Gap] = []

    def walk(self) -> list[Break]:
        """Return all breaks of links, and all records that are bad by themselves."""
        if self._survey.overflow and newest_first(self._nodes):
            self._tellnewest_first()
            return sorted(self.breaks, key=in_order)
        self._find_start()
        index = 0
        while index < len(self._nodes):
            index = self._step(self._nodes[index])
        self._drain()
        self._leftovers()
        told = settle(self._gaps, self.breaks, self._stated, self._survey)
        self.breaks += list(told)
        self._own_faults()
        self.breaks += list(oddities(self._nodes, self._survey, self.breaks))
        return sorted(self.breaks, key=in_order)

    def _find_start(self) -> None:
        """Start where nothing in the log leads to, if not at genesis: the first may be moved."""
        heads = [node for node in self._nodes if not (node.hole or node.altered_head)]
        if not heads or not self._known(heads[0].previous):
            return
        if any(node.previous == self._genesis() for node in heads):
            return
        start = next((node for node in heads if not self._known(node.previous)), None)
        if start is not None:
            self._tell_head(start)
            self._tail = Tail(frozenset({start.previous}))

    def _tellnewest_first(self) -> None:
        """Tell an export in the other order, where its records are more than are put in order."""
        last = self._nodes[-1].last
        note = f"Each of the first {last:,} records points at the one after it: the export is in "
        note += "the other order, newest first. Those after record {:,} were not put in order."
        found = Break(D.RECORDS_REORDERED, 1, last, notes=[note.format(last)])
        self._own_faults()
        self.breaks.append(found)

    def _genesis(self) -> str | None:
        first = self._parsed(1)
        return self._engine.genesis(first[0] if first else {})

    def _parsed(self, number: int) -> tuple[dict[str, object], bytes] | None:
        found = self._survey.record(number)
        try:
            return None if found is None else (self._engine.parse(found[1]), found[1])
        except MalformedError:
            return None

    def _step(self, node: Node) -> int:
        """Handle one node; return the index of the next."""
        tail = self._tail
        if node.hole:
            tail.holes += node.count
            return node.index + 1
        if node.previous in tail.ends or self._relinks(node):
            return self._accept(node)
        moved = self._pool.take(tail.ends)
        if moved is not None:
            self._take_back(moved, node.first - 1)
            return node.index
        resumed = self._resumption(node)
        if resumed is not None:
            self._pass_over(node.index, resumed)
            return resumed
        return self._unfitting(node)

    def _accept(self, node: Node) -> int:
        self._tail = Tail(frozenset(node.ends), node.last, node)
        return node.index + 1

    def _relinks(self, node: Node) -> bool:
        """Tell whether an altered first record is right with its previous digest restored."""
        if not node.altered_head or not self._engine.recomputable:
            return False
        found = self._parsed(node.first)
        return found is not None and any(
            end is not None and self._engine.recompute(*found, previous=end) == node.own
            for end in self._tail.ends
        )

    def _resumption(self, node: Node) -> int | None:
        """Return the index of a later node that follows the tail."""
        starts = self._tail.record == 0 and self._profile.genesis.restarts
        if starts and not self._known(node.previous):
            return None  # what starts from genesis further on may be a restart
        following = (self._by_previous.get(end, []) for end in self._tail.ends)
        later = (first_above(indices, node.index) for indices in following)
        return min((index for index in later if index is not None), default=None)

    def _pass_over(self, start: int, end: int) -> None:
        for node in self._nodes[start:end]:
            self._pool.add(node, episode=start)

    def _take_back(self, node: Node, end: int) -> None:
        """Accept a node that was passed over: it was moved, within the records up to ``end``."""
        episode = self._pool.episodes[node.index]
        first = min(node.first, self._moved.get(episode, (node.first, 0))[0])
        self._moved[episode] = (first, end)
        self._accept(node)

    def _unfitting(self, node: Node) -> int:
        """Handle a node that nothing in the log leads to from the tail."""
        again = self._repeats(node) if self._tail.record else None
        if again is not None:
            return self._step_over_repeat(node, again)
        back = last_below(self._known(node.previous), node.first)
        if back is not None and self._pool.holds(back):
            self._pool.add(node, episode=node.index)
            return node.index + 1
        if back is not None:
            self._tell_branch(node, back)
        elif node.altered_head:
            pass
        elif self._tail.record == 0:
            self._tell_head(node)
        elif node.previous in {self._genesis(), self._nodes[0].previous}:
            self._tell_restart(node)
        else:
            self._tell_gap(node)
        return self._accept(node)

    def _known(self, digest: str | None) -> tuple[int, ...]:
        return () if digest is None else self._places.get(digest, ())

    def _repeats(self, node: Node) -> int | None:
        """Return the number of another record with the same digest as the first of ``node``."""
        known = self._known(node.own)
        if node.altered_head or not known:
            return None
        return next((n for n in (known[0], known[-1]) if not node.first <= n <= node.last), None)

    def _step_over_repeat(self, node: Node, again: int) -> int:
        """Tell repeated records; the chain may go on within the node, after the last of them."""
        ends = (last_below(self._known(end), node.last + 1) for end in self._tail.ends)
        last = next((n for n in ends if n is not None and n >= node.first), None)
        if last is None:
            self._tell_repeat(node, again, node.last)
            return node.index + 1
        self._tell_repeat(node, again, last)
        return self._accept(node)

    def _tell_repeat(self, node: Node, again: int, last: int) -> None:
        end = self._last_repeated(node.first, again, last)
        other = self._survey.number_of(min(node.first, again))
        note = f"Record {other} carries the same digest."
        place, count = max(node.first, again), end - node.first + 1
        found = Break(D.RECORD_DUPLICATED, place, count, notes=[note])
        found.covers = range(node.first, end + 1)
        self.breaks.append(found)
        if end < last:
            new, old = self._survey.number_of(end + 1), self._survey.number_of(end)
            note = f"Record {new:,} is new, and follows record {old:,}, which is repeated."
            branch = Break(D.FORK, end + 1, last - end, notes=[note])
            branch.covers = range(end + 1, last + 1)
            self.breaks.append(branch)

    def _last_repeated(self, first: int, again: int, last: int) -> int:
        """Return the last record from ``first`` on that repeats, one by one, those at ``again``."""
        last_compared = min(last, first + MOST_COMPARED - 1)
        here = [self._survey_own(n) for n in range(first, last_compared + 1)]
        there = [self._survey_own(again + n) for n in range(len(here))]
        pairs = enumerate(zip(here, there, strict=True))
        return next((first + n - 1 for n, (own, other) in pairs if own != other), last)

    def _tell_branch(self, node: Node, back: int) -> None:
        """Tell records inserted before ``node`` from a second branch that begins with it."""
        writers = (
            f"Record {self._survey.number_of(node.first):,} points back at record "
            f"{self._survey.number_of(back):,}. Two writers that append at the "
            "same time would leave this too; the log alone does not tell."
        )
        rest = self._survey.records - node.first + 1
        self.breaks.append(self._skipped(node, back, rest, writers))

    def _skipped(self, node: Node, back: int, rest: int, note: str) -> Break:
        """Return what it means that ``node`` follows record ``back``: the fewer are the forged."""
        skipped = node.first - 1 - back
        shown = self._stated.shown_before(node.first) == -skipped
        if self._stated.holds(back + 1, node.first - 1) or not (shown or skipped <= rest):
            return Break(D.FORK, node.first, node.count, notes=[note])
        found = Break(D.RECORD_INSERTED, back + 1, skipped, notes=[note])
        found.covers = range(back + 1, node.first)
        found.stored = self._survey_own(back + 1)
        return found

    def _survey_own(self, number: int) -> str:
        found = self._parsed(number)
        return "" if found is None else self._engine.own(found[0]) or ""

    def _tell_head(self, node: Node) -> None:
        if self._tail.holes:
            return
        start, number = self._profile.sequence.start, node.stretches[0].head.sequence
        found = Break(D.HEAD_TRUNCATED, 1, stored=node.previous or "")
        found.recomputed = self._genesis() or ""
        match self._profile.genesis.otherwise:
            case Beginning.PRUNED:
                found.notes.append("The profile says that old records may be pruned.")
            case Beginning.CONTINUED:
                found.notes.append("The profile says that a log continues the one before it.")
            case Beginning.TRUNCATED:
                found.notes.append("Rotation would leave this too: look for the file before it.")
        if start is None or number is None:
            self._gaps.append(Gap(found, 0))
        else:
            found.count = max(number - start, 0) or None
            self.breaks.append(found)

    def _tell_restart(self, node: Node) -> None:
        if self._tail.holes:
            return
        if self._profile.genesis.restarts and node.previous == self._genesis():
            note = "The chain starts again here, which the profile allows; whether records before "
            found = Break(D.SEQUENCE_ANOMALY, node.first, notes=[note + "were cut is not shown."])
            found.stored = node.previous or ""
        else:
            note = f"Record {self._survey.number_of(node.first):,} points at what the first record "
            note += "of a log points at: two logs put together in one file would leave this."
            found = self._skipped(node, 0, node.count, note)
            found.stored = found.stored or node.previous or ""
        self.breaks.append(found)

    def _tell_gap(self, node: Node) -> None:
        """Decide by numbers between deletion and rewriting where a link points nowhere."""
        tail, missing = self._tail, self._missing(node)
        excused = bool(tail.holes) or tail.blind
        found = Break(D.LINK_BROKEN, node.first, stored=node.previous or "")
        found.recomputed = self._end()
        if missing is None:
            self._gaps.append(Gap(found, tail.record, excused))
        elif missing > 0:
            found.kind, found.count = D.RECORDS_DELETED, missing
            found.notes.append(f"The numbers of the records show that {missing} are missing here.")
            self.breaks.append(found)
        elif not excused:
            found.kind, found.record = D.RECORD_REWRITTEN, tail.record
            found.stored, found.recomputed = self._end(), node.previous or ""
            found.notes.append(
                "The numbers of the records show that none is missing here, but record "
                f"{self._survey.number_of(node.first):,} points at another digest than record "
                f"{self._survey.number_of(tail.record):,} has now. "
                "Records just before that one may have been rewritten with it."
            )
            self.breaks.append(found)

    def _end(self) -> str:
        node = self._tail.node
        return "" if node is None else node.stretches[-1].tail.own or ""

    def _missing(self, node: Node) -> int | None:
        """Return how many records numbers show to be missing before ``node``; None: undecided.

        The number of a record minus its place in the file stays the same in a whole log. The
        first number of the node before is preferred: a rewritten last record may lie.
        """
        before = self._tail.node
        if before is None or not self._profile.sequence.gap_free:
            return None
        skew, first, last = node.first_skew, before.first_skew, before.last_skew
        if skew is None or last is None:
            return None
        known = 0 if skew in {first, last} else skew - last
        return known if known >= 0 else None

    def _drain(self) -> None:
        """Accept what was passed over and follows the end of the file."""
        while (moved := self._pool.take(self._tail.ends)) is not None:
            self._take_back(moved, self._survey.records)

    def _leftovers(self) -> None:
        """Tell what was passed over: moved back into its place, or never needed."""
        for first, end in self._moved.values():
            self.breaks.append(Break(D.RECORDS_REORDERED, first, end - first + 1))
        for group in groups(node for node in self._pool.nodes if not node.hole):
            again = self._repeats(group[0])
            if again is not None:
                self._tell_repeat(group[0], again, group[-1].last)
            elif len(group) > 1:
                self._tell_fork(group)
            else:
                self._tell_inserted(group[0])

    def _tell_fork(self, group: list[Node]) -> None:
        note = "Two branches grow side by side. Two writers that append at the same time would "
        note += "leave this too; the log alone does not tell."
        found = Break(D.FORK, group[0].first, sum(node.count for node in group), notes=[note])
        found.covers = range(group[0].first, group[0].last + 1)
        self.breaks.append(found)

    def _tell_inserted(self, node: Node) -> None:
        found = Break(D.RECORD_INSERTED, node.first, node.count, stored=node.own or "")
        found.notes.append("The chain goes on past it: no record points at it.")
        found.covers = range(node.first, node.last + 1)
        self.breaks.append(found)

    def _own_faults(self) -> None:
        """Tell records that are bad by themselves and not told yet."""
        told = Spans(found.covers for found in self.breaks)
        for stretch in self._survey.stretches:
            if stretch.problem and stretch.first not in told:
                self._tell_fault(stretch)

    def _tell_fault(self, stretch: Stretch) -> None:
        last = self.breaks[-1] if self.breaks else None
        facts = stretch.head
        if stretch.problem == MALFORMED and last is not None and _goes_on(last, stretch):
            last.count = (last.count or 1) + 1
            return
        kind = D.RECORD_ALTERED if stretch.problem == ALTERED else D.MALFORMED_RECORD
        found = Break(kind, stretch.first, 1, *facts.values, guard=facts.guard)
        found.previous = facts.previous
        found.notes.append(f"Why: {facts.reason.rstrip('.')}.")
        self.breaks.append(found)


def _goes_on(last: Break, stretch: Stretch) -> bool:
    """Tell whether a record that cannot be parsed stands right after another."""
    end = (last.record or 0) + (last.count or 1)
    return last.kind is D.MALFORMED_RECORD and end == stretch.first
