"""What does not hang together is named, and what may be innocent is not."""

import pytest

from tests.lineages import K, lineage_of, ns, states, thing
from workbench.analysis.incoherent import problems
from workbench.model.catalog import RelationKind


def test_loose_ends_are_told_apart() -> None:
    found = problems(
        lineage_of(
            [
                thing("alone"),
                thing("word", "term"),
                thing("ana", "agent"),
                thing("m", "model_version"),
                thing("blind", "run"),
                thing("r", "run"),
            ],
            [states("r", K.USED, "gone", record=4), states("blind", K.GENERATED, "x")],
        )
    )
    assert found.orphans == ((1, "alone"), (1, "m"))
    assert found.originless == ((1, "m"),)
    assert found.dataless == ((1, "blind"),)
    assert [each.id for each in found.dangling] == [(1, "gone"), (1, "x")]
    assert found.dangling[0].edges[0].locators[0].record == 4


def test_a_circle_is_named() -> None:
    pairs = [("a", "b"), ("b", "a"), ("c", "c")]
    things = [thing(key) for key in "abc"]
    found = problems(lineage_of(things, [states(a, K.DERIVED_FROM, b) for a, b in pairs]))
    assert found.cycles == (((1, "a"), (1, "b")), ((1, "c"),))


@pytest.mark.parametrize(
    ("tail", "head", "kind", "says"),
    [
        (
            thing("d", made=9), thing("r", "run", made=3, ended=4), K.USED,
            "d was made 2026-01-10T00:00:00Z, r ended 2026-01-05T00:00:00Z",
        ),
        (
            thing("r", "run", made=5), thing("m", "model_version", made=2), K.GENERATED,
            "r began 2026-01-06T00:00:00Z, m was made 2026-01-03T00:00:00Z",
        ),
        (
            thing("d", made=9), thing("m", "logged_model", made=2), K.DERIVED_FROM,
            "d was made 2026-01-10T00:00:00Z, m was made 2026-01-03T00:00:00Z",
        ),
    ],
)  # fmt: skip
def test_an_output_made_before_its_input_is_a_contradiction(tail, head, kind, says) -> None:
    subject, item = (tail, head) if kind is K.GENERATED else (head, tail)
    relation = states(subject[0][1], kind, item[0][1])
    (clash,) = problems(lineage_of([tail, head], [relation])).contradictions
    assert (clash.edge.tail, clash.edge.head) == (tail[0], head[0])
    assert clash.before > clash.after
    assert clash.why == says


@pytest.mark.parametrize(
    ("tail", "head", "kind"),
    [
        (thing("r", "run", made=5), thing("table", made=1), K.GENERATED),  # written again and again
        (thing("a", made=9), thing("table", made=1), K.DERIVED_FROM),
        (thing("d", made=3), thing("r", "run", made=1, ended=4), K.USED),  # while it ran
        (thing("d", made=9), thing("r", "run", made=1), K.USED),  # it may still run
        (thing("d"), thing("r", "run", made=1, ended=4), K.USED),
        (thing("m", "model_version", made=9), thing("m2", "model_version", made=1),
         K.SPECIALIZATION_OF),
    ],
)  # fmt: skip
def test_what_has_an_innocent_explanation_is_none(tail, head, kind: RelationKind) -> None:
    subject, item = (head, tail) if kind is not K.GENERATED else (tail, head)
    found = problems(lineage_of([tail, head], [states(subject[0][1], kind, item[0][1])]))
    assert found.contradictions == ()
    assert found.compared + found.untimed in {0, 1}


@pytest.mark.parametrize(("apart", "source", "count"), [
    (0.5, 1, 0), (1.5, 1, 1), (200, 1, 1), (200, 2, 0), (400, 2, 1),
])  # fmt: skip
def test_clocks_may_differ_a_little_and_between_sources_more(
    apart: float, source: int, count: int
) -> None:
    late = thing("d", made=1 + apart / 86_400, source=source)
    run = thing("r", "run", made=0, ended=1)
    relation = states("r", K.USED, "d", other=source)
    found = problems(lineage_of([late, run], [relation]))
    assert len(found.contradictions) == count
    assert found.compared == 1
    if count:
        assert found.contradictions[0].after == ns(1)
