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
        from workbench.verify.infer.verdict import judge_by_search

        return judge_log(subject, bench, judge_by_search)


VERIFIER = ChainVerifier()
