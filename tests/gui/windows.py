"""A window with pages and services that note what happens to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtWidgets import QWidget

from tests.gui.sample import DIMENSIONS
from workbench.gui.commands import Act
from workbench.gui.context import CaseHeader, FindKind, Hit, WindowContext
from workbench.gui.main_window import MainWindow
from workbench.gui.models.cells import Cell, Column, ListSource, Row
from workbench.gui.page import Badge, Group, Page, PageWidget
from workbench.gui.parts.boxes import column
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.tables.view import Table
from workbench.gui.text import PlainLabel
from workbench.model.case import CaseChanges
from workbench.model.locator import Locator

HEADER = CaseHeader(
    title="Northwind Lending, Q3 2026", number="AW-2026-014", dimensions=DIMENSIONS, sources=9,
    journal_entries=1482,
)  # fmt: skip


@dataclass
class Services:
    """A case that is open, or none."""

    shown: CaseHeader | None = HEADER
    case: None = None
    standing: None = None
    closed: bool = False
    asked: list[tuple[str, FindKind]] = field(default_factory=list)

    def header(self) -> CaseHeader | None:
        return self.shown

    def read(self, _work: object, **_more: object) -> None:
        """Ask nothing: no case is open."""

    def act(self, _title: str, _work: object, **_more: object) -> None:
        """Change nothing: no case is open."""

    def find(self, text: str, kind: FindKind, limit: int) -> Sequence[Hit]:
        self.asked.append((text, kind))
        return [Hit("model.approve", "record 600", "file-text", "timeline", 600)][:limit]

    def close(self) -> None:
        self.closed = True


class NotingPage(PageWidget):
    """A page with a filter and a table; it notes what it is told."""

    def __init__(self, context: WindowContext, name: str) -> None:
        super().__init__()
        self.name = name
        self.told: list[object] = []
        self.context = context
        columns = (Column("a", "A", stretch=True),)
        rows = tuple(Row((Cell(f"{name} {n}"),), n, Locator("log", record=n)) for n in range(50))
        self.filter = FilterBar(context.theme, "Filter")
        self.table = Table(context.theme, context.jobs, ListSource(columns, rows), name=name)
        self.table.chosen.connect(self._choose)
        layout = column()
        layout.addWidget(self.filter)
        layout.addWidget(self.table)
        self.setLayout(layout)

    def refresh(self, changes: CaseChanges) -> None:
        self.told.append(changes.areas)

    def reveal(self, place: object) -> None:
        self.told.append(place)

    def acts(self) -> Mapping[str, Act]:
        return {"view.graph": Act(lambda: self.told.append("graph"))}

    def _choose(self, row: Row | None) -> None:
        if row is not None:
            theme, text = self.context.theme, row.cells[0].text
            tab = InspectorTab("Fields", lambda: PlainLabel(theme, text))
            self.context.selection.select(Inspected(str(row.key), text, (tab,)))


def broken(_context: WindowContext) -> PageWidget:
    raise ZeroDivisionError


def pages() -> tuple[Page, ...]:
    def page(name: str, order: int, group: Group, **more: object) -> Page:
        made = Page(
            name, name.capitalize(), "box", order, group, lambda context: NotingPage(context, name)
        )
        return replace(made, **more)

    return (
        page("start", 1, Group.START),
        page("overview", 1, Group.CASE, inspects=False),
        page("evidence", 2, Group.CASE, badge=lambda _c: Badge("9")),
        page("verification", 3, Group.CASE, badge=lambda _c: Badge("1", is_bad=True)),
        page("lineage", 1, Group.LOOK, inspects_narrow=False),
        page("timeline", 2, Group.LOOK),
        page("journal", 1, Group.JOURNAL, build=broken),
        page("settings", 1, Group.FOOT),
    )


def window(context: WindowContext, services: Services) -> MainWindow:
    return MainWindow(replace(context, services=services), pages())


def focused(of: QWidget) -> QWidget | None:
    return of.window().focusWidget()
