"""A code that a camera reads (ISO/IEC 18004), as vectors; ReportLab finds its modules."""

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

from workbench.report import look
from workbench.report.figures import Picture

#: Modules of quiet around it (ISO/IEC 18004 6.3.8).
QUIET = 4
_MODULE = 1.9


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of a code row by row, dark ones true; a quarter of it may be spoiled."""
    code = QRCode(None, QRErrorCorrectLevel.Q)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    return tuple(tuple(bool(code.isDark(y, x)) for x in range(size)) for y in range(size))


def qr_code(text: str) -> Picture:
    """Return the picture of a code."""
    rows = modules(text)
    side = (len(rows) + 2 * QUIET) * _MODULE

    def paint(canvas: Canvas) -> None:
        path = canvas.beginPath()
        for y, row in enumerate(rows):
            for x, length in _dark(row):
                bottom = side - (QUIET + y + 1) * _MODULE
                path.rect((QUIET + x) * _MODULE, bottom, length * _MODULE, _MODULE)
        canvas.setFillColor(look.TEXT)
        canvas.drawPath(path, stroke=0, fill=1)

    return Picture(side, side, paint, alt=f"Code for a camera. It holds: {text}")


def _dark(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return where dark modules begin, and how many follow one another."""
    found: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if dark and found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((at, 1))
    return found
