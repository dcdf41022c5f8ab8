"""What a head states of a log: how many records, their Merkle root, the last digest."""

from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.subject import Subject
from workbench.model.profile import ChainProfile
from workbench.verify.chain.choose import choose
from workbench.verify.chain.engine import Engine, decode
from workbench.verify.chain.survey import Log, survey
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class LogState:
    """A log as it is now.

    Attributes:
        profile: its recipe.
        records: how many.
        root: RFC 6962 root over the raw bytes of its records.
        tip: the digest that the last record stores.
    """

    profile: ChainProfile
    records: int
    root: bytes
    tip: bytes


def state_of(subject: Subject, bench: Bench) -> LogState:
    """Return the state of a log whose every digest and link was recomputed here.

    Raises:
        SourceError: no recipe fits, there are no records, or one of them does not hold: who
            signed a head over that would vouch for the break.
    """
    file, container = subject.files[0], subject.container or "jsonl"
    choice = choose(file, container, bench)
    if choice is None:
        raise SourceError(f"{file.display}: no known profile fits its records.", path=file.path)
    if not Engine(choice.profile, choice.secrets).recomputable:
        raise SourceError(
            f"{file.display} is an HMAC chain: give its secret with --secret, so that its digests "
            "can be recomputed before a head is signed over it.",
            path=file.path,
        )
    log = Log(file, container, choice.profile, choice.secrets, choice.path, bench.limits.record)
    seen = survey(log, bench)
    if len(seen.stretches) != 1 or seen.stretches[0].problem or not seen.records:
        raise SourceError(
            f"{file.display} is not one unbroken chain: verify it before a head is signed over it.",
            path=file.path,
        )
    tip = seen.stretches[0].tail.own or ""
    root = survey(log, bench, marks=(seen.records,)).roots[seen.records]
    return LogState(choice.profile, seen.records, root, decode(tip, choice.profile.digest))
