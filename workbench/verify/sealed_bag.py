"""What attestations over the lists of a bag prove of the bag, and of what lies in its payload.

What holds here:

* lists of digests that a trusted attestation is about cover every file that they name, so a bag
  whose files all agree is anchored, and so is every subject in its payload;
* a list of MD5 or SHA-1 digests covers nothing, whoever attested it;
* where all of the bag was to be covered (a list of tag files is attested), a file that no list
  names was not covered, and a list that was attested and is gone is missing;
* what a subject's own verifier found wrong stays wrong, and what it proved stays proven.
"""

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from workbench.evidence.file import read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.subject import Subject
from workbench.model.envelope import Envelope
from workbench.model.statement import SEAL_TYPE
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify import by_hand
from workbench.verify.attestation.reading import Seal, read_seal
from workbench.verify.attestation.sealed import merged
from workbench.verify.attestation.verifier import TOGETHER, judge_sealed
from workbench.verify.detached.verdict import SETTLED, beside_signed_lists, stands_for_all
from workbench.verify.report.token_form import oddity
from workbench.verify.verifier import Bench

_LIST = re.compile(r"(?:tag)?manifest-[a-z0-9-]+\.txt")
_MOST_NAMES = 20
_ODD = (
    "is not as a seal is written: a part of it that no signature covers was changed, or it was "
    "written out anew."
)
_OPEN_INTEGRITY = {Code.UNPROTECTED, Code.SELF_CONSISTENT}


def with_sealed_lists(verdict: SubjectVerdict, bag: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict on a bag with what attestations about its lists say."""
    seal = judge_sealed(bag, bench)
    told = {diagnosis.path for diagnosis in verdict.diagnoses}
    fresh = (d for d in seal.diagnoses if (d.path or "").removeprefix(bag.base) not in told)
    notes = tuple(note for note in seal.notes if not note.startswith(TOGETHER))
    seal = replace(seal, diagnoses=tuple(fresh), notes=notes)
    if not any(stands_for_all(one, bag, verdict) for one in bag.lists):
        seal = _covering_nothing(seal)
        beside = beside_signed_lists(bag.lists, bag, verdict)
        seal = replace(seal, notes=(*seal.notes, *beside))
    whole = merged(verdict, seal)
    if seal.authenticity.indication is not Indication.PASSED:
        return whole
    return _with_extent(whole, bag, bench)


def _covering_nothing(seal: SubjectVerdict) -> SubjectVerdict:
    """Return what is left of a seal over lists that stand against accidents only."""
    weak = indeterminate(Code.NO_ANCHOR)
    whole = seal.integrity.indication is Indication.PASSED
    return replace(
        seal, integrity=weak if whole else seal.integrity, completeness=weak, assurance=()
    )


def _with_extent(verdict: SubjectVerdict, bag: Subject, bench: Bench) -> SubjectVerdict:
    """Hold what lies in a bag against all that was attested."""
    seals = [read_seal(file, bag, bench) for file in bag.seals]
    gone = tuple(_gone(bag, seals))
    parts = [failed(DiagnosisClass.FILE_MISSING)] if gone else []
    beside = tuple(name for name in verdict.not_covered if name not in _proof(bag))
    notes = verdict.notes
    if beside and any(one.name.startswith("tag") for one in bag.lists):
        parts.append(indeterminate(Code.PARTIAL_COVERAGE))
        notes = (*notes, f"Nothing that was signed covers {_named(beside)}.")
    odd = [seal.file.display for seal in seals if not is_as_written(seal, bench)]
    notes = (*notes, *(f"{display} {_ODD}" for display in odd))
    loose = tuple(_loose(seals))
    if loose:
        verdict = _undated(verdict)
        notes = (*notes, *loose)
    return replace(
        verdict,
        integrity=worst((*([failed(Code.FORMAT_FAILURE)] if odd else []), verdict.integrity)),
        completeness=worst((*parts, verdict.completeness)),
        not_covered=beside,
        diagnoses=(*verdict.diagnoses, *gone),
        notes=notes,
    )


def _loose(seals: Sequence[Seal]) -> Iterator[str]:
    """Yield why a time stamp over a seal of ours proves nothing: it could be changed unseen."""
    for stamp in (stamp for seal in seals if _is_ours(seal) for stamp in seal.stamps):
        judged, file = stamp.judged, stamp.stamp.token
        if judged.indication is Indication.PASSED:
            odd = oddity(read_whole(file, limit=MIB), judged.path)
            if odd:
                yield f"{file.display} proves no time: {odd}; workbench seal --reply puts it in."


def _undated(verdict: SubjectVerdict) -> SubjectVerdict:
    """Return a verdict without the time that a time stamp proved."""
    time = worst((indeterminate(Code.SIG_CONSTRAINTS_FAILURE), verdict.time))
    stamped = {AssuranceFlag.TIMESTAMPED, AssuranceFlag.WITNESSED}
    ranges = (replace(part, flags=part.flags - stamped) for part in verdict.assurance)
    return replace(verdict, time=time, assurance=tuple(ranges))


def _is_ours(seal: Seal) -> bool:
    said = (one.statement for one in seal.attestations)
    return any(one is not None and one.predicate_type == SEAL_TYPE for one in said)


def is_as_written(seal: Seal, bench: Bench) -> bool:
    """Tell whether a seal of ours has the one spelling that it was written in.

    An envelope has parts that no signature covers, as spaces and the key id. Of a seal every byte
    is known, so that none can be another one.
    """
    ours = [
        one.envelope
        for one in seal.attestations
        if one.statement is not None and one.statement.predicate_type == SEAL_TYPE
    ]
    if not ours:
        return True
    if len(seal.attestations) != 1 or ours[0] is None:
        return False
    keys = {anchor.key_fingerprint for anchor in bench.trust.keys}
    signed_by = {signature.keyid for signature in ours[0].signatures}
    written = json.dumps(_document(ours[0]), separators=(",", ":")).encode()
    return hashlib.sha256(written).hexdigest() == seal.sha256 and bool(signed_by & keys)


def _document(envelope: Envelope) -> dict[str, object]:
    signatures = [
        {"keyid": one.keyid, "sig": base64.b64encode(one.value).decode()}
        for one in envelope.signatures
    ]
    return {
        "payload": base64.b64encode(envelope.payload).decode(),
        "payloadType": envelope.payload_type,
        "signatures": signatures,
    }


def _gone(bag: Subject, read: Sequence[Seal]) -> Iterator[Diagnosis]:
    """Yield a diagnosis for each attested list that is not in the bag."""
    there = {file.place.removeprefix(bag.base) for file in bag.files}
    said = (claimed.name for seal in read for one in seal.attestations for claimed in one.claimed)
    for name in dict.fromkeys(said):
        if _LIST.fullmatch(name) and name not in there:
            yield Diagnosis(DiagnosisClass.FILE_MISSING, count=1, path=name)


def _proof(bag: Subject) -> set[str]:
    """Return what covers a bag and cannot be covered by it."""
    beside = (signature for signature, _ in bag.detached)
    files = (*bag.lists, *bag.seals, *beside, *(stamp.token for stamp in bag.stamps))
    return {file.place.removeprefix(bag.base) for file in files}


def _named(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def within_bag(verdict: SubjectVerdict, subject: Subject, bag: SubjectVerdict) -> SubjectVerdict:
    """Return the verdict on a subject in the payload of a bag, which vouches for its very bytes.

    Where its lists state other bytes the verdict says so: nobody else may have.

    Args:
        verdict: what was found so far.
        subject: the subject; ``within`` is the bag.
        bag: the verdict on the bag.
    """
    around = subject.within
    if around is None:
        return verdict
    if not _vouches(bag, subject, around):
        return replace(verdict, notes=(*verdict.notes, *_contradicted(bag, subject, around)))
    own = verdict.integrity.indication is not Indication.FAILED
    return replace(
        verdict,
        integrity=_lifted(verdict.integrity, _OPEN_INTEGRITY, passed(Code.ANCHORED)),
        authenticity=_lifted(verdict.authenticity, SETTLED, bag.authenticity),
        completeness=_lifted(verdict.completeness, {Code.NO_ANCHOR}, passed(Code.ANCHORED)),
        time=_lifted(verdict.time, {Code.NO_TRUSTED_TIME}, bag.time),
        assurance=_assured(verdict, bag) if own else verdict.assurance,
        steps=(*verdict.steps, _step(around, bag)),
    )


def _vouches(bag: SubjectVerdict, subject: Subject, around: Subject) -> bool:
    """Tell whether a bag is anchored, and each file of the subject is as its lists say."""
    anchored = bag.integrity.indication is Indication.PASSED and bag.integrity.code == Code.ANCHORED
    if not anchored or bag.authenticity.indication is not Indication.PASSED:
        return False
    told = {diagnosis.path for diagnosis in bag.diagnoses}
    mine = {file.place.removeprefix(around.base) for file in subject.files}
    counted = all(diagnosis.count in {None, 1} for diagnosis in bag.diagnoses)
    return counted and not any(told & set(_with_folders(place)) for place in mine)


def _contradicted(bag: SubjectVerdict, subject: Subject, around: Subject) -> Iterator[str]:
    """Yield a sentence where a list of a bag states other bytes than a file of the subject has."""
    altered = {d.path for d in bag.diagnoses if d.kind is DiagnosisClass.FILE_ALTERED}
    for file in subject.files:
        here = altered & set(_with_folders(file.place.removeprefix(around.base)))
        if here:
            yield (
                f"The bag {around.path}, in which it lies, states another digest for "
                f"{', '.join(sorted(filter(None, here)))}: these are not the bytes that it lists."
            )


def _with_folders(place: str) -> Iterator[str]:
    """Yield a place and all that it lies in: an archive in the bag is the file that lists name."""
    for end in (*(at for at, sign in enumerate(place) if sign == "/"), len(place)):
        yield from (place[:end], place[:end].removesuffix("!"))


def _lifted(
    own: DimensionVerdict, open_codes: Collection[Code], by_bag: DimensionVerdict
) -> DimensionVerdict:
    settles = by_bag.indication is Indication.PASSED
    return by_bag if settles and set(own.codes) <= set(open_codes) else own


def _assured(verdict: SubjectVerdict, bag: SubjectVerdict) -> tuple[AssuranceRange, ...]:
    """Return the ranges of a subject with what protects the bag."""
    flags = frozenset().union(*(part.flags for part in bag.assurance))
    if AssuranceFlag.SIGNED not in flags:
        return verdict.assurance
    if verdict.integrity.codes == (Code.UNPROTECTED,):
        return (AssuranceRange(1, max(verdict.records or 1, 1), flags),)
    return tuple(
        replace(part, flags=part.flags | flags) if AssuranceFlag.CONSISTENT in part.flags else part
        for part in verdict.assurance
    )


def _step(around: Subject, bag: SubjectVerdict) -> Step:
    did = f"Looked at the bag in whose payload it lies: {around.path}."
    result = f"Its lists, attested by {bag.authenticity.code}, name these very bytes."
    why = by_hand.because("No command of its own: those of the bag check every file of it.")
    return Step("RFC 8493 3", did, result, why)
