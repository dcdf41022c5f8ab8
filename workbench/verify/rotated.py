"""A log that goes on where another file of the drop ends was rotated, as far as one can tell."""

from collections.abc import Iterable
from dataclasses import replace

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_range
from workbench.evidence.subject import Subject
from workbench.model.expectation import Expectation
from workbench.model.verdict import Code, DiagnosisClass, SubjectVerdict, indeterminate

#: The last two records of a file are looked for in so many bytes at its end.
_END = 64 * 1024


def with_file_before(
    verdict: SubjectVerdict, subject: Subject, others: Iterable[EvidenceFile], stated: Expectation
) -> SubjectVerdict:
    """Name the file that ends with what the first record continues, if there is one.

    Then a first number other than the declared one is no contradiction: Completeness is open, if
    neither an anchor nor the auditor says how the log begins, and nothing else is wrong with it.
    """
    cut = [d for d in verdict.diagnoses if d.kind == DiagnosisClass.HEAD_TRUNCATED and d.stored]
    if not cut:
        return verdict
    files = (file for file in others if file not in subject.files)
    before = next((file for file in files if _ends_with(file, cut[0].stored)), None)
    if before is None:
        return verdict
    note = f"{before.display} ends with the digest that the first record here continues."
    verdict = replace(verdict, notes=(*verdict.notes, note))
    said = bool(subject.anchors) or replace(stated, profile=None) != Expectation()
    if said or len(verdict.diagnoses) != 1:
        return verdict
    return replace(verdict, completeness=indeterminate(Code.HEAD_UNKNOWN))


def _ends_with(file: EvidenceFile, digest: str) -> bool:
    """Tell whether the last line holds a digest that the one before has not: it is no link."""
    try:
        end = read_range(file, max(0, file.size - _END), _END)
    except SourceError:
        return False
    *_, link, last = b"", b"", *end.rstrip().split(b"\n")
    return bool(link) and digest.encode() in last and digest.encode() not in link
