"""Write the events that are shown to a file, as a job that can be stopped."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.gui.amounts import Unit
from workbench.gui.context import WindowContext
from workbench.gui.text import tr
from workbench.gui.timeline.asking import Answer
from workbench.model.event import EventOrder
from workbench.model.progress import Cancel, Progress
from workbench.output import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.model.event import IndexedEvent

_BATCH = 1000


def start(context: WindowContext, answer: Answer, order: EventOrder, name: str) -> None:
    """Write all events of an answer as CSV."""
    path, case = Path(name), context.services.case
    force = path.exists()  # then it was asked whether it is to be replaced

    def work(progress: Progress, cancel: Cancel) -> int:
        from workbench.services.investigation import csv_lines
        from workbench.store.handing import require_outside

        require_outside(case, path, force=force)
        total = answer.events.count()
        if total > _BATCH:
            answer.events.prepare(order)
        rows = _rows(answer, order, total, progress, cancel)
        data = "".join(f"{line}\r\n" for line in csv_lines(rows)).encode()
        write_whole(path, data, replace=force)
        return total

    context.jobs.start(
        tr("Export {}").format(path.name),
        work,
        unit=Unit.RECORDS,
        on_done=lambda count: context.notices.say(
            tr("{} events are in {}.").format(f"{count:,}", path)
        ),
        on_failed=context.notices.fail,
    )


def _rows(
    answer: Answer, order: EventOrder, total: int, progress: Progress, cancel: Cancel
) -> "Iterator[IndexedEvent]":
    for first in range(0, total, _BATCH):
        cancel.check()
        progress.advance(first, total, "")
        yield from answer.events.page(first=first, count=_BATCH, order=order)
