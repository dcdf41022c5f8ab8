"""What evidence says is printed, never obeyed, and nothing in it stays hidden."""

import itertools
import shutil
import subprocess
from dataclasses import replace

import pytest

from tests.report.case import (
    ALTERED,
    ALTERED_LOG,
    CATALOG,
    HOSTILE,
    INTACT_LOG,
    SELF_CONSISTENT_LOG,
    case,
    source,
)
from workbench.model.case import Engagement
from workbench.model.selftest import SelfTestCase, SelfTestResult
from workbench.model.trust import Secret, Trust
from workbench.model.verdict import (
    AssuranceRange,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    Indication,
    Step,
    indeterminate,
    passed,
)
from workbench.report.build import build_report
from workbench.report.context import ReportContext

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
)


def read(context: ReportContext, tmp_path) -> str:
    """Return the text of a report, white space as single blanks."""
    path = tmp_path / "report.pdf"
    path.write_bytes(build_report(context).pdf)
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def hostile_case() -> ReportContext:
    diagnosis = replace(ALTERED, stored=HOSTILE, recomputed="Z" * 9000, explanations=(HOSTILE,))
    verdict = replace(
        ALTERED_LOG,
        authenticity=passed(HOSTILE),
        profile=HOSTILE,
        diagnoses=(diagnosis,),
        not_covered=(HOSTILE,),
        notes=(HOSTILE,),
        steps=(Step(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    )
    return case(
        (source(HOSTILE, verdict), source("x" * 20_000, verdict, format=HOSTILE)),
        title=HOSTILE,
        auditor=HOSTILE,
        engagement=Engagement(HOSTILE, HOSTILE, HOSTILE, team=(HOSTILE,), scope=HOSTILE),
        prepared_for=HOSTILE,
        limitations=(HOSTILE,),
        trust=Trust(case().trust.at, case().trust.anchors, (Secret(HOSTILE, b"the value"),)),
        selftest=SelfTestResult((SelfTestCase(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,)),)),
    )


def test_hidden_characters_are_shown_by_number_and_markup_as_text(tmp_path):
    text = read(hostile_case(), tmp_path)
    assert "inv[U+202E]gpj.exe" in text
    assert "[U+001B][31m" in text
    assert "a[U+00A0]b" in text
    assert "<b>bold</b> &amp; <font color=red>x</font>" in text
    assert "{path} %s" in text
    assert not {"\u202e", "\x1b"} & set(text)


def test_characters_without_a_glyph_are_shown_by_number(tmp_path):
    text = read(case((source("模型/\U00013000é-e\u0301.jsonl", CATALOG),)), tmp_path)
    assert "模型/[U+13000]é-e[U+0301].jsonl" in text


def test_a_name_of_marks_alone_takes_no_more_room_than_any_other(tmp_path):
    name = "\u202e" * 1000
    text = read(case((source(name, ALTERED_LOG), source("x" + name, None))), tmp_path)
    assert "[U+202E]" in text
    assert "more)" in text


def test_secrets_are_named_and_never_shown(tmp_path):
    context = hostile_case()
    assert "the value" not in read(context, tmp_path)
    assert b"the value" not in build_report(context).manifest


def test_two_names_that_differ_only_in_blanks_can_be_told_apart(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(build_report(case((source("a  b", CATALOG), source("a b", CATALOG)))).pdf)
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    assert done.stdout.count(b">a</word>") >= 2
    gaps = set()
    lines = [line for line in done.stdout.decode().splitlines() if "<word" in line]
    for first, second in itertools.pairwise(lines):
        if ">a</word>" in first and ">b</word>" in second:
            right = float(first.split('xMax="')[1].split('"')[0])
            left = float(second.split('xMin="')[1].split('"')[0])
            gaps.add(round(left - right))
    assert len(gaps) > 1


def test_verdicts_codes_and_diagnosis_are_words_on_the_page(tmp_path):
    text = read(case(), tmp_path)
    assert "Integrity FAILED RECORD_ALTERED" in text
    assert "Record 1,742 does not agree with what protects it" in text
    assert "INDETERMINATE NO_TRUSTED_TIME" in text
    assert "PASSED ANCHORED" in text
    assert "A head of this log is signed by nwl-log+7d21ab33" in text


def test_case_fails_by_its_worst_subject_and_names_it(tmp_path):
    text = read(case(), tmp_path)
    assert "1 of 3 subjects failed: chain/tampered.jsonl" in text


def test_self_consistency_is_listed_apart_from_what_is_proven(tmp_path):
    text = read(case((source("log.jsonl", SELF_CONSISTENT_LOG),)), tmp_path)
    assert "What holds, but rests on no anchor" in text
    assert "What is proven" not in text


def test_nothing_judged_is_not_a_pass(tmp_path):
    text = read(case(()), tmp_path)
    assert "Nothing was found that could be judged, so nothing is proven." in text
    assert "PASSED UNPROTECTED" not in text
    assert text.count("No subject was found, and nothing judged is never a pass.") == 4


def test_an_undecided_diagnosis_is_no_failure(tmp_path):
    jump = Diagnosis(DiagnosisClass.SEQUENCE_ANOMALY, record=88)
    verdict = replace(INTACT_LOG, completeness=indeterminate("SEQUENCE_ANOMALY"), diagnoses=(jump,))
    text = read(case((source("log.jsonl", verdict),)), tmp_path)
    assert "The numbering jumps at record 88" in text
    assert "What does not agree" not in text


def test_a_signer_named_like_a_code_explains_nothing(tmp_path):
    verdict = replace(INTACT_LOG, authenticity=passed("ANCHORED"))
    text = read(case((source("log.jsonl", verdict),)), tmp_path)
    assert "A head of this log is signed by nwl-log+7d21ab33" in text


def test_without_trust_and_selftest_the_report_says_so(tmp_path):
    bare = case(
        trust=Trust(case().trust.at), selftest=SelfTestResult(()), signer="", signer_root=""
    )
    text = read(bare, tmp_path)
    assert "The auditor named no key and no certificate" in text
    assert "The program did not check itself" in text
    assert "this is an unsigned draft" in text


def test_a_failed_selftest_warns(tmp_path):
    broken = SelfTestResult((SelfTestCase("a/b", "A vector", "PASSED", ("integrity: FAILED",)),))
    text = read(case(selftest=broken), tmp_path)
    assert "Do not rely on this report." in text


def test_thousands_of_diagnoses_are_counted_and_left_to_the_manifest(tmp_path):
    many = tuple(replace(ALTERED, record=n) for n in range(1, 2001))
    text = read(case((source("log.jsonl", replace(ALTERED_LOG, diagnoses=many)),)), tmp_path)
    assert "and 1,986 more: “Results” and manifest.json have them." in text
    assert "and 1,788 more: manifest.json, embedded in this file, lists them all." in text


def test_every_page_has_its_number_and_the_digest_of_the_manifest(tmp_path):
    context = case()
    built = build_report(context)
    path = tmp_path / "report.pdf"
    path.write_bytes(built.pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")[:-1]
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "manifest.json sha256 " in page
        assert built.number in page


def test_contents_name_the_page_on_which_a_section_begins(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(build_report(case()).pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")
    row = next(line for line in pages[1].splitlines() if line.strip().startswith("10 "))
    page = int(row.split()[-1])
    assert any(line.strip() == "10 Limits" for line in pages[page - 1].splitlines())


def test_no_text_leaves_the_margins(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(build_report(hostile_case()).pdf)
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    words = [line for line in done.stdout.decode().splitlines() if "<word" in line]
    assert words
    for line in words:
        assert float(line.split('xMin="')[1].split('"')[0]) > 61, line
        assert float(line.split('xMax="')[1].split('"')[0]) < 534.5, line


def test_parts_of_a_model_are_files_and_have_no_map(tmp_path):
    verdict = replace(INTACT_LOG, records=5, profile=None)
    text = read(case((source("models/m", verdict, format="oms"),)), tmp_path)
    assert "5 of 5 files of the manifest recomputed here." in text
    assert "How far the records are protected" not in text


def test_a_signer_is_not_listed_among_the_codes_of_a_failure(tmp_path):
    answer = DimensionVerdict(
        Indication.FAILED, "RECHAINED_AFTER", ("RECHAINED_AFTER", "signer.example/log")
    )
    verdict = replace(ALTERED_LOG, authenticity=answer)
    text = read(case((source("log.jsonl", verdict),)), tmp_path)
    assert "Authenticity FAILED RECHAINED_AFTER" in text
    assert "signer.example/log" not in text


def test_a_first_record_that_nobody_could_recompute_is_no_break_of_its_partition(tmp_path):
    open_ = Diagnosis(DiagnosisClass.HEAD_TRUNCATED, record=3)
    altered = Diagnosis(DiagnosisClass.RECORD_ALTERED, record=7)
    ranges = tuple(
        AssuranceRange(first, first, frozenset(), name) for first, name in ((3, "t=a"), (7, "t=b"))
    )
    unknown = DimensionVerdict(Indication.INDETERMINATE, "HEAD_UNKNOWN", ("HEAD_UNKNOWN",))
    verdict = replace(ALTERED_LOG, records=9, diagnoses=(open_, altered), assurance=ranges)
    verdict = replace(verdict, completeness=unknown)
    text = read(case((source("log.jsonl", verdict),)), tmp_path)
    before, _, after = text.partition("Partition t=b")
    assert "record 3" not in before.partition("Partition t=a")[2]
    assert "record 7" in after
