"""Where what is made may go: suggested beside the case, and refused in words before the work."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from workbench.gui.settings import data_folder
from workbench.gui.text import tr

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

_MOST = 1000


def beside(case: "CaseStore", ending: str) -> Path:
    """Return a name beside a case that is not taken; of a case without a place, among documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    own = not case.folder.is_relative_to(data_folder())
    documents = Path(QStandardPaths.writableLocation(place))
    other = documents if documents.is_dir() else Path.home()
    folder = case.folder.parent if own else other
    return free(folder / f"{case.folder.stem}{ending}")


def free(wanted: Path) -> Path:
    """Return a name that is not taken: the one wanted, or with a number."""
    stem, ending = wanted.name.partition(".")[::2]
    ending = f".{ending}" if ending else ""
    names = (f"{stem}{'' if n == 1 else f' {n}'}{ending}" for n in range(1, _MOST))
    return next((p for n in names if not (p := wanted.with_name(n)).exists()), wanted)


def no_place(out: Path | None, missing: str) -> str:
    """Return why nothing can be written there, or ""; ``missing`` where no place is named."""
    if out is None:
        return missing
    if out.exists() or out.is_symlink():
        return tr("{} exists already: name another.").format(out.name)
    return "" if out.parent.is_dir() else tr("The folder of {} does not exist.").format(out.name)


def no_file(path: Path | None, missing: str) -> str:
    """Return why a file cannot be read, or ""; ``missing`` where none is named."""
    if path is None:
        return missing
    return "" if path.is_file() else tr("There is no file {}.").format(path.name)


def first(reasons: Iterable[str]) -> str:
    """Return the first reason that there is, or ""."""
    return next(filter(None, reasons), "")
