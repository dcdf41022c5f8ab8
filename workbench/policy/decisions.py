"""Who registered, approved and deployed a model, as the audit logs say.

A log says what somebody claimed at the time; whether its record still stands is kept with it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from workbench.model.case import EvidenceRef
from workbench.model.event import Event, EventFlag, Outcome
from workbench.model.policy import Row, Value
from workbench.policy.facts import CaseFacts

#: The last part of an action's name decides: ``model.approve``, ``ApproveModelVersion``.
REGISTER = re.compile(r"regist|create_?model_?version", re.IGNORECASE)
APPROVE = re.compile(r"(?<!dis)approv", re.IGNORECASE)
DEPLOY = re.compile(r"(?<!un)deploy|promot|transition_?stage", re.IGNORECASE)

#: What a name of a model and version looks like: ``models:/credit-scoring/7``, ``x:7``, ``x/v7``.
_OBJECT = re.compile(r"(?:models:/)?(?P<name>.+?)[/:@]v?(?P<version>[0-9]+)")


def is_decision(action: str) -> bool:
    """Tell whether an action registers, approves or deploys."""
    return any(pattern.search(action) for pattern in (REGISTER, APPROVE, DEPLOY))


def approvals(facts: CaseFacts) -> Sequence[Row]:
    """Return each approval in the logs, with who registered what it approves."""
    registrars: dict[tuple[str, str], str] = {}
    rows = []
    for event in facts.decisions:
        log = event.locator.path
        if REGISTER.search(event.action):
            registrars[log, event.object] = event.actor
        elif APPROVE.search(event.action):
            said: dict[str, Value] = {
                "object": event.object,
                "approver": event.actor or None,
                "registrar": registrars.get((log, event.object)),
                "outcome": event.outcome.value,
            }
            rows.append(Row(f"{event.object} by {event.actor}", said, _place(facts, event)))
    return rows


def deployments(facts: CaseFacts) -> Sequence[Row]:
    """Return each deployment in the logs, with the approval that stands before it."""
    approved: dict[tuple[str, str], list[Event]] = defaultdict(list)
    rows = []
    for event in facts.decisions:
        key = (event.locator.path, event.object)
        if APPROVE.search(event.action) and event.outcome is not Outcome.FAILURE:
            approved[key].append(event)
        elif DEPLOY.search(event.action) and event.outcome is not Outcome.FAILURE:
            rows.append(_deployment(facts, event, approved[key]))
    return rows


def _deployment(facts: CaseFacts, event: Event, before: Sequence[Event]) -> Row:
    said: dict[str, Value] = {
        "object": event.object,
        "actor": event.actor or None,
        "approved_before": bool(before),
    }
    if before:
        said["approval_intact"] = any(EventFlag.BROKEN not in e.flags for e in before)
    places = (*_place(facts, event), *(p for e in before for p in _place(facts, e)))
    return Row(f"{event.object} by {event.actor}", said, places)


def approvers_by_object(decisions: Iterable[Event]) -> Mapping[str, tuple[str, ...]]:
    """Return who approved what, leaving out records that are broken."""
    found: dict[str, list[str]] = defaultdict(list)
    for event in decisions:
        whole = EventFlag.BROKEN not in event.flags
        if APPROVE.search(event.action) and event.outcome is not Outcome.FAILURE and whole:
            found[event.object].append(short_name(event.actor))
    return {item: tuple(dict.fromkeys(names)) for item, names in found.items()}


def same_model(by_object: Mapping[str, Sequence[str]], name: str, version: str) -> tuple[str, ...]:
    """Return what a log says of a model version, by whatever form its name has there."""
    found: list[str] = []
    for item, names in by_object.items():
        match = _OBJECT.fullmatch(item)
        if match is not None and (match["name"], match["version"]) == (name, version):
            found += names
    return tuple(dict.fromkeys(found))


def short_name(actor: str) -> str:
    """Return an actor without the scheme that a log puts before it (``did:mesh:x`` is ``x``)."""
    return actor.rpartition(":")[2] if actor.startswith(("did:", "urn:")) else actor


def _place(facts: CaseFacts, event: Event) -> tuple[EvidenceRef, ...]:
    path = event.locator.path
    number = next((n for n, s in facts.verdicts.items() if s.path == path), 0)
    return (facts.reference(number, event.locator),)
