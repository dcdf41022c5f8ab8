"""``workbench case registers``: what a report lists, for a spreadsheet and for programs."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.opening import Folder, opened


def registers(
    folder: Folder,
    out: Annotated[Path, typer.Argument(help="Folder to write them to.", metavar="DIR")],
    pack: Annotated[
        str, typer.Option("--pack", metavar="ID|FILE", help="Checks to list as well.")
    ] = "",
    date: Annotated[
        str | None, typer.Option("--date", metavar="TIME", help="Date of the workbook.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over existing files.")] = False,
) -> int:
    """Write evidence, verdicts, signatures, findings and checks as CSV, JSON and a workbook."""
    from workbench.model.selftest import SelfTestResult
    from workbench.services import checking, reports

    with work() as (progress, cancel), opened(folder, write=False) as case:
        asked = reports.Asked(SelfTestResult(()))
        if pack:
            chosen, results = checking.answers(case, pack, progress=progress, cancel=cancel)
            asked = reports.Asked(SelfTestResult(()), chosen, results)
        details = reports.case_details(case, o.time_of(date))
        made = reports.write_registers(case, out, asked, details, force=force, cancel=cancel)
    for path in made:
        say(str(path))
    return 0
