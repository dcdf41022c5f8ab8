"""Journal: every act, and whether the chain holds."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import workbench
from tests.gui.pages.desk import PATIENCE, gone_to
from workbench.cli.edge import run
from workbench.gui.pages.journal import _ACTS
from workbench.gui.places import Asked
from workbench.model.case import JournalEntry
from workbench.store import check_runs, journal, rulings

_ACT = r'"([a-z]+[.][a-z]+)"'


@pytest.fixture
def page(qtbot, window):
    found = gone_to(qtbot, window, "journal")
    qtbot.waitUntil(lambda: found.table.rows.rowCount() >= 4, timeout=PATIENCE)
    qtbot.waitUntil(lambda: found.table.rows.row_at(0) is not None, timeout=PATIENCE)
    return found


def test_every_act_of_the_program_has_words():
    services = Path(workbench.__file__).parent / "services"
    begun = [file.read_text().split(".acting(")[1:] for file in services.rglob("*.py")]
    acts = {act for each in begun for text in each for act in re.findall(_ACT, text[:80])}
    assert {"evidence.map", "index.rebuild", "index.write"} <= acts
    assert {
        *acts,
        "evidence.add",
        "evidence.again",
        check_runs.RAN,
        *rulings.ACTS,
        journal.MIGRATED,
        journal.NOTICED,
    } - _ACTS.keys() == set()


def row_texts(page, number=0):
    return [cell.text for cell in page.table.rows.row_at(number).cells]


def test_the_newest_act_is_first_with_the_digest_before_it(page):
    last, before = page.table.rows.row_at(0).key, page.table.rows.row_at(1).key
    assert isinstance(last, JournalEntry)
    assert last.previous == before.digest
    number, when, who, act, _subject, previous = row_texts(page)
    assert (number, who, act) == (str(last.number), "Ana Ruiz", "Made the index")
    assert when == f"{last.at:%Y-%m-%d %H:%M:%S}"
    assert previous.startswith(last.previous[:8])


def test_an_intact_journal_is_said_to_be_intact_never_passed(page):
    assert page.state.said().endswith("Intact")
    assert "passed" not in page.state.said().lower()


@pytest.fixture
def altered(sample_case):
    """Change an act behind the back of the program."""
    with closing(sqlite3.connect(sample_case / "case.sqlite")) as raw, raw:
        raw.execute("UPDATE journal SET who = 'nobody' WHERE number = 2")
    raw.close()


@pytest.mark.usefixtures("altered")
def test_a_changed_act_is_named_by_its_number(qtbot, altered, window):
    page = gone_to(qtbot, window, "journal")
    qtbot.waitUntil(lambda: "Broken at act 2" in page.state.said(), timeout=PATIENCE)
    assert "other means" in page._why.text()


def test_acts_are_filtered_by_a_text_that_is_typed(qtbot, page):
    page.filter.field.setFocus()
    qtbot.keyClicks(page.filter.field, "trusted")
    qtbot.keyClick(page.filter.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1)
    qtbot.waitUntil(lambda: page.table.rows.row_at(0) is not None)
    assert row_texts(page)[3] == "Trusted keys"
    page.reveal(Asked("evidence.add"))
    qtbot.waitUntil(lambda: page.table.rows.row_at(0) is not None)
    assert row_texts(page)[3] == "Added evidence"


def test_an_act_is_shown_whole_in_the_inspector(qtbot, window, page):
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.waitUntil(lambda: window.context.selection.current is not None)
    assert window.context.selection.current.title == "Made the index"


def test_an_exported_journal_is_verified_like_any_other_log(qtbot, window, page, tmp_path):
    out = tmp_path / "journal.jsonl"
    with qtbot.waitSignal(window.context.notices.said, timeout=PATIENCE):
        page.export_to(out)
    head = window.context.services.standing.journal.head
    assert run(["verify", str(out), "--expect-head", head, "--require", "integrity"]) == 0


def test_a_journal_is_never_exported_into_the_case(qtbot, window, page):
    with qtbot.waitSignal(window.context.notices.failed, timeout=PATIENCE):
        page.export_to(window.context.services.case.folder / "case.sqlite")


def test_local_times_carry_their_offset(qtbot, window, page):
    window.context.settings.choose("local_time", True)
    qtbot.waitUntil(lambda: page.table.rows.row_at(0) is not None)
    assert page.table.rows.columns[1].title == "Time, local"
    assert row_texts(page)[1][-6] in "+-"
