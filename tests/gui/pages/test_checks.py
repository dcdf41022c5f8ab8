"""The page of checks: run a pack, look at what it found, down to the bytes, and make a finding."""

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from workbench.gui.checks.inspecting import in_force
from workbench.gui.checks.rows import WORDS, check_rows, entry_rows, pack_card
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.models.cells import Tone
from workbench.gui.pages.checks import ChecksPage
from workbench.gui.parts.mark import Mark
from workbench.model.case import CaseChanges, EvidenceRef
from workbench.model.locator import Locator
from workbench.model.policy import CheckOutcome, CheckResult, Footing, Row, Undecided
from workbench.model.progress import Cancel, Silent
from workbench.services import cases, checking, findings

LONG = 30_000
PACK = checking.packs()[0]
CHECK = PACK.checks[0]


@pytest.fixture
def page(qtbot, window) -> ChecksPage:
    window.context.navigation.go("checks")
    return window.stack.widget_of("checks")


@pytest.fixture
def ran(qtbot, page) -> ChecksPage:
    qtbot.mouseClick(page.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page._results), timeout=LONG)
    qtbot.waitUntil(lambda: page.results.table.row() is not None)
    return page


def choose(qtbot, page, check: str) -> None:
    number = [c.id for c in PACK.checks].index(check)
    page.results.table.setFocus()
    page.results.table.reveal(number)
    qtbot.waitUntil(lambda: page._check.id == check)
    wanted = len(page._result.exceptions) + len(page._result.undecided)
    qtbot.waitUntil(lambda: page.below.table.rows.rowCount() == wanted)


def cells_of(result: CheckResult) -> list:
    row = check_rows(PACK, {result.check.id: result}, "").rows[0]
    return list(row.cells)


def test_nothing_is_green_before_the_pack_was_run(page):
    rows = check_rows(PACK, {}, "").rows
    assert {row.cells[-1].mark for row in rows} == {Mark.NONE}
    assert {row.cells[-1].text for row in rows} == {"Not run"}
    assert pack_card(PACK, {}).counts is None


@pytest.mark.parametrize("outcome", CheckOutcome)
def test_each_outcome_has_its_word_and_mark(outcome):
    cell = cells_of(CheckResult(CHECK, outcome, 3, 3))[-1]
    assert (cell.mark, cell.text) == WORDS[outcome]
    assert (cell.mark is Mark.PASSED) == (outcome is CheckOutcome.SATISFIED)


def test_tested_fewer_than_the_population_is_amber():
    short = cells_of(CheckResult(CHECK, CheckOutcome.INDETERMINATE, 58, 55))
    whole = cells_of(CheckResult(CHECK, CheckOutcome.SATISFIED, 58, 58))
    assert [(c[4].text, c[4].tone) for c in (short, whole)] == [
        ("55", Tone.AMBER), ("58", Tone.NORMAL),
    ]  # fmt: skip


def test_undecided_rows_stand_below_exceptions_with_their_reason():
    rows = (Row("bad", {}), Row("open", {}))
    result = CheckResult(
        CHECK, CheckOutcome.NOT_SATISFIED, 2, 1, rows[:1], (Undecided(rows[1], "no seed"),)
    )
    found = [[cell.text for cell in row.cells[:3]] for row in entry_rows(result, {}).rows]
    assert found == [["bad", "Exception", ""], ["open", "Undecided", "no seed"]]


def test_the_finding_that_a_row_is_in_stands_beside_it():
    ref = EvidenceRef("ab" * 32, Locator("log.jsonl", record=3))
    result = CheckResult(CHECK, CheckOutcome.NOT_SATISFIED, 1, 1, (Row("bad", {}, (ref,)),))
    (row,) = entry_rows(result, {(ref.sha256, ref.locator): "F-0007"}).rows
    assert row.cells[-1].text == "F-0007"


def test_frameworks_say_from_when_they_bind():
    act = next(f for f in checking.frameworks() if f.id == "ai-act")
    assert in_force(act).startswith("From 1 Aug 2024. Duties for high-risk")


def test_run_is_a_job_that_the_journal_records(qtbot, page):
    began = []
    page._context.jobs.started.connect(began.append)
    qtbot.mouseClick(page.run, Qt.MouseButton.LeftButton)
    assert not page.run.isEnabled()
    qtbot.waitUntil(lambda: bool(page._results), timeout=LONG)
    assert [job.title for job in began] == [f"Run {PACK.title}"]
    assert cases.journal_entries(page._context.services.case)[-1].act == "check.run"
    assert page.run.text() == "Run again"
    assert "9 not satisfied" in page.header._facts.text()


def test_results_are_there_when_the_page_is_made_again(qtbot, window, ran):
    again = ChecksPage(window.context)
    qtbot.addWidget(again)
    assert "Not run yet" in again.header._facts.text()
    qtbot.waitUntil(lambda: bool(again._results), timeout=LONG)
    assert "9 not satisfied" in again.header._facts.text()
    assert not again._old


def test_kept_results_of_a_case_that_changed_are_out_of_date(qtbot, page):
    case = page._context.services.case
    checking.run(case, PACK.id, progress=Silent(), cancel=Cancel())
    with case.acting("evidence.map"):
        pass
    page._read_kept()
    qtbot.waitUntil(lambda: bool(page._results), timeout=LONG)
    assert "Out of date" in page.header._facts.text()


def test_satisfied_on_bare_claims_is_half_a_mark():
    basis = ((Footing.UNPROTECTED, 3),)
    cell = cells_of(CheckResult(CHECK, CheckOutcome.SATISFIED, 3, 3, basis=basis))[-1]
    assert (cell.mark, cell.text) == (Mark.HALF, "Satisfied on unprotected claims")


def test_results_are_old_once_evidence_changed_but_not_for_a_finding(ran):
    ran.refresh(CaseChanges(frozenset({"findings", "journal"})))
    assert "Out of date" not in ran.header._facts.text()
    ran.refresh(CaseChanges(frozenset({"sources", "journal"})))
    assert "Out of date" in ran.header._facts.text()


def test_exception_opens_its_bytes_by_keyboard(qtbot, window, ran):
    choose(qtbot, ran, "APP-03")
    qtbot.keyClick(ran.results.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ran.below.table.hasFocus())
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: bool(inspector.findChildren(EvidenceBytes)))
    shown = inspector.findChildren(EvidenceBytes)[0]
    qtbot.waitUntil(lambda: "as at intake" in shown.said, timeout=LONG)
    assert b"tomas.okafor" in shown.view._data
    assert inspector.shown.locator.record == 1845


def test_enter_on_an_exception_goes_to_its_record(qtbot, window, ran):
    choose(qtbot, ran, "APP-03")
    asked = []
    window.context.navigation.asked.connect(lambda name, place: asked.append((name, place)))
    ran.below.table.setFocus()
    ran.below.table.reveal(0)
    qtbot.waitUntil(lambda: ran.below.table.row() is not None)
    qtbot.keyClick(ran.below.table, Qt.Key.Key_Return)
    ((name, place),) = asked
    assert (name, place.record) == ("timeline", 1845)


def test_finding_is_made_of_the_selected_exceptions_only(qtbot, window, ran):
    choose(qtbot, ran, "RUN-01")
    table = ran.below.table
    qtbot.waitUntil(lambda: table.rows.row_at(1) is not None)
    flag = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(table.rows.index(1, 0), flag.ClearAndSelect | flag.Rows)
    assert ran.below.finding.text() == "New finding from 1 row"
    qtbot.mouseClick(ran.below.finding, Qt.MouseButton.LeftButton)
    case = window.context.services.case
    qtbot.waitUntil(lambda: len(findings.every(case)) == 1, timeout=LONG)
    (finding,) = findings.every(case)
    assert finding.origin == "check RUN-01"
    assert len(finding.evidence) == 1
    assert finding.condition.startswith("1 of 2 of 133 tested are exceptions")
    assert window.stack.current.id == "findings"


def test_a_check_without_exceptions_says_why_there_is_no_finding(qtbot, ran):
    choose(qtbot, ran, "APP-01")
    assert not ran.below.finding.isEnabled()
    assert "no exceptions" in ran.below.finding.toolTip()


def test_brackets_step_through_what_is_not_satisfied(qtbot, window, ran):
    choose(qtbot, ran, "CHN-01")
    qtbot.keyClick(ran.results.table, "]")
    qtbot.waitUntil(lambda: ran._check.id == "SIG-01")
    qtbot.keyClick(ran.results.table, "]")
    qtbot.waitUntil(lambda: ran._check.id == "APP-01")
    qtbot.keyClick(ran.results.table, "[")
    qtbot.waitUntil(lambda: ran._check.id == "SIG-01")


def test_filter_keeps_what_has_every_word(qtbot, ran):
    ran.results.field.setText("not satisfied approval")
    qtbot.waitUntil(lambda: ran.results.table.rows.rowCount() == 2)
