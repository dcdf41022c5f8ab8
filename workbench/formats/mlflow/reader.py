"""MLflow tracking stores and model registries in SQLite, of every generation of their schema."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.database import Views, open_database
from workbench.evidence.database_files import MAGIC
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.subject import Subject
from workbench.formats.databases import reading_of
from workbench.formats.mlflow.account import account_of
from workbench.formats.mlflow.models import evaluation_datasets, logged_models
from workbench.formats.mlflow.registry import model_versions, registered_models
from workbench.formats.mlflow.store import Store
from workbench.formats.mlflow.tracking import datasets, experiments, inputs, runs
from workbench.formats.reader import Look, Reading, Recognition
from workbench.model.catalog import CatalogRecord
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

#: Tables that every generation has.
_TABLES = {"experiments", "runs"}
_PARTS: tuple[Callable[[Store], Iterator[CatalogRecord]], ...] = (
    experiments,
    datasets,
    evaluation_datasets,
    logged_models,
    runs,
    inputs,
    registered_models,
    model_versions,
)


@dataclass(frozen=True, slots=True)
class MlflowReader:
    """A store is told by its tables; the bytes of the file are only asked for its kind."""

    id: str = "mlflow"
    order: int = 9

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``mlflow`` for a database with the tables of a store."""
        if not look.head.startswith(MAGIC):
            return None
        return Recognition(self.id, Role.SUBJECT) if _is_store(look) else None

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what a store holds."""
        file = subject.files[0]

        def body(views: Views) -> Reading:
            return _read(views, Store(views.current, file, cancel), progress)

        return reading_of(subject, body, limits=limits, cancel=cancel)


def _is_store(look: Look) -> bool:
    """Tell whether the tables are there; where they cannot be listed, whether their names are."""
    try:
        with open_database([look.file], limits=LIMITS, cancel=Cancel()) as views:
            return set(views.current.names) >= _TABLES
    except SourceError:
        return all(name.encode() in look.head for name in (*_TABLES, "alembic_version"))


def _read(views: Views, store: Store, progress: Progress) -> Reading:
    for done, part in enumerate(_PARTS):
        progress.advance(done, len(_PARTS), store.name)
        for record in part(store):
            yield record
            yield from store.drain()
    account = account_of(store, views)
    yield from store.drain()
    return account


READER = MlflowReader()
