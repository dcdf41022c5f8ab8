"""SQLite databases that nobody else knows: their tables are counted, not read as things."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.evidence.database_files import MAGIC
from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.formats.reader import Account, Look, Reading, Recognition
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role

if TYPE_CHECKING:
    from workbench.evidence.database import Views

_NEVER = (
    "what its rows mean: nobody here knows this schema",
    "who changed a row, when, and what it held before: the file keeps no history",
)


@dataclass(frozen=True, slots=True)
class SqliteReader:
    """A database file: protected by nothing."""

    id: str = "sqlite"
    order: int = 10

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``sqlite`` by the first bytes of the file."""
        return Recognition(self.id, Role.SUBJECT) if look.head.startswith(MAGIC) else None

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return nothing but what is wrong, and how many rows each table has."""
        from workbench.formats.databases import reading_of

        progress.advance(0, None, subject.path)
        return reading_of(subject, _read, limits=limits, cancel=cancel)


def _read(views: "Views") -> Reading:
    from workbench.formats.databases import row_counts, totals_of

    problems: list[Problem] = []
    counts = row_counts(views.current, problems)
    yield from problems
    return Account(cannot_show=_NEVER, control_totals=totals_of(views, counts))


READER = SqliteReader()
