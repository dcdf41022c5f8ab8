"""The section on lineage: what it is about, how much of it is shown, every edge in words too."""

from dataclasses import replace
from io import BytesIO

import pikepdf

from tests.report.case import HOSTILE, case
from tests.report.test_lineage_tiles import lineage_of
from workbench.model.case import JournalState
from workbench.report.build import blocks, build_report
from workbench.report.context import CaseContent, Page, ReportContext
from workbench.report.document import Heading, LineagePicture, Table
from workbench.report.registers import registers
from workbench.report.sections.lineage import SECTION

JOURNAL = JournalState(1, "00" * 32)


def context(*parts, left: int = 0) -> ReportContext:
    return case(case=CaseContent("c", JOURNAL, lineage=parts, lineage_left=left))


def built(*parts, left: int = 0):
    return tuple(SECTION.build(Page(context(*parts, left=left), "00" * 32, "AW-1")))


def test_a_case_without_edges_has_no_such_section():
    assert built() == ()


def test_a_thing_that_findings_rest_on_names_them_and_all_counts_are_printed():
    of = lineage_of(runs=2)
    said = str(built(of))
    assert "F-0001" in said
    assert "6 of 6 things and 6 of 6 edges" in said
    assert any(isinstance(block, LineagePicture) for block in built(of))


def test_where_no_finding_names_a_thing_that_is_said():
    of = replace(lineage_of(runs=2), findings=())
    assert "No finding names a thing" in str(built(of))


def test_the_edges_stand_in_a_table_the_least_proven_first():
    (table,) = [block for block in built(lineage_of(runs=2)) if isinstance(block, Table)]
    assert [row[3] for row in table.rows] == [
        "broken", "broken", "missing", "missing", "claimed", "verified"
    ]  # fmt: skip


def test_what_is_not_printed_is_counted():
    of = lineage_of(runs=40, uses=20)
    said = str(built(of, left=3))
    assert "and 60 more: lineage.csv" in said
    assert "3 more things" in said


def test_the_register_has_every_edge_of_the_whole_view():
    of = lineage_of(runs=40, uses=20)
    (lineage,) = [each for each in registers(context(of)) if each.name == "lineage"]
    assert len(lineage.rows) == len(of.whole.edges) == 120


def test_each_picture_is_a_figure_that_says_what_it_shows():
    pdf = build_report(context(lineage_of(runs=20, uses=20, name=HOSTILE))).pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        alts = [
            str(item.Alt)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
    tiles = [alt for alt in alts if alt.startswith("Tile ")]
    assert len(tiles) >= 4
    assert any("[U+202E]" in alt for alt in tiles)
    assert "\u202e" not in "".join(alts)


def test_no_face_is_named_that_is_not_embedded():
    pdf = build_report(context(lineage_of(runs=3))).pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = {f.BaseFont for page in document.pages for f in page.Resources.Font.values()}
        named = {str(name) for name in fonts}
    assert not [name for name in named if "+" not in name]


def test_headings_of_two_lineages_have_keys_of_their_own():
    of = lineage_of(runs=2)
    found = blocks(Page(context(of, of), "00" * 32, "AW-1"))
    keys = [block.key for block in found if isinstance(block, Heading)]
    assert len(keys) == len(set(keys))
