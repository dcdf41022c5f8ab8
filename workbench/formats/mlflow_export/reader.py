"""Folders that mlflow-export-import wrote: one JSON file a run, experiment and registered model.

The tool drops runs that are deleted and what runs read, and writes how much it could not export
into files that nobody opens: those are held against what is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workbench.errors import SourceError
from workbench.evidence.archive_kind import folder_of
from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.formats.document import account_of, json_of, recognised, unread
from workbench.formats.glimpse import Glimpse
from workbench.formats.mlflow import telling
from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.lists import peek, seen
from workbench.formats.mlflow.words import NO_BYTES, NO_HISTORY
from workbench.formats.mlflow_export import MLFLOW_EXPORT
from workbench.formats.mlflow_export.kinds import data_of, prompt_of, runs_held
from workbench.formats.mlflow_export.totals import compare
from workbench.formats.part import Part
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogProblem, CatalogRecord, NoPlace, Relation
from workbench.model.progress import Cancel, Progress

_NEVER = (
    NO_HISTORY,
    "deleted experiments, and deleted runs that made no model version: they are left out, unsaid",
    "runs that the server did not list in time: the tool was seen to leave out some, unsaid",
    "who changed what, when, and what it held before",
    NO_BYTES[0],
)


@dataclass(slots=True)
class _Export:
    """An export while it is read.

    Attributes:
        book: what is known of it.
        files: what each file holds, with what stands around it.
        has_inputs: a run says what it read.
    """

    book: Book
    files: list[tuple[Part, Part]] = field(default_factory=list)
    has_inputs: bool = False


@dataclass(frozen=True, slots=True)
class ExportReader:
    """Tells a file by what the tool writes about itself; all of one export are one source."""

    id: str = MLFLOW_EXPORT
    title: str = "mlflow-export-import folder"
    order: int = 59

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format by the names at the top."""
        return recognised(look, self.id, _fits, _NEVER)

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what an export says."""
        export = _Export(Book(cancel, Sheet(subject.files[0], cancel)))
        for n, file in enumerate(subject.files):
            progress.advance(n, len(subject.files), subject.path)
            sheet = export.book.sheet(file)
            try:
                root = Part.apart(sheet, json_of(sheet, limits, no_numbers=True), "")
            except SourceError as error:
                yield unread(file, error)
                continue
            held = Part.apart(sheet, root.take("mlflow"), root.at("mlflow"))
            export.files.append((root, held))
        yield from export.book.drain(_told(export))
        _account(export)
        yield from export.book.close()
        return account_of(export.book.whole, _NEVER)


def _fits(top: Glimpse) -> bool:
    by_tool = top.says("system", b'"mlflow_version"', b'"package_version"', b'"export_time"')
    return not top.is_list and by_tool and top.says("mlflow", b"{")


def _told(export: _Export) -> Iterator[CatalogRecord]:
    """Yield what the files hold; what stands around a thing in its file is told with it."""
    models = [part for _, held in export.files for part in _models(held)]
    telling.gather_aliases(export.book, models)
    for root, held in export.files:
        for n, record in enumerate(_file(export, held)):
            if n == 0 and not isinstance(record, Relation):
                around = root.rest("file.")
                yield replace(record, attributes=(*record.attributes, *around))
            else:
                yield record


def _models(held: Part) -> list[Part]:
    model = peek(held, "registered_model")
    return [model] if model.members else []


def _file(export: _Export, held: Part) -> Iterator[CatalogRecord]:
    """Yield what one file holds, by the names in it."""
    book = export.book
    if "info" in held.members:
        _doubt_folder(held)
        export.has_inputs = export.has_inputs or "inputs" in held.members
        yield from telling.run(book, held, held)
    elif "registered_model" in held.members:
        model = _object(held, "registered_model")
        listed = [*model.apart_each("versions"), *model.apart_each("latest_versions")]
        yield from telling.registered_models(book, [model])
        yield from telling.versions(book, listed)
    elif "experiment" in held.members:
        yield from telling.experiments(book, [_object(held, "experiment")])
    elif "logged_model" in held.members:
        yield from telling.logged_models(book, [_object(held, "logged_model")])
    elif "evaluation_dataset" in held.members:
        yield from data_of(book, _object(held, "evaluation_dataset"))
    elif "prompt" in held.members:
        yield from prompt_of(book, _object(held, "prompt"))


def _object(held: Part, name: str) -> Part:
    return Part.apart(held.sheet, held.take(name), held.at(name))


def _doubt_folder(held: Part) -> None:
    """Note a run that lies in the folder of another: somebody moved or copied it."""
    folder = folder_of(held.sheet.file).rpartition("/")[2]
    run = seen(peek(held, "info"), "run_id")
    if len(folder) == len(run) and folder.isalnum() and folder != run:
        what = f"says it is run {run} and lies in the folder of {folder}"
        held.sheet.problem(CatalogProblem.CONTRADICTION, held.at("info"), what)


def _account(export: _Export) -> None:
    whole = export.book.whole
    if not runs_held(export.book):
        whole.gaps.append(NoPlace.RUNS.value)
    elif not export.has_inputs:
        whole.gaps.append(NoPlace.DATASETS.value)
    versions = {peek(root, "system").see("package_version") for root, _ in export.files}
    whole.version = " and ".join(sorted(filter(None, versions)))
    compare(export.book, export.files)


READER = ExportReader()
