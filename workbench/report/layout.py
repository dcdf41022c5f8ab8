"""Blocks to flowables: what each block looks like on paper."""

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Spacer
from reportlab.platypus import PageBreak as NewPage

from workbench.model.verdict import Diagnosis, DimensionVerdict
from workbench.report import look
from workbench.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Code,
    Column,
    DiagnosisCard,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    ProofTrail,
    Run,
    SignaturePlaces,
    Table,
    TamperMap,
    Text,
    Title,
    Toc,
    Tone,
    VerdictCard,
    VerdictRow,
    mono,
    quiet,
)
from workbench.report.figures import bare_mark, mark
from workbench.report.fonts import SANS
from workbench.report.grid import Grid, Together
from workbench.report.listing import Listing
from workbench.report.phrases import is_weak, records_of
from workbench.report.shorten import grouped
from workbench.report.signature_box import Place
from workbench.report.tamper import tamper_map
from workbench.report.typeset import Paragraph as SetParagraph
from workbench.report.typeset import paragraph

#: Page on which each heading begins, as far as an earlier pass has found out.
Pages = Mapping[str, int]

_LABEL = 122.0
_CELL_TEXT = 300
#: Points up to which a flowable counts as short, and of room that a heading asks for at most.
_SHORT = 90.0
_MOST_ROOM = look.ROOM_OF_A_PAGE * 0.5
#: Entries of the contents below one chapter; the outline of the document has all.
_ENTRIES = 20
_PLAIN = (
    ("FONTNAME", (0, 0), (-1, -1), SANS),  # else ReportLab names Helvetica in every cell
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 7),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
)
_ROW_LINES = (
    ("LINEABOVE", (0, 0), (-1, 0), 0.6, look.LINE),
    ("LINEBELOW", (0, 0), (-1, -1), 0.6, look.LINE),
)


def flowables(blocks: Iterable[Block], headings: tuple[Heading, ...], pages: Pages) -> list[Any]:
    """Return the flowables of all blocks; ``headings`` and ``pages`` fill the contents."""
    found: list[Any] = []
    for block in blocks:
        found += _contents(headings, pages) if isinstance(block, Toc) else _set(block)
    return _without_lone_headings(found)


def _without_lone_headings(story: Sequence[Any]) -> list[Any]:
    """Put before each heading the room that it and the beginning of what it heads must have.

    What is short, as an introduction or a few facts, counts together with what follows it.
    """
    done: list[Any] = []
    room, below = 0.0, 0
    for flowable in reversed(story):
        own = _beginning(flowable)
        if heading := getattr(flowable, "heading", None):
            room, below = min(room + own, _MOST_ROOM), heading.level
            done += [flowable, CondPageBreak(room)]
            continue
        done.append(flowable)
        room, below = own + (room if _leads(flowable, own, below) else 0), 0
    return done[::-1]


def _leads(flowable: Any, height: float, below: int) -> bool:  # noqa: ANN401 - no types
    """Tell whether a flowable leads to what follows, a heading of level ``below`` or a text (0)."""
    if below:  # only an introduction leads to the parts of its own chapter
        return below > 1 and isinstance(flowable, SetParagraph)
    return 0 < height < _SHORT and not isinstance(flowable, Listing)


def _beginning(flowable: Any) -> float:  # noqa: ANN401 - ReportLab ships no types
    """Return how much of a flowable must stand on the page of the heading over it."""
    if isinstance(flowable, NewPage | CondPageBreak):
        return 0.0
    if isinstance(flowable, Together):
        return sum(_height(each) for each in flowable.parts())
    height = _height(flowable)
    long = isinstance(flowable, Grid) and height >= _SHORT
    return flowable.beginning() if long else height


def _height(flowable: Any) -> float:  # noqa: ANN401 - ReportLab ships no types
    _, height = flowable.wrap(look.MEASURE, look.ROOM_OF_A_PAGE)
    return float(flowable.getSpaceBefore() + height + flowable.getSpaceAfter())


@singledispatch
def _set(block: Block) -> list[Any]:
    raise TypeError(f"no layout for {type(block).__name__}")


@_set.register
def _(block: Heading) -> list[Any]:
    heading = paragraph(block.text, look.HEADINGS[block.level])
    heading.heading = block  # read by the page template: outline, contents, target of links
    return [heading]


@_set.register
def _(block: Title) -> list[Any]:
    return [paragraph(block.kind, look.KIND), paragraph(block.text, look.TITLE, longest=240)]


@_set.register
def _(block: Paragraph) -> list[Any]:
    return [paragraph(block.text, look.SMALL if block.quiet else look.BODY)]


@_set.register
def _(_block: PageBreak) -> list[Any]:
    return [NewPage()]


@_set.register
def _(block: Bullets) -> list[Any]:
    return _bullets(block, look.BODY)


@_set.register
def _(block: KeyValues) -> list[Any]:
    return [_pairs(block.rows), Spacer(0, 8)] if block.rows else []


@_set.register
def _(block: Table) -> list[Any]:
    shown = block.rows[: block.limit]
    more = len(block.rows) - len(shown)
    caption = block.caption if not more else _rest(more)
    rows = [[_head(column) for column in block.columns]]
    rows += [[_cell(*pair) for pair in zip(row, block.columns, strict=True)] for row in shown]
    total = sum(column.share for column in block.columns)
    widths = [look.MEASURE * column.share / total for column in block.columns]
    line = ("LINEBELOW", (0, 0), (-1, 0), 0.8, look.EDGE)
    marks = [
        ("ALIGN", (at, 0), (at, -1), column.align.upper())
        for at, column in enumerate(block.columns)
    ]
    found: list[Any] = [_grid(rows, widths, (*_ROW_LINES, line, *marks), repeat=1)]
    return [*found, Spacer(0, 4), *([paragraph(caption, look.SMALL)] if caption else [])]


@_set.register
def _(block: VerdictCard) -> list[Any]:
    rows = [
        [
            paragraph(row.dimension.value.capitalize(), look.WORD),
            mark(row.verdict, 12),
            _verdict_words(row),
            paragraph(row.sentence, look.CELL, longest=900),
        ]
        for row in block.rows
    ]
    widths = (88, 18, 128, look.MEASURE - 234)
    return [Together(_grid(rows, widths, (*_ROW_LINES, *_tall(5)))), Spacer(0, 10)]


@_set.register
def _(block: DiagnosisCard) -> list[Any]:
    diagnosis = block.diagnosis
    head = [
        bare_mark(block.indication, 12),
        paragraph(block.headline, look.WORD, longest=200),
        paragraph(diagnosis.kind.value, _aligned(look.SUBCODE, "right")),
    ]
    title = _grid([head], (18, look.MEASURE - 148, 130), (("VALIGN", (0, 0), (-1, -1), "MIDDLE"),))
    body = [title, paragraph(block.meaning, look.CELL), Spacer(0, 3), _pairs(_findings(diagnosis))]
    return [Together(body), *_reasons(diagnosis), Spacer(0, 12)]


@_set.register
def _(block: TamperMap) -> list[Any]:
    name = [paragraph(("Partition ", block.partition), look.SMALL)] if block.partition else []
    return [Together([*name, tamper_map(block)]), Spacer(0, 8)]


@_set.register
def _(block: ProofTrail) -> list[Any]:
    rows = []
    for number, step in enumerate(block.steps[: block.limit], 1):
        did = paragraph(grouped(step.did), look.CELL)
        clause = [paragraph(step.clause, look.SUBCODE)] if step.clause else []
        result = paragraph(grouped(step.result), look.MONOCELL)
        rows.append([paragraph(quiet(str(number)), look.CELL), [did, *clause], result])
    more = len(block.steps) - len(rows)
    found = [_grid(rows, (20, 250, look.MEASURE - 270), _ROW_LINES), Spacer(0, 6)] if rows else []
    return [*found, *([paragraph(_rest(more), look.SMALL)] if more > 0 else [])]


@_set.register
def _(block: Code) -> list[Any]:
    return [Listing(block.lines), Spacer(0, 6)] if block.lines else []


@_set.register
def _(block: Callout) -> list[Any]:
    cell = [paragraph(block.title, look.WORD), *(paragraph(t, look.CELL) for t in block.lines)]
    style = (
        ("BACKGROUND", (0, 0), (-1, -1), look.CHROME),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        *_tall(7),
    )
    return [Together([_grid([[cell]], (look.MEASURE,), style), Spacer(0, 10)])]


@_set.register
def _(block: SignaturePlaces) -> list[Any]:
    rows = [
        [paragraph(label, look.LABEL) for label, _ in block.fields],
        [Place(field) for _, field in block.fields],
    ]
    wide = look.MEASURE / len(block.fields)
    return [Together([_grid(rows, [wide] * len(block.fields), _tall(2)), Spacer(0, 10)])]


def _bullets(block: Bullets, style: ParagraphStyle) -> list[Any]:
    rows = [
        [mark(block.verdict, 9) if block.verdict else paragraph("–", style), paragraph(item, style)]
        for item in block.items
    ]
    return [_grid(rows, (15, look.MEASURE - 15), _tall(1.5)), Spacer(0, 5)] if rows else []


def _contents(headings: Sequence[Heading], pages: Pages) -> list[Any]:
    rows: list[list[Any]] = []
    below = 0
    for heading in headings:
        below = 0 if heading.level == 1 else below + 1
        if below > _ENTRIES:
            continue
        style = look.WORD if heading.level == 1 else look.ENTRY
        title = paragraph(Run(heading.text, link=heading.key), style, longest=90)
        page = paragraph(str(pages.get(heading.key, "")), _aligned(look.CELL, "right"))
        rows.append([title, page])
    return [_grid(rows, (look.MEASURE - 40, 40), _tall(0.5)), Spacer(0, 8)] if rows else []


def _grid(
    rows: list[list[Any]],
    widths: Sequence[float],
    style: Iterable[tuple[Any, ...]],
    *,
    repeat: int = 0,
) -> Any:  # noqa: ANN401 - ReportLab ships no types
    grid = Grid(rows, colWidths=list(widths), repeatRows=repeat, hAlign="LEFT")
    grid.setStyle([*_PLAIN, *style])
    return grid


def _tall(points: float) -> tuple[tuple[Any, ...], ...]:
    return (
        ("TOPPADDING", (0, 0), (-1, -1), points),
        ("BOTTOMPADDING", (0, 0), (-1, -1), points),
    )


def _pairs(rows: Sequence[tuple[str, Text]]) -> Any:  # noqa: ANN401 - ReportLab ships no types
    cells = [[paragraph(label, look.LABEL), paragraph(value, look.CELL)] for label, value in rows]
    return _grid(cells, (_LABEL, look.MEASURE - _LABEL), (("TOPPADDING", (0, 0), (-1, -1), 1.5),))


def _aligned(style: ParagraphStyle, align: str) -> ParagraphStyle:
    if align == "left":
        return style
    return ParagraphStyle(f"{style.name}-{align}", style, alignment=look.ALIGNMENTS[align])


def _head(column: Column) -> Any:  # noqa: ANN401 - ReportLab ships no types
    return paragraph(column.title, _aligned(look.HEAD, column.align))


def _cell(cell: Cell, column: Column) -> Any:  # noqa: ANN401 - ReportLab ships no types
    if isinstance(cell, DimensionVerdict):
        return mark(cell, 10)
    style = look.MONOCELL if column.mono else look.CELL
    return paragraph(cell, _aligned(style, column.align), longest=_CELL_TEXT)


def _verdict_words(row: VerdictRow) -> list[Any]:
    """Return the verdict word with its codes below; a weak pass is not printed in green."""
    colour = look.TEXT if is_weak(row.verdict) else look.INK[row.verdict.indication]
    word = paragraph(
        row.verdict.indication.value,
        ParagraphStyle(f"word-{colour.hexval()}", look.WORD, textColor=colour),
    )
    codes = [paragraph(code, look.SUBCODE, longest=120) for code in row.codes[:6]]
    return [word, *codes]


def _findings(diagnosis: Diagnosis) -> list[tuple[str, Text]]:
    rows: list[tuple[str, Text]] = [("Place", _place(diagnosis))]
    if diagnosis.count is not None:
        unit = "Files" if diagnosis.path and diagnosis.record is None else "Records"
        sure = diagnosis.last in {None, diagnosis.record}
        rows.append((f"{unit} {'concerned' if sure else 'in question'}", f"{diagnosis.count:,}"))
    if diagnosis.stored:
        rows.append(("Stored or stated", mono(grouped(diagnosis.stored))))
    if diagnosis.recomputed:
        tone = Tone.FAILED if diagnosis.recomputed != diagnosis.stored else Tone.MONO
        rows.append(("Recomputed here", Run(grouped(diagnosis.recomputed), tone)))
    return rows


def _place(diagnosis: Diagnosis) -> Text:
    parts = [diagnosis.path] if diagnosis.path else []
    if diagnosis.record is not None:
        parts.append(records_of(diagnosis))
    if diagnosis.offset is not None:
        parts.append(f"byte {diagnosis.offset:,}")
    return mono(" · ".join(parts) or "the whole of it")


def _reasons(diagnosis: Diagnosis) -> list[Any]:
    found: list[Any] = []
    for title, texts in (
        ("What is known, and what was tested on the bytes", diagnosis.explanations),
        ("What rests on it", diagnosis.blast_radius),
    ):
        if texts:
            found += [
                CondPageBreak(48),
                Spacer(0, 4),
                paragraph(title, look.LABEL),
                *_bullets(Bullets(texts[:20]), look.CELL),
                *([paragraph(_rest(len(texts) - 20), look.SMALL)] if len(texts) > 20 else []),
            ]
    return found


def _rest(more: int) -> str:
    return f"and {more:,} more: manifest.json, embedded in this file, lists them all."
