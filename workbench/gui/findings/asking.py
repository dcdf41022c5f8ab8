"""What is asked of the findings of a case; their service is loaded at first use."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.model.case import Finding
from workbench.model.query_fields import Area

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


def every(case: "CaseStore") -> Sequence[Finding]:
    """Return the findings of a case."""
    from workbench.services import findings

    return findings.every(case)


def add(case: "CaseStore", finding: Finding) -> Finding:
    """Keep a new finding; return it with its number."""
    from workbench.services import findings

    return findings.add(case, finding)


def change(case: "CaseStore", finding: Finding) -> None:
    """Keep what a finding says now."""
    from workbench.services import findings

    findings.change(case, finding)


def count_live(case: "CaseStore") -> int:
    """Return how many findings are not closed."""
    from workbench.services import investigation

    return investigation.listed(case, Area.FINDINGS, "NOT state:closed", count=0).total
