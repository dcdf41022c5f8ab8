"""Every painted part paints whatever it is given, in every theme and size, and says it in words."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from tests.gui.hostile import HTML, LONG, TEXTS
from tests.gui.sample import ALTERED, DIMENSIONS, MAPS, STEPS, VERDICT, WEAK
from workbench.gui.frame.job_row import JobRow, ProgressBar
from workbench.gui.frame.verdict_cell import VerdictCell
from workbench.gui.jobs import JobView
from workbench.gui.parts.assurance import AssuranceBar
from workbench.gui.parts.boxes import Line
from workbench.gui.parts.causes import holds_of
from workbench.gui.parts.chip import Chip, FilterTerm
from workbench.gui.parts.diagnosis import DiagnosisCard, DiagnosisView
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.dimension import Answer, DimensionBlock
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.hexview import HexView
from workbench.gui.parts.histogram import Bins, Histogram
from workbench.gui.parts.inspector import Inspected, Inspector
from workbench.gui.parts.mark import LARGE, SMALL, Mark, VerdictMark
from workbench.gui.parts.painted import Painted
from workbench.gui.parts.pips import LevelPips
from workbench.gui.parts.proportion import Counts, ProportionBar
from workbench.gui.parts.protection import ProtectionMark
from workbench.gui.parts.tamper import TamperMap
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.parts.word import VerdictWord
from workbench.gui.theme import Theme, ThemeChoice
from workbench.model.catalog import Protection
from workbench.model.locator import Locator
from workbench.model.verdict import Diagnosis, DiagnosisClass, Dimension, Indication

Make = Callable[[Theme], QWidget]


def hexes(data: bytes, **more: object) -> Make:
    def make(theme: Theme) -> QWidget:
        view = HexView(theme)
        view.show_bytes(data, **more)
        return view

    return make


def inspector(thing: Inspected) -> Make:
    def make(theme: Theme) -> QWidget:
        shown = Inspector(theme)
        shown.show_thing(thing)
        return shown

    return make


def fields(theme: Theme) -> QWidget:
    rows = Fields(theme)
    for text in TEXTS.values():
        rows.add(text, text, Protection.HASHED)
    return rows


def filters(theme: Theme) -> QWidget:
    bar = FilterBar(theme, HTML)
    bar.show_terms([FilterTerm(text, "is", text) for text in TEXTS.values()])
    bar.show_error(HTML, 3)
    return bar


PARTS: dict[str, Make] = {
    **{f"mark {m.name}": lambda t, m=m: VerdictMark(t, m, SMALL) for m in Mark},
    **{f"word {m.name}": lambda t, m=m: VerdictWord(t, m, HTML, size=LARGE) for m in Mark},
    **{f"pips {n}": lambda t, n=n: LevelPips(t, n) for n in (-1, 0, 1, 2, 3, 4, 99)},
    **{f"assurance {k}": lambda t, v=v: AssuranceBar(t, v) for k, v in MAPS.items()},
    **{f"tamper {k}": lambda t, v=v: TamperMap(t, v) for k, v in MAPS.items()},
    **{f"chip {k}": lambda t, v=v: Chip(t, FilterTerm(v, v, v)) for k, v in TEXTS.items()},
    **{f"protection {p}": lambda t, p=p: ProtectionMark(t, p) for p in Protection},
    "counts": lambda t: ProportionBar(t, Counts(412_002, 1, 3, 2)),
    "counts none": lambda t: ProportionBar(t, Counts()),
    "line": Line,
    "progress": ProgressBar,
    "histogram": lambda t: Histogram(t, Bins((1, 0, 5), ((0, HTML), (9, "x")), (1, 7), 1)),
    "histogram none": lambda t: Histogram(t, Bins()),
    "histogram zero": lambda t: Histogram(t, Bins((0, 0, 0))),
    "digest": lambda t: HashLabel(t, LONG, whole=True),
    "digest none": lambda t: HashLabel(t, ""),
    "hex": hexes(bytes(range(256)), offset=2**40, marks=[(0, 3), (250, 900), (-5, 0)]),
    "hex none": hexes(b""),
    "trail": lambda t: ProofTrail(t, STEPS, verdict=VERDICT.integrity, marks=[Mark.PASSED]),
    "trail none": lambda t: ProofTrail(t, ()),
    "diagnosis": lambda t: DiagnosisCard(
        t,
        DiagnosisView(
            ALTERED,
            Indication.FAILED,
            Locator("log.jsonl", record=600, offset=81_200, length=79),
            HTML,
            holds=tuple(holds_of(VERDICT)),
        ),
    ),
    **{
        f"diagnosis {kind}": lambda t, kind=kind: DiagnosisCard(
            t, DiagnosisView(Diagnosis(kind, path=HTML), Indication.INDETERMINATE)
        )
        for kind in DiagnosisClass
    },
    **{
        f"dimension {which}": lambda t, which=which: DimensionBlock(
            t, Answer(which, DIMENSIONS[which], HTML, Counts(1))
        )
        for which in Dimension
    },
    "dimension weak": lambda t: DimensionBlock(
        t, Answer(Dimension.INTEGRITY, WEAK, LONG, Counts(1))
    ),
    "cell": lambda t: VerdictCell(t, Dimension.TIME),
    "fields": fields,
    "filters": filters,
    "empty": lambda t: EmptyState(t, "info", HTML, LONG, HTML),
    "inspector": inspector(Inspected("k", HTML, status=LONG, mark=Mark.FAILED)),
    "job": lambda t: JobRow(t, JobView(1, HTML)),
}


LOOKS = {"light": 1.0, "dark": 1.0, "contrast": 1.0, "light, large": 1.5}


@pytest.fixture(scope="module", params=LOOKS)
def look(request, shared_theme):
    choice, _, _ = request.param.partition(",")
    shared_theme.choose(ThemeChoice(choice), scale=LOOKS[request.param])
    yield shared_theme
    shared_theme.choose(ThemeChoice.LIGHT, scale=1.0)


@pytest.mark.parametrize("make", PARTS.values(), ids=PARTS)
def test_part_is_painted_in_every_theme_and_size(qtbot, look, make):
    part = make(look)
    qtbot.addWidget(part)
    for width, height in ((900, 400), (240, 120), (30, 20), (1, 1)):
        part.resize(width, height)
        part.grab()
    part.resize(part.sizeHint())
    part.grab()


@pytest.mark.parametrize("make", [PARTS["assurance one break"], PARTS["diagnosis"], PARTS["hex"]])
def test_part_is_painted_anew_when_the_theme_changes_under_it(qtbot, theme, make):
    part = make(theme)
    qtbot.addWidget(part)
    part.resize(600, 300)
    part.show()
    before = part.grab().toImage()
    theme.choose(ThemeChoice.DARK, scale=1.2)
    corner = before.pixelColor(1, 1)
    qtbot.waitUntil(lambda: part.grab().toImage().pixelColor(1, 1) != corner)


@pytest.mark.parametrize("make", PARTS.values(), ids=PARTS)
def test_part_says_what_it_shows(qtbot, theme, make):
    part = make(theme)
    qtbot.addWidget(part)
    part.show()
    spoken = [
        QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        for widget in (part, *part.findChildren(QWidget))
    ]
    assert isinstance(part, Line) or any(spoken)
    assert not any("<img" in each and "\n" in each for each in spoken)


class Broken(Painted):
    """A part with a fault of ours in it."""

    def draw(self, painter: QPainter) -> None:
        raise ZeroDivisionError

    def wanted(self) -> QSize:
        raise ZeroDivisionError

    def said(self) -> str:
        return "broken"


def test_a_fault_in_painting_is_reported_and_ends_nothing(qtbot, theme, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda *found: caught.append(found[0]))
    part = Broken(theme)
    qtbot.addWidget(part)
    assert part.sizeHint() == QSize(16, 16)
    part.grab()
    assert set(caught) == {ZeroDivisionError}
