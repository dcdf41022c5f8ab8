"""One job in numbers: arc, name, bar, per cent, done of total, rate, time left, cancel."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.amounts import done_of, rate
from workbench.gui.fonts import Face
from workbench.gui.jobs import JobState, JobView
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.mark import MEDIUM, Mark, VerdictMark
from workbench.gui.parts.painted import Painted
from workbench.gui.parts.word_icon import WordIcon
from workbench.gui.text import ElidingLabel, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.rate import span

HEIGHT = 32
_NAME, _AMOUNT, _RATE, _LEFT = 300, 190, 120, 110

#: Ending is no verdict, so it has an icon and no mark: green means proven here, nothing else.
_ICONS = {JobState.DONE: "check", JobState.FAILED: "x", JobState.CANCELLED: "circle-stop"}


def left_words(job: JobView) -> str:
    """Return how long a job still takes, in words."""
    if job.state is JobState.WAITING:
        return tr("waiting")
    if job.left is None:
        return tr("estimating") if job.total and job.done < job.total else ""
    return tr("{} left").format(span(job.left))


def end_words(job: JobView) -> str:
    """Return what became of a job, in words."""
    match job.state:
        case JobState.DONE:
            done = done_of(job.amount, None, job.unit) if job.amount else ""
            return " · ".join(each for each in (job.note or done, span(job.seconds)) if each)
        case JobState.CANCELLED:
            return tr("Stopped. What was finished is kept; the rest stays unverified.")
        case JobState.FAILED if job.fault:
            return job.fault.sentence
        case _:
            return ""


class ProgressBar(Painted):
    """A bar of 6 pixels; where the end is not known, an empty track."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._share = 0.0
        self.tell()

    def show_share(self, share: float) -> None:
        """Show how much is done, 0 to 1."""
        self._share = min(max(share, 0.0), 1.0)
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw track and bar."""
        track = QRect(0, (self.height() - 6) // 2, self.width(), 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.track)
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(self.theme.colour("accent"))
        done = QRect(0, track.top(), round(self.width() * self._share), 6)
        painter.drawRoundedRect(done, 3, 3)

    def wanted(self) -> QSize:
        """Return its size."""
        return QSize(120, 8)

    def said(self) -> str:
        """Return the share in words."""
        return f"{self._share:.0%}"


class JobRow(QWidget):
    """A job, running or ended."""

    cancelled = Signal(int)
    asked = Signal(object)

    def __init__(self, theme: Theme, job: JobView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._job = job
        self._mark = VerdictMark(theme, Mark.NONE, MEDIUM)
        self._icon = WordIcon(theme, "check", size=MEDIUM)
        self._name = ElidingLabel(theme, job.title, Face.BUTTON)
        self._bar = ProgressBar(theme)
        self._share = PlainLabel(theme, "", Face.NUMBER)
        self._amount = ElidingLabel(theme, "", Face.SECONDARY, "secondary")
        self._rate = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self._left = PlainLabel(theme, "", Face.WORD)
        self._end = ElidingLabel(theme, "", Face.SECONDARY, "secondary")
        self.cancel = Button(theme, tr("Cancel"), look=Look.LINK)
        self.cancel.clicked.connect(lambda: self.cancelled.emit(self._job.id))
        self._lay_out()
        self._rescale()
        theme.changed.connect(self._rescale)
        self.show_job(job)

    def show_job(self, job: JobView) -> None:
        """Show how far it is."""
        self._job = job
        over = job.is_over
        for widget in (self._bar, self._share, self._amount, self._rate, self._left, self.cancel):
            widget.setVisible(not over)
        self._end.setVisible(over)
        running = job.state is JobState.RUNNING
        self._mark.set_mark(Mark.RUNNING if running else Mark.NONE)
        self._mark.setVisible(not over)
        self._icon.show_icon(_ICONS.get(job.state, "check"))
        self._icon.setVisible(over)
        share = job.done / job.total if job.total else 0.0
        self._bar.show_share(share)
        self._share.setText(f"{share:.0%}".replace("%", " %") if job.total else "")
        self._amount.setText(done_of(job.done, job.total, job.unit) if job.done else "")
        self._rate.setText("" if job.rate is None else rate(job.rate, job.unit))
        self._left.setText(left_words(job))
        self._end.setText(end_words(job))
        self._end.recolour("failed" if job.state is JobState.FAILED else "secondary")
        self.setAccessibleName(f"{job.title}, {job.state.value}")

    def _rescale(self) -> None:
        self.setFixedHeight(self._theme.px(HEIGHT))
        self._name.setFixedWidth(self._theme.px(_NAME))
        self._share.setFixedWidth(pen.width_of(self._theme, "100 %", Face.NUMBER) + 2)
        for label, width in ((self._amount, _AMOUNT), (self._rate, _RATE), (self._left, _LEFT)):
            label.setFixedWidth(self._theme.px(width))

    def _lay_out(self) -> None:
        line = row(gap=12)
        line.setContentsMargins(12, 0, 12, 0)
        line.addWidget(self._mark)
        line.addWidget(self._icon)
        line.addWidget(self._name)
        line.addWidget(self._bar, 1)
        for widget in (self._share, self._amount, self._rate, self._left):
            line.addWidget(widget)
        line.addWidget(self._end, 1)
        line.addWidget(self.cancel)
        self.setLayout(line)
