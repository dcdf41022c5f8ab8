"""The report of a case: what the case holds, put on record, never about what changed meanwhile."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import KEY, LogBuilder
from casework import added, new_case, verified, written
from pypdfium2 import PdfDocument
from situations import CHECKED

from workbench import resources
from workbench.errors import SourceError, UsageError
from workbench.model.case import Custody, EvidenceRef, Finding, FindingState, Severity
from workbench.model.detection import Stated
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Silent
from workbench.services import cases, checking, detecting, findings, reports, trusting
from workbench.sign.keys import public_pem

DATE = datetime(2026, 10, 2, tzinfo=UTC)
DEMO = resources.path("sample") / "trust"


@pytest.fixture
def case(tmp_path):
    with new_case(tmp_path) as made:
        written(tmp_path, "drop/log.jsonl", LogBuilder("workbench", 12).data())
        added(made, tmp_path / "drop")
        verified(made)
        yield made


def built(case, asked=None):
    details = reports.case_details(case, DATE)
    return reports.case_built(case, asked or reports.Asked(CHECKED), details, key=None)


def told(case, **more):
    return json.loads(built(case, **more).manifest)


def write(case, out, key=None):
    return reports.write_case(
        case, out, reports.Asked(CHECKED), reports.case_details(case, DATE), key=key,
        progress=Silent(), cancel=Cancel(),
    )  # fmt: skip


def demo_key():
    secret = (DEMO / "demo-passphrase.txt").read_bytes().rstrip(b"\r\n")
    return reports.signing_key(DEMO / "demo-auditor.p12", lambda: secret)


def test_the_same_case_and_date_give_the_same_bytes(case):
    assert built(case).pdf == built(case).pdf


def test_a_report_that_was_signed_in_between_changes_no_byte_of_the_next(case, tmp_path):
    first = write(case, tmp_path / "1.pdf", demo_key())
    verified_head = told(case)["case"]["journal"]["head"]
    second = write(case, tmp_path / "2.pdf", demo_key())
    assert first.unsigned_sha256 == second.unsigned_sha256
    assert told(case)["case"]["journal"]["head"] == verified_head
    with case.acting("test.act"):
        pass
    assert told(case)["case"]["journal"]["head"] == case.journal_state().head != verified_head


def test_what_the_verification_did_not_find_does_not_stop_the_report(case, tmp_path):
    (tmp_path / "drop" / "log.jsonl").unlink()
    verified(case)
    write(case, tmp_path / "r.pdf")


def test_evidence_that_changed_and_was_verified_so_is_reported_as_that(case, tmp_path):
    written(tmp_path, "drop/log.jsonl", LogBuilder("workbench", 11).data())
    verified(case)
    write(case, tmp_path / "r.pdf")
    codes = told(case)["verification"]["case"]["integrity"]["codes"]
    assert "EVIDENCE_CHANGED" in codes


def test_the_same_delivery_again_does_not_ask_for_another_verification(case, tmp_path):
    os.mkfifo(tmp_path / "drop" / "pipe")
    (tmp_path / "drop" / "out").symlink_to("/etc/hostname")
    added(case, tmp_path / "drop")
    verified(case)
    again = added(case, tmp_path / "drop")
    assert (again.added, again.superseded) == ((), ())
    write(case, tmp_path / "r.pdf")


def test_how_evidence_came_and_what_was_stated_of_it_is_printed(tmp_path):
    with new_case(tmp_path) as made:
        log = written(tmp_path, "drop/log.jsonl", LogBuilder("workbench", 12).data())
        stated = cases.Stated(
            Custody("Aldermoor IT", None, "courier", "bag 7"), totals={"": {"events": 13}}
        )
        added(made, log, stated=stated)
        verified(made)
        document = PdfDocument(built(made).pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for part in ("Aldermoor IT", "courier, bag 7", "13", "differs", "COUNT_MISMATCH"):
        assert part in text


def test_the_manifest_names_case_journal_and_engagement(case):
    manifest = told(case)
    assert manifest["engagement"]["title"] == "Second quarter"
    assert manifest["case"]["journal"] == {
        "entries": case.journal_state().entries,
        "head": case.journal_state().head,
        "broken_at": None,
    }
    assert manifest["case"]["findings"] == manifest["case"]["checks"] == []


def test_without_findings_and_checks_nothing_of_them_is_printed(case):
    from workbench.report.build import blocks
    from workbench.report.context import Page
    from workbench.report.document import Heading

    context = reports.context_of(
        reports.require_ready(case), CHECKED, reports.case_details(case, DATE), key=None,
        trust=reports.trust_of(_request(), reports.require_ready(case)),
    )  # fmt: skip
    keys = {b.key for b in blocks(Page(context, "0" * 64, "1")) if isinstance(b, Heading)}
    assert not keys & {"findings", "checks", "journal"}


def _request():
    from workbench.model.request import VerifyRequest

    return VerifyRequest((), DATE)


def test_a_finding_is_printed_with_the_digest_it_rests_on(case):
    (source,) = cases.standing(case).sources
    place = EvidenceRef(source.sha256, Locator(source.path, source.member, record=3), "the record")
    findings.add(
        case, Finding("", "An approval is missing", criteria="One each", evidence=(place,))
    )
    (finding,) = told(case)["case"]["findings"]
    assert finding["evidence"][0]["sha256"] == source.sha256
    assert finding["criteria"] == "One each"
    assert finding["state"] == "draft"


def test_the_checks_that_were_asked_are_printed(case):
    pack, results = checking.answers(case, "ml-baseline", progress=Silent(), cancel=Cancel())
    manifest = told(case, asked=reports.Asked(CHECKED, pack, results))
    assert manifest["case"]["pack"]["sha256"] == pack.sha256
    assert len(manifest["case"]["checks"]) == len(pack.checks)


def test_what_detection_rules_said_is_printed_with_the_same_bytes_each_time(case):
    before = built(case).pdf
    detecting.run(case, detecting.chosen(), Stated(), progress=Silent(), cancel=Cancel())
    assert built(case).pdf != before
    assert built(case).pdf == built(case).pdf
    text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(built(case).pdf))
    assert "What detection rules said" in text
    assert "logging-stopped" in text


def test_a_case_that_was_not_verified_has_no_report(tmp_path):
    with new_case(tmp_path) as empty, pytest.raises(UsageError, match="not verified"):
        built(empty)


def test_evidence_or_trust_that_came_later_asks_for_another_verification(case, tmp_path):
    key = written(tmp_path, "log.pem", public_pem(KEY.public_key()))
    trusting.add(case, [f"log={key}"])
    with pytest.raises(UsageError, match="A key was trusted after"):
        built(case)
    verified(case)
    built(case)
    written(tmp_path, "more.jsonl", LogBuilder("workbench", 3).data())
    added(case, tmp_path / "more.jsonl")
    with pytest.raises(UsageError, match="was not judged"):
        built(case)


def test_evidence_that_changed_after_the_verification_stops_the_report(case, tmp_path):
    written(tmp_path, "drop/log.jsonl", LogBuilder("workbench", 11).data())
    with pytest.raises(SourceError, match="changed after it was verified"):
        write(case, tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()
    assert cases.journal_entries(case)[-1].act == "case.verify"


def test_evidence_that_is_gone_stops_the_report(case, tmp_path):
    (tmp_path / "drop" / "log.jsonl").rename(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match="is not where it was"):
        write(case, tmp_path / "r.pdf")


def test_a_signature_is_an_act_on_record(case, tmp_path):
    done = write(case, tmp_path / "r.pdf", demo_key())
    last = cases.journal_entries(case)[-1]
    assert (last.act, last.subject) == ("report.sign", "r.pdf")
    detail = json.loads(last.detail)
    assert detail["sha256"] == done.sha256
    assert detail["unsigned_sha256"] == done.unsigned_sha256
    assert detail["root"] == done.root


def test_a_report_that_cannot_be_written_is_not_on_record(case, tmp_path):
    with pytest.raises(UsageError):
        write(case, tmp_path)
    assert cases.journal_entries(case)[-1].act == "case.verify"


def test_the_secret_by_which_a_log_was_verified_is_named_and_its_value_is_not(case, tmp_path):
    secret = written(tmp_path, "secret.txt", b"the value of the secret")
    verified(case, secrets=(f"ops={secret}",))
    made = built(case)
    assert json.loads(made.manifest)["trust"]["secrets"] == ["ops"]
    assert b"the value" not in made.manifest


def allowed(case):
    return [n.what for n in reports.readiness(case) if n.weight is reports.Weight.ALLOWED]


def test_a_draft_and_a_missing_response_are_allowed_and_said(case):
    finding = findings.add(case, Finding("", "One", Severity.HIGH, "a", "b", "c", "d"))
    assert allowed(case) == ["F-0001 is a draft and does not say its corrective action."]
    findings.change(case, replace(finding, state=FindingState.OPEN, corrective_action="e"))
    assert allowed(case) == ["F-0001 has no response."]


def test_an_exported_journal_is_checked_by_the_recipe_on_paper(case, tmp_path):
    from workbench.report.context import CaseContent, Page
    from workbench.report.document import Code
    from workbench.report.sections.journal import SECTION

    content = CaseContent("id", case.journal_state())
    context = replace(_context(case), case=content)
    findings.add(case, Finding("", "Later"))
    cases.export_journal(case, tmp_path / "journal.jsonl")
    code = next(
        b for b in SECTION.build(Page(context, "", "")) if isinstance(b, Code) and len(b.lines) > 3
    )
    script = "\n".join(line for line in code.lines if not line.startswith("#"))
    run = ["bash", "-c", script.replace("python3", sys.executable)]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == content.journal.head, done.stderr
    data = (tmp_path / "journal.jsonl").read_bytes().replace(b'"who":"ann"', b'"who":"bob"', 1)
    (tmp_path / "journal.jsonl").write_bytes(data)
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert "AssertionError" in done.stderr


def _context(case):
    verification = reports.require_ready(case)
    return reports.context_of(
        verification, CHECKED, reports.case_details(case, DATE), key=None,
        trust=reports.trust_of(_request(), verification),
    )  # fmt: skip
