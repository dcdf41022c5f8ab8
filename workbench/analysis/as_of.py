"""What stood at a moment: which version was deployed, who had approved it, what nobody recorded.

Logs are replayed by the time that their records claim, up to the moment asked for; a registry is
a snapshot, whose word on a version holds from the last change that it states. Neither is merged
with the other: a log says what was done, a registry what it held.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbench.analysis.acts import Act, meaning_of
from workbench.analysis.approvals import history_of
from workbench.analysis.decisions import Meant, act_of, meant, version_meant, versions
from workbench.model.catalog import Lifecycle, Thing
from workbench.model.event import IndexedEvent
from workbench.model.lineage import NodeId
from workbench.model.moment import nanoseconds


@dataclass(frozen=True, slots=True)
class RegistryWord:
    """What a registry says of a version.

    Attributes:
        node: source and key of the version in it.
        thing: the version as it stands there.
        holds: whether it said so already at the moment: True where its last change is not later;
            False where the version was made later; None where its state then is not recorded.
    """

    node: NodeId
    thing: Thing
    holds: bool | None


@dataclass(frozen=True, slots=True)
class VersionAsOf:
    """A version of a model at a moment.

    Attributes:
        name: of the model, as logs and registries write it.
        version: its number or word.
        registered: the record that registers it, the first one, or None.
        deployed: the latest record that deploys it and that no later one ends, or None.
        retired: the record that ended its latest deployment, or None.
        is_latest: of the deployments of the model that nothing ended, this is the latest.
        approvals: records that approve it and that nothing ended by then.
        registries: what registries say of it.
        doubts: records of it that may be a decision; what they are is not known here.
    """

    name: str
    version: str
    registered: IndexedEvent | None = None
    deployed: IndexedEvent | None = None
    retired: IndexedEvent | None = None
    is_latest: bool = False
    approvals: tuple[IndexedEvent, ...] = ()
    registries: tuple[RegistryWord, ...] = ()
    doubts: tuple[IndexedEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class AsOf:
    """A case as of a moment.

    Attributes:
        at: nanoseconds since 1970-01-01 UTC.
        versions: every version known by then, by model and version.
        undated: decisions that claim no time: they may belong before the moment or after it.
        unnamed: decisions by then whose object names no version.
    """

    at: int
    versions: tuple[VersionAsOf, ...]
    undated: tuple[IndexedEvent, ...] = ()
    unnamed: tuple[IndexedEvent, ...] = ()


def as_of(at: int, decisions: Iterable[IndexedEvent], things: Mapping[NodeId, Thing]) -> AsOf:
    """Return what stood at a moment.

    Args:
        at: nanoseconds since 1970-01-01 UTC; a record of that very moment is taken in.
        decisions: events that decide something, in the order of each log.
        things: what the catalogs of the case describe.
    """
    every = list(decisions)
    until = [e for e in every if e.event.time_ns is not None and e.event.time_ns <= at]
    replay = _Replay()
    for event in sorted(until, key=_moment):
        replay.take(event)
    approved = history_of(until).standing
    registries = _registries(at, things)
    known = dict.fromkeys([*sorted(replay.named), *sorted(registries)])
    latest = replay.latest()
    found = tuple(
        VersionAsOf(
            *which,
            registered=replay.registered.get(which),
            deployed=replay.deployed.get(which),
            retired=replay.retired.get(which),
            is_latest=latest.get(which[0]) == which,
            approvals=tuple(approved.get(which, ())),
            registries=tuple(registries.get(which, ())),
            doubts=tuple(replay.doubts.get(which, ())),
        )
        for which in sorted(known, key=_order)
    )
    undated = tuple(e for e in every if e.event.time_ns is None and _decides(e))
    return AsOf(at, found, undated, tuple(replay.unnamed))


_Which = tuple[str, str]


class _Replay:
    """The records of all logs, one after another."""

    def __init__(self) -> None:
        self.named: set[_Which] = set()
        self.registered: dict[_Which, IndexedEvent] = {}
        self.deployed: dict[_Which, IndexedEvent] = {}
        self.retired: dict[_Which, IndexedEvent] = {}
        self.doubts: dict[_Which, list[IndexedEvent]] = defaultdict(list)
        self.unnamed: list[IndexedEvent] = []

    def take(self, found: IndexedEvent) -> None:
        """Take the next record."""
        act, which = act_of(found), version_meant(found.event.object)
        if act is Act.RETIRE:
            self._retire(found, which, meant(found.event.object))
        if which is None:
            self.unnamed += [found] if act and act is not Act.RETIRE else []
            return
        if act is not None or meaning_of(found.event.action).maybe:
            self.named.add(which)
        if act is Act.REGISTER:
            self.registered[which] = _first(self.registered.get(which), found)
        elif act is Act.DEPLOY:
            self.deployed[which] = _last(self.deployed.get(which), found)
            self.retired.pop(which, None)
        elif act is None and meaning_of(found.event.action).maybe:
            self.doubts[which].append(found)

    def _retire(self, found: IndexedEvent, which: _Which | None, item: Meant) -> None:
        """End the deployment of a version, or of every version of a model that is named alone."""
        ended = [which] if which else [each for each in self.deployed if each[0] == item]
        for each in ended:
            if self.deployed.pop(each, None) is not None:
                self.retired[each] = found

    def latest(self) -> dict[str, _Which]:
        """Return for each model the version whose deployment is the latest that nothing ended."""
        found: dict[str, _Which] = {}
        for which, _ in sorted(self.deployed.items(), key=lambda item: _moment(item[1])):
            found[which[0]] = which
        return found


def _first(known: IndexedEvent | None, found: IndexedEvent) -> IndexedEvent:
    """Return the earlier of two records; of two of one time, the better assured one."""
    if known is None or (_is_copy(known, found) and found.event.level > known.event.level):
        return found
    return known


def _last(known: IndexedEvent | None, found: IndexedEvent) -> IndexedEvent:
    if known and _is_copy(known, found) and known.event.level > found.event.level:
        return known
    return found


def _is_copy(one: IndexedEvent, other: IndexedEvent) -> bool:
    """Tell whether two records, say of two copies of a log, claim one time."""
    return one.event.time_ns == other.event.time_ns


def _moment(found: IndexedEvent) -> tuple[int, int, int]:
    event = found.event
    return event.time_ns or 0, found.source, event.locator.record or 0


def _decides(found: IndexedEvent) -> bool:
    return act_of(found) is not None or bool(meaning_of(found.event.action).maybe)


def _registries(at: int, things: Mapping[NodeId, Thing]) -> dict[_Which, list[RegistryWord]]:
    """Return what registries say of versions that existed, or may have existed, by then."""
    found: dict[_Which, list[RegistryWord]] = defaultdict(list)
    for which, nodes in versions(things).items():
        words = [RegistryWord(node, things[node], _holds(things[node], at)) for node in nodes]
        found[which] += [word for word in words if word.holds is not False]
    return {which: words for which, words in found.items() if words}


def _holds(thing: Thing, at: int) -> bool | None:
    created, changed = (
        None if time is None else nanoseconds(time) for time in (thing.created, thing.ended)
    )
    if created is not None and created > at:
        return False
    if changed is None or changed > at or thing.lifecycle is Lifecycle.UNKNOWN:
        return None
    return True


def _order(which: _Which) -> tuple[str, int, str]:
    """Return by what versions are listed: by number where they are numbers."""
    name, version = which
    return name, int(version) if version.isdecimal() and len(version) < 19 else -1, version


def serving(state: AsOf) -> Iterator[VersionAsOf]:
    """Yield the versions that the logs say were deployed, the latest of each model first."""
    yield from (each for each in state.versions if each.deployed and each.is_latest)
    yield from (each for each in state.versions if each.deployed and not each.is_latest)
