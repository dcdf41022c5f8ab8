"""Facets at the left of the catalog: values with their counts, to be ticked."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from workbench.gui.catalog.asking import FACETS, Chosen, Facet, Value, is_missing, word_of
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Panel, boxed, clear, column, row, scrolled
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.filter_bar import SearchField
from workbench.gui.text import PlainLabel, action_text, set_tooltip, tr
from workbench.gui.theme import Theme

WIDTH = 204
MARGIN = 24
#: From so many values on, a facet is searched.
_SEARCHED = 12
_SHOWN = 12
#: What is pressed is at least so high.
_TARGET = 24
_ROOM = 118


class FacetPanel(Panel):
    """``chosen`` gives facet, value and whether it is wanted; ``cleared`` takes all away."""

    chosen = Signal(str, object, bool)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, edges="e", parent=parent)
        self._theme = theme
        self._wanted: Chosen = {}
        self._found: dict[str, str] = {}
        self._facets: tuple[Facet, ...] = ()
        self._groups = column(gap=16)
        self._groups.setContentsMargins(MARGIN, 12, 12, 12)
        self._clear = Button(theme, tr("Clear filters"), look=Look.LINK)
        self._clear.clicked.connect(self.cleared)
        foot = row()
        foot.setContentsMargins(MARGIN, 4, 12, 10)
        foot.addWidget(self._clear)
        foot.addStretch()
        outer = column()
        outer.addWidget(scrolled(boxed(self._groups)), 1)
        outer.addLayout(foot)
        self.setLayout(outer)
        self._rescale()
        theme.changed.connect(self._rescale)

    def show_facets(self, facets: Sequence[Facet], wanted: Chosen) -> None:
        """Show values and counts; keys stay on the value that they were on."""
        self._facets, self._wanted = tuple(facets), wanted
        focused = self._focused()
        self._fill()
        self._clear.setVisible(bool(wanted))
        if focused is not None:
            for box in self.findChildren(QCheckBox):
                if box.property("facet") == focused:
                    box.setFocus()

    def boxes(self, facet: str) -> list[QCheckBox]:
        """Return the boxes of a facet, from the top."""
        found = self.findChildren(QCheckBox)
        return [box for box in found if str(box.property("facet")).startswith(f"{facet}\n")]

    def _rescale(self) -> None:
        self.setFixedWidth(self._theme.px(WIDTH) + 1)

    def _fill(self) -> None:
        clear(self._groups)
        for facet in self._facets:
            ticked = self._wanted.get(facet.name, frozenset())
            if len(facet.values) > 1 or ticked:
                self._groups.addWidget(self._group(facet))
        self._groups.addStretch()

    def _group(self, facet: Facet) -> QWidget:
        layout = column()
        title = tr(FACETS[facet.name])
        layout.addWidget(PlainLabel(self._theme, title, Face.HEAD, "secondary"))
        text = self._found.get(facet.name, "")
        if len(facet.values) > _SEARCHED:
            layout.addWidget(self._search(facet.name, title, text))
        ticked = self._wanted.get(facet.name, frozenset())
        fit = [
            (value, count)
            for value, count in facet.values
            if value in ticked or text.lower() in word_of(facet.name, value).lower()
        ]
        fit.sort(key=lambda each: each[0] not in ticked)
        for value, count in fit[:_SHOWN]:
            layout.addWidget(self._value(facet.name, value, count, ticked=value in ticked))
        if left := len(fit) - _SHOWN:
            words = tr("{} more: search").format(f"{left:,}") if left > 0 else ""
            layout.addWidget(PlainLabel(self._theme, words, Face.SMALL, "tertiary"))
        return boxed(layout)

    def _search(self, name: str, title: str, text: str) -> SearchField:
        field = SearchField(self._theme, tr("Find in {}").format(title.lower()))
        field.setText(text)
        field.editingFinished.connect(lambda: self._find(name, field.text()))
        return field

    def _find(self, name: str, text: str) -> None:
        if self._found.get(name, "") != text:
            self._found[name] = text
            self._fill()

    def _value(self, facet: str, value: Value, count: int, *, ticked: bool) -> QWidget:
        word = word_of(facet, value)
        elide = Qt.TextElideMode.ElideMiddle
        room = self._theme.px(_ROOM)
        shown = self._theme.metrics(Face.BODY).elidedText(word, elide, room)
        box = QCheckBox(action_text(shown))
        box.setMinimumHeight(self._theme.px(_TARGET))
        box.setChecked(ticked)
        box.setProperty("facet", f"{facet}\n{value}")
        box.setAccessibleName(f"{word}, {count:,}")
        set_tooltip(box, word if shown != word else "")
        if is_missing(facet, value):
            palette = box.palette()
            palette.setColor(box.foregroundRole(), self._theme.colour("indeterminate"))
            box.setPalette(palette)
        box.toggled.connect(lambda wanted: self.chosen.emit(facet, value, wanted))
        line = row(gap=4)
        line.addWidget(box, 1)
        line.addWidget(PlainLabel(self._theme, f"{count:,}", Face.NUMBER, "secondary"))
        return boxed(line)

    def _focused(self) -> object:
        widget: QWidget | None = self.window().focusWidget()
        if isinstance(widget, QCheckBox) and self.isAncestorOf(widget):
            return widget.property("facet")
        return None
