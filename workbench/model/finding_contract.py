"""What ``finding --json`` prints."""

from collections.abc import Sequence

from workbench.model import schema
from workbench.model.case import Finding
from workbench.model.contract import Json, time_to_json


def findings_to_json(findings: Sequence[Finding], exit_code: int) -> dict[str, Json]:
    """Return the document of ``finding list``, ``show``, ``new`` and ``change``."""
    return {
        "schema": schema.FINDINGS,
        "exit": exit_code,
        "findings": [_finding(one) for one in findings],
    }


def _finding(one: Finding) -> Json:
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity.value,
        "state": one.state.value,
        "criteria": one.criteria,
        "condition": one.condition,
        "cause": one.cause,
        "consequence": one.consequence,
        "corrective_action": one.corrective_action,
        "owner": one.owner,
        "due": time_to_json(one.due),
        "response": one.response,
        "retest": one.retest,
        "origin": one.origin,
        "author": one.author,
        "modified": time_to_json(one.modified),
        "evidence": [
            {"sha256": ref.sha256, "locator": str(ref.locator), "note": ref.note}
            for ref in one.evidence
        ],
    }
