"""Reads what is known of the rows of a case beside their tables (``beside``)."""

from functools import cache, partial
from weakref import WeakKeyDictionary

from workbench.store import catalog, journal, remarks, sources, verdicts
from workbench.store.beside import Beside, Known
from workbench.store.case_store import CaseStore


def of_case(case: CaseStore) -> Known:
    """Return what reads, once and when it is asked for, what is known of the rows of a case."""
    return cache(lambda: read(case))


def read(case: CaseStore) -> Beside:
    """Return what is known of the rows of a case now."""
    numbers: dict[str, tuple[int, ...]] = {}
    with case.reading() as session:
        for source in sources.every(session, superseded=True):
            numbers[source.sha256] = (*numbers.get(source.sha256, ()), source.id)
        return Beside(
            remarks.every(session, case.journal_at_opening),
            verdicts.integrity(session),
            numbers,
            partial(_is_rare_in, case, journal.content(session)),
        )


#: What was found in the things of an open case, by what the case held then and the character.
_FOUND: WeakKeyDictionary[CaseStore, dict[tuple[str, int], bool]] = WeakKeyDictionary()


def _is_rare_in(case: CaseStore, content: str, point: int) -> bool:
    """Tell whether any text of a thing has a character; looked for once while a case is open."""
    known = _FOUND.setdefault(case, {})
    if (content, point) not in known:
        with case.reading() as session:
            known[content, point] = catalog.any_holds(session, chr(point))
    return known[content, point]
