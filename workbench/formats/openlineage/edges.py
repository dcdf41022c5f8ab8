"""The relations that facets state: of columns, other names of a dataset, parents of a run."""

from collections.abc import Iterator
from typing import NamedTuple

from workbench.evidence.strict_json import JsonValue
from workbench.formats.openlineage.event import (
    DatasetPart,
    Members,
    Name,
    dataset_key,
    escaped,
    facet,
    facets_of,
    job_key,
    name_in,
    run_key,
    text_in,
)
from workbench.model.catalog import RelationKind

#: Facets of a dataset that relate it to others.
STATING = ("columnLineage", "symlinks", "lifecycleStateChange", "lineage")


class Edge(NamedTuple):
    """A relation that something states, not yet at its place in the file.

    Attributes:
        kind: which relation.
        subject: key of the thing that it is about.
        object: key of the other thing.
        pointer: JSON pointer to where it is stated, within what states it.
        role: what the source calls it, or "".
        columns: (own column, column of the other), or ().
        transformation: how the one came from the other, or "".
    """

    kind: RelationKind
    subject: str
    object: str
    pointer: str
    role: str = ""
    columns: tuple[str, str] | tuple[()] = ()
    transformation: str = ""


def edges_of(part: DatasetPart) -> Iterator[Edge]:
    """Yield what the facets of a dataset relate it to."""
    facets, own = facets_of(part.members), dataset_key(part.name)
    if "columnLineage" in facets:
        yield from _columns(own, facet(facets, "columnLineage"))
    if "symlinks" in facets:
        yield from _symlinks(own, facet(facets, "symlinks"))
    if "lifecycleStateChange" in facets:
        yield from _renamed(own, facet(facets, "lifecycleStateChange"))
    if "lineage" in facets:
        yield from _into_dataset(own, facet(facets, "lineage"), "/facets/lineage", None)


def _columns(own: str, lineage: Members) -> Iterator[Edge]:
    fields = lineage.get("fields")
    for column, stated in fields.items() if isinstance(fields, dict) else ():
        members = stated if isinstance(stated, dict) else {}
        pointer = f"/facets/columnLineage/fields/{escaped(column)}"
        usual = text_in(members, "transformationType")
        for origin in _objects(members.get("inputFields")):
            yield from _derived(own, column, origin, pointer, usual)
    for origin in _objects(lineage.get("dataset")):
        # Every column depends on it, as on one that rows were joined or filtered by.
        yield from _derived(own, "", origin, "/facets/columnLineage/dataset")


def _derived(
    own: str, column: str, origin: Members, pointer: str, usual: str = ""
) -> Iterator[Edge]:
    name, other = name_in(origin), text_in(origin, "field")
    if name is not None:
        how = _transformation(origin.get("transformations")) or usual
        columns = (column, other) if column or other else ()
        kind = RelationKind.DERIVED_FROM
        yield Edge(kind, own, dataset_key(name), pointer, "", columns, how)


def _transformation(listed: JsonValue) -> str:
    """Return how a column came from another: ``DIRECT/IDENTITY``, several parted by ``; ``."""
    found = []
    for step in _objects(listed):
        words = [word for part in ("type", "subtype") if (word := text_in(step, part))]
        found.append("/".join(words) + (" masked" if step.get("masking") is True else ""))
    return "; ".join(found)


def _symlinks(own: str, symlinks: Members) -> Iterator[Edge]:
    for n, other in enumerate(_objects(symlinks.get("identifiers"))):
        name = name_in(other)
        if name is not None:
            pointer, role = f"/facets/symlinks/identifiers/{n}", text_in(other, "type")
            yield Edge(RelationKind.ALTERNATE_OF, own, dataset_key(name), pointer, role)


def _renamed(own: str, change: Members) -> Iterator[Edge]:
    before = change.get("previousIdentifier")
    name = name_in(before) if isinstance(before, dict) else None
    if name is not None:
        pointer = "/facets/lifecycleStateChange/previousIdentifier"
        yield Edge(RelationKind.ALTERNATE_OF, own, dataset_key(name), pointer, "renamed from")


def declared_by(job: Name, facets: Members) -> Iterator[Edge]:
    """Yield what a job declares to flow into datasets and jobs (LineageFacet 1-0-0)."""
    for n, entry in enumerate(_objects(facet(facets, "lineage").get("entries"))):
        name, pointer = name_in(entry), f"/facets/lineage/entries/{n}"
        if entry.get("type") == "JOB":
            yield from _into_job(_executed(entry, job), entry, pointer, job)
        elif name is not None:
            yield from _into_dataset(dataset_key(name), entry, pointer, job)


def _into_dataset(own: str, entry: Members, pointer: str, job: Name | None) -> Iterator[Edge]:
    """Yield what flows into a dataset; a source job without a name is ``job`` itself."""
    fields = entry.get("fields")
    columns = {"": entry, **(fields if isinstance(fields, dict) else {})}
    for column, stated in columns.items():
        members = stated if isinstance(stated, dict) else {}
        place = f"{pointer}/fields/{escaped(column)}" if column else f"{pointer}/inputs"
        for source in _objects(members.get("inputs")):
            if source.get("type") != "JOB":
                yield from _derived(own, column, source, place)
            elif maker := _executed(source, job):
                yield Edge(RelationKind.GENERATED, maker, own, place)


def _into_job(own: str, entry: Members, pointer: str, job: Name) -> Iterator[Edge]:
    for source in _objects(entry.get("inputs")):
        name = name_in(source)
        if source.get("type") == "JOB":
            other = _executed(source, job)
            yield Edge(RelationKind.INFORMED_BY, own, other, f"{pointer}/inputs", "declared")
        elif name is not None:
            yield Edge(RelationKind.USED, own, dataset_key(name), f"{pointer}/inputs")


def _executed(entry: Members, job: Name | None) -> str:
    """Return the key of the run that an entry names, else of its job, else of ``job``."""
    run, name = text_in(entry, "runId"), name_in(entry) or job
    if run:
        return run_key(run)
    return job_key(name) if name is not None else ""


def part_of(own: str, facets: Members) -> Edge | None:
    """Return the run that a run says it is part of; None where it names none that could be one."""
    run = facet(facets, "parent").get("run")
    parent = text_in(run, "runId") if isinstance(run, dict) else ""
    if not parent:
        return None
    pointer = "/run/facets/parent/run/runId"
    return Edge(RelationKind.INFORMED_BY, own, run_key(parent), pointer, "parent")


def waited_for(own: str, facets: Members) -> Iterator[Edge]:
    """Yield the runs that had to end before a run could start."""
    for n, other in enumerate(_objects(facet(facets, "jobDependencies").get("upstream"))):
        run = other.get("run")
        before = text_in(run, "runId") if isinstance(run, dict) else ""
        if before:
            pointer = f"/run/facets/jobDependencies/upstream/{n}"
            yield Edge(RelationKind.INFORMED_BY, own, run_key(before), pointer, "upstream")


def _objects(value: JsonValue) -> list[Members]:
    listed = value if isinstance(value, list) else []
    return [entry for entry in listed if isinstance(entry, dict)]
