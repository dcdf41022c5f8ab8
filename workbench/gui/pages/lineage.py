"""Lineage: what a thing was made from, what rests on it, and how far each step is proven."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.jobs import Lane
from workbench.gui.lineage import asking, exporting, questions
from workbench.gui.lineage.asking import Shown, Wish
from workbench.gui.lineage.edge_look import EdgeLook
from workbench.gui.lineage.node_look import NodeLook
from workbench.gui.lineage.panes import LineagePanes
from workbench.gui.lineage.rows import EdgeRows, impact_rows, source_names
from workbench.gui.models.cells import Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import column
from workbench.gui.places import AsOfAt, ThingAt
from workbench.gui.text import tr
from workbench.model.case import CaseChanges
from workbench.model.lineage import NodeId
from workbench.model.lineage_answer import Label
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.services.lineage import CaseLineage, Format

T = TypeVar("T")
#: After so long it is said that something is being read, and how to stop it.
_PATIENCE_MS = 200
_DEEPEST = 12
_TOUCHES = {"things", "sources", "events", "verdicts", "alternates", "case"}


class LineagePage(PageWidget):
    """Asks for a part of the lineage and shows it as picture and as list."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._whole: CaseLineage | None = None
        self._lineage: CaseLineage | None = None
        self._of = "all"
        self._at: int | None = None
        self._run_chosen: NodeId | None = None
        self._wish: Wish | None = None
        self._shown: Shown | None = None
        self._start: NodeId | None = None
        self._wanted: NodeId | None = None
        self._job = 0
        self._slow = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self.panes = LineagePanes(context)
        self.canvas = self.panes.canvas
        self.table = self.panes.table
        layout = column()
        layout.addWidget(self.panes)
        self.setLayout(layout)
        self._connect()
        self._read()

    def refresh(self, changes: CaseChanges) -> None:
        """Read the graph again when what it is made of changed."""
        if changes.areas & _TOUCHES:
            self._read()

    def reveal(self, place: object) -> None:
        """Put a thing in the middle."""
        if isinstance(place, ThingAt):
            self.focus_on((place.source, place.key))
        elif isinstance(place, AsOfAt):
            self.panes.as_of.setText(place.text)
            self.be_as_of(place.text)

    def showEvent(self, event: QShowEvent) -> None:
        """Let the inspector show again what is chosen here."""
        super().showEvent(event)
        self._inspect_chosen()

    def acts(self) -> Mapping[str, Act]:
        """Return what this page does."""
        return {
            "view.graph": Act(self.panes.show_graph, self._why_nothing),
            "view.list": Act(self.panes.show_list, self._why_nothing),
            "table.export": Act(self.panes.offer_export, self._why_nothing),
            "finding.new": Act(self._new_finding, self._why_nothing_chosen),
        }

    def focus_on(self, node: NodeId) -> None:
        """Put a thing in the middle, one step around it."""
        if self._lineage is None:
            self._wanted = node
            return
        self._start = None
        self._ask(Wish(node))

    def deepen(self, by: int) -> None:
        """Show a step more on each side, or less."""
        if self._wish is not None:
            depth = min(max(self._wish.depth + by, 0), _DEEPEST)
            self._ask(replace(self._wish, depth=depth, opened=()))

    def expand(self, node: NodeId, downstream: bool) -> None:
        """Show the neighbours of a thing on one side."""
        if self._wish is not None:
            self._ask(self._wish.opening(node, downstream=downstream))

    def end_path(self, node: NodeId) -> None:
        """Begin a path at a thing, or end it there and show it."""
        if self._wish is None or self._lineage is None:
            return
        if self._start is None or self._start == node:
            self._start = None if self._start == node else node
            self.canvas.mark_start(self._start)
            if self._start:
                told = tr("Path from {}: choose where it ends with Space or Ctrl and a click.")
                self._context.notices.say(told.format(self._lineage.name(node)))
            return
        ends, self._start = (self._start, node), None
        self.canvas.mark_start(None)
        names = [self._lineage.name(end) for end in ends]
        path = self._lineage.path(*ends)
        if not path:
            self._context.notices.say(asking.why_apart(self._lineage, ends))
            return
        told = tr("A path of {} edges between {} and {}.")
        self._context.notices.say(told.format(f"{len(path) - 1:,}", *names))
        self._ask(replace(self._wish, ends=ends))

    def clear_path(self) -> None:
        """Take the path away."""
        self._start = None
        self.canvas.mark_start(None)
        if self._wish is not None and self._wish.ends:
            self._ask(replace(self._wish, ends=None))

    def show_impact(self) -> None:
        """List everything that rests on what is chosen, or on what is in the middle."""
        lineage, shown = self._lineage, self._shown
        if lineage is None or shown is None:
            return
        chosen = self.canvas.chosen
        node = chosen if isinstance(chosen, tuple) and chosen[0] else shown.wish.focus
        names = self._source_names()

        def work(_progress: Progress, cancel: Cancel) -> object:
            cancel.check()
            impact = lineage.impact(node)
            return impact, impact_rows(lineage, impact, names)

        def done(found: object) -> None:
            self.panes.show_impact(lineage.name(node), *found)  # type: ignore[misc]

        self._context.jobs.start(
            tr("List what rests on it"), work, lane=Lane.COMPUTE, owner=self, listed=False,
            on_done=done, on_failed=self._context.notices.fail,
        )  # fmt: skip

    def ask(self, label: Label | None) -> None:
        """List what a label reaches, or what does not hang together."""
        case, lineage = self._context.services.case, self._lineage
        if case is None or lineage is None:
            return
        work = questions.answering(case, lineage, label, self._source_names())
        self._context.jobs.start(
            tr("Answer a question"), work, lane=Lane.COMPUTE, owner=self, listed=False,
            on_done=lambda found: self.panes.show_answer(*found),
            on_failed=self._context.notices.fail,
        )  # fmt: skip

    def be_of(self, of: str) -> None:
        """Show the lineage of one run, of columns, or of all."""
        chosen = self.canvas.chosen
        self._of, self._run_chosen = of, chosen if isinstance(chosen, tuple) else None
        self._recast()

    def be_as_of(self, text: str) -> None:
        """Show what had been recorded by a moment; by now, where none is named."""
        at = questions.end_of(text)
        if text.strip() and at is None:
            told = tr("{} is no date or time: 2026-05-28, or 2026-05-28T09:00:00Z.")
            self._context.notices.say(told.format(text.strip()))
            return
        self._at = at
        self._recast()

    def _questions(self, button: QWidget) -> None:
        found = questions.menu(self, ask=self.ask, recast=self.be_of, is_run=self._is_run())
        found.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _is_run(self) -> bool:
        chosen = self.canvas.chosen
        return self._lineage is not None and self._lineage.is_run(chosen)

    def _read(self) -> None:
        """Read the graph of the case."""
        case = self._context.services.case
        if case is None:
            self.panes.show_empty()
            return

        def work(_progress: Progress, cancel: Cancel) -> "CaseLineage":
            from workbench.services import lineage

            return lineage.read(case, cancel=cancel)

        self._run(tr("Read lineage"), work, self._take_graph)

    def _take_graph(self, lineage: "CaseLineage") -> None:
        """Show a part of what the case states, by default all of it."""
        self._whole = lineage
        self._recast()

    def _recast(self) -> None:
        """Show the lineage of what was chosen, as of the moment that was chosen."""
        whole, of, run, at = self._whole, self._of, self._run_chosen, self._at
        if whole is None:
            return

        def work(_progress: Progress, cancel: Cancel) -> "CaseLineage":
            cancel.check()
            return questions.recast(whole, of, run, at)

        self._run(tr("Read lineage"), work, self._take_part)

    def _take_part(self, lineage: "CaseLineage") -> None:
        from workbench.services import lineage as lineages

        self._lineage = lineage
        wanted, self._wanted = self._wanted, None
        before = self._wish
        known = before is not None and before.focus in lineage.graph
        if wanted is not None:
            self._ask(Wish(wanted))
        elif before is not None and known:
            self._ask(before)
        else:
            node = lineages.start(lineage)
            if node is None:
                self.panes.show_empty()
            else:
                self._ask(Wish(node))

    def _ask(self, wish: Wish) -> None:
        lineage = self._lineage
        if lineage is None:
            return
        room, unit = self.panes.room, self._context.theme.scale

        def work(_progress: Progress, cancel: Cancel) -> Shown:
            return asking.show(lineage, wish, room=room, unit=unit, cancel=cancel)

        self._run(tr("Lay out lineage"), work, self._show)

    def _run(
        self, title: str, work: Callable[[Progress, Cancel], T], done: Callable[[T], None]
    ) -> None:
        """Run work whose answer is shown; what was asked before is stopped."""
        self._context.jobs.drop(self._job)

        def over(result: T) -> None:
            self._slow.stop()
            done(result)

        def fail(fault: Fault) -> None:
            self._slow.stop()
            self._context.notices.fail(fault)
            self.panes.show_part_again()

        self._job = self._context.jobs.start(
            title, work, lane=Lane.COMPUTE, owner=self, listed=False, on_done=over, on_failed=fail
        )
        self._slow.start()

    def _stop(self) -> None:
        """Stop what is being read or laid out; what was shown before stays."""
        self._context.jobs.drop(self._job)
        self._slow.stop()
        self.panes.show_part_again()

    def _show(self, shown: Shown) -> None:
        if self._lineage is None:
            return
        self._wish, self._shown = shown.wish, shown
        self.canvas.show_part(shown, self._lineage.is_broken)
        self.panes.show_part(shown, self._lineage.name)
        self.table.show_source(EdgeRows(self._lineage, shown, self._source_names()))
        if self.canvas.chosen is None:
            self.canvas.choose_node(shown.drawn.focus)
        self._inspect_chosen()

    def _choose_node(self, node: NodeId) -> None:
        lineage, shown = self._lineage, self._shown
        if lineage is None or shown is None:
            return
        box = shown.scene.boxes.get(node)
        if box is None:
            return
        look = NodeLook(self._context, lineage, box.node, self.focus_on, self.end_path)
        self._context.selection.select(look.inspected())

    def _choose_wire(self, wire: int) -> None:
        """Choose the first edge of a line in the list too."""
        if self._shown is not None and wire in self._shown.wires:
            number = self._shown.wires.index(wire)
            self._inspect_edge(number)
            self.panes.show_edges()
            self.table.reveal(number)

    def _choose_row(self, row: Row | None) -> None:
        if row is None or self._shown is None or not isinstance(row.key, int):
            return
        self.canvas.choose_wire(self._shown.wires[row.key])
        self._inspect_edge(row.key)

    def _inspect_edge(self, number: int) -> None:
        if self._lineage is not None and self._shown is not None:
            look = EdgeLook(self._context, self._lineage, self._shown.edges[number])
            self._context.selection.select(look.inspected())

    def _open_row(self, row: Row | None) -> None:
        """Put the thing of a row in the middle."""
        if row is None or self._shown is None:
            return
        if isinstance(row.key, int):
            self.focus_on(self._shown.edges[row.key].head)
        elif isinstance(row.key, tuple):
            self.focus_on(row.key)

    def _pick(self) -> None:
        if self._lineage is not None:
            self.panes.open_picker(self._lineage)

    def _export(self, form: "Format") -> None:
        if self._lineage is not None and self._shown is not None:
            exporting.start(self._context, self, self._lineage, self._shown, form)

    def _inspect_chosen(self) -> None:
        chosen, shown = self.canvas.chosen, self._shown
        if isinstance(chosen, int) and shown is not None:
            self._inspect_edge(shown.wires.index(chosen))
        elif isinstance(chosen, tuple):
            self._choose_node(chosen)

    def _new_finding(self) -> None:
        chosen, lineage, shown = self.canvas.chosen, self._lineage, self._shown
        if lineage is None or shown is None:
            return
        if isinstance(chosen, int):
            number = shown.wires.index(chosen)
            EdgeLook(self._context, lineage, shown.edges[number]).new_finding()
        elif chosen is not None:
            box = shown.scene.boxes[chosen]
            NodeLook(self._context, lineage, box.node, self.focus_on, self.end_path).new_finding()

    def _why_nothing(self) -> str:
        return "" if self._shown else tr("No lineage is shown.")

    def _why_nothing_chosen(self) -> str:
        return "" if self.canvas.chosen is not None else tr("Select a thing or an edge first.")

    def _source_names(self) -> dict[int, str]:
        return source_names(self._context.services.standing)

    def _connect(self) -> None:
        canvas, panes = self.canvas, self.panes
        canvas.node_chosen.connect(self._choose_node)
        canvas.edge_chosen.connect(self._choose_wire)
        canvas.focus_asked.connect(self.focus_on)
        canvas.expand_asked.connect(self.expand)
        canvas.path_asked.connect(self.end_path)
        canvas.path_cleared.connect(self.clear_path)
        panes.depth_asked.connect(self.deepen)
        panes.path_cleared.connect(self.clear_path)
        panes.impact_asked.connect(self.show_impact)
        panes.export_asked.connect(self._export)
        panes.questions_asked.connect(self._questions)
        panes.as_of_asked.connect(self.be_as_of)
        panes.focus_asked.connect(self._pick)
        panes.picked.connect(self.focus_on)
        panes.stopped.connect(self._stop)
        panes.add_asked.connect(lambda: self._context.acts.run("evidence.add"))
        self.table.chosen.connect(self._choose_row)
        self.table.opened.connect(self._open_row)
        panes.impact.opened.connect(self._open_row)
        self._slow.timeout.connect(panes.show_waiting)


PAGE = Page("lineage", "Lineage", "git-fork", 2, Group.LOOK, LineagePage, inspects_narrow=False)
