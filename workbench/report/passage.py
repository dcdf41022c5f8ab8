"""What people wrote, whole: lines as they were written, flowing over as many pages as it takes."""

from collections.abc import Iterable, Iterator
from typing import Any

from reportlab.platypus import CondPageBreak, Spacer

from workbench.report import look
from workbench.report.document import KeyValues, Passage, Said, Text
from workbench.report.tags import Element, Role
from workbench.report.typeset import paragraph

#: Characters that are set as one paragraph: pages of one that has more would take ever longer.
_PIECE = 12_000
#: Characters beside a label at most.
_BESIDE = 420
#: Room that a label and the first lines under it must have.
_LEAST = 3 * look.CELL.leading + look.LABEL.leading


def is_long(text: str) -> bool:
    """Tell whether a text is more than a line or two beside a label holds."""
    return len(text) > _BESIDE or "\n" in text


def beside_or_below(rows: Iterable[tuple[str, Text]]) -> Iterator[KeyValues | Passage]:
    """Yield labels with what is short beside them, and with what is long below, in their order."""
    short: list[tuple[str, Text]] = []
    for label, text in rows:
        if isinstance(text, str) and is_long(text):
            if short:
                yield KeyValues(tuple(short))
            short = []
            yield Passage(label, text)
        else:
            short.append((label, text))
    if short:
        yield KeyValues(tuple(short))


def passage_flowables(block: Passage) -> Iterator[Any]:
    """Yield a label and the paragraphs under it; the label is never left alone."""
    whole, style = Element(Role.DIVISION), look.CELL if block.label else look.BODY
    yield CondPageBreak(_LEAST)
    if block.label:
        label = paragraph(block.label, look.LABEL)
        label.tag = whole.child(Role.PARAGRAPH)
        yield label
    is_said = isinstance(block.text, Said)
    for line in block.text.splitlines():
        element = whole.child(Role.PARAGRAPH)
        for piece in _pieces(line):
            found = paragraph(Said(piece) if is_said else piece, style, longest=None)
            found.tag = element
            yield found
    yield Spacer(0, 6 if block.label else 0)


def _pieces(line: str) -> Iterator[str]:
    """Yield a line in pieces that are not too long, cut between words where there are any."""
    rest = line.strip()
    while len(rest) > _PIECE:
        cut = rest.rfind(" ", _PIECE // 2, _PIECE)
        cut = cut if cut > 0 else _PIECE
        yield rest[:cut]
        rest = rest[cut:].lstrip()
    if rest:
        yield rest
