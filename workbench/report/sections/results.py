"""Each subject: its four verdicts, how far it is protected, what happened where, who signed."""

from collections.abc import Iterator

from workbench.model.verdict import (
    LEVEL_NAMES,
    AssuranceRange,
    Diagnosis,
    Indication,
    SignatureVerdict,
    SubjectVerdict,
)
from workbench.model.verification import SourceVerdict, Verification
from workbench.report.context import Page, Section
from workbench.report.document import (
    Align,
    Block,
    Bullets,
    Column,
    DiagnosisCard,
    Heading,
    KeyValues,
    Paragraph,
    Table,
    TamperMap,
    Text,
    mono,
    quiet,
)
from workbench.report.glossary import headline, words
from workbench.report.phrases import (
    indication_of,
    moment,
    plural,
    records_of,
    short_name_of,
    subject_card,
)
from workbench.report.short_words import JUDGED_TWICE, unit_of
from workbench.report.shorten import grouped

_SUBJECTS = 100
_CARDS = 12
_MAPS = 6
_FIELDS = 40
_NOTES = 20
_UNCOVERED_FIELDS = (
    "A change of these leaves every digest and link of the records as it is. Only what is made "
    "over the whole bytes, as the Merkle root of a signed head, shows it, as far as it reaches."
)
_UNCOVERED_FILES = "A change of these leaves no trace in the manifest: do not rest on them."
_UNCOVERED_LOGS = "A change of these leaves no trace in a digest: do not rest on them."
_DIAGNOSES = (
    Column("Record", 0.12, Align.RIGHT),
    Column("Class", 0.24, mono=True),
    Column("Path", 0.30),
    Column("Stored and recomputed", 0.34, mono=True),
)
_SIGNATURES = (
    Column("Signer", 0.27),
    Column("Signature", 0.17, mono=True),
    Column("Over", 0.34),
    Column("Checked with", 0.22),
)
_RANGES = (
    Column("Records", 0.3),
    Column("Level", 0.24),
    Column("What protects them", 0.46),
)


def _build(page: Page) -> Iterator[Block]:
    verification = page.context.verification
    if not verification.subjects:
        yield Paragraph("No subject was found, so there is no result.")
    for number, source in enumerate(_shown(verification), 1):
        if source.verdict:
            yield Heading(2, short_name_of(source), f"subject-{number}")
            yield from _subject(source, source.verdict, f"subject-{number}")
    left = len(verification.subjects) - _SUBJECTS
    if left > 0:
        yield Paragraph(f"{plural(left, 'more subject')}, none of them worse than those above: ")
        yield Paragraph("manifest.json, embedded in this file, has their results.", quiet=True)


def _shown(verification: Verification) -> tuple[SourceVerdict, ...]:
    """Return the subjects that are printed in full, the worst first where they are too many."""
    subjects = verification.subjects
    if len(subjects) <= _SUBJECTS:
        return subjects
    return tuple(sorted(subjects, key=_goodness)[:_SUBJECTS])


def _goodness(source: SourceVerdict) -> int:
    verdict = source.verdict
    if verdict is None:
        return 0
    answers = (verdict.integrity, verdict.authenticity, verdict.completeness, verdict.time)
    return -sum((0, 1, 10)[answer.indication.severity] for answer in answers)


def _subject(source: SourceVerdict, verdict: SubjectVerdict, key: str) -> Iterator[Block]:
    yield KeyValues(_about(source, verdict))
    yield subject_card(verdict, unit_of(source))
    yield from _notes(verdict)
    if unit_of(source) == "record":
        yield from _assurance(verdict, key)
    yield from _diagnoses(verdict, key)
    yield from _signatures(verdict, key)
    yield from _uncovered(verdict, unit_of(source), key)


def _uncovered(verdict: SubjectVerdict, unit: str, key: str) -> Iterator[Block]:
    if not verdict.not_covered:
        return
    if unit == "file":
        title, text = "Files that the manifest does not cover", _UNCOVERED_FILES
    elif unit == "digest":
        title, text = "Log files that no digest covers", _UNCOVERED_LOGS
    else:
        title, text = "Fields that no digest of a record covers", _UNCOVERED_FIELDS
    yield Heading(3, title, f"{key}-uncovered")
    yield Paragraph(text)
    shown = verdict.not_covered[:_FIELDS]
    yield Bullets(tuple(mono(field) for field in shown))
    if left := len(verdict.not_covered) - len(shown):
        yield Paragraph(f"and {left:,} more: manifest.json lists them.", quiet=True)


def _notes(verdict: SubjectVerdict) -> Iterator[Block]:
    if verdict.notes:
        yield Bullets(verdict.notes[:_NOTES])
    if left := len(verdict.notes[_NOTES:]):
        yield Paragraph(f"and {left:,} more notes: manifest.json has them.", quiet=True)


def _about(source: SourceVerdict, verdict: SubjectVerdict) -> tuple[tuple[str, Text], ...]:
    recipe = f", profile {verdict.profile}" if verdict.profile else ""
    rows: list[tuple[str, Text]] = [("Read as", f"{source.format}{recipe}")]
    if verdict.records is not None:
        rows.append((f"{unit_of(source).capitalize()}s", f"{verdict.records:,}"))
    rows.append(("SHA-256", mono(grouped(source.sha256))))
    if verdict.second_opinion is not None:
        rows.append(("Judged twice", JUDGED_TWICE[verdict.second_opinion]))
    return tuple(rows)


def _assurance(verdict: SubjectVerdict, key: str) -> Iterator[Block]:
    if not verdict.records or not (verdict.assurance or verdict.diagnoses):
        return
    yield Heading(3, "How far the records are protected", f"{key}-protected")
    partitions = list(dict.fromkeys(part.partition for part in verdict.assurance)) or [None]
    for partition in partitions[:_MAPS]:
        yield _map(verdict, partition, alone=len(partitions) == 1)
    if verdict.assurance:
        yield Table(_RANGES, tuple(_range(part) for part in verdict.assurance), limit=40)


def _map(verdict: SubjectVerdict, partition: str | None, *, alone: bool) -> TamperMap:
    parts = tuple(part for part in verdict.assurance if part.partition == partition)
    failing = [d for d in verdict.diagnoses if _fails(d, verdict)]
    if alone:
        breaks = sorted({d.record for d in failing if d.record and _is_placed(d)})
        records = max(verdict.records or 0, *(part.last for part in parts), *breaks, 1)
    else:  # what nobody could recompute is no break
        open_ = {d.record for d in verdict.diagnoses} - {d.record for d in failing}
        breaks = [part.first for part in parts if part.level == 0 and part.first not in open_]
        records = max((part.last for part in parts), default=1)
    return TamperMap(records, parts, tuple(breaks), partition)


def _is_placed(diagnosis: Diagnosis) -> bool:
    """Tell whether it lies at one record; a range is shown by its level of protection alone."""
    return diagnosis.last in {None, diagnosis.record}


def _fails(diagnosis: Diagnosis, verdict: SubjectVerdict) -> bool:
    return indication_of(diagnosis, verdict) is Indication.FAILED


def _range(part: AssuranceRange) -> tuple[Text, ...]:
    where = f"{part.first:,} – {part.last:,}" if part.last > part.first else f"{part.first:,}"
    name = f"{part.partition}: {where}" if part.partition else where
    flags = ", ".join(flag.value for flag in sorted(part.flags)) or "nothing that holds here"
    return (name, f"{part.level} {LEVEL_NAMES[part.level]}", flags)


def _diagnoses(verdict: SubjectVerdict, key: str) -> Iterator[Block]:
    if verdict.diagnoses:
        yield Heading(3, "Diagnoses", f"{key}-diagnoses")
    for diagnosis in verdict.diagnoses[:_CARDS]:
        word = words()[diagnosis.kind]
        decides = f" What would decide it: {word.decides}" if word.decides else ""
        meaning = word.meaning + decides
        indication = indication_of(diagnosis, verdict)
        yield DiagnosisCard(headline(diagnosis), meaning, diagnosis, indication)
    rest = verdict.diagnoses[_CARDS:]
    if rest:
        yield Paragraph(f"{plural(len(rest), 'further place')}:")
        yield Table(_DIAGNOSES, tuple(_diagnosis(diagnosis) for diagnosis in rest))


def _diagnosis(diagnosis: Diagnosis) -> tuple[Text, ...]:
    named = diagnosis.record is not None
    record = records_of(diagnosis).partition(" ")[2] if named else "–"
    values = (f"{diagnosis.stored[:32]} ", quiet(diagnosis.recomputed[:32]))
    return (record, diagnosis.kind.value, diagnosis.path or "–", values)


def _signatures(verdict: SubjectVerdict, key: str) -> Iterator[Block]:
    if verdict.signatures:
        yield Heading(3, "Signatures", f"{key}-signatures")
        yield Table(_SIGNATURES, tuple(_signature(s) for s in verdict.signatures))


def _signature(signature: SignatureVerdict) -> tuple[Text, ...]:
    signer: Text = (f"{signature.signer or 'not named'} ", mono(f"{signature.fingerprint[:16]}…"))
    time = f", {moment(signature.time)}" if signature.time else ""
    code = f" {signature.code}" if signature.code else ""
    over = signature.covers + time
    return (signer, f"{signature.indication}{code}", over or "–", signature.trusted_by or "–")


SECTION = Section("results", "Results", 40, _build)
