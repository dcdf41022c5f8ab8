"""What is drawn: verdict marks, level pips, rules. Vectors only, no picture files."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

from workbench.model.verdict import DimensionVerdict, Indication
from workbench.report import look
from workbench.report.canvas import TaggedCanvas
from workbench.report.fonts import BOLD
from workbench.report.phrases import is_weak

if TYPE_CHECKING:
    from workbench.report.tags import Element

Paint = Callable[[Canvas], None]


class Picture(Flowable):  # type: ignore[misc]  # ReportLab ships no types
    """A drawing of a given size; ``paint`` draws it from its lower left corner.

    ``alt`` says what it shows; without, it is an ornament beside words that say the same.
    """

    def __init__(self, width: float, height: float, paint: Paint, alt: str = "") -> None:
        super().__init__()
        self.width = width
        self.height = height
        self.alt = alt
        self.tag: Element | None = None
        self._paint = paint

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size."""
        return self.width, self.height

    def draw(self) -> None:
        """Paint on the page."""
        if self.tag is not None:
            left, bottom = self.canv.absolutePosition(0, 0)
            self.tag.box = (left, bottom, left + self.width, bottom + self.height)
        with self.canv.tagged(self.tag):
            self._paint(self.canv)


class PageNumber(Flowable):  # type: ignore[misc]  # ReportLab ships no types
    """The page on which a bookmark is, at the right of its room; ``tag``: what it is a part of."""

    def __init__(self, key: str, width: float) -> None:
        super().__init__()
        self.width = width
        self.height = float(look.CELL.leading)
        self.tag: Element | None = None
        self._key = key

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size."""
        return self.width, self.height

    def draw(self) -> None:
        """Leave room on the page, and draw when it is known."""
        with self.canv.tagged(self.tag):
            self.canv.later(partial(self._paint, self.canv))

    def _paint(self, canvas: TaggedCanvas) -> None:
        style = look.CELL
        canvas.setFillColor(style.textColor)
        canvas.setFont(style.fontName, style.fontSize)
        base = self.height - style.fontSize
        canvas.drawRightString(self.width, base, str(canvas.places[self._key]))


def mark(verdict: DimensionVerdict, size: float) -> Picture:
    """Return the mark of a verdict: tick, question, cross, or a half for a weak pass."""
    half = is_weak(verdict)
    return Picture(
        size,
        size,
        lambda canvas: paint_mark(canvas, verdict.indication, size, half),
        alt=f"{verdict.indication}, on no trusted anchor" if half else verdict.indication,
    )


def bare_mark(indication: Indication, size: float) -> Picture:
    """Return the mark of an indication."""
    return Picture(
        size,
        size,
        lambda canvas: paint_mark(canvas, indication, size, half=False),
        alt=indication,
    )


def paint_mark(canvas: Canvas, indication: Indication, size: float, half: bool) -> None:
    """Draw a mark in the square from (0, 0) to (size, size). The shape alone tells it."""
    canvas.saveState()
    canvas.scale(size / 16, size / 16)
    canvas.setFillColor(look.INK[indication])
    canvas.setStrokeColor(look.INK[indication])
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    match indication:
        case Indication.PASSED if half:
            _half_circle(canvas)
        case Indication.PASSED:
            _tick(canvas)
        case Indication.INDETERMINATE:
            _diamond(canvas)
        case Indication.FAILED:
            _cross(canvas)
    canvas.restoreState()


def _tick(canvas: Canvas) -> None:
    canvas.circle(8, 8, 7, stroke=0, fill=1)
    _stroke(canvas, ((4.9, 8.0), (7.1, 5.7), (11.2, 10.4)))


def _half_circle(canvas: Canvas) -> None:
    canvas.setLineWidth(1.3)
    canvas.circle(8, 8, 6.3, stroke=1, fill=0)
    canvas.wedge(1.7, 1.7, 14.3, 14.3, 90, 180, stroke=0, fill=1)


def _diamond(canvas: Canvas) -> None:
    canvas.setFillColor(look.TINT[Indication.INDETERMINATE])
    canvas.setLineWidth(1.4)
    outline = canvas.beginPath()
    outline.moveTo(8, 15.2)
    for x, y in ((15.2, 8), (8, 0.8), (0.8, 8)):
        outline.lineTo(x, y)
    outline.close()
    canvas.drawPath(outline, stroke=1, fill=1)
    canvas.setFillColor(look.INK[Indication.INDETERMINATE])
    canvas.setFont(BOLD, 9)
    canvas.drawCentredString(8, 4.8, "?")


def _cross(canvas: Canvas) -> None:
    canvas.roundRect(1, 1, 14, 14, 1.6, stroke=0, fill=1)
    _stroke(canvas, ((5, 5), (11, 11)))
    _stroke(canvas, ((5, 11), (11, 5)))


def _stroke(canvas: Canvas, points: Iterable[tuple[float, float]]) -> None:
    canvas.setStrokeColor(look.CANVAS)
    canvas.setLineWidth(1.7)
    for start, end in pairwise(points):
        canvas.line(*start, *end)


def pips(level: int, height: float = 8.0) -> Picture:
    """Return four rising bars, filled up to a level of assurance."""

    def paint(canvas: Canvas) -> None:
        canvas.setLineWidth(0.5)
        canvas.setStrokeColor(look.EDGE)
        for bar in range(4):
            filled = bar < level
            canvas.setFillColor(look.LEVELS[4] if filled else look.CANVAS)
            canvas.rect(bar * 4.2, 0, 3.2, height * (0.4 + 0.2 * bar), stroke=1, fill=1)

    return Picture(17, height, paint)


def rule(colour: Color = look.LINE) -> Picture:
    """Return a hairline over the whole measure."""

    def paint(canvas: Canvas) -> None:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(0.6)
        canvas.line(0, 0, look.MEASURE, 0)

    return Picture(look.MEASURE, 1, paint)
