"""Lineage shows exactly what was asked for, and counts what it leaves out."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analysis.lineage import Lineage, Placement
from workbench.errors import UsageError
from workbench.model.catalog import Relation, RelationKind, Thing, ThingKind
from workbench.model.lineage import EdgeStatus, NodeId
from workbench.model.locator import Locator

HERE = Locator("mlflow.db")


def thing(key: str, *, source: int = 1) -> tuple[NodeId, Thing]:
    return (source, key), Thing(ThingKind.ARTIFACT, "dataset", key, key, HERE)


def relation(
    subject: str,
    kind: RelationKind,
    item: str,
    *,
    columns: tuple[str, str] | tuple[()] = (),
    record: int | None = None,
) -> Placement:
    place = Locator("log.jsonl", record=record)
    return Placement(1, Relation(kind, subject, item, place, columns=columns))


USED, GENERATED = RelationKind.USED, RelationKind.GENERATED


def chain() -> Lineage:
    """raw → clean → features → train → model → deploy → prod, with a second consumer of model."""
    names = ["raw", "clean", "features", "train", "model", "deploy", "prod", "batch"]
    relations = [
        relation("clean", USED, "raw"),
        relation("clean", GENERATED, "features"),
        relation("train", USED, "features"),
        relation("train", GENERATED, "model"),
        relation("deploy", USED, "model"),
        relation("deploy", GENERATED, "prod"),
        relation("batch", USED, "model"),
    ]
    return Lineage(dict(map(thing, names)), relations)


def names(nodes: object) -> set[str]:
    return {key for _, key in nodes}  # type: ignore[attr-defined]


def test_depth_one_shows_one_step_and_never_two() -> None:
    view = chain().view((1, "model"))
    assert {n.id[1]: n.layer for n in view.nodes} == {
        "train": -1,
        "model": 0,
        "deploy": 1,
        "batch": 1,
    }


@pytest.mark.parametrize("depth", range(7))
def test_depth_n_shows_everything_within_n_steps_upstream(depth: int) -> None:
    order = ["prod", "deploy", "model", "train", "features", "clean", "raw"]
    view = chain().view((1, "prod"), up=depth, down=depth)
    assert names(n.id for n in view.nodes) == set(order[: depth + 1])


graphs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=30)


@settings(deadline=None)
@given(graphs, st.integers(0, 9), st.integers(0, 4), st.integers(0, 4))
def test_depth_n_shows_n_levels_as_networkx_counts_them(
    edges: list[tuple[int, int, int]], focus: int, up: int, down: int
) -> None:
    """One pair in ten is a link of one thing in two places: no step, so NetworkX sees one node."""
    links = [(a, b) for a, b, what in edges if what == 0 and a != b]
    flows = [(a, b) for a, b, what in edges if what]
    lineage = Lineage(
        dict(thing(str(n)) for n in range(10)),
        [relation(str(b), RelationKind.DERIVED_FROM, str(a)) for a, b in flows]
        + [relation(str(a), RelationKind.ALTERNATE_OF, str(b)) for a, b in links],
    )
    same = nx.Graph(links)
    same.add_nodes_from(range(10))
    group = {n: min(part) for part in nx.connected_components(same) for n in part}
    peer = nx.DiGraph([(group[a], group[b]) for a, b in flows])
    peer.add_nodes_from(group.values())
    after = nx.single_source_shortest_path_length(peer, group[focus], cutoff=down)
    before = nx.single_source_shortest_path_length(peer.reverse(), group[focus], cutoff=up)
    expected = {str(n) for n in range(10) if group[n] in {*after, *before}}
    view = lineage.view((1, str(focus)), up=up, down=down)
    assert names(n.id for n in view.nodes) == expected
    for node in view.nodes:
        at = group[int(node.id[1])]
        assert node.layer in {after.get(at), -before[at] if at in before else None}


def test_each_node_counts_its_neighbours_that_are_not_shown() -> None:
    view = chain().view((1, "train"), up=1, down=1)
    hidden = {n.id[1]: (n.hidden_upstream, n.hidden_downstream) for n in view.nodes}
    assert hidden == {"features": (1, 0), "train": (0, 0), "model": (0, 2)}
    assert (view.nodes_in_case, view.edges_in_case) == (8, 7)


def test_expanding_a_node_adds_its_neighbours_on_one_side_only() -> None:
    lineage = chain()
    wider = lineage.expanded(lineage.view((1, "train")), (1, "model"), downstream=True)
    assert names(n.id for n in wider.nodes) == {"features", "train", "model", "deploy", "batch"}
    assert {n.id[1]: n.layer for n in wider.nodes}["batch"] == 2


def test_upstream_and_downstream_are_whole() -> None:
    lineage = chain()
    assert lineage.upstream((1, "prod")) == {
        (1, "deploy"): 1,
        (1, "model"): 2,
        (1, "train"): 3,
        (1, "features"): 4,
        (1, "clean"): 5,
        (1, "raw"): 6,
    }
    assert names(lineage.downstream((1, "features"))) == {
        "train",
        "model",
        "deploy",
        "prod",
        "batch",
    }


def test_an_edge_to_what_nobody_describes_is_missing_and_shown() -> None:
    lineage = Lineage(dict([thing("run")]), [relation("run", USED, "gone")])
    view = lineage.view((1, "run"))
    (edge,) = view.edges
    assert edge.status is EdgeStatus.MISSING
    assert [n.thing for n in view.nodes if n.id == (1, "gone")] == [None]
    assert lineage.dangling() == ((1, "gone"),)


def test_the_best_proof_speaks_for_an_edge_and_every_place_is_kept() -> None:
    def judge(placement: Placement) -> EdgeStatus:
        sound = placement.relation.locator.record == 7
        return EdgeStatus.VERIFIED if sound else EdgeStatus.BROKEN

    stated = [relation("run", USED, "data", record=3), relation("run", USED, "data", record=7)]
    lineage = Lineage(dict([thing("run"), thing("data")]), stated, judge=judge)
    (edge,) = lineage.edges()
    assert edge.status is EdgeStatus.VERIFIED
    assert [place.record for place in edge.locators] == [3, 7]


def test_columns_run_from_tail_to_head() -> None:
    derived = relation("out", RelationKind.DERIVED_FROM, "in", columns=("total", "amount"))
    (edge,) = Lineage(dict([thing("in"), thing("out")]), [derived]).edges()
    assert (edge.tail, edge.head, edge.columns) == ((1, "in"), (1, "out"), (("amount", "total"),))


def test_alternates_are_linked_at_no_distance_and_not_merged() -> None:
    things = dict([thing("run"), thing("here"), thing("there"), thing("later")])
    relations = [
        relation("run", GENERATED, "here"),
        relation("here", RelationKind.ALTERNATE_OF, "there"),
        relation("later", USED, "there"),
    ]
    lineage = Lineage(things, relations)
    layers = {n.id[1]: n.layer for n in lineage.view((1, "run"), up=0, down=1).nodes}
    assert layers == {"run": 0, "here": 1, "there": 1}
    assert lineage.alternates((1, "here")) == ((1, "there"),)
    (link,) = lineage.links()
    assert link.kind is RelationKind.ALTERNATE_OF
    assert link in lineage.view((1, "run"), up=0, down=1).edges
    assert names(lineage.downstream((1, "run"))) == {"here", "there", "later"}


def test_circles_are_named_and_do_not_hang() -> None:
    things = dict([thing("a"), thing("b"), thing("c")])
    lineage = Lineage(
        things,
        [
            relation("a", RelationKind.DERIVED_FROM, "b"),
            relation("b", RelationKind.DERIVED_FROM, "a"),
            relation("c", RelationKind.DERIVED_FROM, "c"),
        ],
    )
    assert lineage.cycles() == (((1, "a"), (1, "b")), ((1, "c"),))
    assert len(lineage.view((1, "a"), up=9, down=9).nodes) == 2


def test_what_the_case_does_not_have_is_said_in_a_sentence() -> None:
    with pytest.raises(UsageError, match="nothing called nowhere"):
        chain().view((1, "nowhere"))
