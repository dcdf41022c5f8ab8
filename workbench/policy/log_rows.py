"""Rows of approvals and deployments, as the audit logs tell them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from workbench.analysis.decisions import APPROVE, DEPLOY, REGISTER, short_name, version_meant
from workbench.model.case import EvidenceRef
from workbench.model.event import EventFlag, IndexedEvent, Outcome
from workbench.model.policy import Row, Value
from workbench.policy.facts import CaseFacts


def approvals(facts: CaseFacts) -> Sequence[Row]:
    """Return each approval in the logs, with who registered what it approves."""
    registrars: dict[tuple[int, str], str] = {}
    rows = []
    for found in facts.decisions:
        event = found.event
        if REGISTER.search(event.action):
            registrars[found.source, event.object] = event.actor
        elif APPROVE.search(event.action):
            said: dict[str, Value] = {
                "object": event.object,
                "approver": event.actor or None,
                "registrar": registrars.get((found.source, event.object)),
                "outcome": event.outcome.value,
            }
            rows.append(Row(_label(found), said, (_place(found),)))
    return rows


def deployments(facts: CaseFacts) -> Sequence[Row]:
    """Return each deployment in the logs, with the approvals that stand before it."""
    approved: dict[tuple[int, str], list[IndexedEvent]] = defaultdict(list)
    rows = []
    for found in facts.decisions:
        event, key = found.event, (found.source, found.event.object)
        if event.outcome is Outcome.FAILURE:
            continue
        if APPROVE.search(event.action):
            approved[key].append(found)
        elif DEPLOY.search(event.action):
            rows.append(_deployment(found, approved[key]))
    return rows


def _deployment(found: IndexedEvent, before: Sequence[IndexedEvent]) -> Row:
    said: dict[str, Value] = {
        "object": found.event.object,
        "actor": found.event.actor or None,
        "approved_before": bool(before),
    }
    if before:
        said["approval_intact"] = any(_stands(approval) for approval in before)
    return Row(_label(found), said, (_place(found), *map(_place, before)))


def approvers_by_object(decisions: Iterable[IndexedEvent]) -> Mapping[str, tuple[str, ...]]:
    """Return who approved what, leaving out records that are broken."""
    names: dict[str, list[str]] = defaultdict(list)
    for found in decisions:
        event = found.event
        done = APPROVE.search(event.action) and event.outcome is not Outcome.FAILURE
        if done and _stands(found):
            names[event.object].append(short_name(event.actor))
    return {item: tuple(dict.fromkeys(found)) for item, found in names.items()}


def same_model(by_object: Mapping[str, Sequence[str]], name: str, version: str) -> tuple[str, ...]:
    """Return what a log says of a model version, by whatever form its name has there."""
    meant = (names for item, names in by_object.items() if version_meant(item) == (name, version))
    return tuple(dict.fromkeys(who for names in meant for who in names))


def _stands(found: IndexedEvent) -> bool:
    return EventFlag.BROKEN not in found.event.flags


def _label(found: IndexedEvent) -> str:
    return f"{found.event.object} by {found.event.actor}"


def _place(found: IndexedEvent) -> EvidenceRef:
    return EvidenceRef(found.sha256, found.event.locator)
