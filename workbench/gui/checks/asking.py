"""What is asked of the checks; their service, with CEL and NetworkX, is loaded at first use."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.model.case import Finding
from workbench.model.policy import CheckResult, Framework, KeptRun, Pack, Row
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

Results = tuple[Pack, tuple[CheckResult, ...]]


def packs() -> Sequence[Pack]:
    """Return the packs that ship with the program."""
    from workbench.services import checking

    return checking.packs()


def frameworks() -> Sequence[Framework]:
    """Return the frameworks that checks are mapped to."""
    from workbench.services import checking

    return checking.frameworks()


def run(case: "CaseStore", pack: str, *, progress: Progress, cancel: Cancel) -> Results:
    """Ask a case the checks of a pack, and put that on record."""
    from workbench.services import checking

    return checking.run(case, pack, progress=progress, cancel=cancel)


def finding_of(result: CheckResult, rows: Sequence[Row]) -> Finding:
    """Return the draft of a finding for exceptions of a check."""
    from workbench.services import checking

    return checking.finding_of(result, rows)


def kept(case: "CaseStore") -> Mapping[str, KeptRun]:
    """Return what each shipped pack said last."""
    from workbench.services import checking

    return checking.kept(case)
