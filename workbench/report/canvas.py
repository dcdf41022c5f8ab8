"""The canvas of a report: it notes which element of the structure each thing that it draws is of.

Marked content (ISO 32000-1 14.6) is opened and closed here and nowhere else, never one piece
within another.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from workbench.report.fonts import width_of
from workbench.report.tags import Annotation, Element, Mark, Role

_CLOSE = "EMC"
# Stands in the code of a page for what is drawn later; no text of a page has a plain NUL in it.
_HELD_BACK = "\0{}\0"
_HELD = re.compile("\0[0-9]+\0")


class TaggedCanvas(Canvas):  # type: ignore[misc]  # ReportLab ships no types
    """A canvas that fills ``tree`` with what is drawn on it.

    What is known only when all pages are there, as their number, is drawn ``later``, at the place
    and in the piece of content where it was asked for.

    Attributes:
        tree: the root of the structure.
        places: page on which each bookmark is, by its key.
    """

    def __init__(self, *arguments: object, names: Mapping[str, str], **options: object) -> None:
        """Take also the texts of the headings that links lead to, by their keys."""
        super().__init__(*arguments, **options)
        self.tree = Element(Role.DOCUMENT)
        self.places: dict[str, int] = {}
        self._later: list[Callable[[], None]] = []
        self._names = names
        self._marks = 0
        self._text: TaggedText | None = None
        self._code: list[str]  # ReportLab's own: the operators of this page

    def showPage(self) -> None:  # noqa: N802 - as ReportLab has it
        """End a page; pieces of content are counted on each page anew."""
        super().showPage()
        self._marks = 0

    def bookmarkPage(self, key: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401, N802
        """Bookmark this page, and note its number."""
        self.places[key] = self._page + 1
        return super().bookmarkPage(key, *rest, **more)

    def later(self, paint: Callable[[], None]) -> None:
        """Draw this when all pages are there. It sets font and colour itself."""
        self.addLiteral(_HELD_BACK.format(len(self._later)))
        self._later.append(paint)

    def save(self) -> None:
        """Draw what was held back, and write the document."""
        drawn = {
            _HELD_BACK.format(at): self._operators(each) for at, each in enumerate(self._later)
        }
        for page in self._doc.Pages.pages:
            page.stream = _HELD.sub(lambda found: drawn[found[0]], page.stream)
        super().save()

    @property
    def total(self) -> int:
        """Return how many pages there are so far."""
        return len(self._doc.Pages.pages)

    def _operators(self, paint: Callable[[], None]) -> str:
        code: list[str] = []
        before, self._code = self._code, code
        paint()
        self._code = before
        return "\n".join(code)

    @property
    def _page(self) -> int:
        return int(self.getPageNumber()) - 1

    @contextmanager
    def tagged(self, element: Element | None) -> Iterator[None]:
        """Let what is drawn be content of an element, or of none."""
        self.addLiteral(self.opening(element) if element else "/Artifact BMC")
        yield
        self.addLiteral(_CLOSE)

    @contextmanager
    def furniture(self, part: str) -> Iterator[None]:
        """Let what is drawn be a ``Header`` or ``Footer`` of the page."""
        self.addLiteral(f"/Artifact <</Type /Pagination /Subtype /{part}>> BDC")
        yield
        self.addLiteral(_CLOSE)

    def opening(self, element: Element) -> str:
        """Return the operator that begins the next piece of an element's content."""
        self._enter(element)
        element.kids.append(Mark(self._page, self._marks))
        self._marks += 1
        return f"/{element.role} <</MCID {self._marks - 1}>> BDC"

    def withdraw(self, element: Element) -> None:
        """Take back the piece that was opened last, which holds nothing."""
        element.kids.pop()
        self._marks -= 1

    def draw_pieces(self, x: float, y: float, line: Iterable[tuple[str, str]], size: float) -> None:
        """Draw pieces of a line, each in its face, one after the other."""
        for face, text in line:
            self.setFont(face, size)
            self.drawString(x, y, text)
            x += width_of(text, face, size)

    def begin_tagged_text(self, x: float, y: float, element: Element) -> "TaggedText":
        """Return a text object for text of an element."""
        self._text = TaggedText(self, x, y, element)
        return self._text

    def linkRect(self, contents: str, destinationname: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401, N802 - as ReportLab has it
        """Add a link, and enter it into the element of its text."""
        done = super().linkRect(contents, destinationname, *rest, **more)
        if self._text is not None:
            element = self._text.link_to(destinationname)
            element.alt = f"Go to “{self._names.get(destinationname, destinationname)}”"
            element.kids.append(Annotation(self._page, len(self._annotationrefs) - 1))
        return done

    def _enter(self, element: Element) -> None:
        """Let the outermost element around this one follow those drawn before."""
        top = element.top()
        if top is not self.tree:
            top.parent = self.tree
            self.tree.kids.append(top)


class TaggedText(PDFTextObject):  # type: ignore[misc]  # ReportLab ships no types
    """Text of one element, and of the links within it.

    Pieces are opened within the text object, so that a link can begin in the middle of a line.
    """

    def __init__(self, canvas: TaggedCanvas, x: float, y: float, element: Element) -> None:
        super().__init__(canvas, x, y)
        self._element = element
        self._now = element
        self._links: dict[str, Element] = {}
        self._opened = 0  # length of the code when the piece was opened; 0: none is open

    def _textOut(self, text: Any, TStar: int = 0) -> None:  # noqa: ANN401, N802, N803
        if not self._opened:
            self._begin()
        super()._textOut(text, TStar)

    def _linkRecord(self, link: tuple[int, str], event: str) -> None:  # noqa: N802
        """Part the text of a link from what is around it; ``start`` comes after its first text."""
        if event == "start":
            text = self._code.pop()
            self._end()
            target = link[1].removeprefix("#")
            self._now = self._links.get(target) or self._element.child(Role.LINK)
            self._links[target] = self._now
            self._begin()
            self._code.append(text)
        else:
            self._end()
            self._now = self._element

    def link_to(self, target: str) -> Element:
        """Return the element of a link's text: all of the text where no part of it is known."""
        return self._links.get(target, self._element)

    def getCode(self) -> str:  # noqa: N802 - as ReportLab has it
        """Return the operators of the whole text object."""
        self._end()
        return str(super().getCode())

    def _begin(self) -> None:
        self._code.append(self._canvas.opening(self._now))
        self._opened = len(self._code)

    def _end(self) -> None:
        if self._opened == len(self._code):
            self._code.pop()
            self._canvas.withdraw(self._now)
        elif self._opened:
            self._code.append(_CLOSE)
        self._opened = 0
