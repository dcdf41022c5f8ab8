"""Runs: the events of each are folded into one thing, with what it read and wrote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from workbench.evidence.quick_json import plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.formats.openlineage.edges import part_of, waited_for
from workbench.formats.openlineage.event import (
    Event,
    Name,
    dataset_key,
    escaped,
    facets_of,
    job_key,
    run_key,
    text_in,
)
from workbench.formats.openlineage.scan import Spot
from workbench.formats.openlineage.things import KINDS, Telling, parameters, tags, within
from workbench.formats.times import from_iso
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.source import Problem

_STATES = {
    "START": RunState.STARTED,
    "RUNNING": RunState.RUNNING,
    "COMPLETE": RunState.COMPLETE,
    "FAIL": RunState.FAILED,
    "ABORT": RunState.ABORTED,
}
_REPEATED = ("producer", "schemaURL")
#: RFC 9562 section 4, in text.
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


@dataclass(slots=True)
class _Folded:
    """What the events of a run say, the later ones over the earlier ones."""

    facets: dict[str, JsonValue] = field(default_factory=dict)
    places: dict[str, Spot] = field(default_factory=dict)
    history: list[Attribute] = field(default_factory=list)
    repeated: dict[tuple[str, str], Attribute] = field(default_factory=dict)
    edges: dict[tuple[RelationKind, str], tuple[Spot, str]] = field(default_factory=dict)
    jobs: dict[Name, Spot] = field(default_factory=dict)
    state: RunState = RunState.UNKNOWN
    started: datetime | None = None
    ended: datetime | None = None

    def add(self, event: Event, spot: Spot) -> None:
        """Take in the next event in the order of time."""
        if event.job is not None:
            self.jobs.setdefault(event.job, spot)
        for name, value in facets_of(event.members.get("run")).items():
            self.facets[name] = value
            self.places[name] = spot
        for name in _REPEATED:
            said = text_in(event.members, name)
            if said and (name, said) not in self.repeated:
                pointer = within(spot, f"/{name}")
                self.repeated[name, said] = Attribute(AttributeGroup.FIELD, name, said, pointer)
        for part in event.datasets:
            if part.side in KINDS:
                edge = KINDS[part.side], dataset_key(part.name)
                self.edges.setdefault(edge, (spot, part.pointer))
        self._move(event, spot)

    def _move(self, event: Event, spot: Spot) -> None:
        """Take in the state: nothing but another end comes after an end."""
        word, time = text_in(event.members, "eventType"), from_iso(event.members.get("eventTime"))
        pointer = within(spot, "/eventType")
        self.history.append(Attribute(AttributeGroup.FIELD, "eventType", word, pointer, time=time))
        state = _STATES.get(word.upper(), RunState.UNKNOWN)
        if self.started is None or (state is RunState.STARTED and self.state is RunState.UNKNOWN):
            self.started = time
        if state.is_terminal:
            self.state, self.ended = state, time
        elif state is not RunState.UNKNOWN and not self.state.is_terminal:
            self.state = state


def runs(telling: Telling) -> Iterator[CatalogRecord | Problem]:
    """Yield each run, the job it is a run of, its parent, and what it read and wrote."""
    odd = 0
    for run, last in telling.scan.runs.items():
        folded = _Folded()
        for index in telling.scan.events.back_from(last):
            event, spot = telling.event(index)
            folded.add(event, spot)
            yield from telling.stated(event, spot)
        thing = _thing(telling, run, folded)
        yield thing
        yield from _relations(telling, thing.key, folded)
        yield from _before(telling, thing.key, folded)
        odd += not _UUID.fullmatch(run)
    if odd:
        yield _odd_ids(telling, odd)


def _thing(telling: Telling, run: str, folded: _Folded) -> Thing:
    first = telling.scan.events.back_from(telling.scan.runs[run])[0]
    places = {
        name: within(spot, f"/run/facets/{escaped(name)}") for name, spot in folded.places.items()
    }
    facets = (
        Attribute(AttributeGroup.FACET, name, plain_text(value), places[name])
        for name, value in folded.facets.items()
    )
    labels = tags(folded.facets, places["tags"]) if "tags" in places else ()
    given = (
        parameters(folded.facets, places["executionParameters"])
        if "executionParameters" in places
        else ()
    )
    return Thing(
        ThingKind.RUN,
        "openlineage",
        run_key(run),
        run,
        telling.locator(telling.scan.events.spot(first), "/run"),
        state=folded.state,
        created=folded.started,
        ended=folded.ended,
        attributes=(*folded.history, *folded.repeated.values(), *facets, *given, *labels),
    )


def _relations(telling: Telling, key: str, folded: _Folded) -> Iterator[Relation]:
    for job, spot in folded.jobs.items():
        place = telling.locator(spot, "/job")
        kind = RelationKind.ASSOCIATED_WITH
        yield Relation(kind, key, job_key(job), place, role="job", time=spot.time)
    for (kind, dataset), (spot, pointer) in folded.edges.items():
        yield Relation(kind, key, dataset, telling.locator(spot, pointer), time=spot.time)


def _before(telling: Telling, key: str, folded: _Folded) -> Iterator[Relation | Problem]:
    """Yield the runs that a run is part of or waited for."""
    if "jobDependencies" in folded.facets:
        for edge in waited_for(key, folded.facets):
            yield telling.relation(edge, folded.places["jobDependencies"], "")
    if "parent" in folded.facets:
        spot, parent = folded.places["parent"], part_of(key, folded.facets)
        yield telling.relation(parent, spot, "") if parent else _no_parent(telling, spot)


def _no_parent(telling: Telling, spot: Spot) -> Problem:
    place = telling.locator(spot, "/run/facets/parent")
    message = f"{telling.scan.file.display}: record {spot.number} names a parent without a run id."
    return Problem(CatalogProblem.NO_KEY, place, message)


def _odd_ids(telling: Telling, count: int) -> Problem:
    first = next(run for run in telling.scan.runs if not _UUID.fullmatch(run))
    spot = telling.scan.events.spot(telling.scan.runs[first])
    message = (
        f"{telling.scan.file.display}: {count} run id(s) are no UUIDs, "
        f"as the specification asks; the first is {first!r}."
    )
    place = telling.locator(spot, "/run/runId")
    return Problem(CatalogProblem.MALFORMED_VALUE, place, message)
