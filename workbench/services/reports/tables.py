"""The registers of a case for a spreadsheet and for programs, as its report has them."""

from pathlib import Path

from workbench.model.progress import Cancel
from workbench.output import write_whole
from workbench.report.registers import as_csv, as_json, as_xlsx
from workbench.services.reports.of_case import Asked, case_built
from workbench.services.reports.writing import Details
from workbench.store.case_store import CaseStore
from workbench.store.handing import require_outside

WORKBOOK = "registers.xlsx"


def write_registers(
    case: CaseStore,
    folder: Path,
    asked: Asked,
    details: Details,
    *,
    force: bool,
    cancel: Cancel,
) -> tuple[Path, ...]:
    """Write each register as CSV and JSON, and all of them as one workbook; return the files.

    Raises:
        UsageError: the case is not verified, or a file is there already, or its place is evidence.
        WorkbenchError: a file could not be written.
    """
    built = case_built(case, asked, details, key=None, cancel=cancel)
    made = {}
    for register in built.registers:
        made[folder / f"{register.name}.csv"] = as_csv(register)
        made[folder / f"{register.name}.json"] = as_json(register)
    made[folder / WORKBOOK] = as_xlsx(built.registers, details.date)
    require_outside(case, *made, force=force, reports=True)
    for path, data in made.items():
        cancel.check()
        write_whole(path, data, replace=force)
    return tuple(made)
