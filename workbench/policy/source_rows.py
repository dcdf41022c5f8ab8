"""Rows of sources: what verification found about each subject of the case."""

from collections.abc import Sequence

from workbench.formats.sniff import catalog_reader
from workbench.model.locator import Locator
from workbench.model.policy import Footing, Row, Value
from workbench.model.source import Role
from workbench.model.verdict import Code, Dimension, DimensionVerdict, Indication, SubjectVerdict
from workbench.model.verification import SourceVerdict
from workbench.policy.facts import CaseFacts

_KINDS = {
    **dict.fromkeys(("chain", "log", "auditd", "cloudtrail-events", "kubernetes-audit"), "log"),
    **dict.fromkeys(("ocsf", "github-audit"), "log"),
    **dict.fromkeys(("model", "oms"), "model"),
}
_UNVERIFIED = "It was added after the last verification, or never verified: verify the case."
#: What is known only once a source was judged.
_JUDGED = ("protected", "intact", "signed", "records", "integrity_code", *map(str, Dimension))


def sources(facts: CaseFacts) -> Sequence[Row] | None:
    """Return each subject; one that was not judged, or is judged no more, is undecided."""
    return [
        _source(facts, number, source)
        for number, source in facts.verdicts.items()
        if source.role is Role.SUBJECT
    ] or None


def _source(facts: CaseFacts, number: int, source: SourceVerdict) -> Row:
    said: dict[str, Value] = {
        "path": source.path,
        "format": source.format,
        "kind": _kind(source.format),
    }
    silent: dict[str, str] = {}
    if source.verdict is None:
        silent = dict.fromkeys(_JUDGED, _UNVERIFIED)
        if said["kind"] == "catalog":
            said["protected"] = False
    else:
        said |= _of_verdict(source.verdict)
        silent = _why(source.verdict)
        if facts.stale:
            _hold_back(said, silent, source.verdict, facts.stale)
    place = facts.reference(number, Locator(source.path, source.member))
    return Row(source.path, said, (place,), silent, footing=Footing.VERDICT)


def _kind(format_id: str) -> str:
    if format_id in _KINDS:
        return _KINDS[format_id]
    return "catalog" if catalog_reader(format_id) is not None else "other"


def _hold_back(
    said: dict[str, Value], silent: dict[str, str], verdict: SubjectVerdict, stale: str
) -> None:
    """Leave of an old verdict what FAILED: the rest may be another today."""
    for name, part in (("intact", verdict.integrity), ("signed", verdict.authenticity)):
        if part.indication is not Indication.FAILED:
            said[name], silent[name] = None, stale


def _is_protected(verdict: SubjectVerdict) -> bool:
    part = verdict.integrity
    failed = part.indication is Indication.FAILED
    return failed or Code.UNPROTECTED not in {part.code, *part.codes}


def _of_verdict(verdict: SubjectVerdict) -> dict[str, Value]:
    said: dict[str, Value] = {d.value: verdict.dimension(d).indication.value for d in Dimension}
    said |= {
        "protected": _is_protected(verdict),
        "integrity_code": verdict.integrity.code or "",
        "records": verdict.records,
        "intact": _answer(verdict.integrity),
        "signed": _answer(verdict.authenticity),
    }
    if verdict.authenticity.code == Code.NO_SIGNATURE:
        said["signed"] = False
    return said


def _answer(part: DimensionVerdict) -> bool | None:
    """Return yes or no; INDETERMINATE is neither."""
    if part.indication is Indication.INDETERMINATE:
        return None
    return part.indication is Indication.PASSED


def _why(verdict: SubjectVerdict) -> dict[str, str]:
    """Say why a dimension answers neither yes nor no."""
    parts = {"intact": verdict.integrity, "signed": verdict.authenticity}
    return {
        name: f"{dimension} is {part.indication.value}: {part.code}."
        for (name, part), dimension in zip(
            parts.items(), ("Integrity", "Authenticity"), strict=True
        )
    }
