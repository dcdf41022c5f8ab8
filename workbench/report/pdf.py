"""Blocks to the bytes of a PDF: pages, header and footer, outline, contents with page numbers.

The same blocks give the same bytes, whatever the machine's time, zone or language: ReportLab
runs with ``invariant`` set, and the page numbers of the contents come from an earlier pass over
the same blocks.
"""

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from workbench.report import fonts, look
from workbench.report.document import Block, Heading
from workbench.report.layout import Pages, flowables
from workbench.report.shorten import elide
from workbench.report.typeset import plain

_PASSES = 5
_FACE, _SIZE = fonts.SANS, 7.4

#: ReportLab's fonts are global and read their file while they are cut to a subset.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page.

    Attributes:
        title: name of the report, top left; also the title of the document.
        number: number of the report, top right.
        note: bottom left.
        author: who answers for it.
    """

    title: str
    number: str
    note: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one pass over the blocks found out."""

    pdf: bytes
    pages: Pages
    total: int


def render(blocks: tuple[Block, ...], furniture: Furniture) -> bytes:
    """Return the PDF of ``blocks``, A4, every face embedded and cut to what is used."""
    with _ONE_AT_A_TIME:
        fonts.register()
        last = _run(blocks, furniture, _Pass(b"", {}, 0))
        for _ in range(_PASSES):
            again = _run(blocks, furniture, last)
            if (again.pages, again.total) == (last.pages, last.total):
                return again.pdf
            last = again
    return last.pdf


def _run(blocks: tuple[Block, ...], furniture: Furniture, before: _Pass) -> _Pass:
    out = BytesIO()
    document = _Document(out, furniture, before.total)
    headings = tuple(block for block in blocks if isinstance(block, Heading) and block.level < 3)
    document.build(flowables(blocks, headings, before.pages))
    return _Pass(out.getvalue(), document.heading_pages, document.page)


class _Document(BaseDocTemplate):  # type: ignore[misc]  # ReportLab ships no types
    """One column on A4, with the furniture of every page."""

    def __init__(self, out: BytesIO, furniture: Furniture, total: int) -> None:
        self.heading_pages: dict[str, int] = {}
        super().__init__(
            out,
            pagesize=(look.WIDTH, look.HEIGHT),
            invariant=1,
            pageCompression=1,
            title=plain(furniture.title, _FACE),
            author=plain(furniture.author, _FACE),
            lang="en-GB",
            initialFontName=_FACE,
        )
        height = look.HEIGHT - look.TOP - look.BOTTOM
        frame = Frame(look.MARGIN, look.BOTTOM, look.MEASURE, height, 0, 0, 0, 0)
        paint = partial(_furnish, furniture=furniture, total=total)
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=paint))

    def afterFlowable(self, flowable: Any) -> None:  # noqa: ANN401, N802 - as ReportLab has it
        """Enter a heading that was just set into the outline and the contents."""
        heading = getattr(flowable, "heading", None)
        if isinstance(heading, Heading):
            self.heading_pages[heading.key] = self.page
            self.canv.bookmarkPage(heading.key)
            name = plain(elide(heading.text, 120), _FACE)
            if heading.level < 3:
                self.canv.addOutlineEntry(name, heading.key, heading.level - 1)


def _furnish(canvas: Canvas, document: _Document, *, furniture: Furniture, total: int) -> None:
    left, right = look.MARGIN, look.WIDTH - look.MARGIN
    top, bottom = look.HEIGHT - 46, 40
    canvas.saveState()
    canvas.setStrokeColor(look.LINE)
    canvas.setLineWidth(0.6)
    canvas.line(left, top - 7, right, top - 7)
    canvas.line(left, bottom + 13, right, bottom + 13)
    canvas.setFillColor(look.TERTIARY)
    canvas.setFont(_FACE, _SIZE)
    canvas.drawString(left, top, _fit(furniture.title, look.MEASURE * 0.66))
    canvas.drawRightString(right, top, _fit(furniture.number, look.MEASURE * 0.3))
    canvas.drawString(left, bottom, furniture.note)
    canvas.drawRightString(right, bottom, f"Page {document.page} of {total}")
    canvas.restoreState()


def _fit(text: str, width: float) -> str:
    """Return as much of a text, made visible, as has room."""
    shown = plain(text[:200], _FACE)
    if fonts.width_of(shown, _FACE, _SIZE) <= width:
        return shown
    while fonts.width_of(f"{shown}…", _FACE, _SIZE) > width:
        shown = shown[:-1]
    return f"{shown}…"
