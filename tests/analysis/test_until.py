"""Lineage as of a moment is what a plain replay of what was recorded by then gives."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lineages import K, case_lineage, day, graph_of, lineage_of, ns, states, thing
from workbench.analysis.lineage import Placement
from workbench.analysis.of_case import CaseGraph
from workbench.analysis.until import moment_of, of_run, until
from workbench.errors import UsageError
from workbench.model.catalog import Relation, RelationKind
from workbench.model.event import Event, IndexedEvent, Outcome
from workbench.model.lineage import Edge, EdgeStatus
from workbench.model.locator import Locator

times = st.one_of(st.none(), st.integers(0, 9))
histories = st.lists(
    st.tuples(st.sampled_from([K.USED, K.GENERATED, K.DERIVED_FROM]), st.integers(0, 5),
              st.integers(0, 5), times), max_size=30,
)  # fmt: skip


def told(history: list[tuple[RelationKind, int, int, int | None]]) -> list[Placement]:
    return [
        states(str(subject), kind, str(item), at=at, record=number)
        for number, (kind, subject, item, at) in enumerate(history, 1)
    ]


def replayed(
    history: list[tuple[RelationKind, int, int, int | None]], at: int
) -> dict[tuple[str, str, RelationKind], set[int]]:
    """Return the edges of a history up to a day: a plain loop over it, one statement at a time."""
    known: dict[tuple[str, str, RelationKind], set[int]] = {}
    for number, (kind, subject, item, time) in enumerate(history, 1):
        if time is not None and time <= at:
            tail, head = (subject, item) if kind is K.GENERATED else (item, subject)
            known.setdefault((str(tail), str(head), kind), set()).add(number)
    return known


def records(edges: list[Edge]) -> dict[tuple[str, str, RelationKind], set[int]]:
    return {
        (edge.tail[1], edge.head[1], edge.kind): {place.record or 0 for place in edge.locators}
        for edge in edges
    }


@settings(deadline=None)
@given(histories, st.integers(-1, 10))
def test_as_of_equals_a_plain_replay(
    history: list[tuple[RelationKind, int, int, int | None]], at: int
) -> None:
    graph = graph_of([thing(str(n)) for n in range(6)], told(history))
    part = until(graph, ns(at))
    assert records(list(part.graph.lineage().edges())) == replayed(history, at)
    dated = [time for *_, time in history if time is not None]
    assert part.cut.later == sum(time > at for time in dated)
    assert part.cut.undated == len(history) - len(dated)


@settings(deadline=None)
@given(histories, st.integers(0, 9), st.integers(0, 9))
def test_what_was_recorded_stays_recorded(
    history: list[tuple[RelationKind, int, int, int | None]], one: int, other: int
) -> None:
    graph = graph_of([thing(str(n)) for n in range(6)], told(history))
    earlier, later = (set(until(graph, ns(t)).graph.placements) for t in sorted((one, other)))
    assert earlier <= later


def test_what_claims_no_time_is_left_out_counted_and_shown_on_demand() -> None:
    graph = graph_of([thing("a"), thing("b")], [states("b", K.DERIVED_FROM, "a")])
    out, shown = until(graph, ns(5)), until(graph, ns(5), undated=True)
    assert (len(out.graph.placements), out.cut.undated) == (0, 1)
    assert "1 claim no time and are left out: they may belong before or after" in out.cut.words
    assert (len(shown.graph.placements), shown.cut.undated) == (1, 1)
    assert "are shown" in shown.cut.words


@pytest.mark.parametrize(
    ("subject", "item", "kind", "moment"),
    [
        (thing("s", "run", made=3), thing("i"), K.USED, 3),
        (thing("s", "run", made=3), thing("i", made=7), K.GENERATED, 7),
        (thing("s", "model_version", made=4), thing("i", made=1), K.DERIVED_FROM, 4),
        (thing("s", made=4), thing("i", made=1), K.DERIVED_FROM, None),  # a table lives on
        (thing("s", "run"), thing("i", made=1), K.USED, None),
        (thing("s", "run", made=3), thing("i", "agent"), K.ATTRIBUTED_TO, None),
    ],
)
def test_a_relation_without_time_is_dated_by_its_ends_only_where_that_is_safe(
    subject, item, kind, moment
) -> None:
    found = moment_of(states("s", kind, "i"), dict([subject, item]))
    assert found == (None if moment is None else ns(moment))


def test_what_was_made_later_is_not_there_yet() -> None:
    graph = graph_of([thing("old", made=1), thing("new", made=8), thing("some")], [])
    assert {key for _, key in until(graph, ns(5)).graph.things} == {"old", "some"}


def approval(at: float | None, record: int) -> IndexedEvent:
    place = Locator("audit.jsonl", record=record)
    time = None if at is None else ns(at)
    return IndexedEvent(2, "", Event(place, time, "", "ana", "approve", "m:1", Outcome.SUCCESS))


def test_decisions_of_logs_count_by_the_time_that_they_claim() -> None:
    decisions = (approval(2, 1), approval(7, 2), approval(None, 3))
    graph = replace(CaseGraph(), decisions=decisions)
    part = until(graph, ns(5))
    assert [found.event.locator.record for found in part.graph.decisions] == [1]
    assert (part.cut.later, part.cut.undated) == (1, 1)
    (edge,) = part.graph.lineage().edges()
    assert (edge.kind, edge.time) == (K.APPROVED, ns(2))


def two_runs() -> CaseGraph:
    return graph_of(
        [thing("raw"), thing("out"), thing("r1", "run"), thing("r2", "run"), thing("other")],
        [
            states("r1", K.USED, "raw", record=1),
            states("r1", K.GENERATED, "out", record=2),
            states("r2", K.USED, "other", record=3),
            states("r2", K.GENERATED, "out", record=4),
            states("out", K.DERIVED_FROM, "raw", record=1, columns=("x", "y")),
            states("out", K.DERIVED_FROM, "other", record=3, columns=("x", "z")),
        ],
    )


def test_a_run_shows_what_it_read_and_wrote_and_nothing_of_another_run() -> None:
    part = of_run(two_runs(), (1, "r1"))
    found = records(list(part.graph.lineage().edges()))
    assert found == {
        ("raw", "r1", K.USED): {1},
        ("r1", "out", K.GENERATED): {2},
        ("raw", "out", K.DERIVED_FROM): {1},
    }
    assert part.cut.others == 3
    assert "3 other statements are left out" in part.cut.words


def test_runs_together_are_cumulative() -> None:
    edges = list(two_runs().lineage().edges())
    parts = [of_run(two_runs(), (1, run)).graph.lineage().edges() for run in ("r1", "r2")]
    assert {edge for part in parts for edge in part} == set(edges)


def test_only_a_run_has_a_lineage_of_its_own() -> None:
    graph = two_runs()
    lineage = case_lineage(list(graph.things.items()), list(graph.placements))
    with pytest.raises(UsageError, match="raw is no run"):
        lineage.of_run((1, "raw"))


def test_an_edge_has_the_earliest_time_that_a_place_claims() -> None:
    stated = [
        states("b", K.DERIVED_FROM, "a", at=at, record=n) for n, at in enumerate((7, None, 3))
    ]
    (edge,) = lineage_of([thing("a"), thing("b")], stated).edges()
    assert edge.time == ns(3)
    assert edge.status is EdgeStatus.CLAIMED
    assert Relation(K.USED, "a", "b", Locator("x"), time=day(1)).time == day(1)
