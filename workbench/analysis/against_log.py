"""Catalog against log: what was made, deleted or done to that the other side does not know.

A log that records no creation of datasets says nothing about datasets; what was made before its
first record or after its last it could not record. Such things are counted as not compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from workbench.analysis.acts import Act
from workbench.analysis.decisions import act_of, stands, version_meant
from workbench.analysis.three_sides import Facts, Tally, called, event_place, most_places, word_of
from workbench.analysis.touching import Identity, Naming, Touch, Touching, identity, touch_of
from workbench.model.catalog import ArtifactType, Lifecycle, Thing, ThingKind
from workbench.model.event import IndexedEvent
from workbench.model.lineage import NodeId
from workbench.model.moment import nanoseconds, text_of
from workbench.model.reconciliation import Line, Mismatch

#: What is made and may be looked for in a log; experiments, columns and words are not.
_MADE = frozenset(
    {
        *(ArtifactType.DATASET, ArtifactType.FEATURE_SET, ArtifactType.REGISTERED_MODEL),
        *(ArtifactType.MODEL_VERSION, ArtifactType.LOGGED_MODEL, ArtifactType.FILE),
    }
)
_VERSIONS = frozenset({ArtifactType.MODEL_VERSION})
#: Acts that say that the version they name is there.
_DECIDING = frozenset({Act.REGISTER, Act.APPROVE, Act.DEPLOY, Act.REJECT, Act.REVOKE})


@dataclass(slots=True)
class Touched:
    """What logs say of what: each touch by the artifact, or by the text that names none.

    Attributes:
        by_thing: events of each artifact, in the order of time.
        unknown: events by an object that no catalog knows.
        making: numbers of the logs that record how things of a type are made.
    """

    by_thing: dict[Identity, list[tuple[Touch, IndexedEvent]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    unknown: dict[str, list[IndexedEvent]] = field(default_factory=lambda: defaultdict(list))
    making: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def last(self, who: Identity, *touches: Touch) -> IndexedEvent | None:
        """Return the last event that did one of some things to an artifact."""
        found = (event for touch, event in self.by_thing.get(who, ()) if touch in touches)
        return next(reversed(list(found)), None)


def touched(facts: Facts, tally: Tally) -> Touched:
    """Sort the events of all logs by what they name, in the order of the times that they claim."""
    found, naming = Touched(), Naming(facts.things)
    dated = [event for event in facts.events if event.event.time_ns is not None]
    for event in sorted(dated, key=_moment):
        _take(event, naming, facts, found, tally)
    undated = [e for e in facts.events if e.event.time_ns is None and _meant_types(e)]
    if undated:
        tally.lacks("events claim no time", len(undated))
    return found


def _take(event: IndexedEvent, naming: Naming, facts: Facts, found: Touched, tally: Tally) -> None:
    touching, types = touch_of(event), _meant_types(event)
    item = event.event.object
    if not types and touching is None:
        return
    if not item:
        tally.lacks("events do not say what they are about", 1)
        return
    nodes = naming.find(item)
    for node in nodes:
        thing = facts.things[node]
        if touching is not None and (thing.type in touching.types or not touching.types):
            _note(found, thing, touching.touch, event)
    if nodes or not types:
        return
    if facts.types.isdisjoint(types):
        words = " or ".join(sorted(each.value.replace("_", " ") for each in types & _MADE))
        tally.lacks(f"events name a {words}, and no catalog of the case holds any", 1)
        return
    found.unknown[item].append(event)


def _note(found: Touched, thing: Thing, touch: Touch, event: IndexedEvent) -> None:
    known = found.by_thing[identity(thing)]
    if (touch, event) not in known[-1:]:
        known.append((touch, event))
    if touch is Touch.CREATE:
        found.making[thing.type].add(event.source)


def _meant_types(event: IndexedEvent) -> frozenset[ArtifactType]:
    """Return what an event speaks of, where it says that it is there."""
    if act_of(event) in _DECIDING and version_meant(event.event.object):
        return _VERSIONS
    touching: Touching | None = touch_of(event)
    if touching is None:
        return frozenset()
    if ArtifactType.MODEL_VERSION in touching.types and version_meant(event.event.object):
        return _VERSIONS
    return touching.types


def _moment(found: IndexedEvent) -> tuple[int, int, int]:
    return found.event.time_ns or 0, found.source, found.event.locator.record or 0


def against_log(facts: Facts, found: Touched, tally: Tally) -> None:
    """Hold every artifact against the logs, and every event against the catalogs."""
    groups: dict[Identity, list[NodeId]] = defaultdict(list)
    for node, thing in facts.things.items():
        if thing.kind is ThingKind.ARTIFACT and thing.type in _MADE:
            groups[identity(thing)].append(node)
    kin = _kin(facts)
    for who, nodes in groups.items():
        is_made = any(found.last(each, Touch.CREATE) for each in (who, *kin.get(who, ())))
        tally.lines += [] if is_made else _created(nodes, facts, found, tally)
        tally.compared += is_made
        tally.lines += _deleted(who, nodes, facts, found)
    for item, events in found.unknown.items():
        tally.lines += _unknown(item, events, facts, tally)


def _kin(facts: Facts) -> dict[Identity, set[Identity]]:
    """Return under which other names an artifact is described that is surely the same."""
    found: dict[Identity, set[Identity]] = defaultdict(set)
    for link in facts.alternates.links:
        if link.is_sure and link.one in facts.things and link.other in facts.things:
            one, other = (identity(facts.things[node]) for node in (link.one, link.other))
            found[one].add(other)
            found[other].add(one)
    return found


def _created(nodes: Sequence[NodeId], facts: Facts, found: Touched, tally: Tally) -> Iterator[Line]:
    """Yield an artifact that a log should have seen made and did not."""
    things = [facts.things[node] for node in nodes]
    logs = found.making.get(things[0].type, set())
    word = word_of(things[0])
    if not logs:
        tally.lacks(f"{word}s: no log of the case records that one is made", 1)
        return
    times = [nanoseconds(thing.created) for thing in things if thing.created is not None]
    if not times:
        tally.lacks(f"{word}s: no catalog states when they were made", 1)
        return
    seen = [facts.logs[log] for log in sorted(logs) if facts.logs[log].covers(min(times))]
    if not seen:
        tally.lacks(f"{word}s: made before the first or after the last record of the log", 1)
        return
    tally.compared += 1
    names = ", ".join(log.name for log in seen)
    detail = (
        f"The catalog says that it was made at {text_of(min(times))}; {names} records how "
        f"{word}s are made, goes over that time, and has no such record."
    )
    places = most_places(facts.place(node) for node in nodes)
    yield Line(Mismatch.NO_CREATION_EVENT, word, called(things[0]), detail, places=places)


def _deleted(
    who: Identity, nodes: Sequence[NodeId], facts: Facts, found: Touched
) -> Iterator[Line]:
    """Yield an artifact that the log says was deleted, where a catalog says that it stands."""
    event = found.last(who, Touch.CREATE, Touch.DELETE)
    if event is None or event is not found.last(who, Touch.DELETE):
        return
    moment = event.event.time_ns or 0
    still = [node for node in nodes if facts.things[node].lifecycle is not Lifecycle.DELETED]
    still = [node for node in still if not _made_after(facts.things[node], moment)]
    if not still:
        return
    thing = facts.things[still[0]]
    older = [node for node in still if _is_older(facts, node, moment)]
    doubt = ""
    if len(older) == len(still):
        name = facts.catalogs[older[0][0]].name
        doubt = f"Nothing in {name} is dated after that: it may have been exported before."
    detail = f"{event.event.actor or 'Nobody named'} deleted it at {text_of(moment)}."
    places = (event_place(event), *(facts.place(node) for node in still))
    yield Line(
        Mismatch.DELETED_BUT_IN_CATALOG, word_of(thing), called(thing), detail,
        doubt=doubt or _broken([event]), places=most_places(places),
    )  # fmt: skip


def _made_after(thing: Thing, moment: int) -> bool:
    return thing.created is not None and nanoseconds(thing.created) > moment


def _is_older(facts: Facts, node: NodeId, moment: int) -> bool:
    return node[0] in facts.latest and facts.latest[node[0]] < moment


def _unknown(
    item: str, events: Sequence[IndexedEvent], facts: Facts, tally: Tally
) -> Iterator[Line]:
    """Yield what a log speaks of and no catalog describes, unless the log says it was deleted."""
    tally.compared += 1
    touches = [touching.touch for event in events if (touching := touch_of(event))]
    if touches and touches[-1] is Touch.DELETE:
        return
    first = events[0]
    said = ", ".join(dict.fromkeys(event.event.action for event in events))
    count = f"{len(events):,} events" if len(events) > 1 else "1 event"
    detail = f"{count} ({said}), the first at {text_of(first.event.time_ns or 0)}."
    kind = _kind(events)
    yield Line(
        Mismatch.UNKNOWN_ARTIFACT, kind, item, detail,
        doubt=_too_new(events, facts) or _broken(events),
        places=most_places(map(event_place, events)),
    )  # fmt: skip


def _kind(events: Iterable[IndexedEvent]) -> str:
    types = frozenset[ArtifactType]().union(*(_meant_types(event) for event in events))
    named = sorted(types & _MADE)
    return named[0].replace("_", " ") if len(named) == 1 else "artifact"


def _too_new(events: Sequence[IndexedEvent], facts: Facts) -> str:
    """Say that every catalog may be older than the first event, where each is."""
    moment = events[0].event.time_ns or 0
    if not facts.latest or any(time >= moment for time in facts.latest.values()):
        return ""
    return "Nothing in the catalogs is dated after that: they may have been exported before."


def _broken(events: Sequence[IndexedEvent]) -> str:
    if any(map(stands, events)):
        return ""
    return "What the log says there does not agree with its own protection data."


def changes(found: Touched, who: Identity) -> bool:
    """Tell whether a log records that an artifact was changed, or made more than once."""
    touches = [touch for touch, _ in found.by_thing.get(who, ())]
    return Touch.CHANGE in touches or touches.count(Touch.CREATE) > 1
