"""Let evidence at hand, and a digest told on another way, bear on the verdict on a report."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbench.errors import UsageError
from workbench.model.verdict import Code, DiagnosisClass, Indication
from workbench.verify.report.verdict import Held, ReportEvidence, ReportVerdict

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAMED = 3


def tail_of(path: str, member: str | None) -> tuple[str, str | None]:
    """Return a place below the folder that was handed over, which may be called otherwise now."""
    _, slash, rest = path.partition("/")
    return (rest if slash else path, member)


def with_evidence(found: ReportVerdict, rows: Sequence[ReportEvidence]) -> ReportVerdict:
    """Return the verdict with evidence at hand: changed is FAILED, missing INDETERMINATE."""
    changed = [row for row in rows if row.held is Held.CHANGED]
    missing = [row for row in rows if row.held is Held.MISSING]
    same = sum(row.held is Held.SAME for row in rows)
    verdict = replace(found, evidence=tuple(rows))
    if changed:
        reason = f"Evidence at hand is not what the report is about: {_names(changed)}."
        return _with(verdict, Indication.FAILED, DiagnosisClass.EVIDENCE_CHANGED, reason)
    if missing or not same:
        what = (
            f"is not at hand: {_names(missing)}" if missing else "was found at none of the places"
        )
        reason = f"Evidence that the report is about {what}."
        return _with(verdict, Indication.INDETERMINATE, Code.ARTIFACT_ABSENT, reason)
    reason = f"All evidence at hand ({same}) is what the report is about, byte for byte."
    return replace(verdict, reasons=(*verdict.reasons, reason))


def with_told_digest(found: ReportVerdict, text: str) -> ReportVerdict:
    """Return the verdict with the SHA-256 of the file that the reader was told.

    Raises:
        UsageError: that is no SHA-256.
    """
    digest = text.strip().lower().removeprefix("sha256:").replace(":", "")
    if not _SHA256.fullmatch(digest):
        raise UsageError(f"{text!r} is not a SHA-256: give 64 hexadecimal digits.")
    if digest == found.sha256:
        return replace(found, reasons=(*found.reasons, "It is the file that you were told of."))
    reason = "It is not the file that you were told of: its SHA-256 is another."
    return _with(found, Indication.FAILED, Code.HASH_FAILURE, reason)


def _with(found: ReportVerdict, indication: Indication, code: str, reason: str) -> ReportVerdict:
    """Let a worse part decide; the earlier of two as bad."""
    if indication.severity <= found.indication.severity:
        return replace(found, reasons=(*found.reasons, reason))
    return replace(
        found,
        indication=indication,
        code=str(code),
        reasons=(reason, *found.reasons),
        conclusion=(reason, "The signatures were judged for themselves: see below."),
    )


def _names(rows: Iterable[ReportEvidence]) -> str:
    names = [r.path if r.member is None else f"{r.path} → {r.member}" for r in rows]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
