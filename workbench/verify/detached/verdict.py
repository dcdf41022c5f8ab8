"""Add what detached signatures are worth to the verdict on what they are over.

What holds here:

* a signature by a trusted key covers every byte of its file, so the file is anchored: as it is,
  and as long as it is;
* a signature by a trusted key that does not verify says that the file, or the signature, is not
  what was signed; where another trusted one verifies, the file is what that one says it is;
* a signature by an unknown key has no effect beside a trusted one, and without one the file is
  held against the key that the signature itself brings along, if it brings one;
* what the verifier of the format found wrong stays wrong, whoever signed it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.subject import Subject
from workbench.model.trust import TrustRole
from workbench.model.verdict import (
    AssuranceFlag,
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.content import FileContent, innocent_variants
from workbench.verify.detached.checked import Checked, Question, malformed, not_known
from workbench.verify.detached.minisign import judge_minisign
from workbench.verify.detached.openpgp import judge_openpgp
from workbench.verify.detached.sshsig import judge_sshsig
from workbench.verify.detached.tlog_proof import FIRST_LINE, judge_tlog_proof
from workbench.verify.timestamp.stamps import dated, judged_stamps, trust_over
from workbench.verify.verifier import Bench

SIGNATURE_BYTES = MIB
#: Files that no signed list names and that are called by their names.
MOST_NAMED = 20

#: What a trusted signature over the whole file settles in Authenticity.
SETTLED = {Code.NO_SIGNATURE, Code.NO_TRUST_ANCHOR, Code.PARTIAL_COVERAGE}
_ROLES = {
    "chain": TrustRole.LOG,
    "log": TrustRole.LOG,
    "oms": TrustRole.MODEL,
    "model": TrustRole.MODEL,
}


def with_signatures(verdict: SubjectVerdict, subject: Subject, bench: Bench) -> SubjectVerdict:
    """Return the verdict on ``subject`` with what its detached signatures say."""
    checked = check_all(subject, bench)
    if not checked:
        return verdict
    told = replace(
        verdict,
        signatures=(*verdict.signatures, *(one.verdict for one in checked)),
        steps=(*verdict.steps, *(step for one in checked for step in one.steps)),
        notes=(*verdict.notes, *(note for one in checked for note in one.notes)),
    )
    told = replace(told, authenticity=_authenticity(verdict.authenticity, checked, bench))
    whole = [one for one in checked if stands_for_all(one.over, subject, verdict)]
    if is_anchored(whole, bench):
        by = {one.file for one in whole if one.identity and one.file}
        return dated(_anchored(told, whole), judged_stamps(subject, bench, over=by))
    signed = (one.over for one in checked if one.identity)
    beside = tuple(beside_signed_lists(signed, subject, verdict))
    return _not_anchored(replace(told, notes=(*told.notes, *beside)), subject, checked)


def role_of(subject: Subject) -> TrustRole:
    """Return what a key has to be trusted for to vouch for a subject."""
    return _ROLES.get(subject.format, TrustRole.ATTESTATION)


def check_all(subject: Subject, bench: Bench) -> list[Checked]:
    """Return what each detached signature of a subject is worth."""
    contents = {over: FileContent(over, bench.cancel) for _, over in subject.detached}
    return [
        replace(one, file=signature)
        for number, (signature, over) in enumerate(subject.detached, 1)
        for one in _check(signature, over, contents[over], subject, bench, number)
    ]


def is_anchored(checked: Sequence[Checked], bench: Bench) -> bool:
    """Tell whether as many different trusted keys signed as the auditor asks for."""
    if any(one.enough for one in checked):
        return True
    return len({one.identity for one in checked if one.identity}) >= bench.trust.threshold


def _check(
    signature: EvidenceFile,
    over: EvidenceFile,
    content: FileContent,
    subject: Subject,
    bench: Bench,
    number: int,
) -> list[Checked]:
    try:
        data = read_whole(signature, limit=SIGNATURE_BYTES)
        trust = trust_over(signature, subject, bench)
        question = Question(signature, data, over, content, role_of(subject), trust, number)
        return _judge(question)
    except SourceError as error:
        unread = SignatureVerdict(
            Indication.INDETERMINATE, Code.UNREADABLE, covers=signature.display
        )
        return [Checked(over, unread, notes=(error.message,))]


def _judge(question: Question) -> list[Checked]:
    """Give a signature file to what reads its form, as its bytes have it."""
    data = question.data.lstrip()
    if question.data.startswith(FIRST_LINE):
        return [judge_tlog_proof(question)]
    if data.startswith(b"-----BEGIN SSH SIG"):
        return [judge_sshsig(question)]
    if data.startswith(b"untrusted comment:"):
        return [judge_minisign(question)]
    if data.startswith(b"-----BEGIN PGP SIG") or data[:1] in _PACKETS:
        return judge_openpgp(question)
    form = meant_as_form(question.file.name)
    if form is not None:
        return [malformed(question, form, "it does not begin as one.")]
    why = "The form of this signature is none that is known here, so it was not verified."
    return [not_known(question, "signature", Code.UNKNOWN_PROFILE, why)]


#: What is called so has one form, and another one is damage.
_FORMS = {".minisig": "minisign", ".sshsig": "SSHSIG", ".tlog-proof": "proof"}


def meant_as_form(name: str) -> str | None:
    """Return the only form that a signature of this name can have, or None."""
    return next((form for suffix, form in _FORMS.items() if name.lower().endswith(suffix)), None)


#: First byte of a signature packet (RFC 9580 4.2): old format with its length, new format.
_PACKETS = {b"\x88", b"\x89", b"\x8a", b"\xc2"}


def stands_for_all(over: EvidenceFile, subject: Subject, verdict: SubjectVerdict) -> bool:
    """Tell whether what is signed stands for all of a subject: its file, or the list of a bag.

    A list of MD5 or SHA-1 digests stands for nothing: its signer may have made two files of each.
    """
    if not subject.base:
        return True
    lists = _lists_under(over, subject, verdict)
    return bool(lists) and not _unnamed(lists, subject, verdict)


def _lists_under(over: EvidenceFile, subject: Subject, verdict: SubjectVerdict) -> set[str]:
    """Return the strong lists of a bag's payload that what is signed is, or covers."""
    names = {file.place.removeprefix(subject.base) for file in subject.files}
    name = over.place.removeprefix(subject.base)
    strong = {n for n in names if _STRONG_LIST.fullmatch(n)}
    if name.startswith("tag"):
        return strong - set(verdict.not_covered) if _STRONG_LIST.fullmatch(name[3:]) else set()
    return strong & {name}


def _unnamed(lists: set[str], subject: Subject, verdict: SubjectVerdict) -> list[str]:
    """Return the payload files of a bag that none of some lists names, and another one does.

    Up to BagIt 0.97 one list is enough. What no list names is told as added.
    """
    from workbench.verify.bagit.bag import open_bag
    from workbench.verify.bagit.compare import listed_in

    bag = open_bag(subject)
    named = {n for n, lines in listed_in(bag).items() if lists & {m.name for m, _ in lines}}
    added = {d.path for d in verdict.diagnoses if d.kind is DiagnosisClass.FILE_ADDED}
    return [name for name in bag.payload if name not in named | added]


def beside_signed_lists(
    signed: Iterable[EvidenceFile], subject: Subject, verdict: SubjectVerdict
) -> Iterator[str]:
    """Say of signed lists of a bag which payload files they leave to lists that nobody signed."""
    for over in dict.fromkeys(signed) if subject.base else ():
        lists = _lists_under(over, subject, verdict)
        names = _unnamed(lists, subject, verdict) if lists else []
        if names:
            more = f" and {len(names) - MOST_NAMED:,} more" if names[MOST_NAMED:] else ""
            yield (
                f"{over.name} is signed and does not stand for all of the bag: it leaves out "
                f"{', '.join(names[:MOST_NAMED])}{more}."
            )


#: Lists of the payload of a bag, or of its tag files, that stand against tampering.
_STRONG_LIST = re.compile(r"manifest-(?:sha(?:224|256|384|512|3-?256|3-?512)|blake2b-?512)\.txt")


def _authenticity(
    before: DimensionVerdict, checked: Sequence[Checked], bench: Bench
) -> DimensionVerdict:
    """Return who says so: a failure decides, then the trusted signatures, then the unknown ones."""
    parts = [_part(one) for one in checked]
    green = [part for part in parts if part.indication is Indication.PASSED]
    red = [part for part in parts if part.indication is Indication.FAILED]
    if before.indication is Indication.PASSED:
        return worst((before, *red, *green))
    open_ = set(before.codes) <= SETTLED and before.indication is Indication.INDETERMINATE
    kept = () if open_ and (green or before.codes == (Code.NO_SIGNATURE,)) else (before,)
    if not green or red:
        return worst((*parts, *kept))
    few = () if is_anchored(checked, bench) else (indeterminate(Code.TOO_FEW_SIGNERS),)
    return worst((*few, *green, *kept))


def _part(one: Checked) -> DimensionVerdict:
    verdict = one.verdict
    code = verdict.signer if verdict.indication is Indication.PASSED else verdict.code
    return DimensionVerdict(verdict.indication, code)


def _anchored(verdict: SubjectVerdict, checked: Sequence[Checked]) -> SubjectVerdict:
    """Return a verdict whose file is, byte for byte, what somebody trusted signed."""
    seen = [witness for one in checked for witness in one.witnesses]
    more = {AssuranceFlag.TIMESTAMPED, AssuranceFlag.WITNESSED} if seen else set()
    ranges = (
        replace(part, flags=part.flags | {AssuranceFlag.SIGNED} | more)
        if AssuranceFlag.CONSISTENT in part.flags
        else part
        for part in verdict.assurance
    )
    return replace(
        verdict,
        integrity=_settled(verdict.integrity, {Code.UNPROTECTED, Code.SELF_CONSISTENT}),
        completeness=_settled(verdict.completeness, {Code.NO_ANCHOR}),
        time=passed(", ".join(dict.fromkeys(s.signer for s in seen))) if seen else verdict.time,
        assurance=tuple(ranges),
    )


def _settled(part: DimensionVerdict, codes: set[Code]) -> DimensionVerdict:
    return passed(Code.ANCHORED) if set(part.codes) <= set(codes) else part


def _not_anchored(
    verdict: SubjectVerdict, subject: Subject, checked: Sequence[Checked]
) -> SubjectVerdict:
    """Return a verdict where no trusted signature says that the file is what was signed."""
    by_over: dict[EvidenceFile, list[Checked]] = {}
    for one in checked:
        by_over.setdefault(one.over, []).append(one)
    broken = [
        wrong[0]
        for mine in by_over.values()
        if (wrong := [one for one in mine if one.holds is False])
        and not any(one.holds for one in mine)
    ]
    if broken:
        diagnoses = tuple(_altered(one, subject) for one in broken)
        return replace(
            verdict,
            integrity=worst((failed(DiagnosisClass.FILE_ALTERED), verdict.integrity)),
            diagnoses=(*verdict.diagnoses, *diagnoses),
        )
    if verdict.integrity.codes != (Code.UNPROTECTED,):
        return verdict
    if any(one.holds for one in checked):
        return replace(verdict, integrity=passed(Code.SELF_CONSISTENT))
    return replace(verdict, integrity=indeterminate(Code.NOT_RECOMPUTABLE))


def _altered(one: Checked, subject: Subject) -> Diagnosis:
    """Say that file and signature do not belong together, with the innocent causes tested."""
    name = one.over.place.removeprefix(subject.base)
    again = one.again
    found = [how for how, before in innocent_variants(one.over) if again and again(before)]
    told = (
        f"The signature verifies over the file {found[0]}: a tool converted it, nothing else."
        if found
        else "Tested on the bytes, and not the cause: line ends, byte-order mark, last newline."
    )
    which = f"Either the file or its signature ({one.verdict.covers}) is not as it was signed."
    return Diagnosis(DiagnosisClass.FILE_ALTERED, path=name, explanations=(which, told))
