"""Write what is shown of a lineage to a file, as a job."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.gui.amounts import Unit
from workbench.gui.context import WindowContext
from workbench.gui.lineage.asking import Shown
from workbench.gui.text import tr
from workbench.model.progress import Cancel, Progress
from workbench.output import write_whole

if TYPE_CHECKING:
    from workbench.services.lineage import CaseLineage, Format


def start(
    context: WindowContext,
    parent: QWidget,
    lineage: "CaseLineage",
    shown: Shown,
    form: "Format",
) -> None:
    """Ask for a file and write the view as it is shown, saying how much of the case it is."""
    kind = f"{form.value.upper()} (*.{form.value})"
    name, _ = QFileDialog.getSaveFileName(
        parent, tr("Export lineage"), f"lineage.{form.value}", kind
    )
    if name:
        write(context, lineage, shown, form, Path(name))


def write(
    context: WindowContext, lineage: "CaseLineage", shown: Shown, form: "Format", path: Path
) -> None:
    """Write the view to a file."""
    case = context.services.case
    force = path.exists()  # then it was asked whether it is to be replaced

    def work(_progress: Progress, cancel: Cancel) -> int:
        from workbench.services import lineage as lineages
        from workbench.store.handing import require_outside

        require_outside(case, path, force=force)
        title = tr("Lineage of {}").format(lineage.name(shown.view.focus))
        data = lineages.exported(lineage, shown.view, form, title=title, cancel=cancel)
        write_whole(path, data, replace=force)
        return len(data)

    def done(_size: int) -> None:
        view = shown.view
        told = tr("{} of {} things and {} of {} edges are in {}.")
        context.notices.say(
            told.format(
                f"{view.things:,}",
                f"{view.nodes_in_case:,}",
                f"{view.relations:,}",
                f"{view.edges_in_case:,}",
                path,
            )
        )

    context.jobs.start(
        tr("Export {}").format(path.name),
        work,
        unit=Unit.ITEMS,
        on_done=done,
        on_failed=context.notices.fail,
    )
