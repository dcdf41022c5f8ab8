"""What only exports have files of: data sets for evaluation, and prompts."""

from collections.abc import Iterator

from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.lists import labels, moment, said, seen
from workbench.formats.part import Part
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    AttributeGroup,
    CatalogRecord,
    RelationKind,
    Thing,
    ThingKind,
)


def runs_held(book: Book) -> int:
    """Return how many runs were told."""
    return sum(key.startswith("run/") for key in book.held)


def data_of(book: Book, part: Part) -> Iterator[CatalogRecord]:
    """Yield a data set that models are evaluated on, and the experiments it belongs to."""
    key = key_of("evaluation_dataset", seen(part, "dataset_id") or seen(part, "name"))
    if not book.is_first(key, part):
        return
    said(part, "dataset_id")
    experiments = part.texts("experiment_ids")
    digest = said(part, "digest")
    yield Thing(
        ThingKind.ARTIFACT,
        ArtifactType.DATASET,
        key,
        said(part, "name"),
        part.sheet.place(part.pointer),
        version=digest,
        created=moment(part, "create_time", "created_time"),
        ended=moment(part, "last_update_time"),
        owner=said(part, "created_by"),
        attributes=(
            *labels(part, "tags", AttributeGroup.TAG),
            *book.doubt_digest(part.sheet, digest, part.at("digest")),
            *part.rest(),
        ),
    )
    for experiment, pointer in experiments:
        target = key_of("experiment", experiment)
        yield part.sheet.relation(RelationKind.MEMBER_OF, key, target, pointer)


def prompt_of(book: Book, part: Part) -> Iterator[CatalogRecord]:
    """Yield a version of a prompt; its text is a document, and no model."""
    key = key_of("prompt", seen(part, "name"), seen(part, "version"))
    if not book.is_first(key, part):
        return
    yield Thing(
        ThingKind.ARTIFACT,
        ArtifactType.DOCUMENT,
        key,
        said(part, "name"),
        part.sheet.place(part.pointer),
        version=said(part, "version"),
        created=moment(part, "creation_timestamp"),
        ended=moment(part, "last_updated_timestamp"),
        owner=said(part, "user_id"),
        uri=said(part, "uri"),
        attributes=(*labels(part, "tags", AttributeGroup.TAG), *part.rest()),
    )
