"""Everything on a page is told to a reader who does not see it, in order, or is an ornament."""

import itertools
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest

from tests.report.case import AT, case
from workbench.report.archival import About
from workbench.report.attach import finish
from workbench.report.build import build_report
from workbench.report.document import Block, Column, Heading, Paragraph, Run, Table, Title, Toc
from workbench.report.pdf import Furniture, render
from workbench.report.tags import Levels

PAINTS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh"}


def made(*blocks: Block) -> pikepdf.Pdf:
    pages = render(blocks, Furniture("Report", "1", ""))
    return pikepdf.open(BytesIO(finish(pages, (), About("Report", "", AT))))


@pytest.fixture(scope="module")
def report() -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(build_report(case()).pdf))


def elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield every element of the structure, in reading order."""
    todo = [pdf.Root.StructTreeRoot.K]
    while todo:
        element = todo.pop()
        yield element
        todo += [kid for kid in reversed(kids(element)) if "/S" in kid]


def kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    """Return what an element holds, without its pieces on the page it names."""
    found = element.get("/K", [])
    several = isinstance(found, pikepdf.Array)
    return [kid for kid in (found if several else [found]) if isinstance(kid, pikepdf.Dictionary)]


def pieces(pdf: pikepdf.Pdf) -> Iterator[tuple[int, int, pikepdf.Object]]:
    """Yield page, number and element of every piece of content that the structure names."""
    number = {page.objgen: at for at, page in enumerate(pdf.pages)}
    for element in elements(pdf):
        found = element.get("/K", [])
        for kid in found if isinstance(found, pikepdf.Array) else [found]:
            if isinstance(kid, int):
                yield number[element.Pg.objgen], kid, element
            elif "/MCID" in kid:
                yield number[kid.Pg.objgen], int(kid.MCID), element


def role(element: pikepdf.Object) -> str:
    return str(element.S)[1:]


def roles(pdf: pikepdf.Pdf) -> list[str]:
    return [role(element) for element in elements(pdf)]


def test_whatever_is_painted_is_content_of_an_element_or_an_ornament(report):
    for page in report.pages:
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in {"BDC", "BMC"}:
                depth += 1
                assert depth == 1, "pieces lie within each other"
            elif name == "EMC":
                depth -= 1
            assert depth or name not in PAINTS, (operands, name)
        assert depth == 0


def test_every_piece_on_a_page_is_named_once_and_leads_back_to_its_element(report):
    named = {(page, mark): element for page, mark, element in pieces(report)}
    assert len(named) == sum(1 for _ in pieces(report))
    numbers = list(report.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for number, page in enumerate(report.pages):
        marks = [
            int(operands[1].MCID)
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "BDC" and "/MCID" in operands[1]
        ]
        assert marks == list(range(len(marks)))
        above = parents[int(page.StructParents)]
        assert [above[mark].objgen for mark in marks] == [
            named[number, mark].objgen for mark in marks
        ]
        assert all(str(named[number, mark].S) for mark in marks)


def test_the_role_in_the_page_is_that_of_the_element(report):
    of_piece = {(page, mark): str(element.S) for page, mark, element in pieces(report)}
    for number, page in enumerate(report.pages):
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC" and "/MCID" in operands[1]:
                assert of_piece[number, int(operands[1].MCID)] == str(operands[0])


def test_headings_never_leave_a_level_out(report):
    levels = [int(name[1:]) for name in roles(report) if name[1:].isdigit()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = itertools.pairwise(levels)
    assert all(later <= earlier + 1 for earlier, later in steps)


def test_a_level_that_is_left_out_is_closed_up():
    levels = Levels()
    assert [levels.role(n) for n in (0, 3, 3, 1, 2, 3, 1)] == [
        "H1",
        "H2",
        "H2",
        "H2",
        "H3",
        "H4",
        "H2",
    ]


def test_a_table_says_what_its_heads_are_the_heads_of(report):
    for element in elements(report):
        if role(element) == "TH":
            assert str(element.A.Scope) in {"/Row", "/Column"}
        if role(element) == "Table":
            wide = {sum(role(c) in {"TH", "TD"} for c in kids(row)) for row in rows(element)}
            assert len(wide) == 1


def rows(table: pikepdf.Object) -> list[pikepdf.Object]:
    return [kid for kid in kids(table) if role(kid) == "TR"]


def test_a_figure_says_what_it_shows_and_where_it_is(report):
    figures = [element for element in elements(report) if role(element) == "Figure"]
    assert len(figures) > 3
    for figure in figures:
        assert str(figure.Alt)
        left, bottom, right, top = map(float, figure.A.BBox)
        assert left < right
        assert bottom < top
    said = {str(figure.Alt) for figure in figures}
    assert "FAILED" in said
    broken = "1 to 1,741 Self-consistent; 1,742 Unprotected; 1,743 to 3,000 Self-consistent"
    assert f"Map of records 1 to 3,000: {broken}. Broken at 1,742." in said


def test_a_link_says_where_it_leads_and_is_an_element_around_its_text(report):
    links = [element for element in elements(report) if role(element) == "Link"]
    annotations = [each for page in report.pages for each in page.get("/Annots", [])]
    assert len(links) == len(annotations) > 10
    for link in links:
        (reference,) = [kid for kid in kids(link) if kid.get("/Type") == "/OBJR"]
        assert str(reference.Obj.Contents).startswith("Go to “")
        assert int(reference.Obj.F) == 4
    holding = {element.objgen for _, _, element in pieces(report)}
    assert {link.objgen for link in links} <= holding


def test_the_contents_are_a_list_of_entries_within_those_of_their_chapter():
    pdf = made(Toc(), Heading(1, "One", "a"), Heading(2, "Of it", "b"), Heading(1, "Two", "c"))
    assert roles(pdf)[:4] == ["Document", "TOC", "TOCI", "Reference"]
    top = next(e for e in elements(pdf) if role(e) == "TOC")
    assert [role(kid) for kid in kids(top)] == ["TOCI", "TOC", "TOCI"]


def test_the_numbers_in_the_contents_are_those_of_the_pages():
    filling = (Paragraph(("word " * 100,) * 20),)
    pdf = made(Toc(), Heading(1, "One", "a"), *filling, Heading(1, "Two", "c"))
    numbers = {page.objgen: at for at, page in enumerate(pdf.pages, 1)}
    leads_to = [numbers[link.Dest[0].objgen] for link in pdf.pages[0].Annots]
    assert leads_to[1] > leads_to[0] == 1
    assert text_of(pdf.pages[0]).count(f"({leads_to[1]}) Tj") == 1


def text_of(page: pikepdf.Page) -> str:
    return page.Contents.read_bytes().decode("latin-1")


def test_a_text_over_two_pages_is_one_paragraph():
    pdf = made(Paragraph(("word " * 100,) * 30))
    pages = {page for page, _, element in pieces(pdf) if role(element) == "P"}
    assert roles(pdf).count("P") == 1
    assert pages == {0, 1, 2}


def test_the_head_of_a_table_is_told_once_however_often_it_is_drawn():
    columns = (Column("First", 0.5), Column("Second", 0.5))
    pdf = made(Table(columns, tuple((str(n), "x") for n in range(150)), caption="All of them."))
    assert len(pdf.pages) > 2
    count = Counter(roles(pdf))
    assert (count["Table"], count["TH"], count["TD"], count["Caption"]) == (1, 2, 300, 1)


def test_text_around_a_link_is_of_its_paragraph():
    pdf = made(Paragraph(("before ", Run("the link", link="a"), " after")), Heading(1, "A", "a"))
    (paragraph,) = [element for element in elements(pdf) if role(element) == "P"]
    assert [role(kid) for kid in kids(paragraph)] == ["Link"]
    assert len(paragraph.K) == 3


def test_the_title_comes_first_and_is_the_only_heading_of_its_level():
    pdf = made(Title("Report", "kind"), Heading(1, "One", "a"))
    assert roles(pdf) == ["Document", "P", "H1", "H2"]
