"""The jobs, above the status bar: what runs, and what ended since the user last looked."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.frame.job_row import JobRow, end_words
from workbench.gui.jobs import JobRunner, JobState, JobView
from workbench.gui.parts.boxes import Panel, boxed, column, row, scrolled
from workbench.gui.parts.buttons import Button, IconButton, Look
from workbench.gui.text import PlainLabel, tr
from workbench.gui.theme import Theme

_MOST_ROWS = 5
_HEAD = 34
_ROW = 32


class JobsStrip(Panel):
    """Shows itself when a job starts, and hides when nothing is left to show."""

    def __init__(self, theme: Theme, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(theme, "chrome", edges="n", parent=parent)
        self._theme = theme
        self._jobs = jobs
        self._rows: dict[int, JobRow] = {}
        self._ended: dict[int, JobView] = {}
        self._count = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self._clear = Button(theme, tr("Clear finished"), look=Look.LINK)
        self._fold = IconButton(theme, "chevron-down", tr("Hide jobs (Ctrl+J)"))
        self._clear.clicked.connect(self.clear_ended)
        self._fold.clicked.connect(self.hide)
        self._list = QVBoxLayout()
        self._area = self._lay_out()
        jobs.started.connect(self._add)
        jobs.progressed.connect(self._update)
        jobs.ended.connect(self._end)
        theme.changed.connect(self._tell)
        self._tell()
        self.hide()

    def clear_ended(self) -> None:
        """Take away what has ended."""
        for job in list(self._ended):
            self._rows.pop(job).deleteLater()
            del self._ended[job]
        self._tell()
        self.setVisible(bool(self._rows))

    def _lay_out(self) -> QWidget:
        head = row(gap=8)
        head.setContentsMargins(12, 2, 8, 0)
        head.addWidget(PlainLabel(self._theme, tr("Jobs"), Face.STRONG))
        head.addWidget(self._count)
        head.addStretch()
        head.addWidget(self._clear)
        head.addWidget(self._fold)
        bar = boxed(head)
        bar.setMinimumHeight(_HEAD)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch()
        rows = boxed(self._list)
        area = scrolled(rows)
        area.setProperty("look", "bare")
        area.viewport().setAutoFillBackground(False)
        rows.setAutoFillBackground(False)
        outer = column()
        outer.setContentsMargins(0, 1, 0, 0)
        outer.addWidget(bar)
        outer.addWidget(area)
        self.setLayout(outer)
        return area

    def _add(self, job: JobView) -> None:
        line = JobRow(self._theme, job)
        line.cancelled.connect(self._jobs.cancel)
        self._rows[job.id] = line
        self._list.insertWidget(self._list.count() - 1, line)
        self._tell()
        self.show()

    def _update(self, job: JobView) -> None:
        if job.id in self._rows:
            self._rows[job.id].show_job(job)

    def _end(self, job: JobView) -> None:
        self._update(job)
        self._ended[job.id] = job
        self._announce(f"{job.title}: {end_words(job) or job.state.value}")
        self._tell()

    def _announce(self, words: str) -> None:
        """Tell assistive technology that a job ended; not each per cent."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _tell(self) -> None:
        running = len(self._rows) - len(self._ended)
        failed = sum(job.state is JobState.FAILED for job in self._ended.values())
        finished = len(self._ended) - failed
        parts = [tr("{} running").format(running)]
        parts += [tr("{} finished").format(finished)] if finished else []
        parts += [tr("{} failed").format(failed)] if failed else []
        self._count.setText(", ".join(parts))
        self._clear.setVisible(bool(self._ended))
        shown = min(max(len(self._rows), 1), _MOST_ROWS)
        self._area.setFixedHeight(self._theme.px(_ROW) * shown + 4)
