"""No page looks torn: headings, rows, names and commands stay with what they belong to."""

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.report.case import ALTERED, ALTERED_LOG, CATALOG, INTACT_LOG, case, digest, source
from workbench.report import look
from workbench.report.build import blocks, build_report
from workbench.report.context import Page, ReportContext
from workbench.report.document import Column, Heading, Table
from workbench.report.fonts import register
from workbench.report.grid import TOGETHER, Grid
from workbench.report.layout import flowables
from workbench.report.listing import Listing
from workbench.report.pdf import Furniture, render
from workbench.report.tags import Element, Role
from workbench.report.typeset import paragraph

_FURNITURE = re.compile(r"Audit Workbench .*Page \d+ of \d+")
_needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")


def pages(context: ReportContext, folder: Path) -> list[list[str]]:
    """Return the lines of each page, without the one at its top and the one at its foot."""
    (folder / "report.pdf").write_bytes(build_report(context).pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", "report.pdf", "-"], cwd=folder, capture_output=True, check=True
    )
    texts = done.stdout.decode().split("\f")[:-1]
    found = [[line.strip() for line in text.splitlines() if line.strip()] for text in texts]
    return [lines[1:-1] for lines in found]


def many(count: int) -> ReportContext:
    """Return a case of so many subjects, so that page ends fall anywhere."""
    broken = replace(ALTERED_LOG, diagnoses=(ALTERED,) * (count % 5 + 1))
    kinds = (INTACT_LOG, broken, CATALOG)
    return case(tuple(source(f"log-{n}.jsonl", kinds[n % 3]) for n in range(count)))


@_needs_poppler
@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 11, 13, 17])
def test_no_heading_stands_alone_at_the_foot_of_a_page(count: int, tmp_path: Path):
    context = many(count)
    headings = {b.text for b in blocks(Page(context, "0" * 64, "1")) if isinstance(b, Heading)}
    for number, lines in enumerate(pages(context, tmp_path), 1):
        last = re.sub(" +", " ", lines[-1])
        assert last not in {re.sub(" +", " ", text) for text in headings}, (number, last)


def _split(rows: int, height: float) -> list[int]:
    """Return how many rows a table has on each page, the first with so much room."""
    register()
    table = Table((Column("Head", 1.0),), tuple(("text",) for _ in range(rows)))
    todo = [f for f in flowables((table,), ()) if isinstance(f, Grid)]
    counts, room = [], height
    while todo:
        grid = todo.pop(0)
        _, tall = grid.wrap(look.MEASURE, room)
        if tall <= room:
            counts.append(grid.rows)
            continue
        parts = grid.split(look.MEASURE, room)
        room = look.ROOM_OF_A_PAGE
        if parts:
            counts.append(parts[0].rows)
        todo[:0] = parts[1:] if parts else [grid]
    return counts


@pytest.mark.parametrize("height", range(20, 640, 37))
@pytest.mark.parametrize("rows", [1, 2, 3, 30, 31, 67])
def test_no_row_of_a_table_stands_alone_on_a_page(rows: int, height: int):
    counts = _split(rows, height)
    assert sum(counts) == rows
    assert min(counts) >= min(rows, TOGETHER)


def test_a_command_is_never_torn_by_the_end_of_a_page():
    lines = ["one \\", "two", "three \\", "four \\", "five"] * 30
    register()
    listing = Listing(tuple(lines), Element(Role.PARAGRAPH))
    assert listing.height > look.ROOM_OF_A_PAGE
    first, rest = listing.split(look.MEASURE, 300)
    assert first._lines[-1] in {"two", "five"}
    assert first._lines + rest._lines == tuple(lines)
    assert Listing(tuple(lines[:20]), Element(Role.PARAGRAPH)).split(look.MEASURE, 100) == []


def _lines(text: str, width: float) -> list[str]:
    register()
    made = paragraph(text, look.CELL)
    made.wrap(width, 1000)
    return [" ".join(words) for _, words in made.blPara.lines]


@pytest.mark.parametrize("width", range(60, 260, 9))
def test_a_long_name_ends_its_lines_after_a_mark_and_loses_nothing(width: int):
    name = "evidence/audit-tampered/heads/2026-04-30.some_long_name.head"
    lines = _lines(name, width)
    assert "".join(lines) == name
    assert all(line[-1] in "/.-_" for line in lines[:-1])


def test_a_name_without_marks_is_broken_where_the_line_is_full():
    assert "".join(_lines("x" * 400, 100)) == "x" * 400


@_needs_poppler
def test_digests_are_in_groups_that_are_not_torn(tmp_path: Path):
    (tmp_path / "x").mkdir()
    text = "\n".join("\n".join(lines) for lines in pages(many(3), tmp_path / "x"))
    value = digest("log-1.jsonl")
    groups = [value[at : at + 8] for at in range(0, 64, 8)]
    assert all(group in text for group in groups)
    assert value not in text


def test_the_outline_of_a_chapter_of_many_parts_is_in_groups():
    blocks = [Heading(1, "1  Few", "a"), Heading(2, "1.1  x", "b"), Heading(1, "2  Many", "c")]
    blocks += [Heading(2, f"2.{n}  part", f"part-{n}") for n in range(1, 251)]
    blocks += [Heading(1, "3  End", "d"), Heading(2, "3.1  y", "e")]
    pages = render(tuple(blocks), Furniture("t", "1", ""))
    with pikepdf.open(BytesIO(pages.pdf)) as pdf, pdf.open_outline() as outline:
        few, many, end = outline.root
        assert [item.title for item in few.children] == ["1.1  x"]
        assert [item.title for item in many.children] == [
            "2.1 to 2.100", "2.101 to 2.200", "2.201 to 2.250"
        ]  # fmt: skip
        assert [len(group.children) for group in many.children] == [100, 100, 50]
        assert [item.title for item in end.children] == ["3.1  y"]
