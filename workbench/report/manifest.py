"""``manifest.json``, embedded in the report: all that it says, for programs."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from workbench.model.case import EvidenceRef, Finding
from workbench.model.contract import TOOL, Json, time_to_json, verification_to_json
from workbench.model.detection import KeptRules, OtherRule, RuleResult, RuleRun
from workbench.model.edition import Edition
from workbench.model.policy import CheckResult
from workbench.model.trust import Trust, TrustAnchor
from workbench.model.verification import SourceVerdict
from workbench.report.context import CaseContent, ReportContext

SCHEMA = "workbench.report-manifest/1"
NAME = "manifest.json"

#: Events of a rule's hits that are named; how many hits there are is told of all.
_MOST_EVENTS = 25
_NONE: Mapping[str, bytes] = MappingProxyType({})
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def manifest_bytes(context: ReportContext, attachments: Mapping[str, bytes] = _NONE) -> bytes:
    """Return the manifest as UTF-8 JSON: keys sorted, the same bytes for the same context.

    ``attachments``: what is embedded beside it, by name.
    """
    document = manifest(context, attachments)
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    # RFC 8259 8.2: a lone surrogate has no UTF-8 form. It is a byte of a file name that is not
    # UTF-8 (PEP 383); as an escape the name stays exactly what it is.
    safe = _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return f"{safe}\n".encode()


def manifest(context: ReportContext, attachments: Mapping[str, bytes] = _NONE) -> dict[str, Json]:
    """Return the manifest as a JSON document."""
    return {
        "schema": SCHEMA,
        "tool": {**TOOL, "version": context.tool_version},
        "title": context.title,
        "auditor": context.auditor,
        "report_date": time_to_json(context.report_date),
        "engagement": _engagement(context),
        "signer": {
            "subject": context.signer,
            "certificate": context.signer_certificate,
            "root": context.signer_root,
        },
        "case": None if context.case is None else _case(context.case),
        "limitations": list(context.limitations),
        "edition": _edition(context.edition),
        # All that is embedded beside this one: verify-report compares, and finds any other.
        "attachments": [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(attachments.items())
        ],
        "evidence": [_evidence(source) for source in context.verification.sources],
        "trust": _trust(context.trust),
        "selftest": _selftest(context),
        "verification": verification_to_json(context.verification),
    }


def _engagement(context: ReportContext) -> Json:
    engagement = context.engagement
    period = engagement.period
    return {
        "title": engagement.title,
        "client": engagement.client,
        "prepared_for": context.prepared_for,
        "criteria": engagement.criteria,
        "team": list(engagement.team),
        "cut_off": time_to_json(engagement.cut_off),
        "scope": engagement.scope,
        "number": engagement.number,
        "period": [time_to_json(period.first), time_to_json(period.last)] if period else None,
    }


def _edition(edition: Edition) -> Json:
    branding = edition.branding
    return {
        "template": {"id": edition.template.id, "sha256": edition.template.sha256},
        "statements": dict(edition.statements),
        "branding": {"id": branding.id, "sha256": branding.sha256} if branding else None,
        "classification": edition.classification,
        "draft": edition.draft,
        "language": edition.language,
    }


def _case(case: CaseContent) -> Json:
    journal, pack = case.journal, case.pack
    return {
        "id": case.case_id,
        "journal": {
            "entries": journal.entries,
            "head": journal.head,
            "broken_at": journal.broken.number if journal.broken else None,
        },
        "findings": [_finding(finding) for finding in case.findings],
        "pack": None
        if pack is None
        else {"id": pack.id, "version": pack.version, "sha256": pack.sha256},
        "checks": [_check(result) for result in case.checks],
        "rules": [] if case.rules is None else list(_rules(case.rules)),
    }


def _finding(finding: Finding) -> Json:
    return {
        "id": finding.id,
        "title": finding.title,
        "severity": finding.severity.value,
        "state": finding.state.value,
        "criteria": finding.criteria,
        "condition": finding.condition,
        "cause": finding.cause,
        "consequence": finding.consequence,
        "corrective_action": finding.corrective_action,
        "owner": finding.owner,
        "due": time_to_json(finding.due),
        "response": finding.response,
        "retest": finding.retest,
        "evidence": _refs(finding.evidence),
    }


def _check(result: CheckResult) -> Json:
    return {
        "id": result.check.id,
        "title": result.check.title,
        "outcome": result.outcome.value,
        "population": result.population,
        "tested": result.tested,
        "exceptions": [
            {"label": row.label, "evidence": _refs(row.evidence)} for row in result.exceptions
        ],
        "undecided": len(result.undecided),
        "reason": result.reason,
        "protection": {footing.value: count for footing, count in result.basis},
        "mappings": [f"{m.framework} {m.clause}" for m in result.check.mappings],
    }


def _rules(kept: KeptRules) -> Iterator[Json]:
    """Yield which detection rules were asked, of which file, when, and what they said."""
    for each in kept.rules:
        rule, result = each.result.rule, each.result
        events = (event.ref for hit in result.hits for event in hit.events)
        yield {
            **_said(rule.id, rule.version, rule.sha256, result, each.run),
            "title": rule.title,
            "unseen": list(result.unseen),
            "out_of_date": each.is_stale,
            "first_events": _refs(islice(events, _MOST_EVENTS)),
        }
    for other in kept.others:
        yield {**_said(other.id, other.version, other.sha256, other, other.run), "title": None}


def _said(
    id_: str, version: str, sha256: str, said: RuleResult | OtherRule, run: RuleRun
) -> dict[str, Json]:
    return {
        "id": id_,
        "version": version,
        "sha256": sha256,
        "outcome": said.outcome.value,
        "looked": said.looked,
        "hits": said.total,
        "asked": time_to_json(run.at),
        "asked_by": run.who,
        "leavers": run.leavers,
        "hours": run.hours,
    }


def _refs(evidence: Iterable[EvidenceRef]) -> Json:
    return [{"sha256": ref.sha256, "place": str(ref.locator), "note": ref.note} for ref in evidence]


def _evidence(source: SourceVerdict) -> Json:
    return {
        "path": source.path,
        "member": source.member,
        "role": source.role.value,
        "bytes": source.size,
        "sha256": source.sha256,
        "format": source.format,
    }


def _trust(trust: Trust) -> Json:
    return {
        "at": time_to_json(trust.at),
        "threshold": trust.threshold,
        "anchors": [_anchor(anchor) for anchor in trust.anchors],
        "revocations": [_anchor(anchor) for anchor in trust.revocations],
        "secrets": [secret.id for secret in trust.secrets],
    }


def _anchor(anchor: TrustAnchor) -> Json:
    return {
        "name": anchor.name,
        "kind": anchor.kind.value,
        "role": anchor.role.value if anchor.role else None,
        "sha256": anchor.fingerprint,
        "key_sha256": anchor.key_fingerprint,
        "confirmed": anchor.confirmed,
        "in_evidence": anchor.self_supplied,
        "key_id": anchor.key_id,
        "valid": [time_to_json(anchor.valid_from), time_to_json(anchor.valid_to)],
    }


def _selftest(context: ReportContext) -> Json:
    return {
        "passed": context.selftest.passed,
        "cases": [
            {"id": case.id, "expected": case.expected, "differences": list(case.differences)}
            for case in context.selftest.cases
        ],
    }
