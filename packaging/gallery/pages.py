"""The boards as pages of the real window, over services that know the sample."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import boards
import rows
from sample import ALTERED, LOG, Record, Sample

from workbench.gui.commands import Act
from workbench.gui.context import CaseHeader, FindKind, Hit, WindowContext
from workbench.gui.fonts import Face
from workbench.gui.models.cells import Row
from workbench.gui.page import Badge, Group, Page, PageWidget
from workbench.gui.parts.boxes import column, row, scrolled
from workbench.gui.parts.buttons import Button, DropButton, IconButton
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.filter_bar import FilterBar, FilterTerm
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.parts.hexview import HexView
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.model.catalog import Protection
from workbench.model.verdict import Dimension

Board = Callable[..., object]


@dataclass(frozen=True, slots=True)
class SampleServices:
    """The sample as the open case."""

    sample: Sample

    def header(self) -> CaseHeader:
        """Return what the frame says of it."""
        found = self.sample.verification
        return CaseHeader(
            title="Aldermoor Bank, Q2 2026",
            number="AW-2026-021",
            dimensions={which: found.dimension(which) for which in Dimension},
            sources=len(found.sources),
            journal_entries=1482,
        )

    def find(self, text: str, _kind: FindKind, limit: int) -> Sequence[Hit]:
        """Return records whose action has the text in it."""
        found = (r for r in self.sample.records if text.lower() in str(r.claims["action"]))
        return [
            Hit(
                f"{r.claims['action']}, record {r.number:,}",
                str(r.claims["resource"]),
                "file-text",
                "timeline",
                r.number,
            )
            for _, r in zip(range(limit), found, strict=False)
        ]

    def close(self) -> None:
        """Do nothing."""


class BoardPage(PageWidget):
    """A board, with something selected."""

    def __init__(self, context: WindowContext, sample: Sample, board: Board) -> None:
        super().__init__()
        self._context = context
        self._sample = sample
        layout = column()
        layout.addWidget(scrolled(board(context.theme, sample)))
        self.setLayout(layout)

    def reveal(self, place: object) -> None:
        """Select the proof trail."""
        verdict = self._sample.log.integrity
        steps = self._sample.log.steps
        marks = [
            Mark.FAILED
            if "does not" in s.result or "RECORD" in s.result or s.result.startswith("2999")
            else Mark.PASSED
            for s in steps
        ]
        theme = self._context.theme
        trail = InspectorTab(
            "Proof", lambda: ProofTrail(theme, steps, verdict=verdict, marks=marks)
        )
        others = [
            InspectorTab(name, QuietTab(self._context)) for name in ("Record", "Bytes", "Used by")
        ]
        self._context.selection.select(
            Inspected("proof", "Proof trail", (trail, *others), status=f"Integrity of {LOG}")
        )


@dataclass(frozen=True, slots=True)
class QuietTab:
    """A tab with nothing to see."""

    context: WindowContext

    def __call__(self) -> PageWidget:
        """Build it."""
        return PageWidget()


class TimelinePage(PageWidget):
    """The log as a table, its histogram over it."""

    def __init__(self, context: WindowContext, sample: Sample) -> None:
        super().__init__()
        self._context = context
        self._sample = sample
        theme = context.theme
        around = DropButton(theme, "± 30 min around row", "crosshair")
        finding = Button(theme, "New finding", "flag")
        columns = IconButton(theme, "columns-3", "Columns")
        export = IconButton(theme, "download", "Export")
        bar = FilterBar(theme, "Text, field:value, /regex/", actions=(columns, export))
        bar.show_terms(
            [FilterTerm("time", "in", "1 Apr – 1 Jul"), FilterTerm("repeats", "are", "folded")]
        )
        self.table = Table(theme, context.jobs, rows.log_rows(sample), name="Events")
        self.table.chosen.connect(self._choose)
        top = column(gap=8)
        top.setContentsMargins(MARGIN, 0, MARGIN, 10)
        top.addWidget(boards.histogram(theme, sample))
        top.addWidget(bar)
        layout = column()
        facts = "Claimed times, from 1 source. Trusted time bounds are shown in the inspector."
        layout.addWidget(PageHeader(theme, "Timeline", facts, (around, finding)))
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(
            TableFooter(
                theme,
                self.table.rows,
                facts=("of 3,000 in 1 source",),
                right=("Tag with 1 – 9", "What else happened then: W"),
            )
        )
        self.setLayout(layout)

    def reveal(self, place: object) -> None:
        """Select the altered record."""
        self.table.reveal(ALTERED - 1)

    def acts(self) -> Mapping[str, Act]:
        """Tag rows."""
        return {"view.graph": Act(lambda: self._context.notices.say("A graph."))}

    def _choose(self, found: Row | None) -> None:
        if found is None:
            return
        record = self._sample.records[int(str(found.key)) - 1]
        altered = record.number == ALTERED
        self._context.selection.select(
            Inspected(
                str(record.number),
                str(record.claims["action"]),
                (
                    InspectorTab("Fields", lambda: self._fields(record)),
                    InspectorTab("Bytes", lambda: self._bytes(record)),
                    InspectorTab(
                        "Proof", lambda: ProofTrail(self._context.theme, self._sample.log.steps)
                    ),
                    InspectorTab("Used by", QuietTab(self._context)),
                ),
                mark=Mark.FAILED if altered else Mark.HALF,
                status=f"Record {record.number:,} was altered"
                if altered
                else f"Record {record.number:,} agrees with itself",
                locator=record.locator,
            )
        )

    def _fields(self, record: Record) -> PageWidget:
        theme = self._context.theme
        box = PageWidget()
        layout = column(gap=12)
        fields = Fields(theme)
        for name in ("timestamp", "agent_did", "action", "resource", "outcome", "environment"):
            protection = Protection.UNPROTECTED if name == "environment" else Protection.HASHED
            fields.add(name, str(record.claims[name]), protection)
        fields.add("Digest", HashLabel(theme, str(record.claims["content_hash"]), head=12))
        layout.addWidget(fields)
        layout.addWidget(boards.titled(theme, "Raw bytes", f"offset {record.offset:,}"))
        layout.addWidget(self._bytes(record))
        layout.addWidget(boards.titled(theme, "Place", ""))
        place = Fields(theme)
        place.add("Source", LOG)
        place.add("Record", f"{record.number:,}", face=Face.MONO)
        place.add("Length", f"{len(record.raw):,} bytes")
        layout.addWidget(place)
        buttons = row(gap=8)
        buttons.addWidget(Button(theme, "Lineage", "git-fork"))
        buttons.addWidget(Button(theme, "Diagnosis", "shield-check"))
        buttons.addStretch()
        layout.addLayout(buttons)
        layout.addStretch()
        box.setLayout(layout)
        return box

    def _bytes(self, record: Record) -> HexView:
        view = HexView(self._context.theme)
        at = record.raw.find(str(record.claims["agent_did"]).removeprefix("did:mesh:").encode())
        start = max(at - 12, 0)
        marks = [(at - start, at - start + 11)] if record.number == ALTERED else []
        view.show_bytes(record.raw[start : start + 48], offset=record.offset + start, marks=marks)
        return view


def gallery(sample: Sample) -> tuple[Page, ...]:
    """Return the pages of the gallery, as the rail of the product will have them."""

    def board(name: Board) -> Callable[[WindowContext], PageWidget]:
        return lambda context: BoardPage(context, sample, name)

    def page(line: tuple[str, str, str, int, Group]) -> Page:
        name = line[0]
        return Page(
            *line,
            build=builders.get(name, board(boards.empty)),
            badge=lambda _context: _BADGES.get(name),
            inspects=name not in {"overview", "evidence"},
            inspects_narrow=name != "lineage",
        )

    builders: dict[str, Callable[[WindowContext], PageWidget]] = {
        "overview": board(boards.overview),
        "evidence": board(boards.pieces),
        "verification": board(boards.proof),
        "timeline": lambda context: TimelinePage(context, sample),
    }
    return tuple(page(line) for line in _RAIL)


_RAIL = (
    ("overview", "Overview", "layout-dashboard", 1, Group.CASE),
    ("evidence", "Evidence", "archive", 2, Group.CASE),
    ("verification", "Verification", "shield-check", 3, Group.CASE),
    ("catalog", "Catalog", "boxes", 1, Group.LOOK),
    ("lineage", "Lineage", "git-fork", 2, Group.LOOK),
    ("timeline", "Timeline", "chart-no-axes-gantt", 3, Group.LOOK),
    ("checks", "Checks", "list-checks", 1, Group.JUDGE),
    ("findings", "Findings", "flag", 2, Group.JUDGE),
    ("report", "Report", "file-text", 3, Group.JUDGE),
    ("journal", "Journal", "book-open-text", 1, Group.JOURNAL),
    ("trust", "Trust store", "key-round", 1, Group.FOOT),
    ("settings", "Settings", "settings", 2, Group.FOOT),
)
_BADGES = {"evidence": Badge("15"), "verification": Badge("1", is_bad=True), "findings": Badge("5")}
