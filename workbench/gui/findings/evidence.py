"""The places that a finding rests on: frozen by digest, each opens its bytes."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from workbench.evidence.text import visible
from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import clear, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.mark import MEDIUM, Mark, colour_of, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.text import PlainLabel, set_tooltip, tr
from workbench.gui.theme import Theme
from workbench.model.case import EvidenceRef
from workbench.model.case_source import Presence

#: Rows that are shown at first, and how many more each time: a finding may rest on thousands.
FEW, MORE = 12, 100
_ROW = 26
_SAID = {
    None: (Mark.NONE, "not in this case any more"),
    Presence.HERE: (Mark.NONE, "not read again yet"),
    Presence.MISSING: (Mark.INDETERMINATE, "Missing"),
    Presence.CHANGED: (Mark.FAILED, "Changed"),
}


class EvidenceRow(Painted):
    """One place: where, what it shows, whether it is still there. ``opened`` when pressed."""

    opened = Signal(object)

    def __init__(self, theme: Theme, ref: EvidenceRef, presence: Presence | None) -> None:
        super().__init__(theme)
        self.ref = ref
        self._mark, self._word = _SAID[presence]
        self._chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        set_tooltip(self, f"{ref.locator}\nSHA-256 {ref.sha256}")
        self.tell()

    def judge(self, mark: Mark, word: str) -> None:
        """Show what came of reading its bytes."""
        self._mark, self._word = mark, word
        self.tell()

    def choose(self, *, chosen: bool) -> None:
        """Show whether its bytes are on screen."""
        self._chosen = chosen
        self.update()

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        theme, area = self.theme, self.rect()
        if self._chosen:
            pen.fill(painter, area, theme.colour("selection"))
        pen.icon(painter, theme, QPointF(6, (area.height() - theme.px(16)) / 2), "file-text")
        inner = area.adjusted(theme.px(16) + 14, 0, -8, 0)
        state = pen.width_of(theme, tr(self._word), Face.SECONDARY)
        has_mark = self._mark is not Mark.NONE
        room = state + (theme.px(MEDIUM) + 6 if has_mark else 0) + 12
        third = max((inner.width() - room) * 2 // 5, 60)
        place = QRect(inner.left(), 0, third, area.height())
        middle = Qt.TextElideMode.ElideMiddle
        pen.write(painter, theme, place, _place(self.ref), face=Face.MONO, elide=middle)
        note = QRect(inner.left() + third + 12, 0, inner.width() - room - third - 12, area.height())
        pen.write(painter, theme, note, self.ref.note, colour="secondary")
        if has_mark:
            corner = QPointF(inner.right() - room + 12, (area.height() - theme.px(MEDIUM)) / 2)
            paint_mark(painter, theme, corner, self._mark, theme.px(MEDIUM))
        ink = colour_of(self._mark) if has_mark else "tertiary"
        pen.write(painter, theme, inner, tr(self._word), face=Face.SECONDARY, colour=ink,
                  align=pen.RIGHT)  # fmt: skip

    def wanted(self) -> QSize:
        """Return the height of a row."""
        return QSize(200, self.theme.px(_ROW))

    def said(self) -> str:
        """Return all of it in words."""
        return visible(f"{self.ref.locator}, {self.ref.note}, {tr(self._word)}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open its bytes."""
        super().mousePressEvent(event)
        self.opened.emit(self.ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open its bytes."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit(self.ref)
        else:
            super().keyPressEvent(event)


class EvidenceList(QWidget):
    """The rows under their heading; ``opened`` gives the place whose bytes are wanted."""

    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._refs: tuple[EvidenceRef, ...] = ()
        self._presence: Mapping[str, Presence] = {}
        self._most = FEW
        self._lines: list[EvidenceRow] = []
        self._facts = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self._rows = column()
        self._more = Button(theme, "", look=Look.LINK)
        self._more.clicked.connect(self._show_more)
        head = row(gap=10)
        head.addWidget(PlainLabel(theme, tr("Evidence"), Face.STRONG))
        head.addWidget(self._facts, 1)
        layout = column(gap=4)
        layout.addLayout(head)
        layout.addLayout(self._rows)
        layout.addWidget(self._more)
        self.setLayout(layout)

    @property
    def rows(self) -> list[EvidenceRow]:
        """The rows on screen."""
        return list(self._lines)

    def show_refs(self, refs: Sequence[EvidenceRef], presence: Mapping[str, Presence]) -> None:
        """Show other places, and whether their sources are where they were."""
        if tuple(refs) == self._refs and presence == self._presence:
            return
        self._most = self._most if tuple(refs) == self._refs else FEW
        self._refs, self._presence = tuple(refs), dict(presence)
        self._fill()

    def judge(self, ref: EvidenceRef, mark: Mark, word: str) -> None:
        """Show at its row what came of reading the bytes of a place."""
        for line in self._lines:
            if line.ref == ref:
                line.judge(mark, word)

    def _show_more(self) -> None:
        self._most += MORE
        self._fill()

    def _fill(self) -> None:
        clear(self._rows)
        self._lines.clear()
        shown = self._refs[: self._most]
        for ref in shown:
            line = EvidenceRow(self._theme, ref, self._presence.get(ref.sha256))
            line.opened.connect(self._open)
            self._rows.addWidget(line)
            self._lines.append(line)
        left = len(self._refs) - len(shown)
        self._more.say(tr("Show more, {} left").format(f"{left:,}"))
        self._more.setVisible(left > 0)
        self._facts.setText(self._words())

    def _words(self) -> str:
        if not self._refs:
            return tr("None linked: what is said here rests on nothing that can be shown.")
        lost = sum(self._presence.get(ref.sha256) is not Presence.HERE for ref in self._refs)
        gone = tr("; {} missing or changed").format(f"{lost:,}") if lost else ""
        number = len(self._refs)
        places = tr("1 place") if number == 1 else tr("{} places").format(f"{number:,}")
        return tr("{}, frozen by digest{}").format(places, gone)

    def _open(self, ref: EvidenceRef) -> None:
        for line in self.rows:
            line.choose(chosen=line.ref is ref)
        self.opened.emit(ref)


def _place(ref: EvidenceRef) -> str:
    """Return file name and record: the whole place is in the tooltip and beside the bytes."""
    at = ref.locator
    name = (at.member or at.path).rpartition("/")[2]
    if at.record is not None:
        return f"{name} · {at.record:,}"
    return f"{name} · {at.pointer}" if at.pointer else name
