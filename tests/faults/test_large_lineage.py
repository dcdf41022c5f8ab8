"""Lineages as large and as odd as exports may hold are drawn and written in bounded time."""

import json
from xml.etree import ElementTree

import pytest

from tests import bounded
from tests.lineages import K, case_lineage, states, thing
from workbench.errors import UsageError
from workbench.model.lineage import LineageView, NodeId
from workbench.model.progress import Cancel
from workbench.services import lineage as lineages
from workbench.services.lineage import CaseLineage, Format

#: Arabic, Hebrew with a mark that turns the line, Han, an emoji of several parts, and no name.
ODD = ["بيانات العملاء", "\u202eנתונים", "顧客資料", "👩🏽‍🔬 data", "a\x00b\x1b[31m", " "]


def written(lineage: CaseLineage, view: LineageView, form: Format, **more: bool) -> bytes:
    return lineages.exported(lineage, view, form, title="Lineage", cancel=Cancel(), **more)


def star(count: int) -> tuple[CaseLineage, NodeId]:
    data = [thing(f"d{n}") for n in range(count)]
    read = [states("hub", K.USED, f"d{n}") for n in range(count)]
    return case_lineage([thing("hub", "run"), *data], read), (1, "hub")


def test_five_thousand_direct_upstreams_are_drawn_together_and_listed_one_by_one() -> None:
    with bounded.seconds(10):
        lineage, hub = star(5000)
        view = lineage.view(hub)
        shown, placed = lineage.drawn(view, cancel=Cancel())
        assert (len(shown.nodes), shown.things, shown.relations) == (2, 5001, 5000)
        assert len(placed.rows) == 2
        for form in (Format.TEXT, Format.SVG, Format.PDF, Format.CSV, Format.PROV):
            assert b"5,001 of 5,001 things" in written(lineage, view, form) or form is Format.PDF
        assert len(json.loads(written(lineage, view, Format.JSON))["edges"]) == 5000


def test_sheets_that_nobody_would_print_are_refused_in_a_sentence() -> None:
    lineage, hub = star(2000)
    with bounded.seconds(20), pytest.raises(UsageError, match=r"sheets, more than 150"):
        written(lineage, lineage.view(hub), Format.PDF, unfolded=True)


def test_a_chain_of_four_hundred_levels_is_drawn_from_end_to_end() -> None:
    with bounded.seconds(20):
        lineage = case_lineage(
            [thing(f"d{n}") for n in range(401)],
            [states(f"d{n + 1}", K.DERIVED_FROM, f"d{n}") for n in range(400)],
        )
        view = lineage.whole()
        assert {node.layer for node in view.nodes} == set(range(401))
        text = written(lineage, view, Format.SVG, unfolded=True).decode()
        assert (text.count('class="thing"'), text.count("<path")) == (401, 400)
        assert len(lineage.connection((1, "d0"), (1, "d400")).steps) == 400
        assert len(lineage.impact((1, "d0")).reached) == 400


def test_fifty_thousand_columns_are_one_edge_and_a_lineage_of_their_own() -> None:
    with bounded.seconds(20):
        lineage = case_lineage(
            [thing("a"), thing("b")],
            [
                states("b", K.DERIVED_FROM, "a", columns=(f"c{n}", f"k{n}"), record=n)
                for n in range(50_000)
            ],
        )
        (edge,) = lineage.view((1, "a")).edges
        assert len(edge.columns) == len(edge.locators) == 50_000
        assert edge.columns[7] == ("k7", "c7")
        columns = lineage.columns()
        view = columns.view((1, "a#k77"))
        assert [node.id[1] for node in view.nodes] == ["a#k77", "b#c77"]
        assert view.edges_in_case == 50_000


@pytest.mark.parametrize("form", list(Format))
def test_names_of_every_script_and_ids_of_four_kilobytes_are_written(form: Format) -> None:
    long = "x/" + "é" * 2045
    names = [*ODD, long]
    with bounded.seconds(10):
        lineage = case_lineage(
            [thing("run", "run"), *map(thing, names)], [states("run", K.USED, n) for n in names]
        )
        data = written(lineage, lineage.view((1, "run")), form)
    assert b"\x00" not in data or form is Format.PDF
    assert "\u202e".encode() not in data
    if form in {Format.GRAPHML, Format.SVG}:
        ElementTree.fromstring(data)
    if form in {Format.JSON, Format.PROV}:
        assert len(json.loads(data)) > 1
    if form is Format.JSON:
        keys = [node["key"] for node in json.loads(data)["nodes"]]
        assert set(keys) == {"run", *names}


@pytest.mark.parametrize("question", ["path", "impact", "problems"])
def test_questions_about_them_are_answered_as_text(question: str) -> None:
    names = [*ODD, "n" * 4096]
    lineage = case_lineage(
        [thing("run", "run"), *map(thing, names)], [states("run", K.USED, n) for n in names]
    )
    asked = {
        "path": lineage.connection((1, names[-1]), (1, "run")),
        "impact": lineage.impact((1, names[1])),
        "problems": lineage.problems(),
    }
    for told in (lineages.lines, lineages.csv_lines):
        assert list(told(lineage, asked[question]))
