"""The two JSON contracts of VERDICTS section 7: what ``--json`` prints and the report embeds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from workbench import __version__
from workbench.model import schema
from workbench.model.inspection import InspectedSource, Inspection
from workbench.model.locator import Locator
from workbench.model.source import Problem
from workbench.model.verdict import (
    AssuranceRange,
    Diagnosis,
    Dimension,
    DimensionVerdict,
    SignatureVerdict,
    Step,
    SubjectVerdict,
)
from workbench.model.verification import SourceVerdict, Verification

TOOL = {"name": "Audit Workbench", "version": __version__}

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def time_to_json(time: datetime | None) -> str | None:
    """Return RFC 3339 in UTC with ``Z``, microseconds only where there are any."""
    if time is None:
        return None
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def locator_to_json(place: Locator) -> Mapping[str, Json]:
    """Return a place in evidence, with everything that is known of it."""
    return asdict(place)


def verification_to_json(verification: Verification) -> dict[str, Json]:
    """Return the document of ``verify --json``."""
    return {
        "schema": schema.VERIFICATION,
        "tool": {**TOOL},
        "at": time_to_json(verification.at),
        "network": list(verification.network),
        "exit": verification.exit_code,
        "case": {d.value: _dimension(verification.dimension(d)) for d in Dimension},
        "sources": [_source(source) for source in verification.sources],
        "context": list(verification.context),
        "problems": [_problem(problem) for problem in verification.problems],
        "keys_in_evidence": dict(verification.keys_in_evidence),
    }


def inspection_to_json(inspection: Inspection) -> dict[str, Json]:
    """Return the document of ``inspect --json``."""
    return {
        "schema": schema.INSPECTION,
        "sources": [_inspected(source) for source in inspection.sources],
    }


def _dimension(verdict: DimensionVerdict) -> Json:
    return {
        "indication": verdict.indication.value,
        "code": verdict.code,
        "codes": list(verdict.codes),
    }


def _source(source: SourceVerdict) -> Json:
    document: dict[str, Json] = {
        "path": source.path,
        "member": source.member,
        "role": source.role.value,
        "sha256": source.sha256,
        "bytes": source.size,
        "format": source.format,
        "pairs_with": source.pairs_with,
        "problems": [_problem(problem) for problem in source.problems],
    }
    if source.verdict is not None:
        document |= _subject(source.verdict)
    return document


def _subject(verdict: SubjectVerdict) -> Mapping[str, Json]:
    return {
        "profile": verdict.profile,
        "records": verdict.records,
        **{d.value: _dimension(verdict.dimension(d)) for d in Dimension},
        "not_covered": list(verdict.not_covered),
        "assurance": [_range(part) for part in verdict.assurance],
        "diagnoses": [_diagnosis(diagnosis) for diagnosis in verdict.diagnoses],
        "signatures": [_signature(signature) for signature in verdict.signatures],
        "steps": [_step(n, step) for n, step in enumerate(verdict.steps, 1)],
        "notes": list(verdict.notes),
        "second_opinion": verdict.second_opinion.value if verdict.second_opinion else None,
    }


def _range(part: AssuranceRange) -> Json:
    return {
        "first": part.first,
        "last": part.last,
        "partition": part.partition,
        "flags": sorted(flag.value for flag in part.flags),
        "level": part.level,
    }


def _diagnosis(diagnosis: Diagnosis) -> Json:
    return {
        "class": diagnosis.kind.value,
        "record": diagnosis.record,
        "count": diagnosis.count,
        "path": diagnosis.path,
        "offset": diagnosis.offset,
        "stored": diagnosis.stored,
        "recomputed": diagnosis.recomputed,
        "explanations": list(diagnosis.explanations),
        "blast_radius": list(diagnosis.blast_radius),
        "last": diagnosis.last,
    }


def _signature(signature: SignatureVerdict) -> Json:
    return {
        "indication": signature.indication.value,
        "code": signature.code,
        "signer": signature.signer,
        "fingerprint": signature.fingerprint,
        "trusted_by": signature.trusted_by,
        "time": time_to_json(signature.time),
        "covers": signature.covers,
    }


def _step(n: int, step: Step) -> Json:
    return {
        "n": n,
        "clause": step.clause,
        "did": step.did,
        "result": step.result,
        "recipe": step.recipe,
        "prints": step.prints,
    }


def _problem(problem: Problem) -> Json:
    return {
        "code": problem.code,
        "locator": str(problem.locator),
        "message": problem.message,
    }


def _inspected(source: InspectedSource) -> Json:
    return {
        "path": source.path,
        "member": source.member,
        "sha256": source.sha256,
        "bytes": source.size,
        "format": source.format,
        "version": source.version,
        "role": source.role.value,
        "counts": dict(source.counts),
        "cannot_show": list(source.cannot_show),
        "control_totals": dict(source.control_totals),
        "problems": [_problem(problem) for problem in source.problems],
    }
