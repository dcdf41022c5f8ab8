"""Tell a case from evidence, without loading what opens one."""

from pathlib import Path

from workbench.model.case import CASE_FILE, CASE_SUFFIX


def is_case(path: Path) -> bool:
    """Tell whether a path is the folder of a case, not evidence."""
    return (path / CASE_FILE).is_file()


def means_case(path: Path) -> bool:
    """Tell whether who names a path means a case: it is one, is called so, or short for one."""
    if path.suffix == CASE_SUFFIX or is_case(path):
        return True
    return (
        bool(path.name) and not path.exists() and is_case(path.with_name(path.name + CASE_SUFFIX))
    )
