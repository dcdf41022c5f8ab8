"""Ways of data: the shortest there is, each step with its evidence; else what two things share."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lineages import K, lineage_of, states, thing
from workbench.analysis.lineage import Lineage
from workbench.analysis.ways import connection, shortest
from workbench.errors import UsageError
from workbench.model.lineage import EdgeStatus

edges_of = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=24)


def drawn(edges: list[tuple[int, int]]) -> Lineage:
    """Return a lineage in which data flows from the first to the second of each pair."""
    nodes = [thing(str(n)) for n in range(9)]
    return lineage_of(nodes, [states(str(b), K.DERIVED_FROM, str(a)) for a, b in edges])


def two_models() -> Lineage:
    names = ["raw", "a", "b"]
    return lineage_of(
        [*map(thing, names), thing("left", "run"), thing("right", "run"), thing("ana", "agent")],
        [
            states("left", K.USED, "raw", record=1),
            states("left", K.GENERATED, "a", record=2),
            states("right", K.USED, "raw", record=3),
            states("right", K.GENERATED, "b", record=4),
            states("a", K.ATTRIBUTED_TO, "ana"),
            states("b", K.ATTRIBUTED_TO, "ana"),
        ],
    )


@settings(deadline=None)
@given(edges_of, st.integers(0, 8), st.integers(0, 8))
def test_a_way_is_as_short_as_networkx_finds_it(
    edges: list[tuple[int, int]], start: int, end: int
) -> None:
    peer = nx.DiGraph(edges)
    peer.add_nodes_from(range(9))
    steps = shortest(drawn(edges), (1, str(start)), (1, str(end)))
    if nx.has_path(peer, start, end):
        assert len(steps) == nx.shortest_path_length(peer, start, end)
    else:
        assert steps == ()
    met = [(1, str(start)), *(step.end for step in steps)]
    assert [(step.start, step.end) for step in steps] == list(pairwise(met))
    assert all({step.start, step.end} == {step.edge.tail, step.edge.head} for step in steps)


def test_each_step_names_the_place_that_states_it() -> None:
    found = connection(two_models(), (1, "a"), (1, "raw"))
    assert [(step.start[1], step.end[1]) for step in found.steps] == [
        ("raw", "left"),
        ("left", "a"),
    ]
    assert [step.edge.locators[0].record for step in found.steps] == [1, 2]


def test_of_two_edges_the_better_proven_one_is_named() -> None:
    things = dict([thing("a"), thing("b")])
    relations = [
        states("b", K.DERIVED_FROM, "a", record=1),
        states("b", K.DEPENDS_ON, "a", record=2),
    ]

    def judge(placement):
        return EdgeStatus.VERIFIED if placement.relation.locator.record == 2 else EdgeStatus.CLAIMED

    (step,) = shortest(Lineage(things, relations, judge=judge), (1, "a"), (1, "b"))
    assert step.edge.status is EdgeStatus.VERIFIED


def test_what_two_things_share_is_data_and_not_an_owner() -> None:
    found = connection(two_models(), (1, "a"), (1, "b"))
    assert (found.steps, found.shared, found.is_made_from) == ((), (1, "raw"), True)
    assert [[step.end[1] for step in way] for way in found.ways] == [["left", "a"], ["right", "b"]]


def test_what_both_went_into_is_found_too() -> None:
    lineage = lineage_of(
        [thing("a"), thing("b"), thing("both")],
        [states("both", K.DERIVED_FROM, "a"), states("both", K.DERIVED_FROM, "b")],
    )
    found = connection(lineage, (1, "a"), (1, "b"))
    assert (found.shared, found.is_made_from) == ((1, "both"), False)
    assert [way[-1].end for way in found.ways] == [(1, "both"), (1, "both")]


def test_a_way_crosses_a_link_of_one_thing_in_two_places_and_names_it() -> None:
    lineage = lineage_of(
        [thing("run", "run"), thing("here"), thing("there", source=2), thing("later", source=2)],
        [
            states("run", K.GENERATED, "here"),
            states("there", K.ALTERNATE_OF, "here", source=2, other=1),
            states("later", K.DERIVED_FROM, "there", source=2),
        ],
    )
    steps = shortest(lineage, (1, "run"), (2, "later"))
    assert [step.edge.kind for step in steps] == [K.GENERATED, K.ALTERNATE_OF, K.DERIVED_FROM]
    assert [step.end for step in steps] == [(1, "here"), (2, "there"), (2, "later")]


def test_nothing_connects_what_nothing_connects() -> None:
    found = connection(lineage_of([thing("a"), thing("b")], []), (1, "a"), (1, "b"))
    assert (found.steps, found.shared, found.ways, found.nodes) == ((), None, (), ())


def test_what_the_case_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError):
        shortest(two_models(), (1, "a"), (1, "nowhere"))
