"""What is asked of reconciliation; its service is loaded at first use."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.model.case import Finding
from workbench.model.progress import Cancel
from workbench.model.reconciliation import Line, Reconciled

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


def reconcile(case: "CaseStore", cancel: Cancel) -> Reconciled:
    """Return every difference between catalogs, logs and files of a case."""
    from workbench.services import reconciling

    return reconciling.reconcile(case, cancel=cancel)


def finding_of(lines: Sequence[Line]) -> Finding:
    """Return the draft of a finding about differences of one kind."""
    from workbench.services import reconciling

    return reconciling.finding_of(lines)
