"""Back a case up into one file, and make a case of it again."""

from pathlib import Path

from workbench.model.progress import Cancel, Progress
from workbench.output import private_beside, whole_file
from workbench.store import backup
from workbench.store.backup import Backup
from workbench.store.case_store import CaseStore, named
from workbench.store.encryption import Key, Lock, decrypt, encrypt, is_encrypted
from workbench.store.handing import require_outside


def back_up(
    case: CaseStore, out: Path, *, lock: Lock | None = None, force: bool = False, cancel: Cancel
) -> Backup:
    """Write everything that people made in a case into one file, with its digests.

    Args:
        case: the case.
        out: the file.
        lock: to whom it is encrypted; None: it is not.
        force: whether a file that is there may be replaced.
        cancel: checked once a file.

    Raises:
        UsageError: the file is there already, or lies in the case or its evidence.
        StoreError: the case cannot be read.
        Cancelled: the user stopped it; nothing is left behind.
    """
    require_outside(case, out, force=force)
    if lock is None:
        return backup.write(case, out, replace=force, cancel=cancel)
    with private_beside(out) as private:
        plain = private / "backup.zip"
        made = backup.write(case, plain, cancel=cancel)
        with whole_file(out, replace=force) as temporary:
            encrypt(plain, temporary, lock)
    return made


def restore(
    file: Path,
    folder: Path,
    *,
    key: Key | None = None,
    beside: CaseStore | None = None,
    progress: Progress,
    cancel: Cancel,
) -> Backup:
    """Make a case of a backup, whole or not at all; nothing that does not match is taken.

    Args:
        file: the backup.
        folder: the new case.
        key: what opens it, where it is encrypted.
        beside: another case that is open: nothing is written into it or its evidence.
        progress: told the bytes that came out.
        cancel: checked once a block.

    Raises:
        SourceError: the file cannot be read.
        StoreError: it is no backup, or not as it was written; or something is there already.
        UsageError: the new case would lie in another one, or in its evidence.
        Cancelled: the user stopped it.
    """
    if beside is not None:
        require_outside(beside, named(folder))
    if not is_encrypted(file):
        return backup.restore(file, folder, progress=progress, cancel=cancel)
    with private_beside(named(folder)) as private:
        plain = private / f"{file.stem}.zip"
        decrypt(file, plain, key or Key())
        return backup.restore(plain, folder, progress=progress, cancel=cancel)
