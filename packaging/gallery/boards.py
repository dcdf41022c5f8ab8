"""Boards of parts, filled from the sample."""

from PySide6.QtWidgets import QGridLayout, QWidget
from sample import ALTERED, HEADS, LOG, Sample

from workbench.gui.fonts import Face
from workbench.gui.parts.assurance import AssuranceBar
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, IconButton, Look
from workbench.gui.parts.causes import holds_of
from workbench.gui.parts.diagnosis import DiagnosisCard, DiagnosisView
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.dimension import Answer, DimensionBlock
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.filter_bar import FilterBar, FilterTerm
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.parts.hexview import HexView
from workbench.gui.parts.histogram import Bins, Histogram
from workbench.gui.parts.log_map import LogMap, log_map_of
from workbench.gui.parts.mark import LARGE, MEDIUM, SMALL, Mark, VerdictMark
from workbench.gui.parts.pips import LevelPips
from workbench.gui.parts.proportion import Counts
from workbench.gui.parts.protection import ProtectionMark
from workbench.gui.parts.tamper import TamperMap
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import PlainLabel
from workbench.gui.theme import Theme
from workbench.model.catalog import Protection
from workbench.model.verdict import AssuranceFlag, AssuranceRange, Dimension, Indication
from workbench.report.phrases import indication_of, sentence

C, S, T, W = AssuranceFlag
WHY = (
    "Nine sources were taken in. Until they are verified, nothing here says whether they agree "
    "with their own protection data."
)


def log_map(sample: Sample) -> LogMap:
    """Return the map of the tampered log."""
    places = (1, 988, ALTERED, 3000)
    days = {n: sample.records[n - 1].day for n in places}
    return log_map_of(sample.log, days=days, checkpoints=HEADS)


def witnessed_map() -> LogMap:
    """Return a map with all levels, and breaks that lie close."""
    flags = frozenset
    return LogMap(
        records=412_003,
        ranges=(
            AssuranceRange(1, 203_116, flags({C, S, T, W})),
            AssuranceRange(203_117, 203_117),
            AssuranceRange(203_118, 284_600, flags({C, S, T, W})),
            AssuranceRange(284_601, 330_000, flags({C, S, T})),
            AssuranceRange(330_001, 371_500, flags({C, S})),
            AssuranceRange(371_501, 412_003, flags({C})),
        ),
        breaks={203_117: "altered"} | dict.fromkeys(range(300_000, 300_700, 100), "altered"),
        days={
            1: "1 Jul",
            284_600: "2 Sep",
            371_500: "21 Sep",
            412_003: "30 Sep",
            203_117: "14 Aug",
        },
        checkpoints=tuple(range(4_200, 371_600, 4_200)),
        gaps=frozenset({203_118}),
    )


def counts_of(sample: Sample, which: Dimension) -> Counts:
    """Return how many subjects got which verdict."""
    found = [
        s.verdict.dimension(which).indication for s in sample.verification.subjects if s.verdict
    ]
    return Counts(
        passed=found.count(Indication.PASSED),
        failed=found.count(Indication.FAILED),
        indeterminate=found.count(Indication.INDETERMINATE),
    )


def overview(theme: Theme, sample: Sample) -> QWidget:
    """Return the four dimensions and assurance bars."""
    outer = column()
    actions = (
        Button(theme, "Verify again", "rotate-cw"),
        Button(theme, "Draft report", "file-text", Look.PRIMARY),
    )
    facts = f"Worst result of {len(sample.verification.subjects)} subjects. Counts are of subjects."
    outer.addWidget(PageHeader(theme, "Overview", facts, actions))
    inner = column(gap=0)
    inner.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
    blocks = row(gap=0)
    for which in Dimension:
        answer = Answer(
            which,
            sample.log.dimension(which),
            sentence(sample.log, which),
            counts_of(sample, which),
        )
        if which is not Dimension.INTEGRITY:
            blocks.addWidget(Line(theme, upright=True))
            blocks.addSpacing(20)
        blocks.addWidget(DimensionBlock(theme, answer), 1)
        blocks.addSpacing(20 if which is not Dimension.TIME else 0)
    inner.addLayout(blocks)
    for title, shown in (
        (f"Assurance over {LOG}", log_map(sample)),
        ("Assurance over a larger log", witnessed_map()),
    ):
        inner.addSpacing(16)
        inner.addWidget(Line(theme))
        inner.addSpacing(12)
        inner.addWidget(PlainLabel(theme, title, Face.STRONG))
        inner.addSpacing(4)
        inner.addWidget(AssuranceBar(theme, shown))
    inner.addStretch()
    outer.addWidget(boxed(inner), 1)
    return boxed(outer)


def proof(theme: Theme, sample: Sample) -> QWidget:
    """Return tamper maps and a diagnosis."""
    outer = column(gap=8)
    outer.setContentsMargins(MARGIN, 12, MARGIN, 12)
    head = row(gap=12)
    head.addWidget(PlainLabel(theme, LOG, Face.SECTION))
    head.addWidget(PlainLabel(theme, "Tamper map, records 1 – 3,000", Face.BODY, "secondary"))
    head.addStretch()
    for icon, name in (("zoom-out", "Zoom out"), ("zoom-in", "Zoom in"), ("maximize", "Show all")):
        head.addWidget(IconButton(theme, icon, name))
    outer.addLayout(head)
    outer.addWidget(TamperMap(theme, log_map(sample)))
    outer.addWidget(TamperMap(theme, witnessed_map()))
    outer.addWidget(Line(theme))
    diagnosis = sample.log.diagnoses[0]
    record = sample.records[ALTERED - 1]
    claims = record.claims
    view = DiagnosisView(
        diagnosis,
        indication_of(diagnosis, sample.log),
        place=record.locator,
        event=" · ".join(
            str(claims[name]) for name in ("action", "resource", "agent_did", "timestamp")
        ),
        holds=tuple(holds_of(sample.log)),
    )
    outer.addWidget(DiagnosisCard(theme, view))
    outer.addStretch()
    return boxed(outer)


def pieces(theme: Theme, sample: Sample) -> QWidget:
    """Return all small parts."""
    outer = column()
    outer.addWidget(
        PageHeader(theme, "Parts", "Marks, levels, protection, digests, filters, bytes")
    )
    grid = QGridLayout()
    grid.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
    grid.setHorizontalSpacing(32)
    grid.setVerticalSpacing(20)
    grid.addWidget(_marks(theme), 0, 0)
    grid.addWidget(_levels(theme), 0, 1)
    grid.addWidget(_fields(theme, sample), 1, 0, 2, 1)
    grid.addWidget(_bytes(theme, sample), 1, 1)
    grid.addWidget(_filter(theme), 3, 0, 1, 2)
    grid.addWidget(histogram(theme, sample), 4, 0, 1, 2)
    grid.addWidget(
        EmptyState(
            theme,
            "shield-check",
            "No verdict yet",
            WHY,
            "Verify 9 sources",
            action_icon="play",
        ),
        2,
        1,
    )
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    outer.addLayout(grid)
    outer.addStretch()
    return boxed(outer)


def _marks(theme: Theme) -> QWidget:
    grid = QGridLayout()
    words = {
        Mark.PASSED: "PASSED",
        Mark.HALF: "PASSED",
        Mark.INDETERMINATE: "INDETERMINATE",
        Mark.FAILED: "FAILED",
        Mark.NONE: "Not applicable",
        Mark.RUNNING: "Running",
    }
    for line, (mark, word) in enumerate(words.items()):
        for col, size in enumerate((SMALL, MEDIUM, LARGE)):
            grid.addWidget(VerdictMark(theme, mark, size), line, col)
        grid.addWidget(VerdictWord(theme, mark, word), line, 3)
        grid.addWidget(PlainLabel(theme, mark.value, Face.SECONDARY, "secondary"), line, 4)
    grid.setColumnStretch(4, 1)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(6)
    return boxed(grid)


def _levels(theme: Theme) -> QWidget:
    stack = column(gap=8)
    for level in (4, 3, 2, 1, 0):
        stack.addWidget(LevelPips(theme, level))
    for protection in Protection:
        stack.addWidget(ProtectionMark(theme, protection))
    return boxed(stack)


def _fields(theme: Theme, sample: Sample) -> QWidget:
    fields = Fields(theme)
    claims = sample.records[ALTERED - 1].claims
    for name, protection in (
        ("timestamp", Protection.HASHED),
        ("agent_did", Protection.HASHED),
        ("action", Protection.HASHED),
        ("resource", Protection.HASHED),
        ("environment", Protection.UNPROTECTED),
        ("content_hash", Protection.SIGNED),
    ):
        fields.add(
            name, str(claims[name]), protection, face=Face.MONO if "hash" in name else Face.BODY
        )
    fields.add("Digest", HashLabel(theme, str(claims["content_hash"]), head=16))
    fields.add("Whole", HashLabel(theme, str(claims["content_hash"]), whole=True))
    return fields


def _bytes(theme: Theme, sample: Sample) -> QWidget:
    record = sample.records[ALTERED - 1]
    at = record.raw.find(b"priya.raman")
    view = HexView(theme)
    start = at - 20
    view.show_bytes(record.raw[start : start + 96], offset=record.offset + start, marks=[(20, 31)])
    return view


def _filter(theme: Theme) -> QWidget:
    bar = FilterBar(
        theme,
        "Text, field:value, /regex/",
        actions=(
            IconButton(theme, "columns-3", "Columns"),
            IconButton(theme, "download", "Export"),
        ),
    )
    bar.show_terms(
        [FilterTerm("time", "in", "10 – 20 May"), FilterTerm("repeats", "are", "folded")]
    )
    bar.field.setText("actor:(")
    bar.show_error("a closing bracket is missing. The last result is still shown.", 6)
    return bar


def histogram(theme: Theme, sample: Sample) -> QWidget:
    """Return the events of each day, some of them brushed."""
    days: dict[str, int] = {}
    for record in sample.records:
        days[record.day] = days.get(record.day, 0) + 1
    names = list(days)
    at = names.index(sample.records[ALTERED - 1].day)
    ticks = tuple((n, name) for n, name in enumerate(names) if name.split()[0] in {"1", "15"})
    shown = Histogram(theme, Bins(tuple(days.values()), ticks, (at,), len(names) - 9, tuple(names)))
    shown.set_brush((at - 6, at + 3))
    return shown


def titled(theme: Theme, title: str, detail: str) -> QWidget:
    """Return the head of a group, under a line."""
    outer = column(gap=10)
    outer.addWidget(Line(theme))
    line = row()
    line.addWidget(PlainLabel(theme, title, Face.STRONG))
    line.addStretch()
    line.addWidget(PlainLabel(theme, detail, Face.SECONDARY, "secondary"))
    outer.addLayout(line)
    return boxed(outer)


def empty(theme: Theme, _sample: Sample) -> QWidget:
    """Return an empty page."""
    outer = column()
    outer.addWidget(PageHeader(theme, "Not in this gallery", ""))
    outer.addWidget(
        EmptyState(
            theme,
            "info",
            "This page is not in the gallery",
            "It shows parts and the frame around them; pages come from files of their own.",
        )
    )
    return boxed(outer)
