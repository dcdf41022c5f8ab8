"""A signed report is checked in the window with the service that the command line uses."""

import pytest
import reports
import signing
from cryptography.hazmat.primitives import serialization
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from workbench.gui.parts.digest import HashLabel, compared
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import PlainLabel


def write(path, certificate):
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(reports.signed_report().data)
    return path


@pytest.fixture
def page(qtbot, empty_window, report, tmp_path):
    """Return the page as a stranger uses it: with no case, over a report and a root."""
    root = write(tmp_path / "root.pem", reports.ada().root)
    empty_window.context.navigation.go("signed_report")
    made = empty_window.stack.currentWidget()
    made.root.field.setText(str(root))
    return made


def said(page) -> str:
    return "\n".join(label.text() for label in page.findChildren(PlainLabel) if label.isVisible())


def word(qtbot, page) -> str:
    qtbot.waitUntil(lambda: any(w.isVisible() for w in page.findChildren(VerdictWord)))
    return page.findChildren(VerdictWord)[0].accessibleName()


def test_a_report_by_a_trusted_signer_is_passed_and_says_who_signed(qtbot, page, report):
    page.reveal(report)
    signer = reports.ada().certificate
    assert word(qtbot, page) == "PASSED"
    assert "The report is as it was signed, by somebody you trust." in said(page)
    answers = [label.compare(reports.fingerprint(signer)) for label in page.findChildren(HashLabel)]
    assert compared("0" * 64, "0" * 64) in answers


def test_without_a_root_it_is_not_decided_and_says_what_would_decide_it(qtbot, page, report):
    page.root.field.clear()
    page.reveal(report)
    assert word(qtbot, page) == "INDETERMINATE"
    assert "What was given is not enough to decide." in said(page)
    assert "Would decide it: " in said(page)


def test_a_changed_byte_is_never_passed(qtbot, page, report):
    data = bytearray(report.read_bytes())
    data[200] ^= 1
    report.write_bytes(data)
    page.reveal(report)
    assert word(qtbot, page) != "PASSED"


def test_a_signer_who_was_not_expected_fails_it(qtbot, page, report, tmp_path):
    other = reports.new_auditor(reports.new_authority(reports.new_root()))
    page.signer.field.setText(str(write(tmp_path / "other.pem", other.certificate)))
    page.reveal(report)
    assert word(qtbot, page) != "PASSED"
    page.signer.field.setText(str(write(tmp_path / "ada.pem", reports.ada().certificate)))
    assert page.result.count() == 0, "a verdict is about what was given"
    qtbot.mouseClick(page.check, Qt.MouseButton.LeftButton)
    assert word(qtbot, page) == "PASSED"


def test_what_is_no_report_is_said_in_a_sentence(qtbot, page, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("no report")
    page.reveal(other)
    qtbot.waitUntil(lambda: page.result.count() > 0)
    assert "PASSED" not in said(page)
    assert page.check.isEnabled()


def test_the_command_asks_for_the_file_and_shows_the_page(qtbot, empty_window, report):
    assert empty_window.commands.run("report.check")
    (asked,) = empty_window.findChildren(QFileDialog)
    asked.filesSelected.emit([str(report)])
    page = empty_window.stack.currentWidget()
    assert empty_window.stack.current.id == "signed_report"
    assert word(qtbot, page) == "INDETERMINATE"
    asked.close()
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert empty_window.stack.current.id == "start"


def test_a_stamped_and_countersigned_report_says_who_reviewed_and_when(
    qtbot, page, report, tmp_path
):
    roots = [signing.team().root.certificate, signing.outside().root.certificate]
    pems = [root.public_bytes(serialization.Encoding.PEM) for root in roots]
    (tmp_path / "roots.pem").write_bytes(b"".join(pems))
    report.write_bytes(signing.full())
    page.root.field.setText(str(tmp_path / "roots.pem"))
    page.reveal(report)
    assert word(qtbot, page) == "PASSED"
    for told in ("Rita Reviewer", "I reviewed this report.", "PAdES B-LTA", "Not later than"):
        assert told in said(page)


def test_evidence_at_hand_is_held_against_the_report(qtbot, page, report, tmp_path):
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "log.jsonl").write_text("{}\n")
    page.evidence.field.setText(str(tmp_path / "evidence"))
    page.reveal(report)
    assert word(qtbot, page) == "INDETERMINATE"
    assert "was found at none of the places" in said(page)
