"""What a head states of a log: how many records, their Merkle root, the last digest."""

from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.subject import Subject
from workbench.model.profile import ChainProfile
from workbench.verify.chain.choose import choose
from workbench.verify.chain.compare import own_at
from workbench.verify.chain.digests import decode
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.partitions import breaks_of, is_parted, part
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
    if not choice.profile.preimage:
        raise SourceError(
            f"{file.display}: how its digests are made is not known, so no head is signed over it.",
            path=file.path,
        )
    if not Engine(choice.profile, choice.secrets).recomputable:
        raise SourceError(
            f"{file.display} is an HMAC chain: give its secret with --secret, so that its digests "
            "can be recomputed before a head is signed over it.",
            path=file.path,
        )
    log = Log(file, container, choice.profile, choice.secrets, choice.path, bench.limits.record)
    records = _unbroken(log, bench)
    if not records:
        raise SourceError(
            f"{file.display} is not one unbroken chain: verify it before a head is signed over it.",
            path=file.path,
        )
    engine = Engine(choice.profile, choice.secrets)
    if is_parted(choice.profile):
        whole, _ = part(log, bench, marks=(records,))
    else:
        whole = survey(log, bench, marks=(records,))
    tip = decode(own_at(whole, engine, records) or "", choice.profile.digest)
    return LogState(choice.profile, records, whole.roots[records], tip)


def _unbroken(log: Log, bench: Bench) -> int:
    """Return how many records a log has in which nothing broke; 0 for any other."""
    if is_parted(log.profile):
        seen, parts = part(log, bench)
        return 0 if breaks_of(parts) or seen.overflow else seen.records
    seen = survey(log, bench)
    whole = len(seen.stretches) == 1 and not seen.stretches[0].problem
    return seen.records if whole else 0
