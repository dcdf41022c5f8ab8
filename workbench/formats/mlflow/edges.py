"""What MLflow's own objects say of each other, wherever they stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from workbench.errors import SourceError
from workbench.evidence.strict_json import JsonValue
from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.entities import workspace_of
from workbench.formats.mlflow.lists import seen
from workbench.formats.mlflow.words import (
    HISTORY_TAG,
    PARENT_TAG,
    TOMBSTONE,
    VERSIONS_TAG,
    copied_from,
    entries_in,
    recorded,
    recorded_key,
    run_in,
    version_in,
)
from workbench.formats.part import Part
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    Attribute,
    CatalogProblem,
    CatalogRecord,
    Relation,
    RelationKind,
)
from workbench.model.locator import Locator
from workbench.model.source import Problem

#: Where a tag stands: in the same file as what it is of, or in one of its own.
At = Callable[[Attribute], Locator]


def of_run(
    book: Book, info: Part, key: str, tags: Sequence[Attribute], at: At
) -> Iterator[CatalogRecord]:
    """Yield what a run belongs to, its parent, and the models that a tag of it lists."""
    sheet = info.sheet
    experiment = seen(info, "experiment_id")
    if experiment:
        target = key_of("experiment", experiment)
        place = info.at("experiment_id")
        yield sheet.relation(RelationKind.MEMBER_OF, key, target, place)
    for tag in tags:
        if tag.name == PARENT_TAG:
            parent = key_of("run", tag.value)
            yield Relation(RelationKind.INFORMED_BY, key, parent, at(tag), "parent")
        if tag.name == HISTORY_TAG:
            yield from _recorded(book, info, key, tag, at(tag))


def _recorded(
    book: Book, info: Part, key: str, tag: Attribute, place: Locator
) -> Iterator[CatalogRecord]:
    run = seen(info, "run_id") or seen(info, "run_uuid")
    for n, entry in enumerate(_entries(info, tag, place)):
        model = recorded_key(run, entry, n)
        if model in book.known:
            what = f"names {model} a second time and is not read"
            info.sheet.note(_problem(CatalogProblem.DUPLICATE_KEY, place, what))
            continue
        book.known.add(model)
        yield recorded(model, entry, replace(place, pointer=f"{place.pointer or ''}/{n}"))
        yield Relation(RelationKind.GENERATED, key, model, place, HISTORY_TAG)


def _entries(part: Part, tag: Attribute, place: Locator) -> list[dict[str, JsonValue]]:
    try:
        return entries_in(tag.value, tag.name)
    except SourceError as error:
        what = f"should hold a JSON list: {error}".removesuffix(".")
        part.sheet.note(_problem(CatalogProblem.MALFORMED_VALUE, place, what))
        return []


def _problem(code: str, place: Locator, what: str) -> Problem:
    return Problem(code, place, " ".join(f"{place} {what}.".split()))


def of_logged_model(info: Part, key: str, tags: Sequence[Attribute], at: At) -> Iterator[Relation]:
    """Yield the run that logged a model, what it belongs to, and the versions made of it."""
    sheet = info.sheet
    run, experiment = seen(info, "source_run_id"), seen(info, "experiment_id")
    if run:
        subject, place = key_of("run", run), info.at("source_run_id")
        yield sheet.relation(RelationKind.GENERATED, subject, key, place, "source run")
    if experiment:
        target, place = key_of("experiment", experiment), info.at("experiment_id")
        yield sheet.relation(RelationKind.MEMBER_OF, key, target, place)
    for tag in tags:
        for entry in _entries(info, tag, at(tag)) if tag.name == VERSIONS_TAG else ():
            subject, kind = version_in(entry), RelationKind.DERIVED_FROM
            if subject:
                yield Relation(kind, subject, key, at(tag), VERSIONS_TAG)


def measured_on(
    book: Book, info: Part, key: str, named: Iterable[tuple[str, str, Locator]]
) -> Iterator[Relation]:
    """Yield an edge for each dataset, by name and digest, that a metric of a model names."""
    told: set[str] = set()
    experiment = seen(info, "experiment_id")
    for name, digest, place in named:
        known = book.datasets.get((experiment, name, digest), "")
        target = known or key_of("dataset", name, digest)
        if name and target not in told:
            told.add(target)
            role = "same name and digest" if known else ""
            kind = RelationKind.EVALUATED_ON
            yield Relation(kind, key, target, place, role, inferred=bool(role))


def of_version(part: Part, key: str, model: str) -> Iterator[Relation]:
    """Yield the model of a version, the run that made it, and the model that it is a copy of."""
    sheet, space = part.sheet, workspace_of(part)
    yield sheet.relation(RelationKind.SPECIALIZATION_OF, key, model, part.at("name"))
    if part.see("current_stage") == TOMBSTONE:
        return
    run, source = seen(part, "run_id"), seen(part, "source")
    if run:
        subject, place = key_of("run", run), part.at("run_id")
        yield sheet.relation(RelationKind.GENERATED, subject, key, place)
    elif named := run_in(source):
        where, role = sheet.place(part.at("source")), "run named in source"
        subject = key_of("run", named)
        yield Relation(RelationKind.GENERATED, subject, key, where, role, inferred=True)
    if origin := copied_from(source, space):
        kind = RelationKind.DERIVED_FROM
        yield sheet.relation(kind, key, origin, part.at("source"), "source")
