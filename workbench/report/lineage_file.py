"""A picture of lineage as a file of its own."""

from io import BytesIO

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing

from workbench.evidence.text import visible
from workbench.report import fonts
from workbench.report.archival import About
from workbench.report.attach import finish
from workbench.report.canvas import TaggedCanvas
from workbench.report.lineage_picture import paint
from workbench.report.pdf import Rendered
from workbench.report.tags import Element, Role


def to_svg(drawing: Drawing) -> bytes:
    """Return the drawing as SVG; the same drawing gives the same bytes."""
    text = renderSVG.drawToString(drawing)
    return (text if isinstance(text, str) else text.decode()).encode()


def to_pdf(drawing: Drawing, *, title: str, told: str) -> bytes:
    """Return the drawing as a PDF of one page of its size, tagged and archival as reports are.

    ``told`` is for readers who do not see it. The same drawing gives the same bytes.
    """
    stream = BytesIO()
    size = (drawing.width, drawing.height)
    canvas = TaggedCanvas(
        stream, names={}, pagesize=size, invariant=1, initialFontName=fonts.SANS,
        lang="en-GB", pageCompression=1,
    )  # fmt: skip
    figure = Element(Role.FIGURE, alt=told, box=(0, 0, *size))
    with canvas.tagged(figure):
        paint(canvas, drawing)
    canvas.showPage()
    canvas.save()
    return finish(Rendered(stream.getvalue(), canvas.tree), (), About(visible(title), "", None))
