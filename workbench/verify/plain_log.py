"""Judge a log that nothing protects, as far as is known here."""

from dataclasses import dataclass, replace

from workbench.evidence.file import read_range
from workbench.evidence.own_digest import own_digest_of_lines
from workbench.evidence.subject import Subject
from workbench.model.verdict import SubjectVerdict
from workbench.verify.verifier import Bench

#: How much of a log is looked at.
_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class PlainLogVerifier:
    """Says that a log is unprotected, and how more may be found out of it."""

    id: str = "log"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on one log."""
        from workbench.verify.judge import unprotected

        verdict = unprotected(subject, bench)
        whole_lines = read_range(subject.files[0], 0, _HEAD).rpartition(b"\n")[0].split(b"\n")
        name = own_digest_of_lines(line for line in whole_lines if line.strip())
        if name is None:
            return verdict
        note = (
            f"Its first records have a value in {name} that may be a digest of each, and name no "
            "other record. Whether they are chained, `workbench profile infer` may find out."
        )
        return replace(verdict, notes=(*verdict.notes, note))


VERIFIER = PlainLogVerifier()
