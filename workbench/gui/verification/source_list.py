"""The sources that were judged, the worst first, each with its four marks."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.judged import LEGEND, LETTERS, Judged, mark_cells
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row
from workbench.gui.parts.boxes import Panel, boxed, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.mark import SMALL, Mark, VerdictMark
from workbench.gui.places import Kept
from workbench.gui.tables.view import Table
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.verdict import Dimension, Indication

WIDTH = 296
_MARK = 27
_MARGIN = 24
_ROW = 44

COLUMNS = (
    Column("source", "Source", CellKind.PAIR, width=120, least=100, rank=0, stretch=True),
    *(
        Column(
            which.value,
            LETTERS[which],
            CellKind.MARK,
            width=_MARK,
            least=_MARK,
            rank=0,
            name=which.value.capitalize(),
        )
        for which in Dimension
    ),
)


class SourceList(Panel):
    """The list. ``chosen`` gives what is selected, a ``Judged``."""

    chosen = Signal(object)

    def __init__(self, context: WindowContext) -> None:
        super().__init__(context.theme, edges="e")
        theme = context.theme
        self._theme = theme
        self._shown: tuple[Judged, ...] = ()
        self._all: tuple[Judged, ...] = ()
        self._kept = Kept.ALL
        source = ListSource(COLUMNS, noun="subjects")
        self.table = Table(
            theme, context.jobs, source, name=tr("Subjects"), margin=_MARGIN, row=_ROW
        )
        self.table.chosen.connect(self._choose)
        self._only = Button(theme, "", look=Look.LINK)
        self._only.clicked.connect(self._turn)
        self._rescale()
        theme.changed.connect(self._rescale)
        outer = column()
        outer.addWidget(self.table, 1)
        outer.addWidget(self._foot())
        self.setLayout(outer)

    def show_sources(self, found: Sequence[Judged]) -> None:
        """Show other sources; the one that was selected stays selected."""
        self._all = tuple(found)
        self._fill()

    def select(self, source: int) -> bool:
        """Select a source by its id; return whether it is in the list."""
        numbers = [n for n, each in enumerate(self._shown) if each.source.id == source]
        if not numbers and self._kept is not Kept.ALL:
            self.keep(Kept.ALL)
            numbers = [n for n, each in enumerate(self._shown) if each.source.id == source]
        if numbers:
            self.table.reveal(numbers[0])
        return bool(numbers)

    def first_with(self, which: Dimension) -> Judged | None:
        """Return the source that decides a dimension of the case."""
        found = [each for each in self._all if each.verdict is not None]
        return max(found, key=lambda each: _severity(each, which), default=None)

    def _fill(self) -> None:
        keeps = _KEEPS[self._kept]
        self._shown = tuple(each for each in self._all if keeps(each))
        open_ones = sum(map(_KEEPS[Kept.NOT_PASSED], self._all))
        if self._kept is not Kept.ALL:
            told = tr("Only {} ({}). Show all {}")
            self._only.say(told.format(tr(self._kept), len(self._shown), len(self._all)))
        else:
            self._only.say(tr("Only what is not PASSED ({})").format(open_ones))
        filtered = self._kept is not Kept.ALL
        self._only.setVisible(filtered or (open_ones < len(self._all) and len(self._all) > 1))
        self.table.show_source(ListSource(COLUMNS, tuple(map(_row, self._shown)), "subjects"))

    def keep(self, kept: Kept) -> None:
        """List these only."""
        self._kept = kept
        self._fill()

    def _turn(self) -> None:
        self.keep(Kept.NOT_PASSED if self._kept is Kept.ALL else Kept.ALL)

    def _choose(self, found: Row | None) -> None:
        if found is not None and isinstance(found.key, Judged):
            self.chosen.emit(found.key)

    def _foot(self) -> QWidget:
        outer = column(gap=6)
        outer.setContentsMargins(_MARGIN, 8, 12, 14)
        outer.addWidget(self._only)
        words = {
            Mark.PASSED: tr("passed"),
            Mark.HALF: tr("agrees only with itself"),
            Mark.INDETERMINATE: tr("indeterminate"),
            Mark.FAILED: tr("failed"),
        }
        for pair in (list(words.items())[:2], list(words.items())[2:]):
            line = row(gap=6)
            for mark, word in pair:
                line.addWidget(VerdictMark(self._theme, mark, SMALL))
                line.addWidget(PlainLabel(self._theme, word, Face.SECONDARY, "secondary"))
                line.addSpacing(6)
            line.addStretch()
            outer.addLayout(line)
        outer.addWidget(Paragraph(self._theme, LEGEND, Face.SECONDARY, "secondary"))
        return boxed(outer)

    def _rescale(self) -> None:
        self.setFixedWidth(self._theme.px(WIDTH))


def _row(each: Judged) -> Row:
    return Row((Cell(each.title, detail=each.detail), *mark_cells(each)), each)


def _severity(each: Judged, which: Dimension) -> int:
    return each.verdict.dimension(which).indication.severity if each.verdict else -1


_KEEPS: dict[Kept, Callable[[Judged], bool]] = {
    Kept.ALL: lambda _each: True,
    Kept.NOT_PASSED: lambda each: each.worst is not Indication.PASSED,
    Kept.DECIDED: lambda each: each.worst not in {None, Indication.INDETERMINATE},
    Kept.LOGS: lambda each: each.is_log,
}
