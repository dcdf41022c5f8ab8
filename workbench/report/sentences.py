"""What is said of each dimension of a subject: true of that subject, not only of its code."""

from collections.abc import Iterable

from workbench.model.verdict import (
    AssuranceFlag,
    Code,
    DiagnosisClass,
    Dimension,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    SubjectVerdict,
)
from workbench.report.glossary import headline, meaning_of, words

_MISSING = DiagnosisClass.FILE_MISSING
_CONTENT = " That says nothing of the content: see integrity."
_PROVEN = {
    Dimension.INTEGRITY: (
        "what an anchor that the auditor trusts covers was recomputed here and agrees with it."
    ),
    Dimension.AUTHENTICITY: "signed by whom the auditor trusts, as far as the signature reaches.",
    Dimension.COMPLETENESS: (
        "nothing is missing, as far as an anchor that the auditor trusts reaches. That says "
        "nothing of the content."
    ),
}


def sentence(verdict: SubjectVerdict, which: Dimension, unit: str) -> str:
    """Return what a dimension of a subject means, in one to three sentences.

    Args:
        verdict: of the subject.
        which: the dimension.
        unit: what the parts of the subject are called, ``record`` or ``file``.
    """
    answer = verdict.dimension(which)
    match answer.indication:
        case Indication.PASSED:
            return _passed(verdict, which, unit)
        case Indication.INDETERMINATE:
            return _before_the_end(verdict, answer) + undecided(answer)
        case Indication.FAILED:
            return _failed(verdict, answer)


def proven(which: Dimension, code: str) -> str:
    """Return what a PASSED dimension of any subject with this code means, to follow a colon."""
    word = meaning_of(DimensionVerdict(Indication.PASSED, code or None))
    named = _PROVEN.get(which, word.meaning)
    return named if which is Dimension.AUTHENTICITY or code == Code.ANCHORED else word.meaning


def undecided(answer: DimensionVerdict) -> str:
    """Return why a question cannot be decided, and what would decide it."""
    word = meaning_of(answer)
    decides = f" What would decide it: {_lower(word.decides)}" if word.decides else ""
    return word.meaning + decides


def signed_to(verdict: SubjectVerdict) -> int:
    """Return how many records, from the first on, a trusted signature covers."""
    ranges = (part for part in verdict.assurance if AssuranceFlag.SIGNED in part.flags)
    return max((part.last for part in ranges), default=0)


def _passed(verdict: SubjectVerdict, which: Dimension, unit: str) -> str:
    answer = verdict.dimension(which)
    match which:
        case Dimension.AUTHENTICITY:  # its code is a name that a signer chose, not one of ours
            return _signed(verdict, unit)
        case Dimension.TIME:
            return f"A time vouched for by {answer.code or 'a trusted source'}."
        case Dimension.INTEGRITY:
            return f"{_recomputed(verdict, unit)}{_agreement(verdict, answer, unit)}"
        case Dimension.COMPLETENESS if answer.code == Code.ANCHORED:
            return _nothing_missing(verdict, unit)
        case _:
            return meaning_of(answer).meaning


def _recomputed(verdict: SubjectVerdict, unit: str) -> str:
    count = verdict.records
    if not count:
        return ""
    if unit == "file":
        lost = sum(d.count or 1 for d in verdict.diagnoses if d.kind is _MISSING)
        rest = "; the others are missing" if lost else ""
        return f"{count - lost:,} of {count:,} files of the manifest recomputed here{rest}. "
    return f"{count:,} of {count:,} records recomputed here. "


def _agreement(verdict: SubjectVerdict, answer: DimensionVerdict, unit: str) -> str:
    """Return how far an anchor bears out what was recomputed."""
    upto = signed_to(verdict)
    if unit == "file":
        if answer.code == Code.ANCHORED:
            return "The manifest is signed by whom the auditor trusts, and what is here agrees."
        return meaning_of(answer).meaning
    if not upto:
        stated = answer.code == Code.ANCHORED
        return "The head that the auditor states agrees." if stated else meaning_of(answer).meaning
    if upto >= (verdict.records or 0):
        return "A statement signed by whom the auditor trusts is over all of them, and agrees."
    return (
        f"A statement signed by whom the auditor trusts is over records 1 to {upto:,}, and agrees; "
        "the records after that agree only with each other."
    )


def _nothing_missing(verdict: SubjectVerdict, unit: str) -> str:
    doubt = "" if verdict.integrity.indication is Indication.PASSED else _CONTENT
    if unit == "file":
        return (
            "No file that the signed manifest names is missing, and none was added; a renamed "
            f"file counts as itself, and what the manifest leaves out was not counted.{doubt}"
        )
    return (
        "As far as a head that the auditor trusts reaches, the number of records is the one that "
        f"it states, and every link between them holds.{doubt}"
    )


def _signed(verdict: SubjectVerdict, unit: str) -> str:
    """Return who signed what, and what nobody signed."""
    good = [s for s in verdict.signatures if s.indication is Indication.PASSED]
    manifest = any("manifest" in s.covers for s in good)
    what = "The manifest" if manifest else "A head of this log"
    upto, records = signed_to(verdict), verdict.records or 0
    rest = ""
    if unit == "record" and 0 < upto < records:
        rest = f" No signature covers the records after record {upto:,}."
    if verdict.integrity.indication is Indication.FAILED:
        rest += " Whether the bytes agree with what was signed is a matter of integrity."
    return f"{what} is signed by {_who(good)}.{rest}"


def _who(signatures: Iterable[SignatureVerdict]) -> str:
    names = dict.fromkeys(_signer(s) for s in signatures)
    return " and by ".join(names) or "a key that the auditor trusts"


def _signer(signature: SignatureVerdict) -> str:
    name = signature.signer or signature.fingerprint[:16]
    if signature.trusted_by in {"", name}:
        return f"{name}, a key that the auditor trusts"
    return f"{name}, trusted by way of {signature.trusted_by}"


def _before_the_end(verdict: SubjectVerdict, answer: DimensionVerdict) -> str:
    upto = signed_to(verdict)
    if answer.code != Code.NO_ANCHOR or not 0 < upto < (verdict.records or 0):
        return ""
    return f"The last head that the auditor trusts ends at record {upto:,} of {verdict.records:,}. "


def _failed(verdict: SubjectVerdict, answer: DimensionVerdict) -> str:
    found = [d for d in verdict.diagnoses if d.kind in answer.codes]
    if not found:
        return meaning_of(answer).meaning
    more = f" Diagnoses listed below: {len(found):,}." if len(found) > 1 else ""
    return f"{headline(found[0])}. {words()[found[0].kind].meaning}{more}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
