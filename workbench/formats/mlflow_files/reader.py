"""File stores of MLflow: an ``mlruns`` folder, with a file for each parameter, metric and tag."""

from dataclasses import dataclass

from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.formats.document import account_of
from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.words import NO_BYTES, NO_HISTORY
from workbench.formats.mlflow_files import META, MLFLOW_FILES, kind_of
from workbench.formats.mlflow_files.shape import Folder, Shape, shape_of
from workbench.formats.mlflow_files.things import Teller
from workbench.formats.mlflow_files.values import Values
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.model.catalog import NoPlace
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

_NEVER = (
    NO_HISTORY,
    "who changed a file, when, and what it held before: a folder keeps neither",
    "runs, experiments, models, parameters and tags that were removed: they leave no file",
    *NO_BYTES,
)


@dataclass(frozen=True, slots=True)
class FilesReader:
    """Tells a ``meta.yaml`` by its keys; all files of one store are one source."""

    id: str = MLFLOW_FILES
    title: str = "MLflow file store"
    order: int = 59

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format for a ``meta.yaml`` that MLflow wrote."""
        if look.file.name != META or not kind_of(look.head):
            return None
        return Recognition(self.id, Role.SUBJECT, cannot_show=_NEVER)

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what a store holds."""
        book = Book(cancel, Sheet(subject.files[0], cancel))
        progress.advance(0, len(subject.files), subject.path)
        shape = shape_of(subject.files, "" if subject.path == "." else subject.path)
        yield from Teller(book, shape, Values(book, limits), limits).told()
        yield from book.close()
        _account(book.whole, shape, len(subject.files))
        progress.advance(len(subject.files), len(subject.files), subject.path)
        return account_of(book.whole, _NEVER)


def _account(whole: Sheet, shape: Shape, files: int) -> None:
    runs = [run for each in shape.experiments.values() for run in each.inner.values()]
    metrics = sum(len(run.values.get("metrics", ())) for run in runs)
    whole.totals |= {
        "files": files,
        "experiments": len(shape.experiments),
        "runs": len(runs),
        "metric files of runs": metrics,
        "registered models": len(shape.models),
    }
    if shape.traces:
        whole.gaps.append(
            f"what {len(shape.traces)} files of traces hold, which are not read as things"
        )
    if not shape.models:
        whole.gaps.append(NoPlace.REGISTRY.value)
    if not runs:
        whole.gaps.append(NoPlace.RUNS.value)
    elif not any(_knows_data(each) for each in shape.experiments.values()):
        whole.gaps.append(NoPlace.DATASETS.value)


def _knows_data(experiment: Folder) -> bool:
    """Tell whether an experiment shows that its MLflow could state data: since 2.4 it can."""
    runs = experiment.inner.values()
    return bool(experiment.linked or experiment.logged or any(run.linked for run in runs))


READER = FilesReader()
