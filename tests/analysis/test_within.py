"""Approvals after deployments and stages against aliases, where one side contradicts itself."""

from datetime import UTC, datetime

import pytest

from workbench.analysis.three_sides import CatalogFact, Facts, Tally
from workbench.analysis.within import approvals, stages
from workbench.model.catalog import Attribute, AttributeGroup, Lifecycle, Thing, ThingKind
from workbench.model.event import Event, EventFlag, IndexedEvent
from workbench.model.locator import Locator
from workbench.model.moment import nanoseconds
from workbench.model.reconciliation import Between, Line, Mismatch

ITEM = "models:/credit/7"


def event(record: int, action: str, *, day: int, log: int = 1, broken: bool = False,
          actor: str = "ann") -> IndexedEvent:  # fmt: skip
    time = nanoseconds(datetime(2026, 4, day, tzinfo=UTC))
    flags = frozenset({EventFlag.BROKEN} if broken else ())
    place = Locator(f"log{log}", record=record)
    return IndexedEvent(log, "0" * 64, Event(place, time, "", actor, action, ITEM, flags=flags))


def held(*events: IndexedEvent) -> list[Line]:
    tally = Tally(Between.WITHIN_LOG)
    approvals(events, tally)
    return tally.lines


DEPLOYED = event(2, "model.deploy", day=5)


def test_an_approval_before_it_is_enough_and_one_after_it_is_not() -> None:
    assert not held(event(1, "model.approve", day=4), DEPLOYED)
    (line,) = held(DEPLOYED, event(3, "model.approve", day=6))
    assert (line.mismatch, line.doubt) == (Mismatch.APPROVED_AFTER_DEPLOYMENT, "")
    assert len(line.places) == 2


def test_an_approval_that_was_revoked_is_none() -> None:
    acts = event(1, "model.approve", day=3), event(2, "model.approval.revoke", day=4)
    (line,) = held(*acts, event(3, "model.deploy", day=5))
    assert line.mismatch is Mismatch.DEPLOYED_WITHOUT_APPROVAL


def test_an_approval_whose_record_is_broken_proves_nothing_and_accuses_nobody() -> None:
    broken = event(1, "model.approve", day=4, broken=True)
    (line,) = held(broken, DEPLOYED)
    assert line.mismatch is Mismatch.DEPLOYED_WITHOUT_APPROVAL
    assert "does not agree with its own protection data" in line.doubt
    copy = event(1, "model.approve", day=4, log=2, actor="eve")
    (line,) = held(broken, DEPLOYED, copy)
    assert "Another log records an approval before that, by eve." in line.detail


def test_where_no_log_records_approvals_they_may_be_kept_elsewhere() -> None:
    (line,) = held(DEPLOYED)
    assert "kept elsewhere" in line.doubt


def version(number: str, stage: Lifecycle, *aliases: str) -> Thing:
    named = tuple(Attribute(AttributeGroup.ALIAS, alias, number) for alias in aliases)
    return Thing(ThingKind.ARTIFACT, "model_version", number, "credit", Locator("c"),
                 version=number, lifecycle=stage, attributes=named)  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "alias", "told"),
    [
        (Lifecycle.ARCHIVED, "Champion", "sure"),
        (Lifecycle.STAGING, "prod", "sure"),
        (Lifecycle.PRODUCTION, "champion", ""),
        (Lifecycle.UNKNOWN, "champion", "doubt"),
        (Lifecycle.ARCHIVED, "challenger", ""),
    ],
)
def test_an_alias_that_serves_contradicts_another_stage(
    stage: Lifecycle, alias: str, told: str
) -> None:
    things = {(1, "1"): version("1", stage, alias), (1, "2"): version("2", Lifecycle.PRODUCTION)}
    tally = Tally(Between.WITHIN_CATALOG)
    stages(Facts(things=things, catalogs={1: CatalogFact(1, "c", "0" * 64)}), tally)
    assert ["doubt" if line.doubt else "sure" for line in tally.lines] == ([told] if told else [])
    assert tally.compared == 2
