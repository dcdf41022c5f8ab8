"""Evidence: every source, its digest and verdict; what the auditor states of it."""

import pytest
from PySide6.QtCore import Qt

from tests.gui.cases import TAMPERED
from workbench.gui.evidence.forms import CustodyForm, TotalsForm, totals_of
from workbench.gui.evidence.rows import shared_folder, source_rows, totals_cell
from workbench.gui.judged import judged
from workbench.gui.parts.hexview import HexView
from workbench.gui.parts.mark import Mark
from workbench.gui.places import SourceAt
from workbench.model.case import ControlTotal
from workbench.model.locator import Locator
from workbench.model.source import Problem
from workbench.services import cases

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shown(qtbot, window):
    window.context.navigation.go("evidence")
    made = window.stack.currentWidget()
    qtbot.waitUntil(lambda: made.table.rows.row_at(0) is not None)
    return made


def cells(made, number: int) -> dict[str, str]:
    row = made.table.rows.row_at(number)
    return dict(
        zip((c.id for c in made.table.rows.columns), (c.said for c in row.cells), strict=True)
    )


def test_every_source_is_listed_with_digest_and_verdict(window, shown):
    assert shown.table.rows.count.rows == 20
    log = next(cells(shown, n) for n in range(20) if "tampered/audit" in cells(shown, n)["source"])
    assert log["source"] == "audit-tampered/audit-log.jsonl"
    assert (log["records"], log["size"]) == ("3,000", "2.1 MB")
    assert (log["integrity"], log["authenticity"]) == ("failed", "indeterminate")
    assert log["sha256"] == "afdc4b13…458e"
    head = next(cells(shown, n) for n in range(20) if cells(shown, n)["role"] == "anchor")
    assert head["integrity"] == "", "nobody judges an anchor by itself"


def test_the_list_is_filtered_by_a_query_and_a_bad_one_says_where(qtbot, window, shown):
    shown.filter("role:anchor")
    qtbot.waitUntil(lambda: shown.table.rows.count.rows == 6)
    shown.filter("role:(")
    assert "At character" in shown.bar._error.text()
    assert shown.table.rows.count.rows == 6, "the last result stays"
    shown.filter("")
    qtbot.waitUntil(lambda: shown.table.rows.count.rows == 20)


def test_an_answer_to_a_query_that_was_taken_back_is_not_shown(qtbot, window, shown):
    shown.filter("role:anchor")
    shown.filter("")
    qtbot.waitUntil(lambda: window.context.jobs.is_idle)
    assert shown.table.rows.source.count().rows == 20


def test_a_source_is_shown_in_full(qtbot, window, shown):
    source = next(s for s in window.context.services.standing.sources if s.path == TAMPERED)
    window.context.navigation.go("evidence", SourceAt(source.id))
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: inspector.shown is not None and "tampered" in inspector.shown.title)
    assert [t.title for t in inspector.shown.tabs] == ["Intake", "Custody", "Verdict", "Bytes"]
    inspector._tabs.setCurrentIndex(3)
    qtbot.waitUntil(lambda: any(v.isVisible() for v in inspector.findChildren(HexView)))
    (view,) = inspector.findChildren(HexView)
    assert view._data.startswith(b"{")


def test_custody_is_stated_and_on_record(qtbot, window, shown):
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: inspector.shown is not None)
    inspector._tabs.setCurrentIndex(1)
    (form,) = inspector.findChildren(CustodyForm)
    form.received_from.setText("J. Okafor")
    form.at.setText("yesterday")
    assert not form.save.isEnabled()
    assert "needs a time" in form.why.text()
    form.at.setText("2026-07-01T09:30+02:00")
    with qtbot.waitSignal(window.context.jobs.case_changed):
        qtbot.mouseClick(form.save, LEFT)
    custody = window.context.services.standing.deliveries[0].custody
    assert custody.received_from == "J. Okafor"
    assert custody.received_at.isoformat() == "2026-07-01T07:30:00+00:00"
    entry = cases.journal_entries(window.context.services.case)[-1]
    assert entry.act == "evidence.custody"


def test_control_totals_are_stated_and_compared(qtbot, window, shown):
    source = next(s for s in window.context.services.standing.sources if s.path == TAMPERED)
    window.context.navigation.go("evidence", SourceAt(source.id))
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: inspector.shown is not None and "tampered" in inspector.shown.title)
    inspector._tabs.setCurrentIndex(0)
    (form,) = inspector.findChildren(TotalsForm)
    assert not form.state.isEnabled()
    form.field.setText("events = 2,999")
    with qtbot.waitSignal(window.context.jobs.case_changed):
        qtbot.keyClick(form.field, Qt.Key.Key_Return)
    (total,) = next(
        s.totals for s in window.context.services.standing.sources if s.path == TAMPERED
    )
    assert (total.stated, total.counted) == (2999, 3000)
    qtbot.waitUntil(lambda: shown.table.rows.row_at(0) is not None)
    assert "differ by +1" in {cells(shown, n)["totals"] for n in range(20)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("events = 41,200", {"events": 41200}),
        ("events=1; runs: 7", {"events": 1, "runs": 7}),
        ("artifacts.dataset 12", {"artifacts.dataset": 12}),
        ("events", {}),
        ("events = -1", {}),
        ("events = ١٢", {}),
        ("events = 1; nonsense", {}),
        ("", {}),
    ],
)
def test_totals_are_read_whole_or_not_at_all(text, expected):
    assert totals_of(text) == expected


def test_an_unreadable_source_stays_as_a_row_with_its_reason(sample_case):
    from dataclasses import replace

    with cases.open_case(sample_case) as case:
        standing = cases.standing(case)
    place = Locator("evidence/x", offset=7)
    problem = Problem("UNREADABLE", place, "It could not be read.")
    first = replace(standing.sources[0], sha256="", problems=(problem, problem))
    found = judged(replace(standing, sources=(first,)))
    (row,) = source_rows(found).rows
    said = dict(zip((c.id for c in source_rows(found).columns), row.cells, strict=True))
    assert said["problems"].said == "UNREADABLE +1"
    assert said["sha256"].said == "not computed"
    rank = {c.id: c.rank for c in source_rows(found).columns}
    assert rank["problems"] < rank["totals"], "what there is to see is hidden last"


def test_green_totals_are_those_that_were_compared(sample_case):
    from dataclasses import replace

    with cases.open_case(sample_case) as case:
        source = next(s for s in cases.standing(case).sources if s.path == TAMPERED)

    def mark(*totals: ControlTotal):
        return totals_cell(replace(source, totals=totals)).mark

    assert mark(ControlTotal("events", 3, 3)) is Mark.PASSED
    assert mark(ControlTotal("events", 3, 3), ControlTotal("runs", 1)) is Mark.INDETERMINATE
    assert mark(ControlTotal("events", 3, 4), ControlTotal("x", 3, 3)) is Mark.INDETERMINATE
    assert mark(ControlTotal("pages", 289)) is Mark.NONE, "nothing was compared"
    assert mark() is Mark.NONE


def test_a_folder_that_all_share_is_not_said_in_every_row():
    assert shared_folder(["a/x", "a/y/z"]) == "a/"
    assert shared_folder(["a/x", "b/x"]) == ""
    assert shared_folder(["a/x", "log.jsonl"]) == ""
    assert shared_folder([]) == ""
