"""Where what is handed over may lie: neither in the case nor in its evidence."""

from collections.abc import Iterator
from pathlib import Path

from workbench.output import require_writable
from workbench.store import sources
from workbench.store.case_store import CaseStore


def require_outside(case: CaseStore, *made: Path) -> None:
    """Refuse a place in the case or in its evidence: that would change what was taken in.

    Raises:
        UsageError: it lies there, or no file can be written there.
    """
    kept = tuple(_kept(case))
    for path in made:
        require_writable(path, force=True, inputs=kept)


def _kept(case: CaseStore) -> Iterator[Path]:
    yield case.folder
    with case.reading() as session:
        yield from [Path(delivery.place) for delivery in sources.deliveries(session)]
