"""What is asked of two exports; their service is loaded at first use."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.model.case import Finding
from workbench.model.case_source import CaseSource
from workbench.model.difference import Compared, Difference
from workbench.model.progress import Cancel

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


def catalogs(case: "CaseStore") -> list[CaseSource]:
    """Return the sources that can be compared."""
    from workbench.services import comparing

    return comparing.catalogs(case)


def compare(case: "CaseStore", sides: tuple[int, int], cancel: Cancel) -> Compared:
    """Return how the second source differs from the first."""
    from workbench.services import comparing

    return comparing.compare_kept(case, *sides, cancel=cancel)


def finding_of(case: "CaseStore", sides: tuple[int, int], chosen: Sequence[Difference]) -> Finding:
    """Return the draft of a finding about differences."""
    from workbench.services import comparing

    return comparing.finding_of(case, sides, chosen)
