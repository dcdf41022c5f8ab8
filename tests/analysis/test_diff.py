"""A comparison finds every difference that was planted, and nothing else."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from planting import HERE, Garden, Planted, a_thing

from workbench.analysis.diff import compare
from workbench.analysis.snapshot import Snapshot
from workbench.model.catalog import Attribute, AttributeGroup, Relation, RelationKind, Thing
from workbench.model.difference import Change, Compared, SameBy
from workbench.model.progress import Cancel


def snapshot(things: Iterable[Thing], edges: Iterable[Relation] = ()) -> Snapshot:
    found = Snapshot()
    for record in (*things, *edges):
        found.add(record)
    return found


def told(found: Compared) -> Counter[Planted]:
    return Counter(
        (d.change.value, d.about.value, d.key, d.field, d.before, d.after)
        for d in found.differences
    )


def compared(before: Garden, after: Garden) -> Compared:
    first = snapshot(before.things.values(), before.edges)
    return compare(first, snapshot(after.things.values(), after.edges), cancel=Cancel())


@pytest.mark.parametrize("seed", range(20))
def test_each_of_200_planted_differences_is_found_and_nothing_else(seed: int) -> None:
    before, after = Garden.of(seed, 600), Garden.of(seed, 600)
    for _ in range(200):
        after.plant()
    assert told(compared(before, after)) == after.planted


def test_nothing_differs_from_itself_in_any_order() -> None:
    before, after = Garden.of(1, 50), Garden.of(1, 50)
    after.chance.shuffle(after.edges)
    after.things = dict(reversed(after.things.items()))
    found = compared(before, after)
    assert not found.differences
    assert (found.same_things, found.same_relations) == (50, len(before.edges))


def thing(key: str, **changed: object) -> Thing:
    return replace(a_thing(Garden.of(1, 0).chance, "k"), key=key, **changed)  # type: ignore[arg-type]


def digest(value: str) -> tuple[Attribute, ...]:
    return (Attribute(AttributeGroup.DIGEST, "sha256", value),)


def test_a_thing_that_was_renamed_and_changed_is_told_as_both() -> None:
    before = [thing("old", attributes=digest("aa"), owner="ann", name="a")]
    after = [thing("new", attributes=digest("aa"), owner="eve", name="b")]
    found = compare(snapshot(before), snapshot(after), cancel=Cancel())
    renamed, *rest = found.differences
    assert (renamed.change, renamed.same_by) == (Change.RENAMED, SameBy.DIGEST)
    assert {(d.field, d.before, d.after) for d in rest} == {
        ("field name", "a", "b"),
        ("field owner", "ann", "eve"),
    }


def test_of_two_that_fit_neither_is_concluded() -> None:
    """Two copies of one file: which of them the new one was, nothing in the exports says."""
    same = {"attributes": digest("aa"), "uri": "", "name": ""}
    before = [thing("one", **same), thing("two", **same)]
    found = compare(snapshot(before), snapshot([thing("new", **same)]), cancel=Cancel())
    assert Counter(d.change for d in found.differences) == {Change.REMOVED: 2, Change.ADDED: 1}


def test_repeated_values_are_compared_as_many_and_not_as_one() -> None:
    tags = tuple(Attribute(AttributeGroup.TAG, "team", value) for value in ("a", "a", "b"))
    fewer = compare(
        snapshot([thing("k", attributes=tags)]),
        snapshot([thing("k", attributes=tags[1:])]),
        cancel=Cancel(),
    )
    assert [(d.field, d.before, d.after) for d in fewer.differences] == [("tag team", "a", None)]


def test_relations_between_the_same_ends_are_counted() -> None:
    edge = Relation(RelationKind.USED, "a", "b", HERE)
    found = compare(snapshot([], [edge, edge]), snapshot([], [edge]), cancel=Cancel())
    assert [d.change for d in found.differences] == [Change.REMOVED]
    assert found.same_relations == 1
