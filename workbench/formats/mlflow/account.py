"""What an MLflow store states of itself, and what it cannot show."""

from collections.abc import Iterator

from workbench.evidence.database import Views
from workbench.evidence.database_rows import Database, DatabaseError
from workbench.formats.databases import row_counts, totals_of
from workbench.formats.mlflow.store import Line, Store
from workbench.formats.mlflow.words import NO_BYTES, NO_HISTORY, TOMBSTONE
from workbench.formats.reader import Account
from workbench.model.catalog import LIVE_ALIASES, NoPlace

#: Tables whose rows become things, relations or attributes, or that hold no catalog data.
_READ = {
    "alembic_version",
    "datasets",
    "entity_associations",
    "evaluation_dataset_tags",
    "evaluation_datasets",
    "experiment_tags",
    "experiments",
    "input_tags",
    "inputs",
    "latest_metrics",
    "logged_model_metrics",
    "logged_model_params",
    "logged_model_tags",
    "logged_models",
    "metrics",
    "model_version_tags",
    "model_versions",
    "params",
    "registered_model_aliases",
    "registered_model_tags",
    "registered_models",
    "runs",
    "tags",
    "workspaces",
}

_NEVER = (
    NO_HISTORY,
    "who changed a row, when, and what it held before: rows carry no digest and no author",
    "runs, experiments and models that were removed for good: they leave no row",
    "whether a newer MLflow opened the file after it was exported: it rewrites the schema unasked",
    *NO_BYTES,
)
#: What a generation without a table cannot show.
_WITHOUT = {
    "inputs": NoPlace.DATASETS,
    "logged_models": NoPlace.LOGGED_MODELS,
    "registered_model_aliases": NoPlace.ALIASES,
    "model_versions": NoPlace.REGISTRY,
    "params": NoPlace.PARAMS,
    "tags": NoPlace.RUN_TAGS,
}
#: What a registry without a table cannot show.
_REGISTRY_WITHOUT = {
    "registered_model_tags": NoPlace.MODEL_TAGS,
    "model_version_tags": NoPlace.VERSION_TAGS,
}

#: Stages of versions that do not serve; none is what every version has today.
_PAST = {"Staging", "Archived"}


def account_of(store: Store, views: Views) -> Account:
    """Return the account of a store; what cannot be counted is a problem of the store."""
    database = views.current
    counts = row_counts(database, store.problems)
    unread = {name: n for name, n in counts.items() if n and name not in _READ}
    sentences = [*_NEVER, *_no_places(database)]
    if unread:
        sentences.append(
            f"what {sum(unread.values())} rows of other tables hold, which are not read as things: "
            + ", ".join(sorted(unread))
        )
    sentences.extend(_registry_gaps(store))
    return Account(
        version=f"{revision_of(database) or 'no alembic revision'}, {len(database.names)} tables",
        cannot_show=tuple(sentences),
        control_totals=totals_of(views, counts),
    )


def _no_places(database: Database) -> Iterator[str]:
    """Yield what this generation, or this file, has no table for; a view is none."""
    has_registry = "model_versions" in database.names
    wanted = _WITHOUT | (_REGISTRY_WITHOUT if has_registry else {})
    yield from (place.value for table, place in wanted.items() if table not in database.names)


def revision_of(database: Database) -> str:
    """Return the alembic revision that a store states, or ""."""
    try:
        table = database.table("alembic_version")
        if table is None or "version_num" not in table.columns:
            return ""
        found = [row for row in database.rows("alembic_version") if isinstance(row, tuple)]
    except DatabaseError:
        return ""
    return " ".join(str(row.cells["version_num"]) for row in found)


def _live(store: Store) -> Iterator[tuple[str, ...]]:
    """Yield the versions that an alias says serve."""
    for line in store.lines("registered_model_aliases"):
        if line.see("alias").casefold() in LIVE_ALIASES:
            yield _name_of(line)


def _name_of(line: Line) -> tuple[str, ...]:
    return line.see("workspace"), line.see("name"), line.see("version")


def _registry_gaps(store: Store) -> Iterator[str]:
    """Yield what the numbers of versions say about versions that are not there."""
    numbers: dict[tuple[str, str], set[int]] = {}
    blotted = nameless = 0
    live, doubted = set(_live(store)), list[str]()
    for line in store.lines("model_versions"):
        number = line.row.cells.get("version")
        if type(number) is int:
            model = line.see("workspace"), line.see("name")
            numbers.setdefault(model, set()).add(number)
        blotted += line.see("current_stage") == TOMBSTONE
        nameless += not line.see("user_id")
        if line.see("current_stage") in _PAST and _name_of(line) in live:
            doubted.append(line.row.pointer)
    total = sum(map(len, numbers.values()))
    missing = sum(max(found) - len(found) for found in numbers.values())
    if missing:
        yield f"{missing} model versions whose numbers are skipped: they have no row"
    if blotted:
        yield f"where {blotted} deleted model versions came from: their rows are blotted out"
    if doubted:
        yield (
            f"whether {len(doubted)} of {total} model versions serve: an alias says so, the stage "
            f"says another ({', '.join(doubted[:3])})"
        )
    if nameless:
        yield f"who registered {nameless} of {total} model versions: no user is stated"
