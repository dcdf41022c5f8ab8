"""The report as data: plain blocks of plain text, before any page exists.

What holds here: text is text. Nothing in a ``str`` is ever read as markup, so what evidence
says is printed and never obeyed; ``layout`` makes control characters and the like visible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.model.edition import Logo
from workbench.model.lineage import LineageOf
from workbench.model.verdict import (
    AssuranceRange,
    Diagnosis,
    Dimension,
    DimensionVerdict,
    Indication,
    Step,
)


class Tone(StrEnum):
    """How a run of text is set."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    MONO = "mono"
    LINK = "link"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one tone; ``link`` is the key of a heading in this report, or None."""

    text: str
    tone: Tone = Tone.PLAIN
    link: str | None = None


class Said(str):
    """Text in the language of the report: a translation, or what the auditor wrote.

    All other words of a report that is not in English are marked as English.
    """

    __slots__ = ()


#: Text of one paragraph.
Text = str | Run | tuple[str | Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3.

    Attributes:
        level: 1 to 3; 1 and 2 are numbered and listed in the contents.
        text: the heading itself.
        key: what links point at; unique in the report.
    """

    level: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the report, on its first page, over a line of small print."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Emblem:
    """The logo of whose report it is."""

    logo: Logo


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; quiet ones are small print."""

    text: Text
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """What somebody wrote, however long, line by line as it was written; never cut.

    Attributes:
        label: what it is, above it; "" for none.
        text: all of it.
    """

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short paragraphs, with the mark of a verdict before each, or a dash."""

    items: tuple[Text, ...]
    verdict: DimensionVerdict | None = None


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Labels and values, one pair a line."""

    rows: tuple[tuple[str, Text], ...]


class Align(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its share of the width, and how its text is set."""

    title: str
    share: float
    align: Align = Align.LEFT
    mono: bool = False


Cell = Text | DimensionVerdict


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; past ``limit`` rows the rest is counted and left to the manifest.

    ``own``: its cells are words of this program, none of them is evidence.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    limit: int = 200
    own: bool = False


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One dimension with its verdict, the codes that led to it, and a sentence on it.

    ``title`` and ``word`` are dimension and verdict in another language, else "".
    """

    dimension: Dimension
    verdict: DimensionVerdict
    codes: tuple[str, ...]
    sentence: Text
    title: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """The four dimensions of a subject or of the case."""

    rows: tuple[VerdictRow, ...]


@dataclass(frozen=True, slots=True)
class DiagnosisCard:
    """What happened at one place: in a line, in words, with stored against recomputed value.

    Attributes:
        headline: what happened and where, in one line.
        meaning: what that means.
        diagnosis: the facts.
        indication: FAILED, or INDETERMINATE where an innocent cause is as likely.
    """

    headline: str
    meaning: str
    diagnosis: Diagnosis
    indication: Indication


@dataclass(frozen=True, slots=True)
class TamperMap:
    """How far the records of one partition are protected, and where they break.

    Attributes:
        records: number of records.
        ranges: levels of assurance, in order.
        breaks: numbers of the broken records, in order.
        partition: name of the partition, or None.
    """

    records: int
    ranges: tuple[AssuranceRange, ...]
    breaks: tuple[int, ...]
    partition: str | None = None


@dataclass(frozen=True, slots=True)
class LineagePicture:
    """The lineage of a thing as a picture, over as many pages as it takes to be read."""

    of: LineageOf


@dataclass(frozen=True, slots=True)
class ProofTrail:
    """The numbered steps behind a verdict."""

    steps: tuple[Step, ...]
    limit: int = 60


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to be typed in: printed as they are and never broken, so they fit the page."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QrCode:
    """A text as a code that a camera reads, with words beside it."""

    text: str
    beside: str


@dataclass(frozen=True, slots=True)
class Callout:
    """What must not be missed: a title and a few lines."""

    title: str
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SignaturePlaces:
    """Places for signatures side by side: what stands above each, and the field that it is of."""

    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Start a page."""


@dataclass(frozen=True, slots=True)
class Toc:
    """The contents, made from the headings of level 1 and 2."""


Block = (
    Heading
    | Title
    | Emblem
    | Paragraph
    | Passage
    | Bullets
    | KeyValues
    | Table
    | VerdictCard
    | DiagnosisCard
    | TamperMap
    | LineagePicture
    | ProofTrail
    | Code
    | QrCode
    | Callout
    | SignaturePlaces
    | PageBreak
    | Toc
)


def runs(text: Text) -> Sequence[Run]:
    """Return the runs of a text."""
    parts = text if isinstance(text, tuple) else (text,)
    return [part if isinstance(part, Run) else Run(part) for part in parts]


def mono(text: str) -> Run:
    """Return text for codes, digests and commands."""
    return Run(text, Tone.MONO)


def strong(text: str) -> Run:
    """Return text that stands out."""
    return Run(text, Tone.STRONG)


def quiet(text: str) -> Run:
    """Return text that stands back."""
    return Run(text, Tone.QUIET)
