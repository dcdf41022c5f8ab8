"""The state at a moment is what a straightforward replay of the records gives."""

import random
from datetime import UTC, datetime

import pytest

from workbench.analysis.as_of import AsOf, VersionAsOf, as_of, serving
from workbench.model.catalog import Lifecycle, Thing, ThingKind
from workbench.model.event import Event, IndexedEvent, Outcome
from workbench.model.lineage import NodeId
from workbench.model.locator import Locator
from workbench.model.moment import nanoseconds

ACTIONS = {
    "register": "model.register",
    "approve": "model.approve",
    "revoke": "approval.revoked",
    "deploy": "model.deploy",
    "retire": "model.undeploy",
    "nothing": "model.read",
}


def event(
    time: int | None,
    act: str,
    item: str,
    *,
    who: str = "ann",
    source: int = 1,
    record: int = 1,
    level: int = 0,
    outcome: Outcome = Outcome.SUCCESS,
) -> IndexedEvent:
    place = Locator(f"log{source}.jsonl", record=record)
    return IndexedEvent(source, "00", Event(place, time, "", who, ACTIONS.get(act, act), item,
                                            outcome, level))  # fmt: skip


def version_of(state: AsOf, name: str, version: str) -> VersionAsOf:
    return next(v for v in state.versions if (v.name, v.version) == (name, version))


def replayed(history: list[IndexedEvent], at: int) -> dict[str, dict[str, object]]:
    """The same, as plainly as it can be written: one log, distinct times, one state a version."""
    state: dict[str, dict[str, object]] = {}
    for each in history:
        if each.event.time_ns is None or each.event.time_ns > at:
            continue
        if each.event.outcome is Outcome.FAILURE or each.event.action == "model.read":
            continue
        mine = state.setdefault(each.event.object, {"since": None, "approvers": {}, "by": None})
        match each.event.action:
            case "model.register":
                mine["by"] = mine["by"] or each.event.actor
            case "model.approve":
                mine["approvers"][each.event.locator.record] = each.event.actor
            case "approval.revoked":
                given = mine["approvers"]
                own = {r for r, who in given.items() if who == each.event.actor} or set(given)
                mine["approvers"] = {r: who for r, who in given.items() if r not in own}
            case "model.deploy":
                mine["since"] = each.event.time_ns
            case "model.undeploy":
                mine["since"] = None
    return state


@pytest.mark.parametrize("seed", range(40))
def test_it_equals_a_plain_replay(seed: int) -> None:
    chance = random.Random(seed)
    items = [f"{name}:{version}" for name in ("a", "b") for version in (1, 2, 3)]
    outcomes = (Outcome.SUCCESS, Outcome.UNKNOWN, Outcome.FAILURE)
    history = [
        event(10 * number, chance.choice(list(ACTIONS)), chance.choice(items),
              who=chance.choice(("ann", "bob", "cy")), record=number,
              outcome=chance.choices(outcomes, (8, 2, 1))[0])
        for number in range(1, 80)
    ]  # fmt: skip
    for at in (0, *chance.sample(range(900), 12)):
        state = as_of(at, history, {})
        expected = replayed(history, at)
        assert {f"{v.name}:{v.version}" for v in state.versions} == expected.keys()
        for item, plain in expected.items():
            found = version_of(state, *item.split(":"))
            assert (found.deployed and found.deployed.event.time_ns) == plain["since"]
            assert (found.registered and found.registered.event.actor) == plain["by"]
            records = [a.event.locator.record for a in found.approvals]
            assert records == list(plain["approvers"])


def test_the_latest_deployment_of_a_model_is_named_and_the_other_one_is_not_hidden() -> None:
    history = [event(10, "deploy", "a:1"), event(20, "deploy", "a:2", record=2)]
    told = [(v.version, v.is_latest) for v in serving(as_of(30, history, {}))]
    assert told == [("2", True), ("1", False)]


def test_a_record_of_that_very_moment_is_taken_in() -> None:
    history = [event(10, "deploy", "a:1")]
    assert list(serving(as_of(10, history, {})))
    assert not list(serving(as_of(9, history, {})))


def test_retiring_a_model_ends_all_its_versions() -> None:
    history = [
        event(10, "deploy", "a:1"),
        event(11, "deploy", "b:1", record=2),
        event(12, "deleteRegisteredModel", "a", record=3),
    ]
    state = as_of(20, history, {})
    assert [v.name for v in serving(state)] == ["b"]
    retired = version_of(state, "a", "1").retired
    assert retired is not None
    assert retired.event.locator.record == 3


def test_of_two_copies_of_a_record_the_better_assured_one_is_cited() -> None:
    copies = [event(10, "deploy", "a:1", source=s, level=level) for s, level in ((1, 2), (2, 0))]
    registered = [event(5, "register", "a:1", source=s, level=v) for s, v in ((1, 0), (2, 3))]
    found = version_of(as_of(20, [*registered, *copies], {}), "a", "1")
    assert found.deployed
    assert found.deployed.event.level == 2
    assert found.registered
    assert found.registered.event.level == 3


def test_what_claims_no_time_or_names_no_version_is_told_and_placed_nowhere() -> None:
    history = [
        event(None, "deploy", "a:1"),
        event(5, "deploy", "nameless", record=2),
        event(6, "transitionModelVersionStage", "a:2", record=3),
    ]
    state = as_of(10, history, {})
    assert not list(serving(state))
    assert [e.event.object for e in state.undated] == ["a:1"]
    assert [e.event.object for e in state.unnamed] == ["nameless"]
    assert [e.event.locator.record for e in version_of(state, "a", "2").doubts] == [3]


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def registered(created: datetime | None, changed: datetime | None) -> dict[NodeId, Thing]:
    thing = Thing(ThingKind.ARTIFACT, "model_version", "v1", "a", Locator("m.db"), version="1",
                  lifecycle=Lifecycle.PRODUCTION, lifecycle_raw="Production",
                  created=created, ended=changed)  # fmt: skip
    return {(1, "v1"): thing}


@pytest.mark.parametrize(
    ("created", "changed", "at", "holds"),
    [
        (day(1), day(3), day(5), True),
        (day(1), day(3), day(2), None),
        (day(1), None, day(2), None),
        (None, day(3), day(5), True),
    ],
)
def test_word_of_a_registry_holds_from_its_last_change(
    created: datetime | None, changed: datetime | None, at: datetime, holds: bool | None
) -> None:
    state = as_of(nanoseconds(at), [], registered(created, changed))
    assert [w.holds for w in version_of(state, "a", "1").registries] == [holds]


def test_a_version_made_later_was_not_there() -> None:
    assert not as_of(nanoseconds(day(1)), [], registered(day(2), day(3))).versions
