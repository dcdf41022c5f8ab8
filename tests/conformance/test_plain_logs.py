"""Plain logs of the field hold exactly what was counted in them by other means.

The numbers are those of the fact sheet that came with the evidence; of each file of ``auditd``
the events that its own tool found in it (``*.golden``) are all there, and none else.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.conformance.table import Conforms
from tests.formats.leaves import leaves
from tests.formats.plain_logs import Read, read
from workbench.formats.logs.library import named
from workbench.formats.logs.mapper import Mapper, pointer_to
from workbench.model.event import Outcome

Unpack = Callable[[str], Path]


def said(found: Read, part: str) -> Counter[str]:
    return Counter(str(getattr(event, part)) for event in found.events)


def require_all_kept(path: Path, found: Read, kind: str) -> None:
    """Hold every leaf of every record to be mapped, or kept verbatim."""
    mapping = named(kind)
    assert mapping is not None
    mapper, data = Mapper(mapping), path.read_bytes()
    for event in found.events:
        record = json.loads(data[event.offset : event.offset + event.length])
        taken = {pointer_to(place) for place in mapper.places(record).values()}
        kept = {attribute.pointer for attribute in mapper.unmapped(record)}
        missing = {p for p, _ in leaves(record)} - taken - kept
        assert not missing, f"record {event.number} of {path.name} lost {missing}"


def test_events_of_cloudtrail_are_those_that_were_counted(
    evidence_archive: Unpack, conforms: Conforms
) -> None:
    folder = evidence_archive("catalog/auditlogs") / "cloudtrail_stratus"
    every = {path.name: read(path) for path in sorted(folder.glob("*.json"))}
    for name, found in every.items():
        assert (found.format, found.container) == ("cloudtrail-events", "json-array"), name
        assert set(found.codes) <= {"LOGGING_CHANGED"}, name
        require_all_kept(folder / name, found, "cloudtrail-events")
    assert (len(every), sum(len(found.events) for found in every.values())) == (35, 310)
    bedrock = every["aws.impact.bedrock-invoke-model.json"]
    assert len(bedrock.events) == 15
    actions = said(bedrock, "action")
    assert (actions["GetFoundationModelAvailability"], actions["InvokeModel"]) == (10, 1)
    changed = [name for name, found in every.items() if "LOGGING_CHANGED" in found.codes]
    assert {name.rpartition(".cloudtrail-")[2] for name in changed} == {
        *("delete.json", "event-selectors.json", "stop.json"),
    }
    conforms(agreed=len(every))


def test_events_of_kubernetes_are_those_that_were_counted(
    evidence_archive: Unpack, conforms: Conforms
) -> None:
    path = evidence_archive("catalog/auditlogs") / "k8s" / "demo.log"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    found = read(path)
    assert (found.format, len(found.events), found.problems) == ("kubernetes-audit", 37, ())
    assert said(found, "action") == {"get": 23, "list": 14}
    assert said(found, "actor") == {"bob": 29, "system:serviceaccount:ns1:sa1": 5, "alice": 3}
    assert sum(event.outcome is Outcome.FAILURE for event in found.events) == 11
    require_all_kept(path, found, "kubernetes-audit")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    conforms(agreed=1)


def test_events_of_auditd_are_those_that_its_own_tool_finds(
    evidence_archive: Unpack, conforms: Conforms
) -> None:
    folder = evidence_archive("catalog/auditlogs") / "auditd" / "auparse" / "testdata"
    logs = sorted(folder.glob("*.log"))
    for path in logs:
        golden = json.loads((folder / f"{path.name}.golden").read_text())
        found = read(path)
        assert found.format == "auditd"
        ours = Counter(e.key.rpartition(":")[2] for e in found.events if not e.is_malformed)
        theirs = {str(record["sequence"]) for record in golden if record}
        assert set(ours) == theirs, path.name
    rhel7 = read(folder / "audit-rhel7.log")
    assert sum(not event.is_malformed for event in rhel7.events) == 46
    assert [p.locator.record for p in rhel7.problems if p.code == "MALFORMED_RECORD"] == [31]
    conforms(agreed=len(logs))
