"""What is claimed about a log from outside its records, and whether the log agrees.

A claim is a signed head, the manifest of a bundle, or what the auditor states. It says how many
records there are, which RFC 6962 root they have, which digest the last of them has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.evidence.archive_kind import is_called, lies_in
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.subject import Subject
from workbench.model.profile import ChainProfile
from workbench.model.verdict import Code, SignatureVerdict
from workbench.verify.chain.digests import encode
from workbench.verify.timestamp.stamps import JudgedStamp, judged_stamps, trust_over
from workbench.verify.verifier import Bench

if TYPE_CHECKING:  # what reads a head is loaded by the first one: a log may have none
    from workbench.verify.heads.head import Head

HEAD_BYTES = MIB

#: Number of the first record, number of the last one, previous digest of the first.
Edges = tuple[int | None, int | None, str | None]


def named(file: EvidenceFile) -> str:
    """Return how the claim of a head's file calls its source."""
    return f"the head {file.display}"


class Standing(StrEnum):
    """What a claim is worth."""

    TRUSTED = "signed by whom the auditor trusts"
    STATED = "stated by the auditor"
    INTERNAL = "stated by the evidence itself"
    LISTED = "without effect"


class Agreement(StrEnum):
    """Whether the log agrees with a claim."""

    AGREES = "agrees"
    DISAGREES = "does not agree"
    BEYOND = "speaks of more records than there are"
    UNUSABLE = "cannot be used"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    Attributes:
        source: where it comes from, for people.
        standing: what it is worth.
        size: how many records, or None.
        root: RFC 6962 root over them, or None.
        head: digest of record ``size`` (None: of the last one) as the log writes it, or None.
        signatures: what its signatures are worth.
        witnesses: those of witnesses, where enough of them are trusted.
        doubt: why it covers nothing although it may be signed, or "".
        doubt_code: the code for that.
        agreement: set once the log is known.
        broken: code where its own protection fails, as a manifest whose signature is wrong.
        exact: whether ``size`` is the whole log, not only the log up to there.
        head_in_place: whether the record at ``size`` stores ``head``.
        miscounted: whether numbers that it states are not those of the log.
        edges: numbers of the first and last record, and the previous digest of the first, as far
            as they are claimed.
        origin: name of the log that it is about, or "".
        fits: whether its origin or profile, or the auditor, says that it is about this log.
        foreign: whether it is about another log, as far as its origin tells.
        stamps: time-stamp tokens over it.
    """

    source: str
    standing: Standing
    size: int | None = None
    root: bytes | None = None
    head: str | None = None
    signatures: tuple[SignatureVerdict, ...] = ()
    witnesses: tuple[SignatureVerdict, ...] = ()
    doubt: str = ""
    doubt_code: str = ""
    agreement: Agreement = Agreement.UNUSABLE
    broken: str = ""
    exact: bool = False
    head_in_place: bool = False
    miscounted: bool = False
    edges: Edges = (None, None, None)
    origin: str = ""
    fits: bool = True
    foreign: bool = False
    stamps: tuple[JudgedStamp, ...] = ()

    @property
    def binding(self) -> bool:
        """Tell whether a disagreement with it counts."""
        return self.standing is not Standing.LISTED and not self.broken and not self.foreign

    @property
    def covers(self) -> bool:
        """Tell whether it is by someone other than the evidence, and the log agrees."""
        outside = self.standing in {Standing.TRUSTED, Standing.STATED}
        return outside and self.agreement is Agreement.AGREES and not self.doubt


@dataclass(frozen=True, slots=True)
class UnreadableHead:
    """A paired anchor that is no head, and why."""

    source: str
    reason: str


def heads_of(
    subject: Subject, profile: ChainProfile | None, bench: Bench
) -> Iterator[Claim | UnreadableHead]:
    """Yield what each paired anchor claims; None as ``profile``: the recipe is unknown."""
    if not subject.anchors:
        return
    from workbench.verify.heads.head import HeadProblem, judge_head, read_head, witnesses_of

    for file in subject.anchors:
        try:
            head = read_head(read_whole(file, limit=HEAD_BYTES))
        except SourceError as error:
            yield UnreadableHead(file.display, error.message)
            continue
        if isinstance(head, HeadProblem):
            yield UnreadableHead(file.display, head.message)
            continue
        signatures = judge_head(head, trust_over(file, subject, bench))
        known = None if profile is None else profile.sha256
        other = head.profile is not None and known is not None and head.profile[1] != known
        same = head.profile is not None and head.profile[1] == known
        yield Claim(
            named(file),
            standing_of(signatures, bench.trust.threshold),
            head.size,
            head.root,
            None if head.chain_head is None else _as_written(head.chain_head[1], profile),
            signatures,
            witnesses_of(signatures, bench.trust.threshold),
            "it names another profile file than the one used here" if other else "",
            Code.UNKNOWN_PROFILE if other else "",
            origin=head.origin,
            fits=same or file in subject.said or _names(head.origin, subject.files[0]),
            stamps=tuple(judged_stamps(subject, bench, over=(file,))),
        )


def _as_written(digest: bytes, profile: ChainProfile | None) -> str:
    """Return a digest as the log writes it, or in hex where the recipe is unknown."""
    return encode(digest) if profile is None else encode(digest, profile.digest)


def _names(origin: str, log: EvidenceFile) -> bool:
    """Tell whether the last part of an origin is the name of a log or of its folder."""
    last = origin.rstrip("/").rpartition("/")[2]
    return bool(last) and (is_called(log, last) or lies_in(log, last))


def trusted_heads(subject: Subject, bench: Bench) -> "list[Head]":
    """Return the heads among anchors that are signed by whom the auditor trusts."""
    if not subject.anchors:
        return []
    from workbench.verify.heads.head import HeadProblem, judge_head, read_head

    found = []
    for file in subject.anchors:
        try:
            head = read_head(read_whole(file, limit=HEAD_BYTES))
        except SourceError:
            continue  # told by ``heads_of``
        if isinstance(head, HeadProblem):
            continue
        signatures = judge_head(head, trust_over(file, subject, bench))
        if standing_of(signatures, bench.trust.threshold) is Standing.TRUSTED:
            found.append(head)
    return found


def standing_of(signatures: Iterable[SignatureVerdict], threshold: int) -> Standing:
    """Return TRUSTED for a head by the log, and by as many trusted keys as are asked for."""
    from workbench.verify.heads.head import is_trusted

    return Standing.TRUSTED if is_trusted(signatures, threshold) else Standing.LISTED


def stated_by_auditor(bench: Bench, profile: ChainProfile) -> Iterator[Claim]:
    """Yield what the auditor states: a count, the digest of the last record, or both."""
    stated = bench.expectation
    if stated.count is None and stated.head is None:
        return
    head = None
    if stated.head is not None:
        bare = stated.head.strip().removeprefix(profile.digest.prefix)
        hexadecimal = profile.digest.encoding != "base64"
        upper = profile.digest.encoding == "upper-hex"
        cased = (bare.upper() if upper else bare.lower()) if hexadecimal else bare
        head = profile.digest.prefix + cased
    yield Claim(
        "the auditor",
        Standing.STATED,
        stated.count,
        head=head,
        exact=stated.count is not None,
    )


def marks_of(claims: Iterable[Claim]) -> tuple[int, ...]:
    """Return the sizes at which a root is needed."""
    return tuple(c.size for c in claims if c.root is not None and c.size is not None)
