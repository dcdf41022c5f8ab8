"""What the logs of a case say together of approval: over rotation, revocation and open order."""

from dataclasses import replace

import pytest

from tests.policy.cases import event
from workbench.analysis.approvals import Deployment, approvers, history_of
from workbench.analysis.decisions import decided
from workbench.model.event import IndexedEvent, Outcome

APPROVE, DEPLOY, REVOKE = "model.approve", "model.deploy", "approval.revoked"


def said(
    record: int,
    action: str,
    *,
    log: int = 2,
    who: str = "eve",
    item: str = "models:/scoring/1",
    at: int | None = None,
    outcome: Outcome = Outcome.SUCCESS,
) -> IndexedEvent:
    found = event(record, who, action, item, outcome=outcome)
    place = replace(found.event.locator, path=f"log-{log}.jsonl")
    told = replace(found.event, time_ns=record if at is None else at, locator=place)
    return IndexedEvent(log, f"{log:x}" * 64, told)


def untimed(found: IndexedEvent) -> IndexedEvent:
    return replace(found, event=replace(found.event, time_ns=None))


def deployment(*events: IndexedEvent) -> Deployment:
    (found,) = history_of(events).deployments
    return found


def answer(*events: IndexedEvent) -> bool | str:
    found = deployment(*events)
    return found.doubt or bool(found.approvals)


def test_approval_before_counts_and_after_does_not() -> None:
    assert answer(said(1, APPROVE), said(2, DEPLOY)) is True
    assert answer(said(1, DEPLOY), said(2, APPROVE)) is False


@pytest.mark.parametrize("action", ["approval.rejected", "approval.requested", "model.reject"])
def test_other_acts_on_an_approval_are_none(action: str) -> None:
    assert answer(said(1, action), said(2, DEPLOY)) is False
    assert approvers(history_of([said(1, action)])) == {}


def test_revocation_ends_an_approval_from_its_time_on() -> None:
    assert answer(said(1, APPROVE), said(2, REVOKE), said(3, DEPLOY)) is False
    assert answer(said(1, APPROVE), said(2, DEPLOY), said(3, REVOKE)) is True
    assert answer(said(1, APPROVE), said(2, REVOKE), said(3, APPROVE), said(4, DEPLOY)) is True
    history = history_of([said(1, APPROVE), said(2, REVOKE)])
    assert (approvers(history), len(history.ended)) == ({}, 1)


def test_revocation_that_failed_ends_nothing() -> None:
    failed = said(2, REVOKE, outcome=Outcome.FAILURE)
    assert answer(said(1, APPROVE), failed, said(3, DEPLOY)) is True


def test_one_of_two_approvers_revokes_his_own() -> None:
    both = said(1, APPROVE, who="eve"), said(2, APPROVE, who="tom")
    assert approvers(history_of([*both, said(3, REVOKE, who="tom")])) == {
        ("scoring", "1"): ("eve",)
    }
    assert approvers(history_of([*both, said(3, REVOKE, who="boss")])) == {}


def test_unknown_word_and_later_rejection_leave_approval_open() -> None:
    unknown = answer(said(1, "approval.escalated"), said(2, DEPLOY))
    rejected = answer(said(1, APPROVE), said(2, "approval.rejected", who="tom"), said(3, DEPLOY))
    assert "approval.escalated" in str(unknown)
    assert "approval.rejected" in str(rejected)


def test_what_may_be_a_deployment_is_said() -> None:
    assert "is not known here" in str(answer(said(1, APPROVE), said(2, "deployment.updated")))


def test_deployment_of_nothing_named_is_not_approved_by_an_approval_of_nothing() -> None:
    assert "does not say what" in str(answer(said(1, APPROVE, item=""), said(2, DEPLOY, item="")))


def test_rotated_and_separate_logs_are_one_history() -> None:
    assert answer(said(7, APPROVE, log=1, at=10), said(1, DEPLOY, log=2, at=20)) is True
    assert answer(said(7, APPROVE, log=1, at=30), said(1, DEPLOY, log=2, at=20)) is False
    gone = said(8, REVOKE, log=1, at=15)
    assert answer(said(7, APPROVE, log=1, at=10), gone, said(1, DEPLOY, log=2, at=20)) is False


@pytest.mark.parametrize("item", ["scoring:1", "scoring/v1", "scoring@1", "models:/scoring/1"])
def test_every_form_of_a_name_means_the_same_version(item: str) -> None:
    assert answer(said(1, APPROVE, item=item), said(2, DEPLOY)) is True


def test_order_that_no_log_tells_is_open() -> None:
    apart = said(1, APPROVE, log=1, at=5), said(1, DEPLOY, log=2, at=5)
    assert "Which came first" in str(answer(*apart))
    assert "Which came first" in str(answer(untimed(apart[0]), apart[1]))
    assert "Which came first" in str(answer(apart[0], untimed(apart[1])))


def test_order_of_one_log_needs_no_times() -> None:
    assert answer(untimed(said(1, APPROVE)), untimed(said(2, DEPLOY))) is True
    other = untimed(said(9, APPROVE, log=1))
    assert answer(other, untimed(said(1, APPROVE)), untimed(said(2, DEPLOY))) is True


def test_deployment_is_held_against_the_approval_in_its_own_log() -> None:
    copy = said(1, APPROVE, log=1, who="eve"), said(2, DEPLOY, log=1)
    (first, second) = history_of(
        [*copy, said(1, APPROVE, who="mallory"), said(2, DEPLOY)]
    ).deployments
    assert [a.event.actor for a in first.approvals] == ["eve"]
    assert [a.event.actor for a in second.approvals] == ["mallory"]


def test_lineage_names_a_revoked_approval_as_such_and_no_other_act() -> None:
    events = [said(1, "approval.rejected"), said(2, APPROVE), said(3, REVOKE)]
    ended = frozenset(found.event.locator for found in history_of(events).ended)
    found = [thing.name for _, thing, _, _ in decided(events, {}, revoked=ended)]
    assert found == ["approval by eve (revoked)"]


def test_many_acts_on_one_version_end_soon() -> None:
    events = [said(n, (APPROVE, DEPLOY)[n % 2], who=f"u{n}") for n in range(20_000)]
    assert len(history_of(events).deployments) == 10_000
