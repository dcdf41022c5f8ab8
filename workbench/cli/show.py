"""A verification in text, for a person in a hurry: verdicts, what broke, what would decide."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from workbench.cli.console import say
from workbench.model.contract import time_to_json
from workbench.model.source import Role
from workbench.model.verdict import (
    Code,
    Diagnosis,
    Dimension,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    SubjectVerdict,
)
from workbench.model.verification import SourceVerdict, Verification
from workbench.report.glossary import explain, headline
from workbench.report.short_words import JUDGED_TWICE, unit_of

_CONTEXT_SHOWN = 10
_DIAGNOSES_SHOWN = 20
_NAMES_SHOWN = 40
_BESIDE_SHOWN = 40
#: Where the third column begins, so that what is wrapped stays in it.
_COLUMN = 31

#: Codes that go with PASSED: what is open beside them is told by other codes.
_SETTLED = {Code.ANCHORED, Code.SELF_CONSISTENT, Code.PROFILE_INFERRED, Code.AUDITOR_STATED}

#: The option that takes what would decide.
_OPTIONS = {
    Code.NO_TRUST_ANCHOR: "--trust",
    Code.NO_CERTIFICATE_CHAIN_FOUND: "--trust",
    Code.TOO_FEW_SIGNERS: "--trust",
    Code.ROLE_MISMATCH: "--trust ROLE=FILE",
    Code.SELF_SUPPLIED_KEY: "--confirm",
    Code.NO_ANCHOR: "--anchor, --expect-count",
    Code.AMBIGUOUS_PAIRING: "--signature, --anchor, --artifact",
    Code.UNKNOWN_PROFILE: "--profile",
    Code.NOT_RECOMPUTABLE: "--secret, --profile",
    Code.IDENTITY_NOT_PINNED: "--identity, --issuer",
    Code.ARTIFACT_ABSENT: "--subject-digest",
}


def show(verification: Verification) -> None:
    """Say a verification: each source, what lies beside it, what would decide, the case."""
    at = time_to_json(verification.at.astimezone(UTC))
    say(f"Verified offline. Trust judged at {at}.")
    for source in verification.subjects:
        if source.verdict is not None:
            _show_source(source, source.verdict)
    _show_rest(verification)
    _show_what_decides(verification)
    say()
    if len(verification.subjects) > 1:
        say(f"The case: {in_four_words(verification)}.")


def in_four_words(verification: Verification) -> str:
    """Return the verdict of the case, one word a dimension."""
    words = ((d.value.capitalize(), verification.dimension(d)) for d in Dimension)
    return ", ".join(f"{name} {part.indication.value}" for name, part in words)


def closing(verification: Verification) -> str:
    """Return in a sentence what the exit code says."""
    required = ", ".join(dimension.value for dimension in verification.required)
    if not verification.subjects:
        return "Nothing here could be judged: no log, model or catalog was recognised."
    match verification.exit_code:
        case 0:
            return f"Everything required passed ({required})."
        case 1:
            return "Something failed: see the lines marked ! above."
        case _:
            return f"Nothing failed, but not everything required could be proven ({required})."


def _show_source(source: SourceVerdict, verdict: SubjectVerdict) -> None:
    say()
    say(f"{_name(source)}  ({_facts(source, verdict)})")
    for dimension in Dimension:
        _show_dimension(dimension, verdict.dimension(dimension))
    for diagnosis in verdict.diagnoses[:_DIAGNOSES_SHOWN]:
        _show_diagnosis(diagnosis)
    if len(verdict.diagnoses) > _DIAGNOSES_SHOWN:
        say(f"  ... and {len(verdict.diagnoses) - _DIAGNOSES_SHOWN} more; --json lists them all.")
    for signature in verdict.signatures:
        _show_signature(signature)
    if verdict.not_covered:
        say(f"  Not covered by the digest: {_some(verdict.not_covered)}")
    if verdict.second_opinion is not None:
        say(f"  Judged twice: {JUDGED_TWICE[verdict.second_opinion]}")
    for note in _notes(source, verdict):
        say(f"  Note: {note}")


def _show_dimension(dimension: Dimension, part: DimensionVerdict) -> None:
    word = explain(part.code) if part.code else None
    code = f"{part.code or ''}{f': {word.short}' if word else ''}"
    line = f"  {dimension.value.capitalize():<13} {part.indication.value:<14} {code}"
    say(line.rstrip(), hang=_COLUMN)


def _some(names: Sequence[str]) -> str:
    left = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {left:,} more" if left > 0 else "")


def _first_of_each(sources: Iterable[SourceVerdict]) -> Iterator[SourceVerdict]:
    """Yield the first sources of each role and format; say how many more there are."""
    seen: Counter[tuple[str, str]] = Counter()
    for source in sources:
        kind = (source.role.value, source.format)
        seen[kind] += 1
        if seen[kind] <= _BESIDE_SHOWN:
            yield source
    for (role, name), count in seen.items():
        if count > _BESIDE_SHOWN:
            say(f"  {role:<10} and {count - _BESIDE_SHOWN:,} more ({name})", hang=13)


def _name(source: SourceVerdict) -> str:
    return source.path if source.member is None else f"{source.path} → {source.member}"


def _facts(source: SourceVerdict, verdict: SubjectVerdict) -> str:
    facts = [source.format]
    if verdict.profile:
        facts.append(f"profile {verdict.profile}")
    if verdict.records is not None:
        facts.append(f"{verdict.records:,} {unit_of(source)}s")
    facts.append(f"{source.size:,} bytes")
    return ", ".join(facts)


def _show_diagnosis(diagnosis: Diagnosis) -> None:
    facts = [diagnosis.kind.value]
    byte = "byte" if diagnosis.last is None else "from byte"
    facts += [f"{byte} {diagnosis.offset:,}"] if diagnosis.offset is not None else []
    if diagnosis.last is None and (diagnosis.count or 0) > 1:
        facts.append(f"{diagnosis.count:,} concerned")
    say(f"  ! {headline(diagnosis)}  [{', '.join(facts)}]")
    if diagnosis.stored or diagnosis.recomputed:
        say(f"    stored      {diagnosis.stored or '-'}")
        say(f"    recomputed  {diagnosis.recomputed or '-'}")
    for explanation in diagnosis.explanations:
        say(f"    - {explanation}")
    if diagnosis.blast_radius:
        say(f"    rests on it: {', '.join(diagnosis.blast_radius)}")


def _show_signature(signature: SignatureVerdict) -> None:
    signer = signature.signer or "unknown"
    over = f" over {signature.covers}" if signature.covers else ""
    code = f" {signature.code}" if signature.code else ""
    by = signature.trusted_by
    trusted = f", trusted by {by}" if by and by != signer else ""
    say(f"  Signature by {signer}{over}: {signature.indication}{code}{trusted}")


def _notes(source: SourceVerdict, verdict: SubjectVerdict) -> Iterator[str]:
    """Yield each note once; a problem is told by its sentence, which says more than its code."""
    codes = tuple(f": {problem.code}" for problem in source.problems)
    notes = [note for note in verdict.notes if not (codes and note.endswith(codes))]
    yield from dict.fromkeys((*notes, *(problem.message for problem in source.problems)))


def _show_rest(verification: Verification) -> None:
    beside = [s for s in verification.sources if s.role is not Role.SUBJECT]
    if beside:
        say()
        say("Beside the subjects:")
    for source in _first_of_each(beside):
        to = "leads to" if source.format == "link" else "for"
        pair = f" {to} {source.pairs_with}" if source.pairs_with else ""
        trusted = ", never trusted because it lies there" if source.role is Role.TRUST else ""
        say(f"  {source.role.value:<10} {_name(source)} ({source.format}{trusted}){pair}", hang=13)
        for problem in source.problems:
            say(f"             {problem.message} [{problem.code}]")
    shown = verification.context[:_CONTEXT_SHOWN]
    if shown:
        more = len(verification.context) - len(shown)
        tail = f" and {more} more" if more > 0 else ""
        say()
        say(f"Not judged (context): {', '.join(shown)}{tail}")
    told = {problem for source in verification.sources for problem in source.problems}
    for problem in verification.problems:
        if problem not in told:
            say(f"Problem: {problem.message} [{problem.code}]")


def _show_what_decides(verification: Verification) -> None:
    """Say once for each open question what would settle it, required dimensions first."""
    counted = Counter(_open_codes(verification))
    answers = [(code, decides) for code in counted if (decides := decided_by(code))]
    if answers:
        say()
        say("What would decide what is open:")
    for code, decides in answers:
        where = f" ({counted[code]} of {n})" if (n := len(verification.subjects)) > 1 else ""
        say(f"  {code}{where}: {decides}")


def decided_by(code: str) -> str:
    """Return what would settle a code and the option that takes it, or "" where nothing does."""
    word = explain(code)
    option = f" [{_OPTIONS[Code(code)]}]" if code in _OPTIONS else ""
    return f"{word.decides}{option}" if word and word.decides else ""


def _open_codes(verification: Verification) -> Iterator[str]:
    """Yield the codes of what is open, each once a source, those of required dimensions first."""
    required = verification.required
    told: set[tuple[str, str, str | None]] = set()
    for dimension in (*required, *(d for d in Dimension if d not in required)):
        for source in verification.subjects:
            part = None if source.verdict is None else source.verdict.dimension(dimension)
            if part is None or part.indication is not Indication.INDETERMINATE:
                continue
            fresh = {
                (code, source.path, source.member) for code in set(part.codes) - _SETTLED
            } - told
            told |= fresh
            yield from (code for code, _, _ in sorted(fresh, key=lambda found: found[0]))
