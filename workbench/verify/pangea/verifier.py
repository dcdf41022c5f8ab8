"""The verdict on an export of the Pangea Secure Audit Log."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.evidence.file import sha256_of
from workbench.evidence.subject import Subject
from workbench.model.trust import Trust
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.pangea import trail
from workbench.verify.pangea.events import Event, Root, events_of, root_file
from workbench.verify.pangea.found import Judged, Roots
from workbench.verify.pangea.proofs import (
    canonical,
    climb,
    digest_in,
    previous_root,
    read_membership,
    stands_at,
)
from workbench.verify.pangea.signers import Keys
from workbench.verify.timestamp.stamps import trust_over
from workbench.verify.verifier import Bench

#: So many diagnoses are written out; the rest is counted.
MOST = 1000
_NOT_COVERED = ("leaf_index", "published", "membership_proof")


@dataclass(frozen=True, slots=True)
class PangeaVerifier:
    """Judges events by their hashes, signatures and proofs."""

    id: str = "pangea"

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict on an export.

        Steps: 1 read the events and the roots; 2 hash each envelope; 3 climb from each hash to
        its root; 4 check the consistency proof of each root; 5 verify each signature.
        """
        file = subject.files[0]
        events = events_of(file, subject.container)
        given, lying = _roots_beside(subject)
        roots = _roots(events, given, lying)
        keys = Keys(trust_over(file, subject, bench))
        judged = []
        for event in events:
            bench.cancel.check()
            judged.append(_judge(event, roots, keys))
        told = tuple(_diagnoses(judged))
        digest = sha256_of(file, cancel=bench.cancel)
        return SubjectVerdict(
            integrity=worst(_integrity(judged, roots), empty=Code.NO_RECORDS),
            authenticity=worst(_authenticity(judged, bench.trust), empty=Code.NO_SIGNATURE),
            completeness=indeterminate(Code.NO_ANCHOR),
            time=indeterminate(Code.NO_TRUSTED_TIME),
            records=len(events),
            not_covered=_NOT_COVERED,
            assurance=tuple(_assurance(judged)),
            diagnoses=told,
            signatures=tuple(keys.verdicts()),
            steps=tuple(trail.steps(subject, judged, roots, digest)),
            sha256=digest,
            notes=tuple(_notes(judged, roots)),
        )


def _roots_beside(subject: Subject) -> tuple[list[Root], list[Root]]:
    found = [(file in subject.said, root_file(file)) for file in subject.anchors]
    given = [root for said, root in found if said and root]
    return given, [root for said, root in found if not said and root]


def _roots(events: Sequence[Event], given: list[Root], lying: list[Root]) -> Roots:
    own = {(e.root.size, e.root.hash): e.root for e in events if e.root is not None}
    against = [r for r in own.values() if _contradicts(r, _by_place(given))]
    every = _by_place([*given, *own.values()])
    stated = [r for r in own.values() if r.consistency]
    older = {r.size: previous_root(r.consistency, r.hash) for r in stated}
    wrong = [
        r
        for r in stated
        if (before := older[r.size]) is None
        or _contradicts(replace(r, size=r.size - 1, hash=before), every)
    ]
    bad = tuple(r.size for r in wrong)
    good = tuple(r.size for r in stated if r.size not in bad)
    return Roots(tuple(given), tuple(lying), tuple(against), good, bad)


def _by_place(roots: Sequence[Root]) -> dict[tuple[int, str], set[bytes]]:
    found: dict[tuple[int, str], set[bytes]] = {}
    for root in roots:
        found.setdefault((root.size, root.tree), set()).add(root.hash)
    return found


def _contradicts(root: Root, others: dict[tuple[int, str], set[bytes]]) -> bool:
    return bool(others.get((root.size, root.tree), set()) - {root.hash})


def _judge(event: Event, roots: Roots, keys: Keys) -> Judged:
    envelope = event.value.get("envelope")
    if event.problem or not isinstance(envelope, dict):
        return Judged(event, None, None)
    text = canonical(envelope)
    made = None if text is None else hashlib.sha256(text).digest()
    stored = digest_in(event.value.get("hash"))
    root = _root_of(event, roots)
    signature, holds = keys.judge(envelope) or (None, None)
    return Judged(
        event,
        stored,
        made,
        rooted=root is not None,
        member=None if root is None else _member(event, root, made),
        anchored=root is not None and roots.is_given(root),
        signature=signature,
        signed_as_is=holds,
    )


def _root_of(event: Event, roots: Roots) -> Root | None:
    """Return the root of an event: its own, else the only one that was handed over."""
    if event.root is not None:
        return event.root
    others = {(r.size, r.hash): r for r in (*roots.lying, *roots.given)}
    return next(iter(others.values())) if len(others) == 1 else None


def _member(event: Event, root: Root, made: bytes | None) -> bool | None:
    """Tell whether an event stands under a root, and where it says; None without proof or place.

    Nodes are hashed without prefixes, so that a way up proves nothing without its place.
    """
    if event.value.get("membership_proof") is None:
        return None
    turns = read_membership(event.value["membership_proof"])
    index = event.value.get("leaf_index")
    if turns is None or made is None or climb(made, turns) != root.hash:
        return False
    if index is None:
        return None
    known = isinstance(index, int) and not isinstance(index, bool)
    return known and isinstance(index, int) and stands_at(turns, index, root.size)


def _diagnoses(judged: Sequence[Judged]) -> Iterator[Diagnosis]:
    members = [one.member for one in judged]
    lone = not any(members)  # then the root may as well be the one that is wrong
    seen: set[bytes] = set()
    again = {one.event.number for one in judged if one.made and _is_again(one.made, seen)}
    bad = [
        one
        for one in judged
        if not one.reproduced or (one.member is False and not lone) or one.event.number in again
    ]
    for one in bad[:MOST]:
        kind = DiagnosisClass.RECORD_REWRITTEN
        if one.stored is None or one.made is None:
            kind = DiagnosisClass.MALFORMED_RECORD
        elif not one.reproduced:
            kind = DiagnosisClass.RECORD_ALTERED
        elif one.event.number in again:
            kind = DiagnosisClass.RECORD_DUPLICATED
        yield Diagnosis(
            kind,
            record=one.event.number,
            count=1,
            offset=one.event.offset,
            stored=one.stored.hex() if one.stored else "",
            recomputed=one.made.hex() if one.made else "",
        )


def _is_again(made: bytes, seen: set[bytes]) -> bool:
    """Tell whether an event was there before; it is remembered."""
    before = len(seen)
    seen.add(made)
    return len(seen) == before


def _integrity(judged: Sequence[Judged], roots: Roots) -> Iterator[DimensionVerdict]:
    for kind in dict.fromkeys(d.kind for d in _diagnoses(judged)):
        yield failed(kind)
    lone = any(one.member is False and one.reproduced for one in judged)
    if lone or roots.contradicted or roots.unproven:
        yield failed(Code.HASH_FAILURE)
    if any(one.signed_as_is is False for one in judged):
        yield failed(Code.SIG_CRYPTO_FAILURE)
    for one in judged:
        if one.reproduced and one.member is not False:
            yield _of_one(one, proven=any(other.member for other in judged))


def _of_one(one: Judged, *, proven: bool) -> DimensionVerdict:
    """Return what holds of an event with its own hash: a proof that is lost proves nothing."""
    if one.member:
        return passed(Code.ANCHORED if one.anchored else Code.SELF_CONSISTENT)
    if one.event.value.get("membership_proof") is not None:
        return indeterminate(Code.NOT_RECOMPUTABLE)
    asked = proven or one.rooted
    return indeterminate(Code.NOT_COVERED) if asked else passed(Code.SELF_CONSISTENT)


def _authenticity(judged: Sequence[Judged], trust: Trust) -> Iterator[DimensionVerdict]:
    signers = set()
    for one in judged:
        if one.signature is None:
            yield indeterminate(Code.NO_SIGNATURE)
        elif one.signature.indication is Indication.PASSED:
            signers.add(one.signature.fingerprint)
            yield passed(one.signature.signer)
        else:
            yield DimensionVerdict(one.signature.indication, one.signature.code)
    if signers and len(signers) < trust.threshold:
        yield indeterminate(Code.TOO_FEW_SIGNERS)


def _assurance(judged: Sequence[Judged]) -> Iterator[AssuranceRange]:
    last: AssuranceRange | None = None
    for one in judged:
        number = one.event.number
        sound = one.reproduced and one.member is not False and one.signed_as_is is not False
        flags = {AssuranceFlag.CONSISTENT} if sound else set()
        if sound and one.signature and one.signature.indication is Indication.PASSED:
            flags.add(AssuranceFlag.SIGNED)
        if last is not None and last.flags == flags:
            last = replace(last, last=number)
            continue
        if last is not None:
            yield last
        last = AssuranceRange(number, number, frozenset(flags))
    if last is not None:
        yield last


def _notes(judged: Sequence[Judged], roots: Roots) -> Iterator[str]:
    yield from (one.event.problem for one in judged[:MOST] if one.event.problem)
    rest = sum(not one.reproduced for one in judged) - MOST
    if rest > 0:
        yield f"{rest:,} more events are not as their hashes say."
    unasked = sum(one.member is None for one in judged)
    if unasked:
        yield f"{unasked:,} events have no proof under a root that is here; perhaps not published."
    if any(one.member is False and one.reproduced for one in judged):
        yield "A proof does not lead from its event to its root: event, place or root was changed."
    for root in roots.contradicted:
        yield f"The export states another root for {root.size:,} leaves than the auditor gave."
    for size in roots.unproven:
        yield f"The consistency proof of the root for {size:,} leaves does not hold."
    if not roots.given:
        yield (
            "The roots are those of the export itself. The service publishes them elsewhere too: "
            "one that was fetched there, named as an anchor, shows that they are the same."
        )


VERIFIER = PangeaVerifier()
