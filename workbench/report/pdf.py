"""Blocks to the bytes of a PDF: pages, header and footer, outline, contents with page numbers.

The same blocks give the same bytes, whatever the machine's time, zone or language: ReportLab
runs with ``invariant`` set. They are set once; numbers that are known only at the end are drawn
then, where room was left for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from workbench.evidence.text import visible
from workbench.report import fonts, look
from workbench.report.canvas import TaggedCanvas
from workbench.report.document import Block, Heading
from workbench.report.layout import flowables
from workbench.report.shorten import elide
from workbench.report.tags import Element
from workbench.report.translation import Tongue, tongue
from workbench.report.typeset import pieces

_FACE, _SIZE = fonts.SANS, 7.4
#: Entries of the outline below one another, at most.
_GROUP = 100

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
        classification: marking in the middle of head and foot, or "".
        draft: whether DRAFT stands behind the text.
        colour: of the lines of head and foot, where it is one of a house.
        tongue: language of the words in it.
    """

    title: str
    number: str
    note: str
    author: str = ""
    classification: str = ""
    draft: bool = False
    colour: str = ""
    tongue: Tongue = field(default_factory=lambda: tongue("en"))


@dataclass(frozen=True, slots=True)
class Rendered:
    """Pages, and the structure of what stands on them.

    Attributes:
        pdf: the pages, every face embedded and cut to what is used; A4.
        tree: the root of the structure.
    """

    pdf: bytes
    tree: Element


def render(blocks: tuple[Block, ...], furniture: Furniture) -> Rendered:
    """Return the pages of ``blocks``."""
    out = BytesIO()
    headings = tuple(block for block in blocks if isinstance(block, Heading) and block.level < 3)
    names = {heading.key: heading.text for heading in headings}
    with _ONE_AT_A_TIME:
        fonts.register()
        document = _Document(out, furniture, _groups(headings))
        canvas = partial(TaggedCanvas, names=names)
        document.build(flowables(blocks, headings, furniture.colour), canvasmaker=canvas)
    return Rendered(out.getvalue(), document.canv.tree)


class _Document(BaseDocTemplate):  # type: ignore[misc]  # ReportLab ships no types
    """One column on A4, with the furniture of every page."""

    def __init__(self, out: BytesIO, furniture: Furniture, groups: Mapping[str, str]) -> None:
        self._groups = groups
        self._deeper = 0
        super().__init__(
            out,
            pagesize=(look.WIDTH, look.HEIGHT),
            invariant=1,
            pageCompression=1,
            title=visible(furniture.title),
            author=visible(furniture.author),
            lang=furniture.tongue.lang,
            initialFontName=_FACE,
        )
        height = look.HEIGHT - look.TOP - look.BOTTOM
        frame = Frame(look.MARGIN, look.BOTTOM, look.MEASURE, height, 0, 0, 0, 0)
        paint = partial(_furnish, furniture=furniture)
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=paint))

    def afterFlowable(self, flowable: Any) -> None:  # noqa: ANN401, N802 - as ReportLab has it
        """Enter a heading that was just set into the outline and the contents."""
        heading = getattr(flowable, "heading", None)
        if isinstance(heading, Heading):
            self.canv.bookmarkPage(heading.key)
            if heading.level < 3:
                self._enter(heading)

    def _enter(self, heading: Heading) -> None:
        """Enter a heading into the outline, below the group that it begins or is in."""
        if heading.level == 1:
            self._deeper = 0
        if group := self._groups.get(heading.key):
            self._deeper = 1
            self.canv.bookmarkPage(f"from-{heading.key}")  # ReportLab: a key has one title
            self.canv.addOutlineEntry(group, f"from-{heading.key}", 1, closed=1)
        level = heading.level - 1 + (self._deeper if heading.level > 1 else 0)
        self.canv.addOutlineEntry(visible(elide(heading.text, 120)), heading.key, level)


def _groups(headings: Iterable[Heading]) -> dict[str, str]:
    """Return a name for each group of the parts of a chapter that has many, by its first key.

    Entries of an outline point each at the next one. A reader that follows them one within the
    other, as pyHanko does where it compares revisions, must not go too deep.
    """
    chapters: list[list[Heading]] = []
    for heading in headings:
        if heading.level == 1:
            chapters.append([])
        elif chapters:
            chapters[-1].append(heading)
    found = {}
    for parts in chapters:
        for start in range(0, len(parts), _GROUP) if len(parts) > _GROUP else ():
            first, last = parts[start], parts[start : start + _GROUP][-1]
            found[first.key] = f"{_number(first)} to {_number(last)}"
    return found


def _number(heading: Heading) -> str:
    return visible(elide(heading.text.partition("  ")[0], 40))


def _furnish(canvas: TaggedCanvas, document: _Document, *, furniture: Furniture) -> None:
    left, right = look.MARGIN, look.WIDTH - look.MARGIN
    top, bottom = look.HEIGHT - 46, 40
    if furniture.draft:
        _mark_as_draft(canvas, furniture.tongue.draft)
    canvas.saveState()
    canvas.setStrokeColor(HexColor(furniture.colour) if furniture.colour else look.LINE)
    canvas.setLineWidth(0.6)
    canvas.setFillColor(look.TERTIARY)
    canvas.setFont(_FACE, _SIZE)
    with canvas.furniture("Header"):
        canvas.line(left, top - 7, right, top - 7)
        _classify(canvas, furniture.classification, top + 13)
        title, _ = _fitted(furniture.title, look.MEASURE * 0.66)
        number, wide = _fitted(furniture.number, look.MEASURE * 0.3)
        canvas.draw_pieces(left, top, title, _SIZE)
        canvas.draw_pieces(right - wide, top, number, _SIZE)
        canvas.setFont(_FACE, _SIZE)
    with canvas.furniture("Footer"):
        canvas.line(left, bottom + 13, right, bottom + 13)
        canvas.drawString(left, bottom, furniture.note)
        _classify(canvas, furniture.classification, bottom - 13)
        canvas.setFont(_FACE, _SIZE)
        words = furniture.tongue.page
        canvas.later(partial(_count, canvas, words, document.page, right, bottom))
    canvas.restoreState()


def _classify(canvas: TaggedCanvas, marking: str, level: float) -> None:
    """Write the marking in the middle, above the head or below the foot."""
    shown, wide = _fitted(marking.upper(), look.MEASURE, fonts.BOLD)
    canvas.saveState()
    canvas.setFillColor(look.TEXT)
    canvas.draw_pieces((look.WIDTH - wide) / 2, level, shown, _SIZE)
    canvas.restoreState()


def _mark_as_draft(canvas: TaggedCanvas, word: str) -> None:
    """Write that it is a draft across the page, behind the text and no content of it."""
    canvas.saveState()
    with canvas.furniture("Watermark"):
        canvas.translate(look.WIDTH / 2, look.HEIGHT / 2)
        canvas.rotate(52)
        canvas.setFillColor(look.WATERMARK)
        canvas.setFont(fonts.BOLD, size := 150 * min(1.0, 5 / len(word)))
        canvas.drawCentredString(0, -0.36 * size, word)
    canvas.restoreState()


def _count(canvas: TaggedCanvas, words: str, page: int, right: float, bottom: float) -> None:
    canvas.setFont(_FACE, _SIZE)
    canvas.drawRightString(right, bottom, words.format(page=page, total=canvas.total))


def _fitted(text: str, room: float, face: str = _FACE) -> tuple[list[tuple[str, str]], float]:
    """Return as much of a text, made visible, as has room; and how wide that is."""
    shown = text[:200]
    wide = _wide(found := pieces(shown, face))
    while wide > room:
        shown = shown[:-1]
        wide = _wide(found := pieces(f"{shown}…", face))
    return found, wide


def _wide(line: list[tuple[str, str]]) -> float:
    return sum(fonts.width_of(text, face, _SIZE) for face, text in line)
