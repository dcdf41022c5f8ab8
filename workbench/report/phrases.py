"""Verdicts, numbers and dates in words, the same on every machine."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from workbench.formats.sniff import title_of
from workbench.model.trust import TrustRole
from workbench.model.verdict import (
    Code,
    Diagnosis,
    DiagnosisClass,
    Dimension,
    DimensionVerdict,
    Indication,
    SubjectVerdict,
)
from workbench.model.verification import SourceVerdict, Verification
from workbench.report.document import Run, Text, VerdictCard, VerdictRow, strong
from workbench.report.glossary import explain
from workbench.report.sentences import sentence
from workbench.report.shorten import NAME, elide

#: Codes of a PASSED without an anchor that the auditor trusts: never shown in plain green.
WEAK = frozenset({Code.SELF_CONSISTENT, Code.PROFILE_INFERRED, Code.AUDITOR_STATED})

#: Codes that only a PASSED part can have.
_FOR = WEAK | {Code.ANCHORED}

_KINDS = {
    "chain": "hash-chained log",
    "oms": "signed model",
    "attestation": "attestation",
    "in-toto": "in-toto layout",
    "file": "file",
    "model": "unsigned model",
    "log": "plain log",
    "mlflow": "MLflow database",
    "openlineage": "OpenLineage log",
    "head": "signed head without its log",
    "tlog": "tiled transparency log",
    "asice": "evidence package",
    "closed-archive": "archive that was not opened",
    "bagit": "bag",
    "pangea": "Pangea audit log export",
    "pangea-root": "published root without its events",
    "sshsig": "SSH signature without its file",
    "minisign": "minisign signature without its file",
    "openpgp": "OpenPGP signature without its file",
    "tlog-proof": "proof of inclusion without its file",
    "signature": "signature without its file",
    "archive": "signed archive",
    "cloudtrail": "delivery of AWS CloudTrail",
    "timestamp": "time stamp without its file",
}

#: What the parts of a subject are called, where these are no records; files have no order that a
#: map could show.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CONCLUSIONS = {
    Indication.PASSED: "The report is as it was signed, by somebody you trust.",
    Indication.FAILED: "Do not rely on this report.",
    Indication.INDETERMINATE: "What was given is not enough to decide.",
}
_TRUSTED_FOR = {
    TrustRole.LOG: "logs",
    TrustRole.MODEL: "models",
    TrustRole.ATTESTATION: "attestations",
    TrustRole.TSA: "timestamps",
    TrustRole.WITNESS: "witness statements",
    TrustRole.REPORT: "reports",
    TrustRole.CA: "what it has issued",
}


def moment(time: datetime) -> str:
    """Return a time as ``30 Oct 2026 14:06 UTC``, whatever the machine's language."""
    utc = time.astimezone(UTC)
    return f"{day(utc)} {utc.hour:02}:{utc.minute:02} UTC"


def day(time: datetime) -> str:
    """Return the day of a time in UTC as ``30 Oct 2026``."""
    utc = time.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"


def plural(count: int, noun: str) -> str:
    """Return ``1 record``, ``2 records``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def trusted_for(role: TrustRole | None) -> str:
    """Return what a trusted key may vouch for."""
    return _TRUSTED_FOR[role] if role else "whatever was verified: no role was given"


def conclusion(indication: Indication) -> str:
    """Return what a stranger should conclude from the verdict on a signed report."""
    return _CONCLUSIONS[indication]


def name_of(source: SourceVerdict) -> str:
    """Return how to name a source to a person."""
    path = "the drop as a whole" if source.path == "." else source.path
    return path if source.member is None else f"{path} → {source.member}"


#: The code of a dimension that a diagnosis leaves open, where it has another name.
_OPEN: Mapping[str, str] = {DiagnosisClass.HEAD_TRUNCATED: Code.HEAD_UNKNOWN}


def indication_of(diagnosis: Diagnosis, verdict: SubjectVerdict) -> Indication:
    """Return what a diagnosis did to its subject: FAILED only where a dimension failed by it."""
    answers = [verdict.dimension(which) for which in Dimension]
    codes = {diagnosis.kind, _OPEN.get(diagnosis.kind, diagnosis.kind)}
    named = [a.indication for a in answers if not codes.isdisjoint(a.codes)]
    return max(named or [a.indication for a in answers], key=lambda each: each.severity)


def records_of(diagnosis: Diagnosis) -> str:
    """Return where a diagnosis is: a record, or the range in which the record lies."""
    first, last = diagnosis.record or 0, diagnosis.last
    return f"record {first:,}" if last in {None, first} else f"records {first:,} to {last:,}"


def is_weak(verdict: DimensionVerdict) -> bool:
    """Tell whether it passed without an anchor that the auditor trusts."""
    return verdict.indication is Indication.PASSED and verdict.code in WEAK


def short_name_of(source: SourceVerdict) -> str:
    """Return a name for headings and lists; the register has the whole one."""
    return elide(name_of(source), NAME)


def listed(names: Iterable[str], *, most: int = 4) -> tuple[str | Run, ...]:
    """Return names in a row, the first few standing out, the rest counted."""
    every = list(names)
    parts: list[str | Run] = []
    for name in every[:most]:
        parts += [", ", strong(name)] if parts else [strong(name)]
    if len(every) > most:
        parts.append(f" and {len(every) - most:,} more")
    return tuple(parts)


def kinds_of(subjects: Iterable[SourceVerdict]) -> str:
    """Return what was examined: ``2 hash-chained logs, 1 signed model``."""
    counts = Counter(_KINDS.get(s.format) or title_of(s.format) for s in subjects)
    order = [*_KINDS.values(), *sorted(counts)]
    return ", ".join(_counted(counts[kind], kind) for kind in dict.fromkeys(order) if counts[kind])


def _counted(count: int, kind: str) -> str:
    head, _, tail = kind.partition(" without ")
    return plural(count, head) + (f" without {tail}" if tail else "")


def case_card(verification: Verification) -> VerdictCard:
    """Return the four dimensions of the whole case, each the worst of its subjects."""
    return VerdictCard(
        tuple(
            VerdictRow(
                which,
                verification.dimension(which),
                _codes_of_worst(verification, which),
                _case_sentence(verification, which),
            )
            for which in Dimension
        )
    )


def subject_card(verdict: SubjectVerdict, unit: str) -> VerdictCard:
    """Return the four dimensions of one subject."""
    return VerdictCard(
        tuple(
            VerdictRow(
                which,
                verdict.dimension(which),
                _own_codes(verdict.dimension(which)),
                sentence(verdict, which, unit),
            )
            for which in Dimension
        )
    )


def _case_sentence(verification: Verification, which: Dimension) -> Text:
    worst = verification.dimension(which).indication
    subjects = verification.subjects
    if not subjects:
        return "No subject was found, and nothing judged is never a pass."
    names = [short_name_of(s) for s in subjects if s.verdict and _is(s.verdict, which, worst)]
    how = {Indication.PASSED: "passed", Indication.FAILED: "failed"}.get(worst, "cannot be decided")
    lead = f"{len(names):,} of {plural(len(subjects), 'subject')} {how}"
    if worst is not Indication.FAILED and len(subjects) > 1:
        return f"{lead}: see the summary."
    return (f"{lead}: ", *listed(names, most=3), ".")


def _own_codes(answer: DimensionVerdict) -> tuple[str, ...]:
    """Return the codes to print: under a verdict that is no pass, none that would speak for one."""
    if answer.indication is Indication.PASSED:
        return answer.codes
    against = (code for code in answer.codes if explain(code) and code not in _FOR)
    return tuple(against) or answer.codes[:1]


def _codes_of_worst(verification: Verification, which: Dimension) -> tuple[str, ...]:
    """Return the codes of the subjects that decided; those of better ones would only confuse."""
    case = verification.dimension(which)
    answers = [s.verdict.dimension(which) for s in verification.subjects if s.verdict]
    codes = [a.code for a in answers if a.indication is case.indication and a.code]
    return tuple(dict.fromkeys(codes)) or case.codes


def _is(verdict: SubjectVerdict, which: Dimension, indication: Indication) -> bool:
    return verdict.dimension(which).indication is indication
