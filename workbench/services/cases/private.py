"""A case of evidence that nobody keeps, for who only wants to look."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workbench.evidence.spool import private_folder
from workbench.model.case import CASE_SUFFIX, Engagement
from workbench.model.progress import Cancel, Progress
from workbench.services.cases.intake import add_evidence
from workbench.services.cases.keeping import create, login
from workbench.store.case_store import CaseStore


@contextmanager
def private_case(
    paths: Sequence[Path], *, progress: Progress, cancel: Cancel
) -> Iterator[CaseStore]:
    """Yield a case of what lies at ``paths``, in a private folder that is gone afterwards.

    Raises:
        SourceError: a path cannot be read.
        StoreError: there is no room for it.
        Cancelled: the user stopped it.
    """
    title = ", ".join(path.name or str(path) for path in paths)
    with (
        private_folder() as folder,
        create(Path(folder, f"opened{CASE_SUFFIX}"), Engagement(title), who=login()) as case,
    ):
        add_evidence(case, paths, progress=progress, cancel=cancel)
        yield case
