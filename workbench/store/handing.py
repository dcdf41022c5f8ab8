"""Where what is made may lie: neither in the case nor in its evidence."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.errors import UsageError
from workbench.output import require_writable
from workbench.store import sources
from workbench.store.case_store import REPORTS, CaseStore


def require_outside(
    case: CaseStore | None,
    *made: Path | None,
    force: bool | None = None,
    inputs: Iterable[Path] = (),
    reports: bool = False,
) -> None:
    """Refuse a place in the case or in its evidence: that would change what was taken in.

    Args:
        case: the case that is open or named, or None.
        made: files and folders to be made; None for one that is not.
        force: as ``require_writable`` takes it.
        inputs: what else is never written to.
        reports: whether the folder of the case for its reports is a place for them.

    Raises:
        UsageError: one lies there, or nothing can be written there.
    """
    kept = (*inputs, *_kept(case, reports=reports))
    for path in filter(None, made):
        require_writable(path, force=force, inputs=kept)


def require_unmoved(case: CaseStore | None, folder: Path) -> None:
    """Refuse to change a folder where it is, if it is evidence, lies in it, or holds some of it.

    Raises:
        UsageError: the case, or evidence of it, would be another or elsewhere afterwards.
    """
    own = folder.resolve()
    for kept in _kept(case):
        place = kept.resolve()
        if own.is_relative_to(place) or place.is_relative_to(own):
            raise UsageError(
                f"{folder} cannot be changed: {kept} belongs to the case and is never written to.",
                path=str(folder),
            )


def _kept(case: CaseStore | None, *, reports: bool = False) -> Iterator[Path]:
    """Yield what the case is made of, but for its reports where those are made, and evidence."""
    if case is None:
        return
    if reports:
        yield from (path for path in case.folder.iterdir() if path.name != REPORTS)
    else:
        yield case.folder
    with case.reading() as session:
        yield from [Path(delivery.place) for delivery in sources.deliveries(session)]
