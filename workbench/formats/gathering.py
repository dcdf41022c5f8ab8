"""Catalogs that lie in many files: the files of one export, or of one store, are one source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workbench.evidence.archive_kind import folder_of
from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile
from workbench.evidence.subject import Subject
from workbench.formats.atlas import ATLAS
from workbench.formats.entry import Entry
from workbench.formats.mlflow_export import MLFLOW_EXPORT, export_folders
from workbench.formats.mlflow_files import MLFLOW_FILES
from workbench.formats.mlflow_rest import MLFLOW_REST

_ByFolder = dict[str, list[EvidenceFile]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the files of a format belong together.

    Attributes:
        format: id of the format.
        folders: returns the files by the folder of their source.
        is_archive: an archive of them is one source with bytes of its own.
    """

    format: str
    folders: Callable[[Iterable[EvidenceFile]], _ByFolder]
    is_archive: bool = False


def _by_folder(files: Iterable[EvidenceFile]) -> _ByFolder:
    found: _ByFolder = {}
    for file in files:
        found.setdefault(folder_of(file), []).append(file)
    return found


_KINDS = (
    _Kind(ATLAS, _by_folder, is_archive=True),
    _Kind(MLFLOW_REST, _by_folder),
    _Kind(MLFLOW_EXPORT, export_folders),
)


def exports(entries: list[Entry], drop: Drop) -> tuple[list[Subject], list[Entry]]:
    """Take off the table what many files say together."""
    subjects, entries = _stores(entries)
    whole = {archive.place: archive for archive in drop.containers}
    for kind in _KINDS:
        mine = [entry.file for entry in entries if entry.seen.format == kind.format]
        for folder, files in kind.folders(mine).items():
            archive = whole.get(folder) if kind.is_archive else None
            subjects.append(_subject(kind.format, folder, tuple(files), archive))
        entries = [entry for entry in entries if entry.seen.format != kind.format]
    return subjects, entries


def _subject(
    kind: str, folder: str, files: tuple[EvidenceFile, ...], archive: EvidenceFile | None
) -> Subject:
    if archive is not None:
        return Subject(archive.path, archive.member, kind, (archive,), members=files)
    if len(files) == 1:
        return Subject(files[0].path, files[0].member, kind, files)
    return Subject(folder or ".", None, kind, files)


def _stores(entries: list[Entry]) -> tuple[list[Subject], list[Entry]]:
    """Take file stores of MLflow off the table: all that lies in their folders but artifacts."""
    marks = [entry.file for entry in entries if entry.seen.format == MLFLOW_FILES]
    if not marks:
        return [], entries
    from workbench.formats.mlflow_files.shape import stores_of

    found = stores_of(marks, [entry.file for entry in entries])
    taken = {file for files in found.values() for file in files}
    subjects = [
        Subject(folder or ".", None, MLFLOW_FILES, tuple(files)) for folder, files in found.items()
    ]
    return subjects, [entry for entry in entries if entry.file not in taken]
