"""What is asked of detection rules; their service is loaded at first use."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.case import Finding
from workbench.model.detection import KeptRules, Rule, RuleResult, Stated
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore


def rules(folder: Path | None = None) -> Sequence[Rule]:
    """Return the rules that ship with the program, and those of a folder.

    Raises:
        SourceError: the folder holds no rules.
        ProfileError: one cannot be understood, or has the id of another.
    """
    from workbench.services import detecting

    return detecting.chosen(folder)


def leavers(path: Path) -> dict[str, int]:
    """Return who left, and when, from a file.

    Raises:
        SourceError: it cannot be read.
        ProfileError: it cannot be understood.
    """
    from workbench.services import detecting

    return detecting.leavers(path)


def run(
    case: "CaseStore", asked: Sequence[Rule], stated: Stated, progress: Progress, cancel: Cancel
) -> tuple[RuleResult, ...]:
    """Ask rules, and put on record what they say; of a case that cannot be written only ask."""
    from workbench.services import detecting

    if case.writable:
        return detecting.run(case, asked, stated, progress=progress, cancel=cancel)
    return detecting.detect(case, asked, stated, progress=progress, cancel=cancel)


def kept(case: "CaseStore", known: Sequence[Rule]) -> KeptRules | None:
    """Return what rules said last."""
    from workbench.services import detecting

    return detecting.kept(case, known)


def finding_of(result: RuleResult) -> Finding:
    """Return the draft of a finding for the hits of a rule."""
    from workbench.services import detecting

    return detecting.finding_of(result)
