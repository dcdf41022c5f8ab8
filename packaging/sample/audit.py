"""Write the audit log with the sink of agentmesh itself; it takes ids and times as arguments."""

import os
from pathlib import Path

import story
from agentmesh.governance.audit import AuditEntry
from agentmesh.governance.audit_backends import FileAuditSink
from chronicle import Event

#: Where agentmesh takes values from if they are set; they must not leak from our machine.
_ENVIRONMENT = (
    "AGT_ENVIRONMENT", "OPENSHELL_COMPUTE_DRIVER", "OPENSHELL_SANDBOX_ID", "SANDBOX_ID",
)  # fmt: skip


def write_log(path: Path, events: list[Event], secret: bytes) -> None:
    """Chain ``events`` into ``path`` and let the sink verify what it wrote."""
    for name in _ENVIRONMENT:
        os.environ.pop(name, None)
    path.parent.mkdir(parents=True)
    chance = story.dice("entries")
    sink = FileAuditSink(path, secret)
    sink.write_batch([_entry(event, f"audit_{chance.getrandbits(64):016x}") for event in events])
    good, reason = sink.verify_integrity()
    if not good:
        raise RuntimeError(f"agentmesh does not verify its own log: {reason}")


def _entry(event: Event, entry_id: str) -> AuditEntry:
    return AuditEntry(
        entry_id=entry_id,
        timestamp=event.time,
        event_type=event.action.partition(".")[0],
        agent_did=f"did:mesh:{event.actor}",
        action=event.action,
        resource=event.resource,
        data=event.data,
        outcome=event.outcome,
        policy_decision=event.decision,
        matched_rule=event.rule,
        environment="prod",
    )
