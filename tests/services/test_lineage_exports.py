"""Every export holds what it says: things and edges are counted in the file, by other means."""

import csv
import io
import json
import random
import re
from collections import Counter
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pikepdf
import pytest

from tests.formats.catalogs import read
from tests.lineages import K, case_lineage, ns, states, thing
from workbench.model.catalog import RelationKind
from workbench.model.lineage import LineageView
from workbench.model.progress import Cancel
from workbench.services import lineage as lineages
from workbench.services.lineage import CaseLineage, Format

SCHEMAS = Path(__file__).parents[2] / "resources/schemas"
KINDS = ["dataset", "run", "model_version", "agent", "registered_model"]
SAID = re.compile(r"([\d,]+) of ([\d,]+) things and ([\d,]+) of ([\d,]+) edges")


def drawn_at_random(seed: int, *, things: int = 40, edges: int = 70) -> CaseLineage:
    """Return a lineage of every kind of relation, with what nobody describes and what is alone."""
    chance = random.Random(seed)
    keys = [f"k{n}/ü {n}" for n in range(things)]
    made = [thing(key, chance.choice(KINDS)) for key in keys]
    relations = []
    for number in range(edges):
        one, other = chance.sample([*keys[: things - 3], "gone", "lost"], 2)
        kind = chance.choice(list(RelationKind))
        columns = ("a", "b") if kind is K.DERIVED_FROM and chance.random() < 0.5 else ()
        at = chance.choice([None, chance.randrange(9)])
        relations.append(states(one, kind, other, record=number, columns=columns, at=at))
    return case_lineage(made, relations)


def counted(data: bytes, form: Format, folder: Path) -> tuple[int, int, str]:
    """Return how many things and edges a file holds, and what it says of itself."""
    match form:
        case Format.JSON:
            document = json.loads(data)
            return len(document["nodes"]), len(document["edges"]), ""
        case Format.GRAPHML:
            space = "{http://graphml.graphdrawing.org/xmlns}"
            graph = ElementTree.fromstring(data).find(f"{space}graph")
            assert graph is not None
            said = graph.findtext(f"{space}data", "")
            return len(graph.findall(f"{space}node")), len(graph.findall(f"{space}edge")), said
        case Format.CSV:
            *rows, last = list(csv.reader(io.StringIO(data.decode())))[1:]
            ends = {tuple(row[:2]) for row in rows} | {tuple(row[4:6]) for row in rows if row[3]}
            return len(ends), sum(bool(row[3]) for row in rows), last[9]
        case Format.PROV:
            document = json.loads(data)
            said = document["entity"].pop("wb:this_document")["wb:holds"]
            records = ("entity", "activity", "agent")
            nodes = sum(len(document.get(name, {})) for name in records)
            rest = document.keys() - {*records, "prefix"}
            return nodes, sum(len(document[name]) for name in rest), said
        case Format.SVG:
            text = data.decode()
            return text.count('class="thing"'), text.count("<path"), text
        case _:
            raise AssertionError(form)


def written(lineage: CaseLineage, view: LineageView, form: Format, **more: bool) -> bytes:
    return lineages.exported(lineage, view, form, title="Lineage", cancel=Cancel(), **more)


@pytest.mark.parametrize("form", [Format.JSON, Format.GRAPHML, Format.CSV, Format.PROV])
@pytest.mark.parametrize("seed", range(3))
def test_a_file_holds_every_thing_and_edge_that_it_says(form, seed, tmp_path) -> None:
    lineage = drawn_at_random(seed)
    for view in (lineage.whole(), lineage.view(lineages.start(lineage), up=1, down=2)):
        nodes, edges, said = counted(written(lineage, view, form), form, tmp_path)
        assert (nodes, edges) == (len(view.nodes), len(view.edges)) == (view.things, view.relations)
        if form is not Format.JSON:
            numbers = SAID.search(said)
            assert numbers is not None
            assert [int(n.replace(",", "")) for n in numbers.groups()] == [
                nodes, view.nodes_in_case, edges, view.edges_in_case,
            ]  # fmt: skip
            assert f"{view.hidden:,} neighbour" in said


def test_the_whole_case_is_all_of_it() -> None:
    lineage = drawn_at_random(1)
    view = lineage.whole()
    assert view.things == view.nodes_in_case == len(set(lineage.graph.nodes()))
    every = [*lineage.graph.edges(), *lineage.graph.links()]
    assert Counter(view.edges) == Counter(every)
    assert view.relations == view.edges_in_case
    assert view.hidden == 0


@pytest.mark.parametrize("unfolded", [False, True])
def test_a_picture_has_a_box_for_each_thing_and_a_line_for_each_edge(unfolded, tmp_path) -> None:
    count = 90
    lineage = case_lineage(
        [thing("hub"), *(thing(f"r{n}", "run") for n in range(count))],
        [states(f"r{n}", K.USED, "hub") for n in range(count)],
    )
    view = lineage.view((1, "hub"))
    data = written(lineage, view, Format.SVG, unfolded=unfolded)
    boxes, lines, text = counted(data, Format.SVG, tmp_path)
    assert (boxes, lines) == ((91, 90) if unfolded else (2, 1))
    assert "91 of 91 things and 90 of 90 edges" in text
    assert unfolded or ("90 runs" in text and re.search(r">\s*90\s*<", text))


def test_prov_json_is_read_back_as_the_same_things_and_relations(tmp_path) -> None:
    lineage = drawn_at_random(2)
    view = lineage.whole()
    path = tmp_path / "lineage.json"
    path.write_bytes(written(lineage, view, Format.PROV))
    back = read(path)
    told = [key for key in back.things if "/case:" in key]
    assert len(told) == view.things
    kinds = Counter(r.kind for r in back.relations)
    assert sum(kinds.values()) == view.relations
    for kind in (K.ALTERNATE_OF, K.MEMBER_OF, K.ATTRIBUTED_TO):
        assert kinds[kind] <= sum(edge.kind is kind for edge in view.edges)


@pytest.mark.parametrize("cut", ["as-of", "run"])
def test_each_export_says_what_the_lineage_was_cut_to(cut: str, tmp_path: Path) -> None:
    lineage = drawn_at_random(0)
    runs = [node for node, each in lineage.things.items() if each.kind == "run"]
    part = lineage.until(ns(4)) if cut == "as-of" else lineage.of_run(runs[0])
    view = part.whole()
    for form in (Format.CSV, Format.GRAPHML, Format.PROV, Format.TEXT):
        data = unescape(written(part, view, form).decode())
        assert part.cut is not None
        assert part.cut.words.split(": ", 1)[1].split(".")[0] in data
    document = json.loads(written(part, view, Format.JSON))
    jsonschema.validate(document, json.loads((SCHEMAS / "lineage.schema.json").read_text()))
    assert (document["as_of"] is not None, document["run"] is not None) == (
        cut == "as-of", cut == "run",
    )  # fmt: skip


def pages(data: bytes) -> list[tuple[float, float]]:
    with pikepdf.open(io.BytesIO(data)) as document:
        return [tuple(map(float, page.mediabox[2:])) for page in document.pages]


def test_what_is_too_large_for_a_sheet_is_a_map_and_tiles_on_sheets() -> None:
    count = 30
    lineage = case_lineage(
        [thing("hub"), *(thing(f"r{n}", "run") for n in range(count))],
        [states(f"r{n}", K.USED, "hub") for n in range(count)],
    )
    large, small = lineage.view((1, "hub")), lineage.view((1, "r3"))
    assert len(pages(written(lineage, small, Format.PDF))) == 1
    found = pages(written(lineage, large, Format.PDF))
    assert len(found) == 1 + 3
    assert {tuple(round(side) for side in page) for page in found} == {(595, 842)}


ANSWERS = {
    "path": lambda lineage: lineage.connection((1, "k1/ü 1"), (1, "k2/ü 2")),
    "impact": lambda lineage: lineage.impact((1, "k1/ü 1")),
    "problems": lambda lineage: lineage.problems(),
}


@pytest.mark.parametrize("question", ANSWERS)
@pytest.mark.parametrize("seed", range(3))
def test_an_answer_follows_its_schema_and_is_a_table_too(question: str, seed: int) -> None:
    lineage = drawn_at_random(seed)
    answer = ANSWERS[question](lineage)
    document = lineages.to_json(lineage, answer)
    jsonschema.validate(document, json.loads((SCHEMAS / "lineage-answer.schema.json").read_text()))
    assert document["question"] == question
    assert list(lineages.lines(lineage, answer))
    rows = list(csv.reader(lineages.csv_lines(lineage, answer)))
    assert {len(row) for row in rows} == {8}
