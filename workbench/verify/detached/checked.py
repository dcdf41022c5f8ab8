"""What was found about one detached signature."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workbench.evidence.file import EvidenceFile
from workbench.model.trust import Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict, Step
from workbench.verify.content import Content
from workbench.verify.keys.life import Limit, limit_of


@dataclass(frozen=True, slots=True)
class Question:
    """A signature file and what it is over.

    Attributes:
        file: the signature file.
        data: its bytes.
        over: the file that it is over.
        content: the bytes of that file.
        role: what a trusted key has to be trusted for.
        trust: whom the auditor trusts, and when the signature is proven to have existed.
        number: number of the signature among those of one subject, from 1.
    """

    file: EvidenceFile
    data: bytes
    over: EvidenceFile
    content: Content
    role: TrustRole
    trust: Trust
    number: int = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """What one detached signature is worth.

    Attributes:
        over: the file that it is over.
        verdict: what it is worth.
        identity: fingerprint of the trusted key, where it counts, or "".
        holds: whether it is by its key over exactly these bytes; None: that was not decided.
        again: checks it over other bytes, to find an innocent cause; None: nothing to try.
        enough: whether it alone meets what the auditor asks for, as a witnessed head may.
        witnesses: cosignatures of trusted witnesses, where there are enough.
        notes: sentences for the auditor.
        steps: what was done.
        file: the signature file, or None.
    """

    over: EvidenceFile
    verdict: SignatureVerdict
    identity: str = ""
    holds: bool | None = None
    again: Callable[[Content], bool] | None = None
    enough: bool = False
    witnesses: tuple[SignatureVerdict, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=())
    file: EvidenceFile | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What a signature is worth by one of the auditor's keys: a code, or None where it is good."""

    anchor: TrustAnchor
    code: str | None
    why: str = ""

    @property
    def indication(self) -> Indication:
        """Return PASSED for a good one, FAILED for one that does not verify."""
        if self.code is None:
            return Indication.PASSED
        bad = self.code == Code.SIG_CRYPTO_FAILURE
        return Indication.FAILED if bad else Indication.INDETERMINATE


def worth_of(
    anchor: TrustAnchor,
    role: TrustRole,
    trust: Trust,
    *,
    holds: bool,
    limit: Limit | None = None,
) -> Worth:
    """Return what a signature by a trusted key is worth (VERDICTS 2).

    Args:
        anchor: the key.
        role: what it has to be trusted for.
        trust: whom the auditor trusts, and when the signature is proven to have existed.
        holds: whether it verifies.
        limit: code and sentence where the key may not sign this, as its trust file says.
    """
    if not holds:
        return Worth(anchor, Code.SIG_CRYPTO_FAILURE)
    if not anchor.serves(role):
        return Worth(anchor, Code.ROLE_MISMATCH)
    limit = limit or limit_of(anchor, trust)
    if limit is not None:
        return Worth(anchor, *limit)
    return Worth(anchor, None if anchor.counts else Code.SELF_SUPPLIED_KEY)


def best_of(found: Iterable[Worth]) -> Worth | None:
    """Return the best of what one signature is worth by several entries for its key."""

    def goodness(worth: Worth) -> tuple[int, bool]:
        return worth.indication.severity, worth.code != Code.SELF_SUPPLIED_KEY

    return min(found, key=goodness, default=None)


def covers(question: Question, form: str) -> str:
    """Return in words what a signature is over."""
    return f"{question.over.name}, {question.over.size:,} bytes; {form} in {question.file.name}"


def malformed(question: Question, form: str, why: str) -> Checked:
    """Return what is left to say of a signature file that cannot be read as one."""
    verdict = SignatureVerdict(
        Indication.FAILED, Code.FORMAT_FAILURE, covers=covers(question, form)
    )
    note = f"{question.file.display} is no signature that can be read: {why}"
    step = Step("", f"Read {question.file.display}.", why, _NO_COMMAND)
    return Checked(question.over, verdict, notes=(note,), steps=(step,))


def not_known(question: Question, form: str, code: str, why: str) -> Checked:
    """Return what is left to say of a signature that may be a good one, and is not read here."""
    verdict = SignatureVerdict(Indication.INDETERMINATE, code, covers=covers(question, form))
    note = f"{question.file.display}: {why}"
    step = Step("", f"Read {question.file.display}.", why, _NOT_READ)
    return Checked(question.over, verdict, notes=(note,), steps=(step,))


_NOT_READ = "# No command: nothing was verified."
_NO_COMMAND = "# No command: what is not a signature has nothing to compare."


def verdict_by(
    worth: Worth | None, *, unknown: str, covered: str, proven: datetime | None = None
) -> SignatureVerdict:
    """Return the verdict on a signature; ``unknown`` names its signer where nobody vouches."""
    if worth is None:
        return SignatureVerdict(
            Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR, signer=unknown, covers=covered
        )
    return SignatureVerdict(
        worth.indication,
        worth.code,
        signer=worth.anchor.name,
        fingerprint=worth.anchor.fingerprint,
        trusted_by=worth.anchor.name,
        time=proven if worth.indication is Indication.PASSED else None,
        covers=covered,
    )


def identity_of(worth: Worth | None) -> str:
    """Return the fingerprint of the key by which a signature is good, or ""."""
    good = worth is not None and worth.indication is Indication.PASSED
    return worth.anchor.key_fingerprint if good and worth is not None else ""


def reasons(worths: Sequence[Worth | None]) -> tuple[str, ...]:
    """Return the sentences that say why a key may not sign what it signed."""
    return tuple(worth.why for worth in worths if worth is not None and worth.why)
