"""No command is shown that does nothing: each acts, or says truly why it cannot."""

import pytest
from PySide6.QtCore import Qt

from workbench.gui.frame.about import About, installed, shipped
from workbench.gui.tables.view import Table

PAGES = (
    "overview", "evidence", "verification", "catalog", "lineage", "timeline", "checks", "findings",
    "report", "journal", "trust", "settings",
)  # fmt: skip
#: What can be so although a case is open, verified, and a row of the page is selected.
TRUE = {
    "case.keep": "This case has a place of its own.",
    "view.close_layer": "Nothing is open.",
    "go.back": "There is no page before.",
    "go.forward": "There is no page after.",
    "go.view": "This page has one view only.",
    "help.explain": "Go to a verdict word with Tab, then press F1 there.",
    "view.inspector": "This page has no inspector.",
    "view.filter": "This page has no filter.",
    "view.around": "Only the timeline shows what was around a row.",
    "view.graph": "This page has no graph.",
    "view.list": "This page has no graph.",
    "problem.next": "This page has no problems to step through.",
    "problem.previous": "This page has no problems to step through.",
    "table.export": "This page has no table to export.",
    "finding.new": "Nothing on this page can become a finding.",
    "row.open": "Rows of this table do not open.",
    "row.peek": "This page has no inspector.",
}
#: The same of one page, before anything was done there.
TRUE_ON = {
    "checks": {
        "finding.new": "Run the checks first.",
        "problem.next": "No check has an exception or an undecided row.",
        "problem.previous": "No check has an exception or an undecided row.",
    }
}


def chosen(qtbot, window) -> Table | None:
    """Select a row of the first table on screen that has one."""
    page = window.stack.currentWidget()
    tables = [t for t in page.findChildren(Table) if t.isVisible()]
    for table in tables:
        qtbot.waitUntil(lambda table=table: not table.rows.count.more)
        if table.rows.rowCount():
            table.selectRow(0)
            qtbot.waitUntil(lambda table=table: table.row() is not None)
            return table
    return None


@pytest.mark.parametrize("page", PAGES)
def test_each_command_acts_or_says_truly_why_it_cannot(qtbot, window, page):
    window.context.navigation.go(page)
    qtbot.waitUntil(lambda: window.context.jobs.is_idle)
    table = chosen(qtbot, window)
    wrong = {}
    for command in window.commands.all:
        why = command.when()
        if not why:
            assert window.context.acts.find(command.id), f"nobody does {command.id} on {page}"
        elif table is None and why == "Select a row first.":
            continue
        elif why != TRUE_ON.get(page, {}).get(command.id, TRUE.get(command.id)):
            wrong[command.id] = why
    assert not wrong


def test_without_a_case_no_page_of_a_case_can_be_gone_to(empty_window):
    for command in empty_window.commands.all:
        if command.id.startswith("go.") and command.id not in {"go.back", "go.forward"}:
            assert command.when() == ("" if command.id == "go.settings" else "No case is open.")


def test_peeking_at_a_row_opens_the_inspector_on_it(qtbot, window):
    window.context.navigation.go("journal")
    (table,) = window.stack.currentWidget().findChildren(Table)
    qtbot.waitUntil(lambda: table.rows.rowCount() > 0)
    table.selectRow(0)
    window.dock.toggle()
    assert not window.dock.inspector.isVisible()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert window.dock.inspector.isVisible()


def test_a_table_that_nobody_exports_does_not_offer_it(window):
    window.context.navigation.go("trust")
    (table,) = window.stack.currentWidget().findChildren(Table)
    assert not table.exports
    window.context.navigation.go("timeline")
    assert window.stack.currentWidget().table.exports


def test_about_names_the_version_and_every_licence(qtbot, window):
    assert window.commands.run("help.about")
    (about,) = window.findChildren(About)
    from workbench import __version__
    from workbench.gui.text import PlainLabel

    said = {label.text() for label in about.findChildren(PlainLabel)}
    assert __version__ in said
    names = {name.lower() for name, _ in installed()}
    assert any(name.startswith("cryptography ") for name in names)
    assert all(len(told) <= 200 and told[0].isalnum() for _, told in installed())
    assert {told for _, told in shipped()} <= said
    about.close()
