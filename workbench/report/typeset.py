"""Plain text to set text: a face for every character, and what cannot be seen made visible.

What holds here: text never passes a markup parser (fragments are made directly), and no
character is dropped or drawn as an empty box. A control, format, combining or odd space
character, or one that no face has, is printed as ``[U+202E]`` in red, because two names that
look alike but differ are what an auditor must see.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph as Plain
from reportlab.platypus.paraparser import ParaFrag

from workbench.evidence.text import visible
from workbench.model.verdict import Indication
from workbench.report import look
from workbench.report.document import Run, Said, Text, Tone, runs
from workbench.report.fonts import BOLD, DEVANAGARI, MONO, face_for, width_of
from workbench.report.scripts import as_drawn, joins
from workbench.report.shorten import elide
from workbench.report.tags import Element, Role

#: Characters of one text that are set; the middle of a longer one is left out and counted.
LONGEST = 600
#: Characters that are always set, whatever room they take up.
_LEAST = 24

_COLOURS = {
    Tone.QUIET: look.SECONDARY,
    Tone.LINK: look.ACCENT,
    Tone.FAILED: look.INK[Indication.FAILED],
}
_FACES = {Tone.STRONG: BOLD, Tone.MONO: MONO, Tone.FAILED: MONO}
_HIDDEN = frozenset({"Mn", "Me", "Zs"})
_SECOND_SPACE = re.compile("(?<= ) ")  # would be swallowed when lines are broken
_PARTS = re.compile(r"[^/._:,@-]*[/._:,@-]+|[^/._:,@-]+")
_MARK = "\x00"  # face of a mark: never the name of a real one


class Paragraph(Plain):  # type: ignore[misc]  # ReportLab ships no types
    """A paragraph whose words, where one is too wide for a line, end after ``/ . - _ : , @``.

    ReportLab would break such a word, a path or a name, after any letter. ``tag`` is the element
    that it is text of; drawn a second time, as the head of a table on its next page, it is none.
    """

    tag: Element | None = None
    english = True
    _fitted: tuple[float, tuple[float, float]] | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size; lines are broken once for a width, however often it is asked for."""
        if self._fitted is None or self._fitted[0] != width:
            self._fitted = (width, super().wrap(width, height))
        return self._fitted[1]

    def split(self, width: float, height: float) -> list["Paragraph"]:
        """Return the pieces for this page and the next, all of them of the same element."""
        self._fitted = None  # ReportLab may forget its lines
        pieces: list[Paragraph] = super().split(width, height)
        for piece in pieces:
            piece.tag, piece.english = self.tag, self.english
        return pieces

    def draw(self) -> None:
        """Draw, and note of what element the text is."""
        if self.tag is None:
            with self.canv.tagged(None):
                super().draw()
        else:
            self.tag.english = self.english
            super().draw()
            self.tag = None

    def beginText(self, x: float, y: float) -> Any:  # noqa: ANN401, N802 - as ReportLab has it
        """Return the text object that ReportLab then fills."""
        if self.tag is None:
            return super().beginText(x, y)
        whole = self.blPara.kind == 0 and self.blPara.link  # ReportLab's word for: all in one tone
        element = self.tag.child(Role.LINK) if whole else self.tag
        return self.canv.begin_tagged_text(x, y, element)

    def breakLines(self, width: float | Sequence[float]) -> Any:  # noqa: ANN401, N802
        """Return the lines, as ReportLab has it."""
        room = width if isinstance(width, int | float) else min(width)
        fragments = list(getattr(self, "frags", ()))
        if all(isinstance(f, ParaFrag) and hasattr(f, "text") for f in fragments):
            # else ReportLab broke it before: it is what a split left
            after = [*map(_stuck, fragments[1:]), 0.0]
            pairs = zip(fragments, after, strict=True) if fragments else ()
            self.frags = [_breakable(each, room, more) for each, more in pairs]
        return super().breakLines(width)


def paragraph(text: Text, style: ParagraphStyle, *, longest: int | None = LONGEST) -> Paragraph:
    """Return a text as a flowable; with no longest, all of it."""
    fragments = [f for run in runs(text) for f in _fragments(run, style, longest)]
    empty = [_fragment("", style.fontName, style, Run(""))]
    found = Paragraph("", style, frags=fragments or empty)
    found.english = not all(isinstance(run.text, Said) for run in runs(text))
    return found


def _stuck(fragment: ParaFrag) -> float:
    """Return the width of what a fragment adds to a word before it, as a comma."""
    joined = fragment.text.partition(" ")[0]
    return width_of(joined, fragment.fontName, fragment.fontSize)


def _breakable(fragment: ParaFrag, room: float, more: float) -> ParaFrag:
    """Return a fragment with a space wherever a line must end within a word.

    Two pieces with the space between them are wider than the room, so a line does end there.
    """
    font, size = fragment.fontName, fragment.fontSize
    words = fragment.text.split(" ")
    rooms = [room] * (len(words) - 1) + [room - more]
    pairs = list(zip(words, rooms, strict=True))
    if all(width_of(word, font, size) <= space for word, space in pairs):
        return fragment
    broken = " ".join(" ".join(_pieces(word, font, size, space)) for word, space in pairs)
    return fragment.clone(text=broken)


def _pieces(word: str, font: str, size: float, room: float) -> Iterator[str]:
    """Yield the pieces of a word, each as long as a line has room for."""
    piece = ""
    for part in _PARTS.findall(word):
        if piece and width_of(piece + part, font, size) > room:
            yield piece
            piece = ""
        piece += part
    yield piece


def pieces(text: str, face: str) -> list[tuple[str, str]]:
    """Return a text as pieces, each with the face that draws it."""
    shown = _characters(as_drawn(text), face)
    groups = groupby(shown, key=lambda item: item[1] or MONO)
    return [(name, "".join(mark or char for char, _, mark in group)) for name, group in groups]


def plain(text: str, face: str) -> str:
    """Return text that one face can draw: marks for everything else."""
    return "".join(char if _face(char, face) == face else _mark(char) for char in text)


def _fragments(run: Run, style: ParagraphStyle, longest: int | None) -> Iterator[ParaFrag]:
    face = _FACES.get(run.tone, style.fontName)
    kept = run.text if longest is None else _elided(run.text, longest, face)
    shown = _characters(as_drawn(kept), face)
    for name, group in groupby(shown, key=lambda item: _MARK if item[2] else item[1]):
        text = _SECOND_SPACE.sub("\u00a0", "".join(mark or char for char, _, mark in group))
        yield _fragment(text, MONO if name == _MARK else name, style, run, marked=name == _MARK)


def _elided(text: str, longest: int, face: str) -> str:
    """Return a text that takes up at most ``longest`` characters, each mark counted as it is."""
    shown, room = elide(text, longest), longest
    while (takes := _room(shown, face)) > longest and room > _LEAST:
        room = max(room * longest // takes, _LEAST)
        shown = elide(text, room)
    return shown


def _room(text: str, face: str) -> int:
    return sum(len(mark) or 1 for _, _, mark in _characters(text, face))


def _fragment(
    text: str, face: str, style: ParagraphStyle, run: Run, *, marked: bool = False
) -> ParaFrag:
    colour = look.INK[Indication.FAILED] if marked else _COLOURS.get(run.tone, style.textColor)
    shrink = 0.92 if face == MONO and style.fontName != MONO else 1.0
    return ParaFrag(
        text=text,
        fontName=face,
        fontSize=style.fontSize * shrink,
        textColor=colour,
        rise=0,
        greek=0,
        bold=0,
        italic=0,
        us_lines=[],
        link=[(1, f"#{run.link}")] if run.link else [],
    )


def _characters(text: str, face: str) -> Iterator[tuple[str, str, str]]:
    """Yield each character with the face that draws it, or with the mark that stands for it."""
    before = ""
    for char in text:
        name = DEVANAGARI if joins(char, before) else _face(char, face)
        yield (char, name, "") if name else (char, "", _mark(char))
        before = char


@lru_cache(maxsize=16384)
def _face(char: str, face: str) -> str:
    """Return the face that draws a character, or "" where a mark must stand for it."""
    if char == " ":
        return face
    if unicodedata.category(char) in _HIDDEN or visible(char) != char:
        return ""
    return face_for(char, face) or ""


def _mark(char: str) -> str:
    seen = visible(char)
    return seen if seen != char else f"[U+{ord(char):04X}]"
