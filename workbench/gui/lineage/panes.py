"""The parts of the lineage page: head, tools, picture, legend, lists; the page does the rest."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.lineage.asking import Shown
from workbench.gui.lineage.canvas import LineageCanvas
from workbench.gui.lineage.legend import Legend
from workbench.gui.lineage.picker import ThingPicker
from workbench.gui.lineage.rows import EDGES, IMPACT
from workbench.gui.models.cells import ListSource
from workbench.gui.parts.boxes import Line, boxed, clear, column, row
from workbench.gui.parts.buttons import Button, DropButton, IconButton
from workbench.gui.parts.chip import Chip, FilterTerm
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.filter_bar import SearchField
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.tables.view import Table
from workbench.gui.text import ElidingLabel, PlainLabel, action_text, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.model.lineage import NodeId
    from workbench.services.lineage import CaseLineage, Impact

_WHY = (
    "Lineage is drawn from exports of catalogs and from logs that approve or deploy models. "
    "This case has none that names a thing."
)
_PICTURE, _WAIT, _EMPTY = 0, 1, 2
_LIST_HEIGHT = 214
_AS_OF = 190


class LineagePanes(QWidget):
    """Everything on the page, and what its buttons ask for."""

    depth_asked = Signal(int)
    path_cleared = Signal()
    impact_asked = Signal()
    export_asked = Signal(object)
    questions_asked = Signal(object)
    as_of_asked = Signal(str)
    focus_asked = Signal()
    picked = Signal(object)
    stopped = Signal()
    add_asked = Signal()

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        self._impact_button = Button(theme, tr("Impact list"), "list-tree")
        self._ask_button = DropButton(theme, tr("Questions"), "search")
        self._export_button = DropButton(theme, tr("Export"), "download")
        buttons = (self._impact_button, self._ask_button, self._export_button)
        self.header = PageHeader(theme, tr("Lineage"), "", buttons)
        self.as_of = SearchField(theme, tr("As of: date or time"), "clock")
        self.as_of.setMaximumWidth(theme.px(_AS_OF))
        self.focus = DropButton(theme, tr("Choose a thing"), "crosshair")
        self._less = IconButton(theme, "minus", tr("One step less"))
        self._depth = PlainLabel(theme, tr("Depth {}").format(1), Face.BODY)
        self._more = IconButton(theme, "plus", tr("One step more"))
        self._count = PlainLabel(theme, "", Face.BODY, "secondary")
        self._path = row()
        self.canvas = LineageCanvas(theme)
        self.legend = Legend(theme)
        self.legend.tell()
        edges = ListSource(EDGES, noun=tr("edges"))
        self.table = Table(theme, context.jobs, edges, name=tr("Edges on screen"))
        nothing = ListSource(IMPACT, noun=tr("things"))
        self.impact = Table(theme, context.jobs, nothing, name=tr("Impact list"))
        self._list_title = PlainLabel(theme, tr("Edges on screen"), Face.STRONG)
        self._list_facts = ElidingLabel(theme, "", Face.BODY, "secondary")
        self._back = Button(theme, tr("Edges"), "table")
        self._lists = QStackedWidget()
        self._stack = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._picker = ThingPicker(context, self)
        self._edge_facts = ""
        self._has_part = False
        self._lay_out()
        self._connect()

    @property
    def room(self) -> int:
        """Return how wide the picture is."""
        return max(self.canvas.width(), 480)

    def show_part(self, shown: Shown, name: "Callable[[NodeId], str]") -> None:
        """Say what is shown, and of how much."""
        view, wish = shown.view, shown.wish
        self._has_part = True
        self.focus.say(name(wish.focus))
        self._depth.setText(tr("Depth {}").format(wish.depth))
        told = tr("{} of {} things").format(f"{view.things:,}", f"{view.nodes_in_case:,}")
        if len(shown.drawn.nodes) < view.things:
            told += tr(", in {} boxes").format(f"{len(shown.drawn.nodes):,}")
        self._count.setText(told)
        self._say_facts(shown, name)
        counts = [f"{n:,} {s.value}" for s, n in reversed(list(view.by_status().items())) if n]
        of = tr("{} of {} in the case").format(f"{view.relations:,}", f"{view.edges_in_case:,}")
        self._edge_facts = f"{of}: {', '.join(counts)}" if counts else of
        clear(self._path)
        if shown.path:
            ends = f"{name(shown.path[0])} {tr('to')} {name(shown.path[-1])}"
            chip = Chip(self._context.theme, FilterTerm(tr("path"), tr("from"), ends))
            chip.removed.connect(lambda _term: self.path_cleared.emit())
            self._path.addWidget(chip)
        self.show_edges()
        self._stack.setCurrentIndex(_PICTURE)

    def show_part_again(self) -> None:
        """Go back to what was shown before, if anything was."""
        self._stack.setCurrentIndex(_PICTURE if self._has_part else _EMPTY)

    def show_waiting(self) -> None:
        """Say that it takes a while, and how to stop it."""
        self._stack.setCurrentIndex(_WAIT)

    def show_empty(self) -> None:
        """Say that there is nothing to show."""
        self._stack.setCurrentIndex(_EMPTY)

    def show_graph(self) -> None:
        """Give the picture its place back."""
        self._upper.show()
        self.canvas.setFocus()

    def show_list(self) -> None:
        """Show the list alone."""
        self._upper.hide()
        (self.table if self._lists.currentIndex() == 0 else self.impact).setFocus()

    def show_edges(self) -> None:
        """Show the list of edges."""
        self._lists.setCurrentIndex(0)
        self._back.hide()
        self._list_title.setText(tr("Edges on screen"))
        self._list_facts.setText(self._edge_facts)

    def show_impact(self, name: str, impact: "Impact", rows: ListSource) -> None:
        """Show the list of what rests on a thing."""
        counts = impact.words
        of = tr("{} things downstream").format(f"{len(impact.reached):,}")
        self.show_answer(
            tr("What rests on {}").format(name), f"{of}: {counts}" if counts else of, rows
        )

    def show_answer(self, title: str, facts: str, rows: ListSource) -> None:
        """Show the list that answers a question."""
        self.impact.show_source(rows)
        self._list_title.setText(title)
        self._list_facts.setText(facts)
        self._back.show()
        self._lists.setCurrentIndex(1)
        self.impact.setFocus()

    def open_picker(self, lineage: "CaseLineage") -> None:
        """Let the user find a thing."""
        self._picker.open(lineage, self.focus)

    def offer_export(self) -> None:
        """Offer the formats."""
        from workbench.services.lineage import Format

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for form, title in (
            (Format.SVG, tr("Picture, SVG…")),
            (Format.PDF, tr("Picture, PDF…")),
            (Format.CSV, tr("Edges, CSV…")),
            (Format.JSON, tr("Things and edges, JSON…")),
            (Format.GRAPHML, tr("Things and edges, GraphML…")),
            (Format.PROV, tr("Things and edges, PROV-JSON…")),
        ):
            act = menu.addAction(action_text(title))
            act.triggered.connect(lambda _=False, form=form: self.export_asked.emit(form))
        menu.popup(self._export_button.mapToGlobal(QPoint(0, self._export_button.height() + 4)))

    def _say_facts(self, shown: Shown, name: "Callable[[NodeId], str]") -> None:
        wish = shown.wish
        told = tr("Depth {} around {}").format(wish.depth, name(wish.focus))
        if wish.opened:
            opened = ", ".join(dict.fromkeys(name(node) for node, _ in wish.opened[:3]))
            told += tr(", {} expanded").format(opened)
        cut = f". {shown.view.cut.words}" if shown.view.cut else ""
        self.header.say(f"{told}{cut}")

    def _lay_out(self) -> None:
        theme = self._context.theme
        picture = column()
        picture.addLayout(self._tools())
        picture.addWidget(Line(theme))
        picture.addWidget(self.canvas, 1)
        picture.addWidget(self.legend)
        self._upper = boxed(picture)
        self._splitter.addWidget(self._upper)
        self._splitter.addWidget(self._list_pane())
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setSizes([600, theme.px(_LIST_HEIGHT)])
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._stack.addWidget(self._splitter)
        self._stack.addWidget(self._waiting())
        self.empty = EmptyState(
            theme, "git-fork", tr("No lineage"), tr(_WHY), tr("Add evidence…"), action_icon="plus"
        )
        self._stack.addWidget(self.empty)
        outer = column()
        outer.addWidget(self.header)
        outer.addWidget(self._stack, 1)
        self.setLayout(outer)

    def _tools(self) -> QHBoxLayout:
        line = row(gap=8)
        line.setContentsMargins(MARGIN, 0, MARGIN - 6, 10)
        for widget in (self.focus, self._less, self._depth, self._more, self._count):
            line.addWidget(widget)
        line.addStretch()
        line.addLayout(self._path)
        line.addWidget(self.as_of)
        theme = self._context.theme
        for icon, name, act in (
            ("zoom-out", tr("Zoom out"), lambda: self.canvas.zoom(-1)),
            ("zoom-in", tr("Zoom in"), lambda: self.canvas.zoom(1)),
            ("maximize", tr("Show all of it"), self.canvas.fit),
        ):
            button = IconButton(theme, icon, name)
            button.clicked.connect(lambda _=False, act=act: act())
            line.addWidget(button)
        return line

    def _list_pane(self) -> QWidget:
        head = row(gap=12)
        head.setContentsMargins(MARGIN, 8, MARGIN - 6, 8)
        head.addWidget(self._list_title)
        head.addWidget(self._list_facts, 1)
        head.addWidget(self._back)
        self._back.hide()
        self._lists.addWidget(self.table)
        self._lists.addWidget(self.impact)
        pane = column()
        pane.addWidget(Line(self._context.theme))
        pane.addLayout(head)
        pane.addWidget(self._lists, 1)
        return boxed(pane)

    def _waiting(self) -> QWidget:
        theme = self._context.theme
        layout = column(margin=MARGIN, gap=8)
        layout.addWidget(PlainLabel(theme, tr("Laying out the lineage…"), Face.SECTION))
        stop = Button(theme, tr("Cancel"))
        stop.clicked.connect(self.stopped)
        layout.addWidget(stop, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()
        return boxed(layout)

    def _connect(self) -> None:
        self._less.clicked.connect(lambda: self.depth_asked.emit(-1))
        self._more.clicked.connect(lambda: self.depth_asked.emit(1))
        self._impact_button.clicked.connect(self.impact_asked)
        self._export_button.clicked.connect(self.offer_export)
        self._ask_button.clicked.connect(lambda: self.questions_asked.emit(self._ask_button))
        self.as_of.returnPressed.connect(lambda: self.as_of_asked.emit(self.as_of.text()))
        self.focus.clicked.connect(self.focus_asked)
        self._back.clicked.connect(self.show_edges)
        self._picker.picked.connect(self.picked)
        self.empty.acted.connect(self.add_asked)
        self.table.rows.failed.connect(self._context.notices.fail)
        self.table.export_asked.connect(lambda _wish: self.offer_export())
        self.impact.export_asked.connect(lambda _wish: self.offer_export())
