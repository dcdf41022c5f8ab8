"""Reads what is known of the rows of a case beside their tables (``beside``)."""

from functools import cache

from workbench.store import remarks, sources, verdicts
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
            {n: found.integrity.indication for n, found in verdicts.listed(session).items()},
            numbers,
        )
