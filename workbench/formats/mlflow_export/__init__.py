"""Folders that mlflow-export-import wrote: one JSON file a run, experiment and registered model.

Each says which version of the tool wrote it and when, and how many things it could not export.
"""

from collections.abc import Iterable

from workbench.evidence.archive_kind import folder_of
from workbench.evidence.file import EvidenceFile
from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

MLFLOW_EXPORT = "mlflow-export"
READER = Later(MLFLOW_EXPORT, "workbench.formats.mlflow_export.reader", is_document, order=59)
#: Folders into which one export sorts what it writes.
_PARTS = {"models", "experiments", "evaluation_datasets", "prompts", "logged_models", "runs"}
_MANIFEST = "manifest.json"


def export_folders(files: Iterable[EvidenceFile]) -> dict[str, list[EvidenceFile]]:
    """Return the files of each export by its folder: the topmost that holds one of them.

    What an export sorts into ``models`` and ``experiments`` beside each other belongs together.
    """
    listed = sorted(files, key=lambda file: file.place)
    holding = {folder_of(file) for file in listed}
    whole = {folder_of(file) for file in listed if file.name == _MANIFEST}
    found: dict[str, list[EvidenceFile]] = {}
    tops: dict[str, str] = {}
    for file in listed:
        folder = folder_of(file)
        top = tops.get(folder)
        if top is None:
            top = tops[folder] = _lifted(_topmost(folder, holding, whole), whole)
        found.setdefault(top, []).append(file)
    return found


def _topmost(folder: str, holding: set[str], whole: set[str]) -> str:
    """Return the topmost folder around one that holds files too; a manifest ends the search."""
    top = around = folder
    while around and top not in whole:
        around = around.rpartition("/")[0]
        if around in holding:
            top = around
    return top


def _lifted(folder: str, whole: set[str]) -> str:
    while folder not in whole:
        above, _, name = folder.rpartition("/")
        if name not in _PARTS or not above:
            return folder
        folder = above
    return folder
