"""What can be asked of a lineage beside the picture, and of which lineage: a menu and its work."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.lineage.answer_rows import Names, carried_rows, problem_rows
from workbench.gui.models.cells import ListSource
from workbench.gui.text import action_text, tr
from workbench.model.lineage import NodeId
from workbench.model.lineage_answer import Label
from workbench.model.moment import day_of, moment_of
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.services.lineage import CaseLineage
    from workbench.store.case_store import CaseStore

#: Title, facts, rows: what the list below the picture shows.
Answer = tuple[str, str, ListSource]
Work = Callable[[Progress, Cancel], Answer]
Recast = Callable[["CaseLineage"], "CaseLineage"]
_CARRIED = {
    Label.CONSENT: "What withdrawn consent reaches",
    Label.LICENCE: "What licences reach",
    Label.SENSITIVITY: "What sensitive data reaches",
}


def menu(
    parent: QWidget,
    *,
    ask: Callable[[Label | None], None],
    recast: Callable[[str], None],
    is_run: bool,
) -> QMenu:
    """Return the menu of questions, and of what the lineage is of."""
    found = QMenu(parent)

    def add(title: str, act: Callable[[], None], *, enabled: bool = True) -> None:
        action = found.addAction(action_text(title))
        action.triggered.connect(lambda _=False: act())
        action.setEnabled(enabled)

    add(tr("Loose ends, circles, times that contradict"), lambda: ask(None))
    for label, title in _CARRIED.items():
        add(tr(title), partial(ask, label))
    found.addSeparator()
    add(tr("All runs together"), lambda: recast("all"))
    add(tr("Only what the chosen run states"), lambda: recast("run"), enabled=is_run)
    add(tr("Columns instead of tables"), lambda: recast("columns"))
    return found


def answering(case: "CaseStore", lineage: "CaseLineage", label: Label | None, names: Names) -> Work:
    """Return the work that answers a question: what a label reaches, or what is loose."""

    def work(_progress: Progress, cancel: Cancel) -> Answer:
        from workbench.services import lineage as lineages

        if label is None:
            facts, rows = problem_rows(lineage, lineage.problems(), names)
            return tr("What does not hang together"), facts, rows
        found = lineages.carry(case, lineage, label, cancel=cancel)
        return (tr(_CARRIED[label]), *carried_rows(lineage, found, names))

    return work


def end_of(text: str) -> int | None:
    """Return the last nanosecond that a text means: a moment, or a whole day; None: neither."""
    day = day_of(text.strip())
    return day[1] if day else moment_of(text.strip())


def recast(whole: "CaseLineage", of: str, run: NodeId | None, at: int | None) -> "CaseLineage":
    """Return the lineage of a run, of columns or of all, as it was recorded by a moment."""
    found = whole.of_run(run) if of == "run" and run is not None else whole
    found = found if at is None else found.until(at)
    return found.columns() if of == "columns" else found
