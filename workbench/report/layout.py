"""Blocks to flowables: what each block looks like on paper."""

from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Spacer
from reportlab.platypus import PageBreak as NewPage

from workbench.model.verdict import Diagnosis, DimensionVerdict
from workbench.report import look
from workbench.report.cells import as_list, as_table, fill
from workbench.report.diagnosis_facts import facts_of
from workbench.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Code,
    Column,
    DiagnosisCard,
    Emblem,
    Heading,
    KeyValues,
    LineagePicture,
    PageBreak,
    Paragraph,
    Passage,
    ProofTrail,
    QrCode,
    Run,
    SignaturePlaces,
    Table,
    TamperMap,
    Text,
    Title,
    Toc,
    VerdictCard,
    VerdictRow,
    quiet,
)
from workbench.report.figures import PageNumber, bare_mark, mark
from workbench.report.fonts import SANS
from workbench.report.grid import Grid, Together
from workbench.report.headroom import without_lone_headings
from workbench.report.lineage_paper import lineage_flowables
from workbench.report.listing import Listing
from workbench.report.logo import drawn_logo
from workbench.report.passage import passage_flowables
from workbench.report.phrases import is_weak
from workbench.report.qr import qr_code
from workbench.report.shorten import grouped
from workbench.report.signature_box import Place
from workbench.report.tags import Element, Levels, Role
from workbench.report.tamper import tamper_map
from workbench.report.typeset import Paragraph as SetParagraph
from workbench.report.typeset import paragraph

_LABEL = 122.0
_PAD = 7
_CELL_TEXT = 300
#: Entries of the contents below one chapter; the outline of the document has all.
_ENTRIES = 20
_PLAIN = (
    ("FONTNAME", (0, 0), (-1, -1), SANS),  # else ReportLab names Helvetica in every cell
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
)
_ROW_LINES = (
    ("LINEABOVE", (0, 0), (-1, 0), 0.6, look.LINE),
    ("LINEBELOW", (0, 0), (-1, -1), 0.6, look.LINE),
)


def flowables(
    blocks: Iterable[Block], headings: tuple[Heading, ...], colour: str = ""
) -> list[Any]:
    """Return the flowables of all blocks; ``headings`` fill the contents.

    ``colour``: of the title and the headings, where it is one of a house.
    """
    found: list[Any] = []
    levels = Levels()
    for block in blocks:
        made = _contents(headings) if isinstance(block, Toc) else _set(block)
        if isinstance(block, Heading | Title):
            made[-1].tag = Element(levels.role(getattr(block, "level", 0)))
            for fragment in made[-1].frags if colour else ():
                fragment.textColor = HexColor(colour)
        found += made
    return without_lone_headings(found)


@singledispatch
def _set(block: Block) -> list[Any]:
    raise TypeError(f"no layout for {type(block).__name__}")


@_set.register
def _(block: Heading) -> list[Any]:
    heading = paragraph(block.text, look.HEADINGS[block.level], longest=240)
    heading.heading = block  # read by the page template: outline, contents, target of links
    return [heading]


@_set.register
def _(block: Title) -> list[Any]:
    return [_text(block.kind, look.KIND), paragraph(block.text, look.TITLE, longest=240)]


@_set.register
def _(block: Emblem) -> list[Any]:
    logo = drawn_logo(block.logo)
    logo.tag, logo.hAlign = Element(Role.FIGURE, alt=logo.alt), "LEFT"
    return [logo, Spacer(0, 8)]


@_set.register
def _(block: Paragraph) -> list[Any]:
    return [_text(block.text, look.SMALL if block.quiet else look.BODY)]


@_set.register
def _(block: Passage) -> list[Any]:
    return list(passage_flowables(block))


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
    whole = as_table(rows, heads=1)
    found: list[Any] = [_grid(rows, widths, (*_ROW_LINES, line, *marks), repeat=1), Spacer(0, 4)]
    return [*found, *([_text(caption, look.SMALL, whole, Role.CAPTION)] if caption else [])]


@_set.register
def _(block: VerdictCard) -> list[Any]:
    rows = [
        [
            paragraph(row.title or row.dimension.value.capitalize(), look.WORD),
            mark(row.verdict, 12),
            _verdict_words(row),
            paragraph(row.sentence, look.CELL, longest=900),
        ]
        for row in block.rows
    ]
    as_table([[word, said, why] for word, _mark, said, why in rows], labels=True)
    widths = (88, 18, 128, look.MEASURE - 234)
    return [Together(_grid(rows, widths, (*_ROW_LINES, *_tall(5)))), Spacer(0, 10)]


@_set.register
def _(block: DiagnosisCard) -> list[Any]:
    diagnosis, whole = block.diagnosis, Element(Role.DIVISION)
    head = [
        bare_mark(block.indication, 12),
        paragraph(block.headline, look.WORD, longest=200),
        paragraph(diagnosis.kind.value, _aligned(look.SUBCODE, "right")),
    ]
    title = _grid([head], (18, look.MEASURE - 148, 130), (("VALIGN", (0, 0), (-1, -1), "MIDDLE"),))
    fill(whole, head)
    meaning = _text(block.meaning, look.CELL, whole)
    body = [title, meaning, Spacer(0, 3), _pairs(facts_of(diagnosis), whole)]
    return [Together(body), *_reasons(diagnosis, whole), Spacer(0, 12)]


@_set.register
def _(block: TamperMap) -> list[Any]:
    name = [_text(("Partition ", block.partition), look.SMALL)] if block.partition else []
    strip = tamper_map(block)
    strip.tag = Element(Role.FIGURE, alt=strip.alt)
    return [Together([*name, strip]), Spacer(0, 8)]


@_set.register
def _(block: LineagePicture) -> list[Any]:
    return [*lineage_flowables(block.of), Spacer(0, 4)]


@_set.register
def _(block: ProofTrail) -> list[Any]:
    rows = []
    for number, step in enumerate(block.steps[: block.limit], 1):
        did = paragraph(grouped(step.did), look.CELL)
        clause = [paragraph(step.clause, look.SUBCODE)] if step.clause else []
        result = paragraph(grouped(step.result), look.MONOCELL)
        rows.append([paragraph(quiet(str(number)), look.CELL), [did, *clause], result])
    as_table(rows, labels=True)
    more = len(block.steps) - len(rows)
    found = [_grid(rows, (20, 250, look.MEASURE - 270), _ROW_LINES), Spacer(0, 6)] if rows else []
    return [*found, *([_text(_rest(more), look.SMALL)] if more > 0 else [])]


@_set.register
def _(block: Code) -> list[Any]:
    whole = Element(Role.PARAGRAPH)
    return [Listing(block.lines, whole), Spacer(0, 6)] if block.lines else []


@_set.register
def _(block: QrCode) -> list[Any]:
    code, words = qr_code(block.text), paragraph(block.beside, look.CELL)
    code.tag, words.tag = Element(Role.FIGURE, alt=code.alt), Element(Role.PARAGRAPH)
    middle = (("VALIGN", (0, 0), (-1, -1), "MIDDLE"),)
    wide = (code.width + _PAD, look.MEASURE - code.width - _PAD)
    return [Together([_grid([[code, words]], wide, middle), Spacer(0, 6)])]


@_set.register
def _(block: Callout) -> list[Any]:
    cell = [paragraph(block.title, look.WORD), *(paragraph(t, look.CELL) for t in block.lines)]
    fill(Element(Role.DIVISION), cell)
    style = (
        ("BACKGROUND", (0, 0), (-1, -1), look.CHROME),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        *_tall(7),
    )
    return [Together([_grid([[cell]], (look.MEASURE,), style), Spacer(0, 10)])]


@_set.register
def _(block: SignaturePlaces) -> list[Any]:
    rows = [
        [_text(label, look.LABEL) for label, _ in block.fields],
        [Place(field) for _, field in block.fields],
    ]
    wide = look.MEASURE / len(block.fields)
    return [Together([_grid(rows, [wide] * len(block.fields), _tall(2)), Spacer(0, 10)])]


def _bullets(block: Bullets, style: ParagraphStyle, within: Element | None = None) -> list[Any]:
    rows = [
        [mark(block.verdict, 9) if block.verdict else paragraph("–", style), paragraph(item, style)]
        for item in block.items
    ]
    if rows:
        as_list(rows, within)
    return [_grid(rows, (15, look.MEASURE - 15), _tall(1.5)), Spacer(0, 5)] if rows else []


def _contents(headings: Sequence[Heading]) -> list[Any]:
    rows: list[list[Any]] = []
    below, chapters = 0, Element(Role.CONTENTS)
    parts = chapters
    for heading in headings:
        below = 0 if heading.level == 1 else below + 1
        if below > _ENTRIES:
            continue
        style = look.WORD if heading.level == 1 else look.ENTRY
        if heading.level == 1:
            parts = chapters
        elif parts is chapters:
            parts = chapters.child(Role.CONTENTS)
        title = paragraph(Run(heading.text, link=heading.key), style, longest=90)
        page = PageNumber(heading.key, 40 - _PAD)
        title.tag = page.tag = parts.child(Role.ENTRY).child(Role.REFERENCE)
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


def _pairs(rows: Sequence[tuple[str, Text]], within: Element | None = None) -> Any:  # noqa: ANN401 - no types
    cells = [[paragraph(label, look.LABEL), paragraph(value, look.CELL)] for label, value in rows]
    as_table(cells, labels=True, within=within)
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
        row.word or row.verdict.indication.value,
        ParagraphStyle(f"word-{colour.hexval()}", look.WORD, textColor=colour),
    )
    codes = [paragraph(code, look.SUBCODE, longest=120) for code in row.codes[:6]]
    return [word, *codes]


def _reasons(diagnosis: Diagnosis, within: Element) -> list[Any]:
    found: list[Any] = []
    for title, texts in (
        ("What is known, and what was tested on the bytes", diagnosis.explanations),
        ("What rests on it", diagnosis.blast_radius),
    ):
        if texts:
            found += [
                CondPageBreak(48),
                Spacer(0, 4),
                _text(title, look.LABEL, within),
                *_bullets(Bullets(texts[:20]), look.CELL, within),
                *(
                    [_text(_rest(more), look.SMALL, within)]
                    if (more := len(texts) - 20) > 0
                    else []
                ),
            ]
    return found


def _text(
    text: Text,
    style: ParagraphStyle,
    within: Element | None = None,
    role: Role = Role.PARAGRAPH,
) -> SetParagraph:
    """Return a paragraph that is an element of its own."""
    found = paragraph(text, style)
    found.tag = Element(role, within)
    return found


def _rest(more: int) -> str:
    return f"and {more:,} more: manifest.json, embedded in this file, lists them all."
