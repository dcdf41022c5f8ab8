"""The structure of a report: what each piece of its pages is, in reading order.

ISO 32000-1 14.7 and 14.8 (tagged PDF). ``layout`` makes the elements, the canvas fills them with
what it draws, ``tree`` writes them. What no element owns is an artifact: rules, tints, header and
footer, and the head of a table where it is repeated.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What an element is (ISO 32000-1 14.8.4)."""

    DOCUMENT = "Document"
    DIVISION = "Div"
    PARAGRAPH = "P"
    LIST = "L"
    ITEM = "LI"
    LABEL = "Lbl"
    BODY = "LBody"
    TABLE = "Table"
    ROW = "TR"
    HEAD = "TH"
    CELL = "TD"
    CAPTION = "Caption"
    FIGURE = "Figure"
    CODE = "Code"
    CONTENTS = "TOC"
    ENTRY = "TOCI"
    REFERENCE = "Reference"
    LINK = "Link"


class Scope(StrEnum):
    """What a head of a table is the head of (ISO 32000-1 14.8.5.7)."""

    COLUMN = "Column"
    ROW = "Row"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a page's content: page from 0, and its number there."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation: page from 0, and its place among those of the page."""

    page: int
    place: int


Content = Mark | Annotation


@dataclass(eq=False, slots=True)
class Element:
    """A structure element and what it holds, in reading order.

    Attributes:
        role: a ``Role``, or ``H1`` to ``H6``.
        parent: the element around it; None until the first of it is drawn.
        alt: what a reader who does not see it is told instead.
        scope: what a head of a table is the head of.
        box: where a figure lies on its page.
        english: its text is English, whatever the language of the report.
        kids: elements and content.
    """

    role: str
    parent: "Element | None" = None
    alt: str = ""
    scope: Scope | None = None
    box: tuple[float, float, float, float] | None = None
    english: bool = False
    kids: list["Element | Content"] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.parent is not None:
            self.parent.kids.append(self)

    def child(self, role: str, *, alt: str = "", scope: Scope | None = None) -> "Element":
        """Return a new last element in this one."""
        return Element(role, self, alt, scope)

    def top(self) -> "Element":
        """Return the outermost element around this one."""
        found = self
        while found.parent is not None:
            found = found.parent
        return found


class Levels:
    """Heading levels without a gap (ISO 14289-1 7.4.2), whatever levels the blocks have."""

    def __init__(self) -> None:
        self._open: list[int] = []

    def role(self, level: int) -> str:
        """Return the role of the next heading; the title of the report has level 0."""
        while self._open and self._open[-1] >= level:
            self._open.pop()
        self._open.append(level)
        return f"H{len(self._open)}"
