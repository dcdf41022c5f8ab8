"""Two exports of one catalog: what was added, removed, renamed and changed, value by value.

A thing is the same where its key is. Of those that are left, two are held to be one thing that
was renamed where exactly one on each side has the same digests, URI, name or content, in that
order; where several fit, nothing is concluded. The ends of relations follow renamed things, so
that one rename is one difference.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from workbench.analysis import snapshot
from workbench.analysis.snapshot import Snapshot
from workbench.model.catalog import Relation, Thing
from workbench.model.contract import time_to_json
from workbench.model.difference import About, Change, Compared, Difference, SameBy
from workbench.model.progress import Cancel

_Mark = Callable[[Thing], Hashable]


def _name(thing: Thing) -> Hashable:
    return (thing.namespace, thing.name, thing.version) if thing.name else None


def _uri(thing: Thing) -> Hashable:
    return thing.uri or None


def _digests(thing: Thing) -> Hashable:
    return snapshot.digests(thing) or None


def _content(thing: Thing) -> Hashable:
    return snapshot.content(thing) if thing.attributes else None


_MARKS: Mapping[SameBy, _Mark] = {
    SameBy.DIGEST: _digests,
    SameBy.URI: _uri,
    SameBy.NAME: _name,
    SameBy.CONTENT: _content,
}


def compare(earlier: Snapshot, later: Snapshot, *, cancel: Cancel) -> Compared:
    """Return every difference between two exports of one catalog.

    Raises:
        Cancelled: the user stopped it.
    """
    renamed = _renamed(earlier, later, cancel)
    pairs = _pairs(earlier, later, {old: new for old, (new, _) in renamed.items()})
    found: list[Difference] = []
    same = 0
    for before, after in pairs:
        cancel.check()
        told = list(_of_thing(before, after, renamed))
        same += before is not None and after is not None and not told
        found += told
    edges = _Edges(earlier.relations, later.relations, {o: n for o, (n, _) in renamed.items()})
    found += edges.differences(cancel)
    return Compared("", "", tuple(found), same, edges.same)


def _renamed(earlier: Snapshot, later: Snapshot, cancel: Cancel) -> dict[str, tuple[str, SameBy]]:
    """Return for keys of the earlier export that are gone the new ones, where one alone fits."""
    gone = [thing for key, thing in earlier.things.items() if key not in later.things]
    come = [thing for key, thing in later.things.items() if key not in earlier.things]
    found: dict[str, tuple[str, SameBy]] = {}
    for reason, mark in _MARKS.items():
        cancel.check()
        for old, new in _alone(gone, come, mark):
            found[old.key] = new.key, reason
        taken = {key for key, _ in found.values()}
        gone = [thing for thing in gone if thing.key not in found]
        come = [thing for thing in come if thing.key not in taken]
    return found


def _alone(gone: list[Thing], come: list[Thing], mark: _Mark) -> Iterator[tuple[Thing, Thing]]:
    """Yield pairs of which neither side has another one with the same mark."""
    here, there = _by_mark(gone, mark), _by_mark(come, mark)
    for key, found in here.items():
        others = there.get(key, [])
        if len(found) == len(others) == 1:
            yield found[0], others[0]


def _by_mark(things: Iterable[Thing], mark: _Mark) -> dict[Hashable, list[Thing]]:
    found: dict[Hashable, list[Thing]] = defaultdict(list)
    for thing in things:
        seen = mark(thing)
        if seen is not None:
            found[thing.kind, thing.type, seen].append(thing)
    return found


_Pair = tuple[Thing | None, Thing | None]


def _pairs(earlier: Snapshot, later: Snapshot, renamed: Mapping[str, str]) -> Iterator[_Pair]:
    """Yield each thing of both exports beside what it is in the other one."""
    met = set()
    for key, thing in earlier.things.items():
        other = later.things.get(renamed.get(key, key))
        met |= set() if other is None else {other.key}
        yield thing, other
    yield from ((None, thing) for key, thing in later.things.items() if key not in met)


def _of_thing(
    before: Thing | None, after: Thing | None, renamed: Mapping[str, tuple[str, SameBy]]
) -> Iterator[Difference]:
    known = before or after
    if known is None:
        return
    about = Difference(
        Change.CHANGED,
        About.THING,
        kind=known.type or known.kind.value,
        key=known.key,
        name=known.name,
        earlier=before.locator if before else None,
        later=after.locator if after else None,
    )
    if before is None or after is None:
        yield replace(about, change=Change.ADDED if before is None else Change.REMOVED)
        return
    if before.key != after.key:
        reason = renamed[before.key][1]
        yield replace(
            about, change=Change.RENAMED, before=before.key, after=after.key, same_by=reason
        )
    if (before.kind, before.type) != (after.kind, after.type):
        old, new = (f"{each.kind.value} {each.type}".strip() for each in (before, after))
        yield replace(about, field="field type", before=old, after=new)
    yield from _of_values(about, snapshot.values(before), snapshot.values(after))


def _of_values(
    about: Difference, before: snapshot.Values, after: snapshot.Values
) -> Iterator[Difference]:
    none: Counter[str] = Counter()
    for label in dict.fromkeys([*before, *after]):
        old, new = before.get(label, none), after.get(label, none)
        gone, come = list((old - new).elements()), list((new - old).elements())
        for number in range(max(len(gone), len(come))):
            yield replace(
                about,
                field=label,
                before=gone[number] if number < len(gone) else None,
                after=come[number] if number < len(come) else None,
            )


_Ends = tuple[str, str, str, str, tuple[str, ...]]


@dataclass(slots=True)
class _Edges:
    """Relations of both exports; their ends in the keys of the later one."""

    earlier: list[Relation]
    later: list[Relation]
    renamed: Mapping[str, str]
    same: int = 0

    def differences(self, cancel: Cancel) -> list[Difference]:
        """Return what differs, and count what does not."""
        before, after = self._by_ends(self.earlier, self.renamed), self._by_ends(self.later, {})
        found: list[Difference] = []
        for ends in dict.fromkeys([*before, *after]):
            cancel.check()
            found += self._at(before.get(ends, []), after.get(ends, []))
        return found

    def _by_ends(
        self, relations: list[Relation], renamed: Mapping[str, str]
    ) -> dict[_Ends, list[Relation]]:
        found: dict[_Ends, list[Relation]] = defaultdict(list)
        for each in relations:
            subject = renamed.get(each.subject, each.subject)
            item = renamed.get(each.object, each.object)
            found[each.kind.value, subject, item, each.role, tuple(each.columns)].append(each)
        return found

    def _at(self, before: list[Relation], after: list[Relation]) -> Iterator[Difference]:
        """Yield how relations between the same ends differ; equal ones are taken off first."""
        left = Counter(map(_said, after))
        gone = []
        for relation in before:
            equal = left[_said(relation)] > 0
            left[_said(relation)] -= equal
            self.same += equal
            gone += [] if equal else [relation]
        come = []
        for relation in after:
            if left[_said(relation)] > 0:
                left[_said(relation)] -= 1
                come.append(relation)
        for number in range(max(len(gone), len(come))):
            yield from _of_relation(
                gone[number] if number < len(gone) else None,
                come[number] if number < len(come) else None,
            )


def _said(relation: Relation) -> tuple[str, str, str]:
    """Return what a relation says beyond its ends."""
    stated = "inferred" if relation.inferred else "stated"
    return time_to_json(relation.time) or "", relation.transformation, stated


def _of_relation(before: Relation | None, after: Relation | None) -> Iterator[Difference]:
    known = before or after
    if known is None:
        return
    columns = f" ({' ← '.join(known.columns)})" if known.columns else ""
    role = f" as {known.role}" if known.role else ""
    about = Difference(
        Change.CHANGED,
        About.RELATION,
        kind=known.kind.value,
        key=f"{known.subject} → {known.object}{columns}{role}",
        earlier=before.locator if before else None,
        later=after.locator if after else None,
    )
    if before is None or after is None:
        yield replace(about, change=Change.ADDED if before is None else Change.REMOVED)
        return
    names = ("time", "transformation", "basis")
    for name, old, new in zip(names, _said(before), _said(after), strict=True):
        if old != new:
            yield replace(about, field=f"field {name}", before=old or None, after=new or None)
