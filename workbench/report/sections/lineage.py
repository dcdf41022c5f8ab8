"""What a thing in question was made from and what rests on it, as far as each step is proven."""

from collections.abc import Iterator

from workbench.model.lineage import Edge, EdgeStatus, LineageOf, NodeId
from workbench.report.context import Page, Section
from workbench.report.document import (
    Block,
    Column,
    Heading,
    LineagePicture,
    Paragraph,
    Table,
    Text,
    quiet,
)
from workbench.report.lineage_picture import EDGE_WORDS, spoken
from workbench.report.phrases import listed, plural
from workbench.report.shorten import NAME, elide

_EDGES = (
    Column("From", 0.23),
    Column("Relation", 0.16),
    Column("To", 0.23),
    Column("Proven", 0.11),
    Column("Stated at", 0.27),
)
_MOST = 60
_WORST_FIRST = {status: rank for rank, status in enumerate(
    (EdgeStatus.BROKEN, EdgeStatus.MISSING, EdgeStatus.CLAIMED, EdgeStatus.VERIFIED)
)}  # fmt: skip


def _build(page: Page) -> Iterator[Block]:
    case = page.context.case
    if case is None or not case.lineage:
        return
    told = ", ".join(f"{status.value}: {words}" for status, words in EDGE_WORDS.items())
    yield Paragraph(
        "Data flows from left to right. Each edge has a line and a mark by which it is told how "
        f"far the evidence carries it ({told}). What a catalog states and no signed record bears "
        "out is claimed, however plausible. A number with a plus beside a box counts neighbours "
        "that the picture leaves out."
    )
    for number, each in enumerate(case.lineage, 1):
        key = f"lineage-{number}"
        yield Heading(2, f"Lineage of {elide(each.name, NAME)}", key)
        yield Paragraph(_why(each))
        yield LineagePicture(each)
        yield from _table(each, key)
    if case.lineage_left:
        more = plural(case.lineage_left, "more thing")
        yield Paragraph(
            f"Findings rest on {more}, whose lineage is not printed: workbench lineage has it.",
            quiet=True,
        )


def _why(each: LineageOf) -> Text:
    counts = each.whole.words
    if not each.findings:
        why = "No finding names a thing of the catalogs; this is the one most is known about."
        return f"{why} {counts}"
    return (*listed(each.findings), f" rests on it. {counts}")


def _table(each: LineageOf, key: str) -> Iterator[Block]:
    names = {node.id: spoken(node) for node in each.whole.nodes}
    edges = sorted(each.whole.edges, key=lambda edge: _WORST_FIRST[edge.status])
    yield Heading(3, "Its edges, the least proven first", f"{key}-edges")
    rows = tuple(_row(edge, names) for edge in edges[:_MOST])
    left = len(edges) - len(rows)
    yield Table(_EDGES, rows)
    if left > 0:
        yield Paragraph(f"and {left:,} more: lineage.csv, embedded in this file, lists them all.")


def _row(edge: Edge, names: dict[NodeId, str]) -> tuple[Text, ...]:
    more = len(edge.locators) - 1
    place = str(edge.locators[0]) if edge.locators else "no place"
    stated: Text = (place, quiet(f" and {more:,} more")) if more > 0 else place
    return names[edge.tail], edge.kind.value, names[edge.head], edge.status.value, stated


SECTION = Section("lineage", "Lineage", 43, _build)
