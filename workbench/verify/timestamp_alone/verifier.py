"""Judge a time stamp whose file does not lie here: it may not have been handed over."""

from dataclasses import dataclass, replace

from workbench.evidence.file import read_whole
from workbench.evidence.subject import Subject
from workbench.model.verdict import Code, SubjectVerdict, indeterminate
from workbench.verify.timestamp.stamps import TOKEN_BYTES
from workbench.verify.timestamp.token import Token, read_token
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class LoneTimestampVerifier:
    """Says what a token states, and that nothing here is what it is over."""

    id: str = "timestamp"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on one token without its file."""
        from workbench.verify.judge import unprotected

        token = read_token(read_whole(subject.files[0], limit=TOKEN_BYTES))
        verdict = unprotected(subject, bench)
        if not isinstance(token, Token):
            bad = indeterminate(Code.MALFORMED_SOURCE)
            return replace(verdict, integrity=bad, notes=(token.message,))
        note = (
            f"It states that something with the {token.imprint_algorithm} digest "
            f"{token.imprint.hex()} existed at {token.time:%Y-%m-%d %H:%M:%S} UTC; nothing that "
            "lies with it has this digest."
        )
        missing = indeterminate(Code.NOT_RECOMPUTABLE)
        return replace(verdict, integrity=missing, notes=(*verdict.notes, note))


VERIFIER = LoneTimestampVerifier()
