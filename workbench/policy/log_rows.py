"""Rows of approvals and deployments, as the audit logs of a case tell them together."""

from collections.abc import Mapping, Sequence

from workbench.analysis.approvals import Approval, Deployment
from workbench.analysis.decisions import short_name, stands
from workbench.model.case import EvidenceRef
from workbench.model.event import IndexedEvent, Outcome
from workbench.model.policy import Footing, Row, Value
from workbench.policy.facts import CaseFacts


def approvals(facts: CaseFacts) -> Sequence[Row]:
    """Return each approval in the logs, with who registered what it approves."""
    return [_approval(facts, found) for found in facts.history.approvals]


def _approval(facts: CaseFacts, approval: Approval) -> Row:
    found = approval.deed.found
    event = found.event
    said: dict[str, Value] = {
        "object": event.object or None,
        "approver": short_name(event.actor) or None,
        "registrar": approval.registrar or None,
        "outcome": event.outcome.value,
    }
    doubt = ""
    if approval.deed.meaning.act is None and event.outcome is not Outcome.FAILURE:
        doubt = f"Whether {event.action} is an approval is not known here."
    silent = {"registrar": "No log says who registered it."}
    return _row(facts, found, (found,), said, silent, doubt)


def deployments(facts: CaseFacts) -> Sequence[Row]:
    """Return each deployment in the logs, with the approvals that stand before it."""
    return [_deployment(facts, found) for found in facts.history.deployments]


def _deployment(facts: CaseFacts, deployment: Deployment) -> Row:
    found, before = deployment.deed.found, deployment.approvals
    intact = tuple(approval for approval in before if stands(approval))
    said: dict[str, Value] = {
        "object": found.event.object or None,
        "actor": found.event.actor or None,
        "approved_before": bool(before),
    }
    if before:
        said["approval_intact"] = bool(intact)
    return _row(facts, found, (found, *(intact or before)), said, {}, deployment.doubt)


def _row(
    facts: CaseFacts,
    found: IndexedEvent,
    read: Sequence[IndexedEvent],
    said: Mapping[str, Value],
    silent: Mapping[str, str],
    doubt: str,
) -> Row:
    places = tuple(EvidenceRef(each.sha256, each.event.locator) for each in read)
    footing, shaken = facts.footing(places)
    if not all(map(stands, read)):
        footing = Footing.BROKEN
    label = f"{found.event.object} by {found.event.actor}"
    return Row(label, said, places, silent, doubt, footing, shaken)
