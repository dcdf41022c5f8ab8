"""The second pass: things and relations, told once everything that was said of each is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import BinaryIO

from workbench.evidence.json_records import RawRecord
from workbench.evidence.quick_json import json_text, plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.formats.openlineage.edges import STATING, Edge, declared_by, edges_of
from workbench.formats.openlineage.event import (
    Event,
    Members,
    Name,
    dataset_key,
    escaped,
    event_of,
    facet,
    facets_of,
    job_key,
    text_in,
)
from workbench.formats.openlineage.scan import FACETS, Known, Said, Scan, Spot
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogRecord,
    Lifecycle,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.locator import Locator
from workbench.model.progress import Cancel

KINDS = {"inputs": RelationKind.USED, "outputs": RelationKind.GENERATED}
#: Schemes of namespaces whose datasets are models.
_REGISTRIES = {"mlflow"}
#: Types of datasets that are what a model said, and of jobs that ask one.
_PREDICTIONS = {"PREDICTION", "PREDICTIONS"}
_INFERENCE = {"INFERENCE", "BATCH_INFERENCE", "PREDICTION", "SCORING"}


@dataclass(slots=True)
class Telling:
    """Tells of the things of a scan; each event is read again where it lies.

    Attributes:
        scan: what the first pass found.
        stream: the opened file.
        cancel: checked once an event.
    """

    scan: Scan
    stream: BinaryIO
    cancel: Cancel
    _types: dict[Name, str] = field(default_factory=dict)
    _told: set[tuple[str, ...]] = field(default_factory=set)
    _stated: dict[tuple[str, ...], bytes] = field(default_factory=dict)

    def event(self, index: int) -> tuple[Event, Spot]:
        """Return an event and where it lies.

        Raises:
            SourceError: the file is not any more what the first pass read.
        """
        self.cancel.check()
        spot = self.scan.events.spot(index)
        self.stream.seek(spot.offset)
        record = RawRecord(spot.number, spot.offset, self.stream.read(spot.length))
        event = event_of(self.scan.parsed(record), [])
        if event is None:
            raise self.scan.file.changed()
        return event, spot

    def jobs(self) -> Iterator[CatalogRecord]:
        """Yield the jobs that an event is about; those seen only as parents are none of them."""
        for name, known in self.scan.jobs.items():
            facets, attributes = self._said(known)
            kind = self._types[name] = text_in(facet(facets, "jobType"), "jobType")
            yield Thing(
                ThingKind.JOB,
                kind,
                job_key(name),
                name[1],
                self.locator(self.scan.events.spot(known.first), known.pointer),
                namespace=name[0],
                owner=owners(facets),
                uri=text_in(facet(facets, "sourceCodeLocation"), "url"),
                attributes=attributes,
            )

    def datasets(self) -> Iterator[CatalogRecord]:
        """Yield the datasets."""
        for name, known in self.scan.datasets.items():
            facets, attributes = self._said(known)
            change = text_in(facet(facets, "lifecycleStateChange"), "lifecycleStateChange")
            yield Thing(
                ThingKind.ARTIFACT,
                ArtifactType.DATASET,
                dataset_key(name),
                name[1],
                self.locator(self.scan.events.spot(known.first), known.pointer),
                namespace=name[0],
                version=text_in(facet(facets, "version"), "datasetVersion"),
                lifecycle=Lifecycle.DELETED if change == "DROP" else Lifecycle.UNKNOWN,
                lifecycle_raw=change,
                owner=owners(facets),
                uri=text_in(facet(facets, "dataSource"), "uri"),
                attributes=(*attributes, *self._concluded(name, known, facets)),
            )

    def others(self) -> Iterator[CatalogRecord]:
        """Yield what events that are about no run say of jobs and datasets."""
        for index in self.scan.others:
            event, spot = self.event(index)
            for part in event.datasets:
                if event.job is not None and part.side in KINDS:
                    subject, target = job_key(event.job), dataset_key(part.name)
                    edge = Edge(KINDS[part.side], subject, target, part.pointer)
                    yield from self._new([edge], spot, "")
            yield from self.stated(event, spot)

    def stated(self, event: Event, spot: Spot) -> Iterator[Relation]:
        """Yield the relations that the facets of an event state, each once in the file."""
        for part in event.datasets:
            facets = facets_of(part.members)
            stating = [facets[name] for name in STATING if name in facets]
            if stating and self._is_news(part.name, stating):
                yield from self._new(edges_of(part), spot, part.pointer)
        if event.job is not None:
            facets = facets_of(event.members["job"])
            if "lineage" in facets and self._is_news(("", *event.job), facets["lineage"]):
                yield from self._new(declared_by(event.job, facets), spot, "/job")

    def relation(self, edge: Edge, spot: Spot, pointer: str) -> Relation:
        """Return an edge as a relation, stated below ``pointer``."""
        return Relation(
            edge.kind,
            edge.subject,
            edge.object,
            self.locator(spot, pointer + edge.pointer),
            edge.role,
            edge.columns,
            edge.transformation,
            spot.time,
        )

    def locator(self, spot: Spot, pointer: str | None) -> Locator:
        """Return the place of a part of an event."""
        file = self.scan.file
        return Locator(file.path, file.member, spot.number, spot.offset, spot.length, pointer)

    def _is_news(self, about: tuple[str, ...], said: JsonValue) -> bool:
        """Tell whether something is not what was said last time: producers repeat themselves."""
        digest = sha256(json_text(said).encode()).digest()
        if self._stated.get(about) == digest:
            return False
        self._stated[about] = digest
        return True

    def _new(self, edges: Iterable[Edge], spot: Spot, pointer: str) -> Iterator[Relation]:
        for edge in edges:
            told = (edge.kind, edge.subject, edge.object, edge.role, *edge.columns)
            if told not in self._told:
                self._told.add(told)
                yield self.relation(edge, spot, pointer)

    def _said(self, known: Known) -> tuple[Members, tuple[Attribute, ...]]:
        """Return the latest facets of a job or dataset, and all that was said as attributes."""
        facets: dict[str, JsonValue] = {}
        attributes: list[Attribute] = []
        by_event = sorted(known.said.values(), key=lambda said: said.event)
        for index, said_there in groupby(by_event, key=lambda said: said.event):
            event, spot = self.event(index)
            for said in said_there:
                value = _found(event.members, said)
                if said.holder == FACETS[0]:
                    facets[said.name] = value
                attributes.append(_attribute(said, value, spot))
                if said.name == "tags":
                    attributes.extend(tags(facets, attributes[-1].pointer))
        return facets, tuple(attributes)

    def _concluded(self, name: Name, known: Known, facets: Members) -> Iterator[Attribute]:
        """Yield what we take a dataset for; its type stays what the format calls it."""
        scheme = name[0].partition(":")[0].lower()
        stated = text_in(facet(facets, "datasetType"), "datasetType").upper()
        jobs = [self._types.get(job, "").upper() for job in known.writers]
        if scheme in _REGISTRIES:
            kind, reason = ArtifactType.REGISTERED_MODEL, f"namespace scheme {scheme}"
        elif stated == "MODEL":
            kind, reason = ArtifactType.LOGGED_MODEL, "dataset type MODEL"
        elif stated in _PREDICTIONS:
            kind, reason = ArtifactType.PREDICTIONS, f"dataset type {stated}"
        elif "TRAINING" in jobs:
            kind, reason = ArtifactType.LOGGED_MODEL, "written by a job of type TRAINING"
        elif inference := next((job for job in jobs if job in _INFERENCE), ""):
            kind, reason = ArtifactType.PREDICTIONS, f"written by a job of type {inference}"
        else:
            return
        yield Attribute(AttributeGroup.FIELD, "inferred_type", kind.value)
        yield Attribute(AttributeGroup.FIELD, "inferred_from", reason)


def _found(event: Members, said: Said) -> JsonValue:
    """Return what was said at a place of an event."""
    value: JsonValue = dict(event)
    for step in (*said.pointer.split("/")[1:], None):
        if step is None:
            return value.get(said.name) if isinstance(value, dict) else None
        if isinstance(value, list):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
    return None


def _attribute(said: Said, value: JsonValue, spot: Spot) -> Attribute:
    group = AttributeGroup.FACET if said.holder else AttributeGroup.FIELD
    return Attribute(
        group, said.name, plain_text(value), within(spot, f"{said.pointer}/{escaped(said.name)}")
    )


def within(spot: Spot, pointer: str) -> str:
    """Return a place in some event of the file: record, byte offset, length, JSON pointer."""
    return f"{spot.number}@{spot.offset}+{spot.length}#{pointer}"


def tags(facets: Members, place: str) -> Iterator[Attribute]:
    """Yield the tags that a facet lists; ``place`` is where the facet stands."""
    yield from _pairs(AttributeGroup.TAG, facet(facets, "tags"), "tags", place)


def parameters(facets: Members, place: str) -> Iterator[Attribute]:
    """Yield the parameters that a facet lists; ``place`` is where the facet stands."""
    stated = facet(facets, "executionParameters")
    yield from _pairs(AttributeGroup.PARAM, stated, "parameters", place)


def _pairs(group: AttributeGroup, stated: Members, name: str, place: str) -> Iterator[Attribute]:
    listed = stated.get(name)
    for n, pair in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(pair, dict) and text_in(pair, "key"):
            value = plain_text(pair.get("value"))
            yield Attribute(group, text_in(pair, "key"), value, f"{place}/{name}/{n}")


def owners(facets: Members) -> str:
    """Return the names of the owners that a facet states."""
    listed = facet(facets, "ownership").get("owners")
    stated: Iterable[JsonValue] = listed if isinstance(listed, list) else ()
    names = (text_in(owner, "name") for owner in stated if isinstance(owner, dict))
    return ", ".join(name for name in names if name)
