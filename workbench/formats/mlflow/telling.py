"""MLflow's JSON objects, each with all that belongs to it: things and what they say of others."""

from collections.abc import Iterable, Iterator

from workbench.formats.mlflow import edges, entities
from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.edges import At
from workbench.formats.mlflow.lists import labels, peek, points, seen
from workbench.formats.mlflow.words import CONTEXT_TAG
from workbench.formats.part import Part
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Relation,
    RelationKind,
    Thing,
)
from workbench.model.locator import Locator


def within(part: Part) -> At:
    """Return what gives the place of a tag that stands in the same file."""
    return lambda tag: part.sheet.place(tag.pointer)


def experiments(book: Book, parts: Iterable[Part]) -> Iterator[CatalogRecord]:
    """Yield experiments with their tags."""
    for part in parts:
        key = key_of("experiment", _id(part, "experiment_id"))
        if book.is_first(key, part):
            part.text("experiment_id")
            yield entities.experiment(part, key, labels(part, "tags", AttributeGroup.TAG))


def _id(part: Part, *names: str) -> str:
    """Return what a thing is known by; where nothing says, its place, which is a problem."""
    found = next(filter(None, (seen(part, name) for name in names)), "")
    if not found:
        what = f"has no {names[0]}"
        part.sheet.problem(CatalogProblem.NO_KEY, part.pointer, what)
    return found or f"{part.sheet.file.place}{part.pointer}"


def runs(book: Book, parts: Iterable[Part]) -> Iterator[CatalogRecord]:
    """Yield runs, also deleted ones where they were asked for, with what they read and wrote."""
    for part in parts:
        yield from run(book, part, part.part("data"))


def run(book: Book, part: Part, data: Part) -> Iterator[CatalogRecord]:
    """Yield a run; ``data`` holds its parameters, metric points and tags."""
    key = key_of("run", _id(peek(part, "info"), "run_id", "run_uuid"))
    if not book.is_first(key, part):
        return
    info = Part.apart(part.sheet, part.take("info") or {}, part.at("info"))
    tags = labels(data, "tags", AttributeGroup.TAG)
    book.doubt_tags(part.sheet, tags)
    given = [*labels(data, "params", AttributeGroup.PARAM), *points(data, "metrics")]
    linked = [*_inputs(book, part, key, seen(info, "experiment_id")), *_models(part, key)]
    yield entities.run(info, key, tags, [*given, *part.rest()])
    yield from edges.of_run(book, info, key, tags, within(part))
    yield from linked


def _inputs(book: Book, part: Part, key: str, experiment: str) -> Iterator[CatalogRecord]:
    """Yield the datasets that a run read; one that others read too is told once."""
    for entry in part.part("inputs").parts("dataset_inputs"):
        if not isinstance(entry.members.get("dataset"), dict):
            continue
        data = Part.apart(part.sheet, entry.take("dataset"), entry.at("dataset"))
        name, digest = seen(data, "name"), seen(data, "digest")
        target = key_of("dataset", experiment, name, digest)
        book.datasets[experiment, name, digest] = target
        if book.is_first(target, data):
            yield entities.dataset(book, data, target)
        role, place = _context(entry), part.sheet.place(entry.pointer)
        yield Relation(RelationKind.USED, key, target, place, role)


def _context(entry: Part) -> str:
    """Return what a dataset was used for; the tag itself stays with the run."""
    stated = [p.see("value") for p in entry.parts("tags") if p.see("key") == CONTEXT_TAG]
    return ", ".join(stated)


def _models(part: Part, key: str) -> Iterator[Relation]:
    """Yield the logged models that a run read and wrote."""
    sides = (
        ("inputs", "model_inputs", RelationKind.USED),
        ("outputs", "model_outputs", RelationKind.GENERATED),
    )
    for member, name, kind in sides:
        for entry in part.part(member).parts(name):
            target = key_of("logged_model", entry.text("model_id"))
            yield part.sheet.relation(kind, key, target, entry.pointer)


def logged_models(book: Book, parts: Iterable[Part]) -> Iterator[CatalogRecord]:
    """Yield logged models with the run that made each and the data it was measured on."""
    for part in parts:
        about = peek(part, "info") if "info" in part.members else part
        key = key_of("logged_model", _id(about, "model_id"))
        if book.is_first(key, part):
            yield from _logged_model(book, part, key)


def _logged_model(book: Book, part: Part, key: str) -> Iterator[CatalogRecord]:
    """Yield a logged model; exports write it flat, answers in an object each for two halves."""
    info, data = part, part
    if "info" in part.members:
        info = Part.apart(part.sheet, part.take("info"), part.at("info"))
        data = part.part("data")
    tags = labels(info, "tags", AttributeGroup.TAG) or labels(data, "tags", AttributeGroup.TAG)
    params = labels(data, "params", AttributeGroup.PARAM)
    named = list(_measured(data))
    more = [*params, *points(data, "metrics"), *tags]
    left = part.rest() if info is not part else []
    yield entities.logged_model(info, key, [*more, *left])
    yield from edges.of_logged_model(info, key, tags, within(part))
    yield from edges.measured_on(book, info, key, named)


def _measured(data: Part) -> Iterator[tuple[str, str, Locator]]:
    for point in data.parts("metrics"):
        place = data.sheet.place(point.at("dataset_name"))
        yield point.see("dataset_name"), point.see("dataset_digest"), place


def gather_aliases(book: Book, parts: Iterable[Part]) -> None:
    """Note the aliases of versions, which their models list."""
    for part in parts:
        for entry in part.parts("aliases"):
            ends = seen(part, "name"), entry.see("version")
            pointer = f"{part.sheet.file.name} {entry.at('version')}"
            name = entities.alias(entry.see("alias"), entry.see("version"), pointer)
            book.aliases.setdefault(ends, []).append(name)


def registered_models(book: Book, parts: Iterable[Part]) -> Iterator[CatalogRecord]:
    """Yield registered models with their tags and aliases."""
    for part in parts:
        key = entities.model_key(part, _id(part, "name"))
        if book.is_first(key, part):
            yield _model(book, part, key)


def _model(book: Book, part: Part, key: str) -> Thing:
    listed = part.parts("aliases")
    names = [entities.alias(p.text("alias"), p.text("version"), p.at("version")) for p in listed]
    tags = labels(part, "tags", AttributeGroup.TAG)
    return entities.registered_model(book, part, key, names, tags)


def versions(book: Book, parts: Iterable[Part]) -> Iterator[CatalogRecord]:
    """Yield versions with what each was made from."""
    for part in parts:
        number = _id(part, "version")
        key = entities.version_key(part, number=number)
        if not book.is_first(key, part):
            continue
        listed = part.texts("aliases")
        names = [entities.alias(name, number, pointer) for name, pointer in listed]
        tags = labels(part, "tags", AttributeGroup.TAG)
        yield entities.version(book, part, key, names, tags)
        yield from edges.of_version(part, key, entities.model_key(part))
