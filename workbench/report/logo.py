"""A logo on the first page: vectors where it has any, else the one picture of dots in a report."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from workbench.model.edition import Logo, LogoPath
from workbench.report.figures import Picture

_WIDEST, _TALLEST = 200.0, 54.0


def drawn_logo(logo: Logo) -> Picture:
    """Return a logo as large as there is room for at the top of the first page."""
    left, top, width, height = logo.view
    scale = min(_WIDEST / width, _TALLEST / height)
    size = width * scale, height * scale

    def paint(canvas: Canvas) -> None:
        if logo.png:
            canvas.drawImage(_image(logo.png), 0, 0, *size, mask="auto")
            return
        canvas.saveState()
        canvas.transform(scale, 0, 0, -scale, -left * scale, (top + height) * scale)
        _paint_paths(canvas, logo.paths)
        canvas.restoreState()

    return Picture(*size, paint, alt=logo.alt)


def _image(png: bytes) -> Any:  # noqa: ANN401 - ReportLab ships no types
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        return ImageReader(image.convert("RGBA"))


def _paint_paths(canvas: Canvas, paths: Iterable[LogoPath]) -> None:
    for each in paths:
        pen = _Pen(canvas.beginPath())
        parse_path(each.d, pen)
        canvas.setFillColor(HexColor(each.fill))
        canvas.drawPath(pen.path, stroke=0, fill=1, fillMode=1)  # nonzero, as SVG fills


class _Pen(BasePen):  # type: ignore[misc]  # fontTools ships few types
    """Draws an outline as a path of a PDF."""

    def __init__(self, path: Any) -> None:  # noqa: ANN401 - ReportLab ships no types
        super().__init__(None)
        self.path = path

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - as fontTools has it
        self.path.moveTo(*pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.path.lineTo(*pt)

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.path.curveTo(*(axis for point in points for axis in point))

    def _closePath(self) -> None:  # noqa: N802
        self.path.close()

    def _endPath(self) -> None:  # noqa: N802
        """Leave it open."""
