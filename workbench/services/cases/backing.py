"""Back a case up into one file, and make a case of it again."""

from pathlib import Path

from workbench.model.progress import Cancel, Progress
from workbench.output import require_writable
from workbench.store import backup, sources
from workbench.store.backup import Backup
from workbench.store.case_store import CaseStore


def back_up(case: CaseStore, out: Path, *, force: bool = False, cancel: Cancel) -> Backup:
    """Write everything that people made in a case into one file, with its digests.

    Raises:
        UsageError: the file is there already, or lies in the case or its evidence.
        StoreError: the case cannot be read.
        Cancelled: the user stopped it; nothing is left behind.
    """
    with case.reading() as session:
        places = [Path(delivery.place) for delivery in sources.deliveries(session)]
    require_writable(out, force=force, inputs=[case.folder, *places])
    return backup.write(case, out, cancel=cancel)


def restore(file: Path, folder: Path, *, progress: Progress, cancel: Cancel) -> Backup:
    """Make a case of a backup, whole or not at all; nothing that does not match is taken.

    Raises:
        SourceError: the file cannot be read.
        StoreError: it is no backup, or not as it was written; or something is there already.
        Cancelled: the user stopped it.
    """
    return backup.restore(file, folder, progress=progress, cancel=cancel)
