"""Judge a log that no profile describes, by the recipe that is found in it."""

from dataclasses import replace

from workbench.evidence.file import read_range
from workbench.evidence.subject import Subject
from workbench.model.verdict import DiagnosisClass, SubjectVerdict
from workbench.verify.chain.unknown import judge_unknown
from workbench.verify.chain.verdict import judged
from workbench.verify.infer.log import IN_PASSING, Inference, infer
from workbench.verify.infer.rows import rows_of, style_features
from workbench.verify.infer.words import found_by_search, not_found
from workbench.verify.verifier import Bench

#: Of an altered record no more is read to see what it has.
MOST_READ = 1024 * 1024
#: How it is told that a digest is not reproduced, where links are stored and where they are not.
_NOT_REPRODUCED = {
    True: {DiagnosisClass.RECORD_ALTERED},
    False: {DiagnosisClass.RECORD_ALTERED, DiagnosisClass.LINK_BROKEN},
}


def judge_by_search(subject: Subject, container: str, bench: Bench) -> SubjectVerdict:
    """Return the verdict by a recipe that is searched for in the log itself.

    It is taken only where it explains nearly all records, and nothing sets the others apart; what
    it says is then PROFILE_INFERRED (VERDICTS section 3).

    Raises:
        JsonError: a JSON document cannot be read.
        SourceError: the file cannot be read.
        Cancelled: the user stopped it.
    """
    if bench.expectation.profile is not None:
        return judge_unknown(subject, bench)  # the auditor says by which recipe
    inference = infer(subject.files[0], container, bench, budget=IN_PASSING)
    if inference.choice is None or not inference.explains:
        return not_found(judge_unknown(subject, bench), inference)
    verdict = judged(subject, container, inference.choice, bench)
    odd = _odd(verdict, subject, inference)
    altered = [d for d in verdict.diagnoses if d.kind in _not_reproduced(inference)]
    if odd and len(odd) == len(altered):
        beyond = frozenset().union(*odd.values())
        return not_found(judge_unknown(subject, bench), inference, beyond=beyond)
    kept = tuple(d for d in verdict.diagnoses if d.record not in odd)
    return found_by_search(replace(verdict, diagnoses=kept), inference, odd=odd)


def _not_reproduced(inference: Inference) -> set[DiagnosisClass]:
    profile = inference.profile
    return _NOT_REPRODUCED[profile is not None and profile.fields.previous is not None]


def _odd(
    verdict: SubjectVerdict, subject: Subject, inference: Inference
) -> dict[int, frozenset[str]]:
    """Return which altered records have what none had on which the recipe was found.

    The recipe may not know how to write them.
    """
    layout = inference.profile.container if inference.profile else None
    previous = inference.profile.fields.previous if inference.profile else None
    found = {}
    for diagnosis in verdict.diagnoses:
        place, record = diagnosis.offset, diagnosis.record
        if diagnosis.kind not in _not_reproduced(inference) or place is None or record is None:
            continue
        data = read_range(subject.files[0], place, MOST_READ)
        rows = rows_of([data.split(b"\n", 1)[0].rstrip(b"\r")], layout)
        beyond = (
            style_features(rows[0], previous=previous) - inference.explained
            if rows
            else frozenset()
        )
        if beyond:
            found[record] = beyond
    return found
