"""Where what is made may lie: neither in the case nor in its evidence."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import UsageError
from workbench.output import require_writable

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


def require_outside(
    case: "CaseStore | None",
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
    kept = (*inputs, *_evidence(case))
    for path in filter(None, made):
        own = () if case is None or (reports and _is_report(case, path)) else (case.folder,)
        require_writable(path, force=force, inputs=(*kept, *own))


def require_unmoved(case: "CaseStore | None", folder: Path) -> None:
    """Refuse to change a folder where it is, if it is evidence, lies in it, or holds some of it.

    Raises:
        UsageError: the case, or evidence of it, would be another or elsewhere afterwards.
    """
    if case is None:
        return
    own = folder.resolve()
    for kept in (case.folder, *_evidence(case)):
        place = kept.resolve()
        if own.is_relative_to(place) or place.is_relative_to(own):
            raise UsageError(
                f"{folder} is not changed: {kept} belongs to the case and is never written to.",
                path=str(folder),
            )


def _evidence(case: "CaseStore | None") -> Iterator[Path]:
    if case is None:
        return
    from workbench.store import sources

    with case.reading() as session:
        yield from [Path(delivery.place) for delivery in sources.deliveries(session)]


def _is_report(case: "CaseStore", path: Path) -> bool:
    from workbench.store.case_store import REPORTS

    return path.resolve().is_relative_to(case.folder.resolve() / REPORTS)
