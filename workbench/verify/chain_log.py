"""Judge hash-chained logs (VERDICTS sections 3 to 6); the work is in ``verify.chain``."""

from workbench.evidence.subject import Subject
from workbench.model.verdict import SubjectVerdict
from workbench.verify.verifier import Bench


class ChainVerifier:
    """Judges logs whose records carry digests of each other."""

    id = "chain"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on one log."""
        from workbench.verify.chain.verdict import judge_log

        return judge_log(subject, bench, _by_search)


def _by_search(subject: Subject, container: str, bench: Bench) -> SubjectVerdict:
    """Judge a log that no profile describes."""
    from workbench.verify.infer.verdict import judge_by_search

    return judge_by_search(subject, container, bench)


VERIFIER = ChainVerifier()
