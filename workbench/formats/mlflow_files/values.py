"""Files that hold one value each: parameters, tags, aliases, and the points of a metric."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import Limits
from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.lists import number, whole_number
from workbench.formats.mlflow_files.shape import Folder
from workbench.formats.times import from_milliseconds
from workbench.model.catalog import Attribute, AttributeGroup, CatalogProblem
from workbench.model.locator import Locator
from workbench.model.source import Problem

_GROUPS = {
    "params": AttributeGroup.PARAM,
    "tags": AttributeGroup.TAG,
    "aliases": AttributeGroup.ALIAS,
}
#: A point has a time and a value, since MLflow 1 a step; one of a model its run, and its data.
_LEAST, _WITH_STEP, _WITH_DATA = 2, 3, 6


@dataclass(frozen=True, slots=True)
class Measured:
    """Data that a metric of a model was measured on.

    Attributes:
        name: of the data.
        digest: of the data.
        place: the line that says so.
    """

    name: str
    digest: str
    place: Locator


@dataclass(slots=True)
class Values:
    """Reads the values of folders.

    Attributes:
        book: what is known of the store.
        limits: bounds a file.
    """

    book: Book
    limits: Limits

    def of(self, folder: Folder, kind: str) -> list[Attribute]:
        """Return parameters, tags or aliases, each with its file."""
        found: list[Attribute] = []
        for name, file in folder.values.get(kind, ()):
            self.book.cancel.check()
            text = self._text(file)
            if text is not None:
                pointer = f"{kind}/{name}"
                found.append(Attribute(_GROUPS[kind], name, text.removesuffix("\n"), pointer))
        return found

    def points(self, folder: Folder) -> list[Attribute]:
        """Return the points of all metrics, each with its line."""
        return [point for point, _ in self._lines(folder) if point is not None]

    def measured(self, folder: Folder) -> Iterator[Measured]:
        """Yield the data that metrics say they were measured on."""
        for _, measured in self._lines(folder):
            if measured is not None:
                yield measured

    def _lines(self, folder: Folder) -> Iterator[tuple[Attribute | None, Measured | None]]:
        for name, file in folder.values.get("metrics", ()):
            text = self._text(file) or ""
            for n, line in enumerate(text.splitlines(), 1):
                self.book.cancel.check()
                yield self._line(name, file, n, line), _data(file, n, line)

    def _line(self, name: str, file: EvidenceFile, n: int, line: str) -> Attribute | None:
        """Return a point; a line that is none is kept as it is, which is a problem."""
        parts, pointer = line.split(), f"metrics/{name} line {n}"
        time = from_milliseconds(whole_number(parts[0])) if len(parts) >= _LEAST else None
        if time is None:
            if line.strip():
                what = "should be a time, a value and a step"
                self.problem(file, CatalogProblem.MALFORMED_VALUE, f"line {n} {what}", f"line {n}")
                return Attribute(AttributeGroup.FIELD, f"metrics.{name}", line, pointer)
            return None
        step = whole_number(parts[2]) if len(parts) >= _WITH_STEP else 0
        value = number(parts[1])
        return Attribute(AttributeGroup.METRIC, name, value, pointer, step=step, time=time)

    def _text(self, file: EvidenceFile) -> str | None:
        """Return what a file holds, or None where it cannot be read, which is a problem."""
        try:
            return read_whole(file, limits=self.limits).decode()
        except SourceError as error:
            self.book.note(Problem(error.code, Locator(file.path, file.member), error.message))
        except UnicodeDecodeError:
            self.problem(file, CatalogProblem.MALFORMED_VALUE, "is no UTF-8 text")
        return None

    def problem(self, file: EvidenceFile, code: str, what: str, pointer: str | None = None) -> None:
        """Note what is wrong with a file."""
        place = Locator(file.path, file.member, pointer=pointer)
        self.book.note(Problem(code, place, f"{file.display}: {what}."))


def _data(file: EvidenceFile, n: int, line: str) -> Measured | None:
    """Return what a point says it was measured on; the name of data may hold spaces."""
    parts = line.split(" ")
    if len(parts) < _WITH_DATA:
        return None
    place = Locator(file.path, file.member, pointer=f"line {n}")
    return Measured(" ".join(parts[4:-1]), parts[-1], place)
