"""A backup of a case: one ZIP with the case file, its checkpoint, its reports, and their digests.

Evidence is not in it (it is not in the case), nor is the index, which is made anew from evidence.
A backup that comes back is opened like any archive that somebody hands over, and every byte must be
what the list in it says.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy.orm import Session

from workbench import __version__
from workbench.errors import StoreError
from workbench.evidence.drop import open_drop
from workbench.evidence.file import EvidenceFile, blocks, read_whole, sha256_of, single
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.contract import time_to_json
from workbench.model.progress import Cancel, Progress
from workbench.output import private_beside, whole_file
from workbench.store import checkpoint, engagement, journal
from workbench.store.case_store import REPORTS, CaseStore, named, new_folder
from workbench.store.database import FILE, Mode, engine_for, told

_SCHEMA = "workbench.backup/1"
LIST = "backup.json"
#: By whatever name a backup lies on disk, it is an archive.
_CALLED = "backup.zip"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        entries: acts in its journal.
        head: digest of the last of them.
        files: SHA-256 of each file by its name.
    """

    entries: int
    head: str
    files: dict[str, str]


def write(case: CaseStore, out: Path, *, replace: bool = False, cancel: Cancel) -> Backup:
    """Write a backup of a case as it is now, whole or not at all.

    Raises:
        StoreError: the case cannot be read.
        WorkbenchError: the file could not be written.
        Cancelled: the user stopped it.
    """
    with whole_file(out, replace=replace) as temporary, private_beside(out) as private:
        copy = private / FILE
        case.copy_file(copy)
        state = _end_of(copy)
        files = {FILE: copy, **dict(_reports(case.folder))}
        digests = {name: sha256_of(single(path), cancel=cancel) for name, path in files.items()}
        backup = Backup(state.entries, state.head, digests)
        with case.reading() as session:
            case_id = engagement.facts(session).case_id
        told = _as_json(backup, case_id, time_to_json(case.clock()) or "")
        with ZipFile(temporary, "x") as archive:
            archive.writestr(LIST, json.dumps(told, indent=1))
            for name, path in files.items():
                cancel.check()
                archive.write(path, name)
    return backup


def restore(file: Path, folder: Path, *, progress: Progress, cancel: Cancel) -> Backup:
    """Make a case of a backup, if every byte is what its list says; return what it holds.

    Raises:
        SourceError: the file cannot be read.
        StoreError: it is no backup, or not as it was written; or something is there already.
        Cancelled: the user stopped it.
    """
    with open_drop([file], names=[_CALLED], cancel=cancel, progress=progress) as drop:
        found = {f.member or f.path: f for f in (*drop.files, *drop.containers)}
        backup = _listed(file, found.get(LIST))
        if drop.problems:
            raise _wrong(file, drop.problems[0].message)
        with new_folder(named(folder)) as part:
            for name, digest in backup.files.items():
                _put(file, found.get(name), part / name, digest, cancel)
            end = checkpoint.Checkpoint(backup.entries, backup.head)
            checkpoint.write(part, end)
            if _end_of(part / FILE) != end:
                raise _wrong(file, "its journal does not end where its list says")
    return backup


def _end_of(file: Path) -> checkpoint.Checkpoint:
    """Return the end of the journal in a case file that nobody writes to."""
    engine = engine_for(file, Mode.READ, still=True)
    try:
        with told(f"{file.name} cannot be read"), Session(engine) as session:
            end = journal.head(session)
            return checkpoint.Checkpoint(end.entries, end.head)
    finally:
        engine.dispose()


def _reports(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((folder / REPORTS).glob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{REPORTS}/{path.name}", path


def _as_json(backup: Backup, case_id: str, at: str) -> dict[str, JsonValue]:
    return {
        "schema": _SCHEMA,
        "case": case_id,
        "made": at,
        "tool": __version__,
        "journal": {"entries": backup.entries, "head": backup.head},
        "files": dict(backup.files),
    }


def _listed(file: Path, listed: EvidenceFile | None) -> Backup:
    """Return what a backup says that it holds, read strictly."""
    if listed is None:
        raise _wrong(file, f"it holds no {LIST}")
    value = parse(read_whole(listed), what=LIST)
    match value:
        case {
            "schema": "workbench.backup/1",
            "journal": {"entries": int(entries), "head": str(head)},
            "files": dict(files),
        } if FILE in files and all(map(_is_ours, files)):
            return Backup(entries, head, {name: str(digest) for name, digest in files.items()})
    raise _wrong(file, f"its {LIST} is not one that this program writes")


def _is_ours(name: str) -> bool:
    folder, slash, last = name.rpartition("/")
    plain = last not in {"", ".", ".."} and not set(last) & set("\\:\0")
    return name == FILE or (plain and bool(slash) and folder == REPORTS)


def _put(file: Path, held: EvidenceFile | None, to: Path, digest: str, cancel: Cancel) -> None:
    """Write a file of a backup, whose digest must be the one that is listed."""
    if held is None:
        raise _wrong(file, f"{to.name} is missing")
    computed = hashlib.sha256()
    with whole_file(to) as temporary, temporary.open("xb") as stream:
        for block in blocks(held, cancel=cancel):
            computed.update(block)
            stream.write(block)
    if computed.hexdigest() != digest:
        raise _wrong(file, f"the digest of {to.name} differs")


def _wrong(file: Path, why: str) -> StoreError:
    return StoreError(f"{file} cannot be restored: {why}.", path=str(file))
