"""Reconciliation finds every difference that was planted, and nothing else."""

from collections import Counter
from dataclasses import replace

import pytest
from seeds import commit
from worlds import Told, World

from workbench.analysis.alternates import links
from workbench.analysis.reconcile import reconcile
from workbench.model.progress import Cancel
from workbench.model.reconciliation import Mismatch, Reconciled


def compared(world: World) -> Reconciled:
    facts = world.facts()
    return reconcile(replace(facts, alternates=links(facts.things)), cancel=Cancel())


def told(found: Reconciled) -> Counter[Told]:
    return Counter((line.mismatch.value, line.name) for line in found.lines)


@pytest.mark.parametrize("number", range(20))
def test_each_of_200_planted_differences_is_found_and_nothing_else(number: int) -> None:
    world = World.of(f"{commit()}/{number}")
    for _ in range(200):
        world.plant()
    for _ in range(30):
        world.soothe()
    found = compared(world)
    assert told(found) == world.planted, f"seed {commit()}/{number}"
    assert {line.mismatch for line in found.lines if line.doubt} <= {Mismatch.FILE_UNKNOWN}
    assert found.exit == 1


@pytest.mark.parametrize("number", range(3))
def test_a_world_that_agrees_differs_in_nothing(number: int) -> None:
    world = World.of(number)
    for _ in range(60):
        world.soothe()
    found = compared(world)
    assert not found.lines
    assert all(each.compared for each in found.comparisons)
