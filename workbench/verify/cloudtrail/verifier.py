"""Judge a delivery of CloudTrail: digests, log files, and what covers which time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workbench.evidence.subject import Subject
from workbench.model.cloudtrail import name_of
from workbench.model.verdict import SubjectVerdict
from workbench.verify.chain.breaks import MOST_LISTED
from workbench.verify.cloudtrail import outcome, trail
from workbench.verify.cloudtrail.chain import chains_of
from workbench.verify.cloudtrail.logs import hold_logs
from workbench.verify.cloudtrail.outcome import Facts
from workbench.verify.cloudtrail.reading import (
    Beside,
    ReadDigest,
    lies_as_stated,
    metadata_of,
    read_digest,
    read_metadata,
)
from workbench.verify.cloudtrail.signatures import Candidate, Keys, SignedDigest, judge_digest
from workbench.verify.judge import unprotected
from workbench.verify.listing import listing_digest
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class CloudTrailVerifier:
    """Judges what was copied out of a trail's bucket."""

    id: str = "cloudtrail"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on a delivery.

        Steps: 1 read every digest; 2 judge its signatures, its own and the one in the next digest;
        3 follow each chain; 4 hash every log file once and hold it against the digests.
        """
        if not subject.anchors:
            verdict = unprotected(subject, bench)
            note = "No digest lies here: CloudTrail makes them when log file validation is on."
            return replace(verdict, notes=(*verdict.notes, note))
        reads = list(_each_once(read_digest(file, bench) for file in subject.anchors))
        beside = list(read_metadata(subject.signatures))
        signed = _signed(reads, beside, Keys(bench.trust))
        chains = chains_of(list(zip(reads, signed, strict=True)))
        anchors = set(subject.anchors)
        logs = [file for file in subject.files if file not in anchors]
        facts = Facts(
            subject,
            tuple(reads),
            tuple(chains),
            hold_logs(logs, chains, bench),
            tuple(_without_digest(reads, beside)),
            len(logs),
            bench.trust,
            bench.expectation.period,
        )
        return _assembled(facts, listing_digest(subject, bench))


def _each_once(reads: Iterable[ReadDigest]) -> Iterator[ReadDigest]:
    """Yield digests, and of copies of one, packed and unpacked, the first that lies in place."""
    seen: set[tuple[str, str]] = set()
    for read in sorted(reads, key=lambda read: not lies_as_stated(read)):
        same = (name_of(read.place), read.sha256)
        if not read.sha256 or same not in seen:
            seen.add(same)
            yield read


def _signed(
    reads: Sequence[ReadDigest], beside: Sequence[Beside], keys: Keys
) -> list[SignedDigest]:
    """Judge every digest by the signature beside it, and by those in the digests after it."""
    by_name: dict[str, list[Beside]] = defaultdict(list)
    for one in beside:
        by_name[_stem(one.file.name)].append(one)
    carried: dict[str, list[Candidate]] = defaultdict(list)
    for read in reads:
        previous = read.digest.previous if read.digest else None
        if previous is not None:
            source = f"the next digest, {read.place.rpartition('/')[2]}"
            carried[previous.key].append(Candidate(previous.signature, source, own=False))
    return [_judged(read, by_name, carried, keys) for read in reads]


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _judged(
    read: ReadDigest,
    beside: dict[str, list[Beside]],
    carried: dict[str, list[Candidate]],
    keys: Keys,
) -> SignedDigest:
    digest = read.digest
    if digest is None:
        return SignedDigest((), read.problem)
    named = metadata_of(digest.key, beside.get(_stem(digest.key.rpartition("/")[2]), ()))
    beside_it = "the metadata beside it"
    own = [Candidate(b.metadata.signature, beside_it, own=True, metadata=b.metadata) for b in named]
    next_ones = list({one.text: one for one in carried.get(digest.key, ())}.values())
    return judge_digest(digest, read.sha256, [*own, *next_ones], keys)


def _without_digest(reads: Sequence[ReadDigest], beside: Sequence[Beside]) -> Iterator[Beside]:
    """Yield the signatures whose digest was not handed over."""
    names = {_stem(r.digest.key.rpartition("/")[2]) for r in reads if r.digest}
    names |= {_stem(read.place.rpartition("/")[2]) for read in reads}
    yield from (one for one in beside if _stem(one.file.name) not in names)


def _assembled(facts: Facts, digest: str) -> SubjectVerdict:
    return SubjectVerdict(
        integrity=outcome.integrity(facts),
        authenticity=outcome.authenticity(facts),
        completeness=outcome.completeness(facts),
        time=outcome.time(facts),
        records=len(facts.reads),
        not_covered=tuple(facts.logs.doubtful),
        assurance=tuple(outcome.assurance(facts)),
        diagnoses=tuple(islice(outcome.diagnoses(facts), MOST_LISTED)),
        signatures=tuple(outcome.signatures(facts)),
        steps=tuple(trail.steps(facts, digest)),
        sha256=digest,
        notes=tuple(trail.notes(facts)),
    )


VERIFIER = CloudTrailVerifier()
