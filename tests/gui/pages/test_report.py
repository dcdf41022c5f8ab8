"""Report: what is shown is what is handed over; it is signed by mouse and by keyboard."""

import hashlib
import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from tests.gui.pages.desk import LEFT, PATIENCE, acts, gone_to
from workbench import resources
from workbench.cli.edge import run
from workbench.gui.reporting.drafting import drawn
from workbench.gui.reporting.ready import Ready
from workbench.gui.theme import ThemeChoice
from workbench.model.case_source import Presence
from workbench.services import cases, findings, trusting

TRUST = resources.path("sample") / "trust"
SECRET = (TRUST / "demo-passphrase.txt").read_bytes().rstrip(b"\r\n").decode()


@pytest.fixture
def page(qtbot, window):
    found = gone_to(qtbot, window, "report")
    qtbot.waitUntil(lambda: found.preview.sheet._drawn is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "key file" in found.panel.why.text(), timeout=PATIENCE)
    return found


def type_key(qtbot, page, secret=SECRET, name="demo-auditor.p12"):
    page.panel.key.field.setFocus()
    qtbot.keyClicks(page.panel.key.field, str(TRUST / name))
    page.panel.secret.setFocus()
    qtbot.keyClicks(page.panel.secret, secret)


def signed(qtbot, page):
    qtbot.waitUntil(lambda: page.panel.result.count() > 0, timeout=PATIENCE)
    return max(page._context.services.case.folder.glob("reports/*.pdf"), key=lambda p: p.name)


def test_a_report_signed_with_the_mouse_is_verified_by_a_stranger(qtbot, window, page):
    out = page.panel.out.path()
    type_key(qtbot, page)
    qtbot.mouseClick(page.panel.sign, LEFT)
    signed(qtbot, page)
    assert run(["verify-report", str(out), "--trust", str(TRUST / "report-root.pem")]) == 0
    last = cases.journal_entries(window.context.services.case)[-1]
    assert (last.act, last.subject) == ("report.sign", out.name)
    assert json.loads(last.detail)["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert page.panel.out.path() != out, "the next one gets another name"


def test_a_report_is_signed_with_the_keyboard(qtbot, window, page):
    out = page.panel.out.path()
    type_key(qtbot, page)
    qtbot.keyClick(page.panel.secret, Qt.Key.Key_Return)
    signed(qtbot, page)
    assert run(["verify-report", str(out), "--trust", str(TRUST / "report-root.pem")]) == 0
    assert acts(window)[-1] == "report.sign"


def test_the_passphrase_is_hidden_and_forgotten(qtbot, window, page):
    assert page.panel.secret.echoMode() is QLineEdit.EchoMode.Password
    type_key(qtbot, page)
    qtbot.mouseClick(page.panel.sign, LEFT)
    assert page.panel.secret.text() == ""
    signed(qtbot, page)
    folder = window.context.services.case.folder
    kept = b"".join(part.read_bytes() for part in folder.glob("case.sqlite*"))
    assert SECRET.encode() not in kept


def test_a_wrong_passphrase_is_said_and_nothing_is_written(qtbot, window, page):
    before = acts(window)
    type_key(qtbot, page, secret="wrong")
    qtbot.mouseClick(page.panel.sign, LEFT)
    qtbot.waitUntil(lambda: "passphrase" in page.panel.why.text().lower(), timeout=PATIENCE)
    assert not page.panel.out.path().exists()
    assert acts(window) == before
    assert page.panel.sign.isEnabled(), "another passphrase can be tried"


def test_a_disabled_button_says_why(qtbot, page):
    panel = page.panel
    assert not panel.sign.isEnabled()
    assert panel.why.text() == "Signing is off. Choose the key file to sign with."
    qtbot.keyClicks(panel.key.field, "/nowhere/key.p12")
    assert "no such key file" in panel.why.text()
    panel.out.field.setText(str(TRUST / "demo-auditor.p12"))
    panel.key.field.setText(str(TRUST / "demo-auditor.p12"))
    assert "a file of that name" in panel.why.text()
    assert panel.sign.accessibleDescription()


def test_what_bears_on_the_verdicts_blocks_the_signature(qtbot, window, page):
    key = f"report={TRUST / 'report-root.pem'}"
    with qtbot.waitSignal(window.context.jobs.case_changed, timeout=PATIENCE):
        window.context.services.act("Trust", lambda case, _p, _c: trusting.add(case, [key]))
    qtbot.waitUntil(lambda: "A key was trusted after" in page.panel.why.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: page._middle.currentWidget() is page._empty, timeout=PATIENCE)
    page.panel.key.field.setText(str(TRUST / "demo-auditor.p12"))
    assert not page.panel.sign.isEnabled()
    assert not page.panel.save.isEnabled()


def test_evidence_that_is_gone_blocks_the_signature_and_is_named(qtbot, window, page, monkeypatch):
    places = cases.standing(window.context.services.case)
    first = places.sources[0]
    gone = dict.fromkeys(places.presence, Presence.MISSING)
    monkeypatch.setattr(cases, "standing", lambda _case: replace(places, presence=gone))
    gone_to(qtbot, window, "journal")
    gone_to(qtbot, window, "report")
    qtbot.waitUntil(lambda: "Not there as it was taken in" in page.panel.why.text())
    assert first.display in page.panel.why.text()
    assert f"and {len(gone) - 3} more" in page.panel.why.text()
    assert not page.panel.sign.isEnabled()


def test_a_draft_finding_is_allowed_and_leads_to_its_page(qtbot, window, page):
    with qtbot.waitSignal(window.context.jobs.case_changed, timeout=PATIENCE):
        window.context.services.act(
            "Add", lambda case, _p, _c: findings.add(case, findings.Finding("", "Something"))
        )
    said = page.findChild(Ready)
    qtbot.waitUntil(lambda: any("F-0001 is a draft" in t for t in texts(said)), timeout=PATIENCE)
    assert any("Allowed" in text for text in texts(said))
    sections = [row.title for row in (page._draft.outline if page._draft else ())]
    qtbot.waitUntil(
        lambda: any("Findings" in h.title for h in page._draft.outline), timeout=PATIENCE
    )
    assert not any("Findings" in title for title in sections)


def texts(widget):
    from workbench.gui.text import PlainLabel

    return [label.text() for label in widget.findChildren(PlainLabel)]


def test_pages_are_turned_by_key_and_by_section(qtbot, page):
    page.preview.setFocus()
    qtbot.keyClick(page.preview, Qt.Key.Key_PageDown)
    assert page.preview.place.text().startswith("Page 2 of")
    qtbot.keyClick(page.preview, Qt.Key.Key_End)
    assert page.preview.page == len(page._draft.pages) - 1
    qtbot.waitUntil(lambda: page.sections.rows.rowCount() > 5)
    page.sections.reveal(0)
    first = page._draft.outline[0]
    qtbot.waitUntil(lambda: page.preview.page == first.page, timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: " ".join(first.title.split()) in page.preview.sheet.said(), timeout=PATIENCE
    )


def test_what_may_be_wished_fits_beside_the_pages(qtbot, window, page):
    window.resize(1280, 800)
    wishes = page.wishes
    qtbot.waitUntil(lambda: wishes.isVisible())
    room = wishes.parentWidget().width()
    assert wishes.minimumSizeHint().width() <= room
    for field in (wishes.auditor, wishes.template, wishes.pack, wishes.own, wishes.draft):
        assert field.mapTo(wishes, field.rect().topRight()).x() < room


@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.CONTRAST])
def test_a_page_is_white_in_every_theme(qtbot, window, page, choice):
    window.context.theme.choose(choice)
    sheet = page.preview.sheet
    image = sheet.grab().toImage()
    assert image.pixelColor(image.width() // 2, 32).name() == "#ffffff"
    assert image.pixelColor(2, 2).name() != "#ffffff"


def test_a_page_is_drawn_as_wide_as_asked(page):
    found = drawn(page._draft.pdf, 0, 700)
    assert found.image.width() in {700, 701}
    assert "Verification of evidence" in found.words


def test_a_draft_is_saved_unsigned_with_its_digest(qtbot, window, page):
    out = page.panel.out.path()
    qtbot.mouseClick(page.panel.save, LEFT)
    signed(qtbot, page)
    assert acts(window)[-1] == "report.write"
    assert out.read_bytes().startswith(b"%PDF")


def test_a_query_for_a_time_stamp_is_written_beside_the_report(qtbot, window, page):
    out = page.panel.out.path()
    type_key(qtbot, page)
    page.panel.query.setChecked(True)
    qtbot.mouseClick(page.panel.sign, LEFT)
    signed(qtbot, page)
    assert out.with_suffix(".tsq").read_bytes()[:1] == b"\x30"
    assert out.exists()


def chosen(box, key):
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def test_template_language_and_marking_stand_in_the_pages_as_they_are_chosen(qtbot, page):
    before = page._draft
    wishes = page.wishes
    chosen(wishes.template, "internal-audit")
    chosen(wishes.language, "de")
    qtbot.keyClicks(wishes.marking, "Secret")
    wishes._now()
    qtbot.waitUntil(lambda: page._draft is not before, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page._drafting == 0, timeout=PATIENCE)
    wish = page._draft.wish.edition
    assert (wish.template, wish.language, wish.classification) == ("internal-audit", "de", "Secret")
    words = drawn(page._draft.pdf, 0, 100).words
    assert "Bericht der Internen Revision" in words
    assert "SECRET" in words
    assert "ENTWURF" in words


def test_a_template_that_cannot_be_read_is_said_and_the_pages_go(qtbot, page, tmp_path):
    (tmp_path / "own.yaml").write_text("id: own\ntitle: x\nkind: x\nsections: [cover, card]\n")
    page.wishes.own.field.setText(str(tmp_path / "own.yaml"))
    qtbot.waitUntil(lambda: page._draft is None, timeout=PATIENCE)
    assert "sections must also name" in page._header._facts.text()
