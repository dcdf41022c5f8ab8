"""The page of findings: what is written is in the case and its journal, whatever happens."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent

from tests.gui.cases import WHO
from workbench.errors import SourceError, StoreError
from workbench.gui.faults import fault_of
from workbench.gui.findings import keeping
from workbench.gui.findings.details import notes_on
from workbench.gui.findings.listing import cards, days_late, facts, matching
from workbench.gui.findings.side import BYTES, HISTORY
from workbench.gui.pages.findings import FindingsPage
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.writing import DayEdit, TextEdit
from workbench.gui.places import FindingAt, FindingDraft
from workbench.model.case import EvidenceRef, Finding, FindingState, Severity
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Silent
from workbench.model.source import ProblemCode
from workbench.services import cases, checking, findings

LONG = 30_000
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def page(qtbot, window) -> FindingsPage:
    """Return the page with a finding of the exceptions of APP-02, shown."""
    case = window.context.services.case
    _, results = checking.run(case, "ml-baseline", progress=Silent(), cancel=Cancel())
    draft = checking.finding_of(next(r for r in results if r.check.id == "APP-02"))
    window.context.navigation.go("findings", draft)
    return shown(qtbot, window)


def shown(qtbot, window) -> FindingsPage:
    made = window.stack.widget_of("findings")
    qtbot.waitUntil(lambda: made._shown is not None, timeout=LONG)
    qtbot.waitUntil(lambda: made.editor.title.hasFocus() or not made._is_new, timeout=LONG)
    return made


def kept(page: FindingsPage, number: str = "F-0001") -> Finding:
    return findings.get(page._context.services.case, number)


def type_into(qtbot, field, text: str) -> None:
    field.setFocus()
    qtbot.keyClicks(field, text)


def test_without_findings_the_page_says_what_one_is_and_begins_one(qtbot, window):
    window.context.navigation.go("findings")
    page = window.stack.widget_of("findings")
    qtbot.waitUntil(lambda: page.stack.currentIndex() == 0, timeout=LONG)
    window.commands.run("finding.new")
    shown(qtbot, window)
    qtbot.waitUntil(lambda: page.editor.title.hasFocus())
    qtbot.keyClicks(page.editor.title, "Nobody approved version 8")
    page.keeper.save()
    qtbot.waitUntil(lambda: kept(page).title == "Nobody approved version 8", timeout=LONG)


def test_what_is_typed_is_saved_by_itself_and_journalled_old_and_new(qtbot, monkeypatch, page):
    assert page.keeper._pause.interval() == keeping.PAUSE_MS
    type_into(qtbot, page.editor.texts["cause"], "Not established")
    assert page.side.details.saved.text() == "not saved yet"
    qtbot.waitUntil(lambda: page.side.details.saved.text().startswith("saved"), timeout=LONG)
    assert kept(page).cause == "Not established"
    entry = cases.journal_entries(page._context.services.case)[-1]
    assert (entry.act, entry.subject) == ("finding.change", "F-0001")
    assert json.loads(entry.detail)["cause"] == ["", "Not established"]


def test_going_on_saves_at_once(qtbot, page):
    for timer in (page.keeper._pause, page.keeper._most):
        timer.setInterval(10**8)  # it is not the time that saves
    type_into(qtbot, page.editor.texts["cause"], "A script")
    page.side.details.owner.setFocus()
    qtbot.waitUntil(lambda: kept(page).cause == "A script", timeout=LONG)


def test_closing_at_the_last_key_loses_nothing(qtbot, window, page, sample_case):
    type_into(qtbot, page.editor.texts["consequence"], "Three deployments rest on it")
    page.keeper._pause.stop()
    assert window.close()
    with cases.open_case(sample_case, who=WHO) as case:
        assert findings.get(case, "F-0001").consequence.startswith("Three deployments rest on it")
        last = cases.journal_entries(case)[-1]
        assert last.act == "finding.change"
        assert "Three deployments rest on it" in last.detail
        assert cases.standing(case).journal.broken is None


def test_closing_the_case_at_the_last_key_loses_nothing(qtbot, window, page, sample_case):
    qtbot.keyClicks(page.editor.title, "!")
    window.context.services.leave()
    qtbot.waitUntil(lambda: window.context.services.case is None, timeout=LONG)
    with cases.open_case(sample_case, who=WHO, write=False) as case:
        assert findings.get(case, "F-0001").title.endswith("!")


def test_a_case_with_text_that_cannot_be_written_stays_open(qtbot, monkeypatch, window, page):
    qtbot.keyClicks(page.editor.title, "!")
    monkeypatch.setattr(type(page.keeper), "finish", lambda _self: "The disk is full.")
    window.context.services.leave()
    qtbot.waitUntil(lambda: "The disk is full." in window.errors.sentence, timeout=LONG)
    assert window.context.services.case is not None


def test_a_case_that_cannot_be_written_at_the_end_keeps_the_window_open(
    qtbot, monkeypatch, window, page, sample_case
):
    type_into(qtbot, page.editor.texts["cause"], "A script")
    page.keeper._pause.stop()

    def full(*_args: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(findings, "change", full)
    event = QCloseEvent()
    window.closeEvent(event)
    assert not event.isAccepted()
    assert page.side.details.saved.text() == "not saved"
    assert "The disk is full." in page.header._facts.text()
    assert page.editor.texts["cause"].value() == "A script"
    monkeypatch.undo()
    assert window.close()
    with cases.open_case(sample_case, who=WHO) as case:
        assert findings.get(case, "F-0001").cause == "A script"


def test_what_is_typed_while_a_save_is_under_way_is_saved_too(qtbot, page):
    field = page.editor.texts["cause"]
    type_into(qtbot, field, "One")
    page.keeper.save()
    type_into(qtbot, field, " two")
    page.keeper.save()
    qtbot.waitUntil(lambda: page.keeper.is_clean, timeout=LONG)
    assert kept(page).cause == field.value() == "One two"


def test_a_refused_save_is_said_and_tried_again(qtbot, monkeypatch, page):
    real = findings.change

    def full(*_args: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(findings, "change", full)
    type_into(qtbot, page.editor.texts["cause"], "One")
    page.keeper.save()
    qtbot.waitUntil(lambda: page.side.details.saved.text() == "not saved", timeout=LONG)
    monkeypatch.setattr(findings, "change", real)
    qtbot.keyClicks(page.editor.texts["cause"], "!")
    page.keeper.save()
    qtbot.waitUntil(lambda: kept(page).cause == "One!", timeout=LONG)


def test_going_to_another_finding_saves_the_one_before(qtbot, window, page):
    page._context.navigation.go("findings", FindingDraft("Second", Severity.LOW))
    qtbot.waitUntil(lambda: page._shown.id == "F-0002", timeout=LONG)
    type_into(qtbot, page.editor.texts["cause"], "Of the second")
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Up)
    assert page._shown.id == "F-0001"
    qtbot.waitUntil(lambda: kept(page, "F-0002").cause == "Of the second", timeout=LONG)
    assert kept(page).cause == ""


def test_going_back_to_a_draft_makes_no_second_finding(qtbot, window, page):
    draft = FindingDraft("Once")
    page._context.navigation.go("findings", draft)
    qtbot.waitUntil(lambda: page._shown.id == "F-0002", timeout=LONG)
    page.reveal(FindingAt("F-0001"))
    assert page._shown.id == "F-0001"
    page.reveal(draft)
    assert page._shown.id == "F-0002"
    assert len(findings.every(page._context.services.case)) == 2


def test_evidence_opens_its_bytes_by_keyboard_and_says_they_are_the_same(qtbot, page):
    first = page.editor.evidence.rows[0]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert page.side.tabs.currentIndex() == BYTES
    qtbot.waitUntil(lambda: "as at intake" in page.side.bytes.said, timeout=LONG)
    assert b"credit-scoring" in page.side.bytes.view._data
    assert "bytes are as at intake" in first.said()
    assert "not read again yet" in page.editor.evidence.rows[1].said()


def test_evidence_that_changed_is_said_in_red(qtbot, page):
    line = page.editor.evidence.rows[0]
    page.side.open_bytes(line.ref)
    error = SourceError("x changed after it was taken into the case.")
    error.code = ProblemCode.EVIDENCE_CHANGED
    page.side.bytes._fail(fault_of(error))
    assert "Evidence changed" in line.said()
    assert line._mark is Mark.FAILED


def test_evidence_that_is_not_in_the_case_is_said_and_never_green(qtbot, page):
    gone = EvidenceRef("00" * 32, Locator("lost.jsonl", record=1))
    page.editor.evidence.show_refs([gone], {})
    (line,) = page.editor.evidence.rows
    assert "not in this case any more" in line.said()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "cannot be read" in page.side.bytes.said, timeout=LONG)


def test_state_severity_owner_and_due_are_kept(qtbot, page):
    details = page.side.details
    qtbot.keyClick(details.state, Qt.Key.Key_Down)
    qtbot.mouseClick(
        details.state,
        Qt.MouseButton.LeftButton,
        pos=details.state.place_of(FindingState.RESPONDED),
    )
    details.severity.setFocus()
    qtbot.keyClick(details.severity, Qt.Key.Key_Down)
    type_into(qtbot, details.owner, "risk")
    type_into(qtbot, details.due, "2026-12-24")
    page.keeper.save()
    qtbot.waitUntil(lambda: page.keeper.is_clean, timeout=LONG)
    found = kept(page)
    assert (found.state, found.severity, found.owner, found.due) == (
        FindingState.RESPONDED, Severity.MEDIUM, "risk", datetime(2026, 12, 24, tzinfo=UTC),
    )  # fmt: skip


def test_history_tells_what_was_changed(qtbot, page):
    type_into(qtbot, page.editor.texts["cause"], "A script")
    page.keeper.save()
    page.side.tabs.setCurrentIndex(HISTORY)
    qtbot.waitUntil(lambda: page.side.history.count() >= 3, timeout=LONG)
    said = [
        w.accessibleName() or w.text()
        for w in page.side.findChildren(type(page.side.details.saved))
    ]
    assert any("cause from nothing to “A script”" in text for text in said)


def test_hidden_characters_are_shown_and_stay_as_they_were_until_changed(qtbot, theme):
    field = TextEdit(theme, "Condition")
    qtbot.addWidget(field)
    field.show_text("up\u202edown\n<b>line</b>")
    assert field.toPlainText() == "up[U+202E]down\n<b>line</b>"
    assert field.value() == "up\u202edown\n<b>line</b>"
    qtbot.keyClicks(field, "!")
    assert field.value().startswith("!up[U+202E]down")


def test_a_day_that_is_none_is_said_and_the_day_before_stays(qtbot, theme):
    field = DayEdit(theme, "Due")
    qtbot.addWidget(field)
    field.show_day(NOW)
    field.selectAll()
    qtbot.keyClicks(field, "2026-13-01")
    assert field.day() == NOW
    assert "no day" in field.wrong()


def test_facts_count_what_is_open_grave_late_and_whole():
    whole = Finding("F-0001", "a", Severity.HIGH, "b", "c", "Not established", "d", "e", due=NOW)
    late = replace(whole, due=datetime(2026, 11, 20, tzinfo=UTC))
    closed = replace(late, state=FindingState.CLOSED)
    said = facts([whole, late, closed, Finding("F-0004", "x")], now=NOW)
    assert said == "3 open, 2 high, 1 overdue · 3 of 4 complete in all five parts"
    assert [days_late(f, NOW.date()) for f in (whole, late, closed)] == [0, 6, 0]
    assert cards([late], now=NOW)[0].is_late


def test_cause_not_established_is_allowed_and_said():
    found = Finding("F-0001", "a", criteria="b", condition="c", cause="Not established.",
                    consequence="d", corrective_action="e")  # fmt: skip
    assert [note for note in notes_on(found) if "That is allowed" in note]
    assert not [note for note in notes_on(found) if "Not written yet" in note]


def test_filter_looks_into_every_part():
    found = [Finding("F-0001", "a", cause="repair script"), Finding("F-0002", "b")]
    assert matching(found, "SCRIPT repair") == found[:1]
