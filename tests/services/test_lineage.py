"""Lineage of a case: found by name, bounded, exported; nothing is left out without its count."""

import csv
import io
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from workbench.analysis.folding import IN_ALL, IN_LAYER, folded
from workbench.analysis.lineage import Lineage, Placement
from workbench.errors import UsageError
from workbench.model.catalog import ArtifactType, Relation, RelationKind, Thing, ThingKind
from workbench.model.lineage import EdgeStatus, NodeId
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.services import lineage as lineages
from workbench.services.lineage import CaseLineage, Format
from workbench.store.marks import Marks

SCHEMA = Path(__file__).parents[2] / "resources/schemas/lineage.schema.json"
USED, GENERATED = RelationKind.USED, RelationKind.GENERATED
ODD = "=cmd|' /C calc'!A0\u202e\x00<b>"


def thing(key: str, kind: str = "dataset", *, source: int = 1, **more) -> tuple[NodeId, Thing]:
    run = kind == "run"
    made = Thing(
        ThingKind.RUN if run else ThingKind.ARTIFACT,
        "" if run else kind,
        key,
        more.pop("name", key),
        Locator("log.jsonl", record=1),
        **more,
    )
    return (source, key), made


def relation(subject: str, kind: RelationKind, item: str, record: int = 1) -> Placement:
    return Placement(1, Relation(kind, subject, item, Locator("log.jsonl", record=record)))


def of(things, relations, **more) -> CaseLineage:
    graph = Lineage(dict(things), relations, **more)
    marks = Marks(starts=(1, 5), levels=(2, 1), broken=(3,), judged=True)
    return CaseLineage(graph, {("log.jsonl", None): 1}, {1: marks})


def test_thing_is_found_by_its_key_as_it_was_written_and_shown_so() -> None:
    known = of([thing("run/y%25_", "run", name="")], [])
    for typed in ("run/y%_", "run/y%25_", "1/run/y%_"):
        assert lineages.find(known, typed) == (1, "run/y%25_")
    assert known.name((1, "run/y%25_")) == "run/y%_"


def chain() -> CaseLineage:
    version = ArtifactType.MODEL_VERSION
    things = [
        thing("raw"),
        thing("train", "run"),
        thing("m1", version, name="credit", version="1"),
        thing("m2", version, name="credit", version="2"),
        thing("twin", source=2),
        thing("twin"),
    ]
    return of(
        things,
        [
            relation("train", USED, "raw"),
            relation("train", GENERATED, "m1", record=3),
            relation("m1", RelationKind.DERIVED_FROM, "gone", record=9),
        ],
    )


def star(count: int, kinds: int = 1) -> CaseLineage:
    """One dataset that ``count`` runs and other things use."""
    names = [f"t{n:05}" for n in range(count)]
    words = ["run", "dataset", "report", "code"][:kinds]
    things = [thing("hub"), *(thing(n, words[i % kinds]) for i, n in enumerate(names))]
    return of(things, [relation(n, USED, "hub") for n in names])


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("m1", (1, "m1")),
        ("1/m1", (1, "m1")),
        ("2/twin", (2, "twin")),
        ("credit:2", (1, "m2")),
        ("gone", (1, "gone")),
    ],
)
def test_a_thing_is_found_by_key_name_and_version(text, node):
    assert lineages.find(chain(), text) == node


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("twin", "1/twin (dataset twin) or 2/twin (dataset twin)"),
        ("credit", "1/m1 (model version credit 1) or 1/m2 (model version credit 2)"),
        ("credit:3", "nothing called credit:3"),
        ("9/m1", "nothing called 9/m1"),
        ("", "nothing called"),
    ],
)
def test_what_is_not_one_thing_is_refused_with_its_candidates(text, says):
    with pytest.raises(UsageError) as caught:
        lineages.find(chain(), text)
    assert says in caught.value.message
    assert caught.value.message.count("\n") == 0


def test_a_label_always_finds_its_thing():
    found = chain()
    for node in (*found.things, *found.graph.dangling()):
        assert lineages.find(found, lineages.label(node)) == node


def test_a_path_is_found_from_either_end_and_put_into_a_view():
    found = chain()
    path = ((1, "raw"), (1, "train"), (1, "m1"))
    assert found.path((1, "raw"), (1, "m1")) == path
    assert found.path((1, "m1"), (1, "raw")) == path
    assert found.path((1, "raw"), (1, "m2")) == ()
    view = found.with_path(found.view((1, "m1"), up=0, down=0), path)
    assert {node.id[1]: node.layer for node in view.nodes} == {"raw": -2, "train": -1, "m1": 0}


def test_impact_is_everything_downstream_by_distance_and_counted():
    impact = chain().impact((1, "raw"))
    assert [(each.id[1], each.steps) for each in impact.reached] == [("train", 1), ("m1", 2)]
    assert impact.counts() == [("model version", 1), ("run", 1)]


@pytest.mark.parametrize("count", [IN_LAYER, IN_LAYER + 1, 5000])
def test_more_than_sixty_in_a_layer_are_one_box_that_says_how_many(count):
    view = star(count).view((1, "hub"))
    shown = folded(view)
    if count <= IN_LAYER:
        assert shown is view
        return
    (box,) = (node for node in shown.nodes if node.members)
    assert box.title == f"{count:,} runs"
    assert len(shown.nodes) == 2
    assert (shown.things, shown.relations) == (view.things, view.relations) == (count + 1, count)
    assert shown.by_status() == view.by_status()


def test_what_is_to_be_kept_stays_on_its_own():
    shown = folded(star(100).view((1, "hub")), keep=[(1, "t00007")])
    assert {node.title for node in shown.nodes} == {"hub", "t00007", "99 runs"}


def test_a_box_of_many_is_as_weak_as_its_weakest_edge():
    names = [f"t{n:03}" for n in range(100)]
    things = [thing("hub"), *(thing(n, "run") for n in names)]
    relations = [relation(n, USED, "hub", record=7 if n == "t050" else 1) for n in names]

    def judge(placement):
        bad = placement.relation.locator.record == 7
        return EdgeStatus.BROKEN if bad else EdgeStatus.VERIFIED

    shown = folded(of(things, relations, judge=judge).view((1, "hub")))
    (edge,) = shown.edges
    assert (edge.status, edge.count) == (EdgeStatus.BROKEN, 100)


def test_a_picture_never_has_more_than_three_hundred_boxes():
    layers = [[f"{n}-{m}" for m in range(50)] for n in range(20)]
    things = [thing(name) for layer in layers for name in layer]
    relations = [
        relation(head, USED, tail)
        for before, after in pairwise(layers)
        for tail, head in zip(before, after, strict=True)
    ]
    relations += [relation(layers[1][0], USED, tail) for tail in layers[0]]
    relations += [relation(head, USED, layers[1][0]) for head in layers[2]]
    found = of(things, relations)
    view = found.graph.among(
        (1, "1-0"), {(1, name): n for n, layer in enumerate(layers) for name in layer}
    )
    shown = folded(view)
    assert len(shown.nodes) <= IN_ALL
    assert shown.things == view.things == 1000
    assert shown.relations == view.relations


def test_what_must_be_kept_and_is_too_much_is_refused():
    view = star(400).view((1, "hub"))
    with pytest.raises(UsageError, match="more than a picture can show"):
        folded(view, keep=[node.id for node in view.nodes])


def exported(found: CaseLineage, focus: NodeId, form: Format) -> bytes:
    view = found.view(focus, up=9, down=9)
    return lineages.exported(found, view, form, title="Lineage", cancel=Cancel())


@pytest.mark.parametrize("form", list(Format))
def test_the_same_case_gives_the_same_bytes(form):
    assert exported(chain(), (1, "m1"), form) == exported(chain(), (1, "m1"), form)


def test_json_follows_its_schema_and_has_every_edge():
    document = json.loads(exported(chain(), (1, "m1"), Format.JSON))
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert len(document["edges"]) == 3
    assert [n["key"] for n in document["nodes"] if not n["in_evidence"]] == ["gone"]


@pytest.mark.parametrize("form", [Format.SVG, Format.TEXT])
def test_pictures_and_tables_say_what_they_leave_out(form):
    found = star(500)
    view = found.view((1, "t00003"))
    data = lineages.exported(found, view, form, title="Lineage", cancel=Cancel()).decode()
    assert "2 of 501 things and 1 of 500 edges" in data
    assert "499 neighbours are not shown" in data


def test_evidence_text_stays_text_in_every_format():
    found = of(
        [thing("d", name=ODD), thing("r", "run", name=ODD, version=ODD)],
        [relation("r", USED, "d")],
    )
    table = list(csv.reader(io.StringIO(exported(found, (1, "d"), Format.CSV).decode())))
    assert table[1][2].startswith("'=cmd")
    tree = ElementTree.fromstring(exported(found, (1, "d"), Format.GRAPHML))
    assert "[U+202E]" in ElementTree.tostring(tree).decode()
    for form in Format:
        data = exported(found, (1, "d"), form)
        assert b"\x00<b>" not in data
        assert "\u202e".encode() not in data


def test_an_edge_is_told_with_the_place_that_proves_it_best():
    found = chain()
    edge = next(e for e in found.graph.edges() if e.head == (1, "train"))
    places = (Locator("log.jsonl", record=9), Locator("log.jsonl", record=2))
    told = lineages.told(found, replace(edge, locators=places))
    assert (told.evidence, told.level) == ("log.jsonl, record 2 and 1 more", 2)


@pytest.mark.parametrize("steps", [-1, 51])
def test_a_depth_out_of_reason_is_refused(steps):
    with pytest.raises(UsageError, match="0 to 50"):
        chain().view((1, "m1"), up=steps)


def test_a_graph_carries_status_level_and_places_and_the_weakest_speaks():
    found = chain()
    graph = lineages.as_digraph(found, (1, "m1"), up=None, down=None)
    assert {(n, d["layer"], d["in_evidence"]) for n, d in graph.nodes(data=True)} == {
        ((1, "m1"), 0, True),
        ((1, "train"), -1, True),
        ((1, "raw"), -2, True),
        ((1, "gone"), -1, False),
    }
    missing = graph.edges[(1, "gone"), (1, "m1")]
    assert (missing["status"], missing["relations"]) == (EdgeStatus.MISSING, ("derived-from",))
    assert [place.record for place in missing["locators"]] == [9]
    assert lineages.as_digraph(found, up=1, down=1).number_of_nodes() == len(found.graph)


def test_two_relations_between_two_things_are_one_edge_as_weak_as_the_weaker():
    def judge(placement: Placement) -> EdgeStatus:
        kind = placement.relation.kind
        return EdgeStatus.VERIFIED if kind is USED else EdgeStatus.BROKEN

    things = [thing("raw"), thing("train", "run")]
    relations = [
        relation("train", USED, "raw", record=1),
        relation("train", RelationKind.DERIVED_FROM, "raw", record=2),
    ]
    found = CaseLineage(Lineage(dict(things), relations, judge=judge))
    edge = lineages.as_digraph(found, up=1, down=1).edges[(1, "raw"), (1, "train")]
    assert (edge["status"], edge["level"]) == (EdgeStatus.BROKEN, 0)
    assert edge["relations"] == ("used", "derived-from")
    assert [place.record for place in edge["locators"]] == [1, 2]
    assert len(edge["edges"]) == 2


@pytest.mark.parametrize(("up", "down"), [(0, 0), (1, 0), (0, 1), (2, 3)])
def test_a_graph_has_the_things_and_edges_of_the_view(up, down):
    found = chain()
    view = found.view((1, "train"), up=up, down=down)
    graph = lineages.as_digraph(found, (1, "train"), up=up, down=down)
    assert {(node.id, node.layer) for node in view.nodes} == {
        (node, layer) for node, layer in graph.nodes(data="layer")
    }
    assert {edge for *_, edges in graph.edges(data="edges") for edge in edges} == {*view.edges}
