"""Answers of MLflow's REST API that somebody saved: what a search or a look-up returned, as JSON.

``runs/search``, ``experiments/search``, ``registered-models/search``, ``model-versions/search`` and
``logged-models/search``, and what ``get`` returns for one of them. A file holds one answer, or a
list of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonValue
from workbench.evidence.subject import Subject
from workbench.formats.document import account_of, json_of, recognised, unread
from workbench.formats.glimpse import Glimpse
from workbench.formats.mlflow import telling
from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.words import NO_BYTES, NO_HISTORY
from workbench.formats.mlflow_rest import MLFLOW_REST
from workbench.formats.mlflow_rest.pages import TOKEN, Pages
from workbench.formats.part import Part
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogRecord, NoPlace
from workbench.model.progress import Cancel, Progress

#: Lists, what one of their things is called alone, and the words of which it has one.
_LISTS = {
    "experiments": ("experiment", (b'"artifact_location"', b'"lifecycle_stage"')),
    "runs": ("run", (b'"run_id"', b'"run_uuid"')),
    "models": ("model", (b'"source_run_id"', b'"artifact_uri"')),
    "registered_models": ("registered_model", (b'"name"',)),
    "model_versions": ("model_version", (b'"version"',)),
}
_ALONE = {alone: (name, words) for name, (alone, words) in _LISTS.items()}
_NEVER = (
    NO_HISTORY,
    "who changed what, when, and what it held before: an answer is what the server says, unsigned",
    "what was not asked for: an answer does not say its filter, nor whether deleted runs are in it",
    *NO_BYTES,
    "points of a metric before the last: an answer lists one point of each",
)
_LATEST = (
    "model versions but the last of each stage: the list of registered models names no others, and "
    "no list of versions is here"
)


@dataclass(slots=True)
class _Answers:
    """All that some answers list.

    Attributes:
        parts: the things of each list.
        pages: the pages of each list.
    """

    parts: dict[str, list[Part]] = field(default_factory=lambda: {name: [] for name in _LISTS})
    pages: dict[str, Pages] = field(default_factory=dict)

    def take(self, page: Part) -> None:
        """Take in an answer."""
        for name, (alone, _) in _LISTS.items():
            if name in page.members:
                listed = page.apart_each(name)
                self.parts[name] += listed
                self.pages.setdefault(name, Pages(name)).add(page, len(listed))
            if isinstance(page.members.get(alone), dict):
                self.parts[name].append(Part.apart(page.sheet, page.take(alone), page.at(alone)))


@dataclass(frozen=True, slots=True)
class RestReader:
    """Tells an answer by what it lists; the answers of one folder are one source."""

    id: str = MLFLOW_REST
    title: str = "MLflow REST dump"
    order: int = 59

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format by the names at the top and in the first thing that is listed."""
        return recognised(look, self.id, _fits, _NEVER)

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what the answers list."""
        book, answers = Book(cancel, Sheet(subject.files[0], cancel)), _Answers()
        for n, file in enumerate(subject.files):
            progress.advance(n, len(subject.files), subject.path)
            sheet = book.sheet(file)
            try:
                _sort(answers, sheet, json_of(sheet, limits))
            except SourceError as error:
                yield unread(file, error)
        yield from book.drain(_told(book, answers))
        _count(book.whole, answers)
        yield from book.close()
        return account_of(book.whole, _NEVER)


def _fits(top: Glimpse) -> bool:
    listed = [name for name in top.members if name in _LISTS or name in _ALONE]
    if len(listed) != 1 or set(top.members) - {listed[0], TOKEN}:
        return False
    _, words = _LISTS.get(listed[0]) or _ALONE[listed[0]]
    value = top.members[listed[0]]
    is_empty = value.strip() == b"[]" and b"_" in listed[0].encode()
    return is_empty or any(word in value for word in words)


def _sort(answers: _Answers, sheet: Sheet, value: JsonValue) -> None:
    if not isinstance(value, list):
        answers.take(Part.apart(sheet, value, ""))
        return
    for page in Part.each_apart(sheet, [(page, f"/{n}") for n, page in enumerate(value)]):
        answers.take(page)


def _told(book: Book, answers: _Answers) -> Iterator[CatalogRecord]:
    """Yield all things; the versions that a model lists are those of a list of versions again."""
    models = answers.parts["registered_models"]
    telling.gather_aliases(book, models)
    latest = [part for model in models for part in model.apart_each("latest_versions")]
    yield from telling.experiments(book, answers.parts["experiments"])
    yield from telling.runs(book, answers.parts["runs"])
    yield from telling.logged_models(book, answers.parts["models"])
    yield from telling.registered_models(book, models)
    yield from telling.versions(book, [*answers.parts["model_versions"], *latest])
    runs = answers.parts["runs"]
    if not runs:
        book.whole.gaps.append(NoPlace.RUNS.value)
    elif not any("inputs" in run.members for run in runs):  # of a server before 2.4
        book.whole.gaps.append(NoPlace.DATASETS.value)
    if models and "model_versions" not in answers.pages:
        book.whole.gaps.append(_LATEST)


def _count(whole: Sheet, answers: _Answers) -> None:
    """Note how many of each were listed, on how many pages, and which pages are missing."""
    for name, parts in answers.parts.items():
        if parts:
            whole.totals[name.replace("_", " ")] = len(parts)
    for name, pages in answers.pages.items():
        number = len(pages.going_on) + pages.last
        if number > 1:
            whole.totals[f"pages of {name.replace('_', ' ')}"] = number
        whole.gaps += pages.gaps()


READER = RestReader()
