"""Each sentence of a report is true in the situation in which it is printed."""

import json
import re
import shutil
from pathlib import Path

import pytest
from situations import ALL_KEYS, LOG_KEY, MODEL_KEY, SAMPLE, context_of

from workbench.model.verdict import Code, DiagnosisClass, Dimension, Indication
from workbench.report.build import blocks
from workbench.report.context import Page, ReportContext
from workbench.report.document import runs
from workbench.report.manifest import manifest
from workbench.report.phrases import subject_card
from workbench.report.sections.cover import _in_short

EVIDENCE = SAMPLE / "evidence"


def said(context: ReportContext, which: Dimension, unit: str = "record") -> str:
    """Return the sentence on one dimension of the only subject."""
    (source,) = context.verification.subjects
    assert source.verdict
    row = next(r for r in subject_card(source.verdict, unit).rows if r.dimension is which)
    return "".join(run.text for run in runs(row.sentence))


def text_of(value: object) -> str:
    """Return every text in a block or in what it holds."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list):
        return " ".join(map(text_of, value))
    fields = getattr(value, "__dataclass_fields__", {})
    return " ".join(text_of(getattr(value, name)) for name in fields)


def whole(context: ReportContext) -> str:
    """Return all that a report says."""
    return text_of(blocks(Page(context, "0" * 64, "1")))


@pytest.fixture(scope="module")
def tampered() -> ReportContext:
    return context_of(EVIDENCE / "audit-tampered", trust=(LOG_KEY,))


@pytest.fixture(scope="module")
def sample() -> ReportContext:
    return context_of(EVIDENCE, trust=ALL_KEYS)


def test_a_number_that_agrees_is_not_said_of_content_that_does_not(tampered):
    assert "agrees with that anchor" not in whole(tampered)
    assert said(tampered, Dimension.COMPLETENESS).endswith(
        "That says nothing of the content: see integrity."
    )


def test_a_head_that_is_not_over_these_bytes_says_so(tampered):
    (source,) = tampered.verification.subjects
    over = [signature.covers for signature in source.verdict.signatures]
    assert ["not over these bytes" in text for text in over] == [False, True, True]
    assert over[1].startswith("head of 2,015 records; ")


def test_no_code_of_a_pass_stands_under_a_failure(tampered):
    (source,) = tampered.verification.subjects
    rows = subject_card(source.verdict, "record").rows
    assert rows[0].codes == (DiagnosisClass.RECORD_ALTERED,)
    assert Code.ANCHORED in source.verdict.integrity.codes


def test_fields_that_only_a_head_covers_are_not_called_traceless(tampered):
    assert "without any trace" not in whole(tampered)
    assert "Merkle root of a signed head, shows it" in whole(tampered)


def test_records_after_the_last_head_are_said_to_be_signed_by_nobody(tmp_path: Path):
    shutil.copytree(EVIDENCE / "audit", tmp_path / "audit")
    (tmp_path / "audit" / "heads" / "2026-07-01.head").unlink()
    context = context_of(tmp_path / "audit", trust=(LOG_KEY,))
    assert "over records 1 to 2,015, and agrees" in said(context, Dimension.INTEGRITY)
    assert "No signature covers the records after record 2,015." in said(
        context, Dimension.AUTHENTICITY
    )
    assert said(context, Dimension.COMPLETENESS).startswith(
        "The last head that the auditor trusts ends at record 2,015"
    )


def test_a_change_that_only_a_head_shows_is_placed_in_a_range(tmp_path: Path):
    """No digest of a record covers this member; the Merkle root of the last head does."""
    shutil.copytree(EVIDENCE / "audit", tmp_path / "audit")
    log = tmp_path / "audit" / "audit-log.jsonl"
    lines = log.read_bytes().split(b"\n")
    lines[2499] = lines[2499].replace(b'"environment": "', b'"environment": "x', 1)
    log.write_bytes(b"\n".join(lines))
    context = context_of(tmp_path / "audit", trust=(LOG_KEY,))
    text = whole(context)
    assert "One or more of records 2,016 to 3,000 do not agree with what protects them" in text
    assert "Record 2,016 does not agree" not in text
    assert text_of(dict(_in_short(Page(context, "0" * 64, "1")))["Does not agree"])


def test_a_missing_file_is_not_counted_among_those_recomputed(tmp_path: Path):
    shutil.copytree(EVIDENCE / "models" / "credit-scoring-v8", tmp_path / "model")
    (tmp_path / "model" / "config.json").unlink()
    context = context_of(tmp_path / "model", trust=(MODEL_KEY,))
    assert said(context, Dimension.INTEGRITY, "file").startswith(
        "4 of 5 files of the manifest recomputed here; the"
    )
    assert "config.json is missing" in said(context, Dimension.COMPLETENESS, "file")


def test_an_altered_file_leaves_the_manifest_signed_and_says_what_that_means(tmp_path: Path):
    shutil.copytree(EVIDENCE / "models" / "credit-scoring-v8", tmp_path / "model")
    (tmp_path / "model" / "config.json").write_text("{}")
    context = context_of(tmp_path / "model", trust=(MODEL_KEY,))
    assert "does not have the digest that is stated for it" in said(
        context, Dimension.INTEGRITY, "file"
    )
    assert said(context, Dimension.AUTHENTICITY, "file").endswith("is a matter of integrity.")
    assert "That says nothing of the content" in said(context, Dimension.COMPLETENESS, "file")


def test_without_trust_nothing_is_said_to_come_from_anybody():
    context = context_of(EVIDENCE, trust=())
    assert "nothing in this report is proven to come from anybody" in whole(context)
    for source in context.verification.subjects:
        for row in subject_card(source.verdict, "record").rows:
            assert row.verdict.code not in {Code.ANCHORED, "aldermoor.example/audit-log"}
            assert "is signed by" not in text_of(row.sentence)


def test_the_first_page_names_each_failure_once(tmp_path: Path):
    """A signature that fails is not passed over because a record failed, too."""
    shutil.copytree(EVIDENCE / "audit-tampered", tmp_path / "audit")
    head = tmp_path / "audit" / "heads" / "2026-07-01.head"
    head.write_bytes(head.read_bytes().replace(b"\n3000\n", b"\n2999\n"))
    context = context_of(tmp_path / "audit", trust=(LOG_KEY,))
    (source,) = context.verification.subjects
    assert source.verdict.authenticity.indication is Indication.FAILED
    line = text_of(dict(_in_short(Page(context, "0" * 64, "1")))["Does not agree"])
    assert "Record 1,845 does not agree" in line
    assert "Authenticity: the signature does not verify" in line


def test_the_first_page_says_what_was_examined_and_what_stays_unproven(sample):
    rows = {label: text_of(text) for label, text in _in_short(Page(sample, "0" * 64, "1"))}
    assert rows["Examined"].startswith("2 hash-chained logs, 2 signed models, 1 unsigned model")
    assert rows["Stays unproven"].endswith("time of 7 of 7")
    assert rows["Signed by"].startswith("nobody")


def test_an_unsigned_report_does_not_speak_of_its_signature(sample):
    text = whole(sample)
    assert "An electronic signature is made" not in text
    assert "openssl cms -verify" not in text
    assert "unsigned draft" in text


def test_numbers_have_one_format(sample):
    """Thousands are set apart in every sentence; digests, names and commands stay as they are."""
    verdicts = [source.verdict for source in sample.verification.subjects if source.verdict]
    sentences = [text for v in verdicts for text in v.notes]
    sentences += [text for v in verdicts for s in v.steps for text in (s.did, s.result)]
    sentences += [s.covers for v in verdicts for s in v.signatures]
    for text in sentences:
        assert not re.search(r"(?<![\w-])\d{4,}(?![\w-])(?= (records?|bytes|files?|of)\b)", text), (
            text
        )


def test_the_manifest_has_every_word_of_the_verdicts(sample):
    """What the pages leave out for room is there for programs."""
    document = json.dumps(manifest(sample))
    for source in sample.verification.subjects:
        for step in source.verdict.steps:
            assert json.dumps(step.result)[1:-1] in document
