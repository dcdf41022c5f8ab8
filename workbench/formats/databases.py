"""Read a database as a source: its problems, its own numbers, what lies beside it."""

from collections.abc import Callable

from workbench.errors import SourceError
from workbench.evidence.database import Views, open_database
from workbench.evidence.database_files import wrong_size
from workbench.evidence.database_rows import Database, DatabaseError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.formats.reader import Account, Reading
from workbench.model.catalog import CatalogProblem
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem, ProblemCode

_MOST_NAMED = 10


def reading_of(
    subject: Subject, body: Callable[[Views], Reading], *, limits: Limits, cancel: Cancel
) -> Reading:
    """Open the database of a subject and yield what is wrong with it, then what ``body`` reads.

    A database that cannot be opened, or whose bytes change meanwhile, is a problem.
    """
    file = subject.files[0]
    try:
        yield from wrong_size(subject.files)
        with open_database(subject.files, limits=limits, cancel=cancel) as views:
            yield from views.problems
            yield from _beside(views)
            yield from _computed(views, file)
            return (yield from body(views))
    except SourceError as error:
        place = Locator(error.path or file.path, file.member, pointer=error.place)
        yield Problem(error.code, place, error.message)
        return Account()


def row_counts(database: Database, problems: list[Problem]) -> dict[str, int]:
    """Return the rows of each table; one that cannot be counted is added to ``problems``."""
    counts: dict[str, int] = {}
    for name in database.names:
        try:
            counts[name] = database.count(name)
        except DatabaseError as error:
            place = Locator(error.path or "", None, pointer=name)
            problems.append(Problem(error.code, place, error.message))
    return counts


def totals_of(views: Views, counts: dict[str, int]) -> dict[str, int | str]:
    """Return the control totals: tables, rows of each, and what the header states."""
    header = views.header
    totals: dict[str, int | str] = {"tables": len(views.current.names)}
    totals |= {f"rows {name}": count for name, count in counts.items() if count}
    if views.stored is not None:
        alone = row_counts(views.stored, [])
        totals |= {
            f"rows {name} without {_suffixes(views)}": alone.get(name, 0)
            for name in sorted(counts.keys() | alone.keys())
            if alone.get(name, 0) != counts.get(name, 0)
        }
    if header.pages is not None:
        totals["pages"] = header.pages
    totals["transactions"] = header.changes
    if header.written_by:
        totals["written by SQLite"] = header.written_by
    return totals


def _beside(views: Views) -> tuple[Problem, ...]:
    """Return that something lies beside the database, with both views of it counted."""
    if not views.beside:
        return ()
    first = views.beside[0]
    names = ", ".join(file.display for file in views.beside)
    message = f"{names} holds changes that the database file does not; {_both_views(views)}."
    return (Problem(CatalogProblem.WAL_PRESENT, Locator(first.path, first.member), message),)


def _computed(views: Views, file: EvidenceFile) -> tuple[Problem, ...]:
    """Return that there are views or virtual tables: to read one would run what the file says."""
    unread = views.current.unread
    if not unread:
        return ()
    more = f" and {len(unread) - _MOST_NAMED} more" if len(unread) > _MOST_NAMED else ""
    named = ", ".join(unread[:_MOST_NAMED])
    message = f"{file.display}: views and virtual tables are not read: {named}{more}."
    place = Locator(file.path, file.member, pointer=unread[0])
    return (Problem(ProblemCode.UNSUPPORTED_MEMBER, place, message),)


def _both_views(views: Views) -> str:
    if views.stored is None:
        return "the file cannot be read without it"
    with_it, alone = row_counts(views.current, []), row_counts(views.stored, [])
    differing = [
        f"{name} {with_it.get(name, 0)} rows (without it {alone.get(name, 0)})"
        for name in sorted(with_it.keys() | alone.keys())
        if with_it.get(name, 0) != alone.get(name, 0)
    ]
    if not differing:
        return "each table has as many rows with it as without it; contents may differ"
    more = len(differing) - _MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    return "read with it: " + ", ".join(differing[:_MOST_NAMED]) + rest


def _suffixes(views: Views) -> str:
    return " and ".join(file.name.rpartition("-")[2] for file in views.beside)
