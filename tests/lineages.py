"""Lineages for tests, in few words: things by their keys, relations between them, dates by day."""

from datetime import UTC, datetime, timedelta

from workbench.analysis.lineage import Lineage, Placement
from workbench.analysis.of_case import CaseGraph
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.lineage import NodeId
from workbench.model.locator import Locator
from workbench.services.lineage import CaseLineage

K = RelationKind
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float | None) -> datetime | None:
    """Return a day of the year of these tests."""
    return None if number is None else _EPOCH + timedelta(days=number)


def ns(number: float) -> int:
    """Return the same in nanoseconds."""
    return int((_EPOCH + timedelta(days=number)).timestamp()) * 1_000_000_000


def thing(
    key: str,
    kind: str = "dataset",
    *,
    made: float | None = None,
    ended: float | None = None,
    source: int = 1,
    tags: dict[str, str] | None = None,
    fields: dict[str, str] | None = None,
) -> tuple[NodeId, Thing]:
    """Return a thing; ``run`` and ``agent`` are no artifacts."""
    activity = {"run": ThingKind.RUN, "agent": ThingKind.AGENT}.get(kind)
    attributes = [Attribute(AttributeGroup.TAG, *pair) for pair in (tags or {}).items()]
    attributes += [Attribute(AttributeGroup.FIELD, *pair) for pair in (fields or {}).items()]
    return (source, key), Thing(
        activity or ThingKind.ARTIFACT,
        "" if activity else kind,
        key,
        key,
        Locator("catalog.json", pointer=f"/{key}"),
        state=RunState.COMPLETE if ended is not None else RunState.UNKNOWN,
        created=day(made),
        ended=day(ended),
        attributes=tuple(attributes),
    )


def states(
    subject: str,
    kind: RelationKind,
    item: str,
    *,
    at: float | None = None,
    record: int | None = None,
    columns: tuple[str, str] | tuple[()] = (),
    source: int = 1,
    other: int | None = None,
) -> Placement:
    """Return a relation as a source states it."""
    place = Locator("log.jsonl", record=record)
    relation = Relation(kind, subject, item, place, columns=columns, time=day(at))
    return Placement(source, relation, other)


def graph_of(things: list[tuple[NodeId, Thing]], relations: list[Placement]) -> CaseGraph:
    """Return what a case would say."""
    return CaseGraph(dict(things), tuple(relations))


def lineage_of(things: list[tuple[NodeId, Thing]], relations: list[Placement]) -> Lineage:
    """Return its graph."""
    return graph_of(things, relations).lineage()


def case_lineage(things: list[tuple[NodeId, Thing]], relations: list[Placement]) -> CaseLineage:
    """Return the same as a case is asked."""
    graph = graph_of(things, relations)
    return CaseLineage(graph.lineage(), {("log.jsonl", None): 1}, case=graph)
