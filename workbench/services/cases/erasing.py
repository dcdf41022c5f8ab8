"""Erase a case, and leave a record that it happened: what there was, by digest, and who did it.

What can be said is that the files are gone from the folder. Whether their bytes are gone from the
medium nobody can say of an SSD, of a file system that keeps copies, or of backups: so the record
names the digests and claims no more.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench import __version__
from workbench.errors import StoreError, UsageError
from workbench.evidence.file import sha256_of, single
from workbench.evidence.strict_json import JsonValue
from workbench.model.contract import time_to_json
from workbench.model.progress import Cancel
from workbench.output import write_whole
from workbench.store import engagement, journal
from workbench.store.case_store import CaseStore, Clock, utc_now
from workbench.store.handing import require_outside

SCHEMA = "workbench.erasure/1"
#: What a case is made of; a folder that holds anything else is not erased.
_PARTS = frozenset({"case.sqlite", "journal.head", "writer.lock", "reports", "index"})
_BESIDE = ("-wal", "-shm", "-journal")
_REMAINS = (
    "The evidence, which lies outside of the case and was not touched.",
    "Backups, packages and reports that were handed over or kept elsewhere.",
    "Copies that the medium or the file system keeps: an SSD, snapshots, a cloud folder.",
)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: files with their SHA-256, and the digest of that list."""

    files: dict[str, str]
    listing: str


def erase(
    folder: Path,
    record: Path,
    *,
    confirm: str,
    reason: str,
    who: str,
    clock: Clock = utc_now,
    cancel: Cancel,
) -> Erased:
    """Erase a case that nobody has open for writing, and write the record of it.

    Steps: 1 write the record, with the journal, as begun; 2 remove the folder; 3 say that it is
    done. So whatever interrupts it, the record says how far it came.

    Args:
        folder: the case.
        record: where the record goes; the journal goes beside it.
        confirm: id of the case, as whoever erases it has to say it.
        reason: why, in words.
        who: who does it.
        clock: the time.
        cancel: checked once a block; not while files are removed.

    Raises:
        UsageError: it was not confirmed, or the record would lie in the case or be written over.
        StoreError: the folder holds what is no part of a case, or cannot be removed.
    """
    log = record.with_suffix(".journal.jsonl")
    with CaseStore.open(folder, who=who, write=True, clock=clock) as case:
        told, lines = _account(case, reason)
        with case.reading() as session:
            case_id = engagement.facts(session).case_id
        if confirm != case_id:
            raise UsageError(f"Erasing cannot be undone: say --confirm {case_id}, its id.")
        require_outside(case, record, log)
        _require_ours(folder)
    files = dict(_hashed(folder, cancel))
    listing = _listing(files)
    told |= {"journal_file": log.name, "files": dict(files), "listing_sha256": listing}
    write_whole(log, lines)
    write_whole(record, _document(told))
    _remove(folder)
    write_whole(record, _document({**told, "finished": time_to_json(clock())}), replace=True)
    return Erased(files, listing)


def _account(case: CaseStore, reason: str) -> tuple[dict[str, JsonValue], bytes]:
    """Return what the record says of a case, and its journal."""
    state = case.journal_state()
    with case.reading() as session:
        facts = engagement.facts(session)
        lines = b"".join(journal.lines(session))
    told: dict[str, JsonValue] = {
        "schema": SCHEMA,
        "tool": f"Audit Workbench {__version__}",
        "case": {"id": facts.case_id, "title": facts.engagement.title},
        "by": case.who,
        "reason": reason,
        "begun": time_to_json(case.clock()),
        "finished": None,
        "journal": {"entries": state.entries, "head": state.head},
        "method": "The files were removed from the folder; nothing was written over.",
        "may_remain": list(_REMAINS),
    }
    return told, lines


def _require_ours(folder: Path) -> None:
    strange = [path.name for path in sorted(folder.iterdir()) if not _is_ours(path)]
    if folder.is_symlink() or strange:
        names = ", ".join(strange[:5]) or "it is a link"
        raise StoreError(
            f"{folder} holds what is no part of a case ({names}): take it out before.",
            path=str(folder),
        )


def _is_ours(path: Path) -> bool:
    name = path.name
    for suffix in _BESIDE:
        name = name.removesuffix(suffix)
    return name in _PARTS and not path.is_symlink()


def _hashed(folder: Path, cancel: Cancel) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), sha256_of(single(path), cancel=cancel)


def _listing(files: dict[str, str]) -> str:
    """Return the SHA-256 of what ``sha256sum`` would have printed of the files, by name."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


def _document(told: dict[str, JsonValue]) -> bytes:
    return json.dumps(told, indent=1).encode() + b"\n"


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise StoreError(
            f"{folder} could not be removed whole: {error.strerror}. The record says that it was "
            "begun and not that it was finished.",
            path=str(folder),
        ) from error
