"""Judge a log that no profile describes, by the recipe that is found in it."""

from workbench.evidence.subject import Subject
from workbench.model.verdict import SubjectVerdict
from workbench.verify.chain.unknown import judge_unknown
from workbench.verify.chain.verdict import judged
from workbench.verify.infer.log import IN_PASSING, infer
from workbench.verify.infer.words import found_by_search, not_found
from workbench.verify.verifier import Bench


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
    return found_by_search(judged(subject, container, inference.choice, bench), inference)
