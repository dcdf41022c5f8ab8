"""Every command is declared once; menus, palette and keys come from the one table."""

import re

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench import resources
from workbench.gui.commands import Acts, Command, CommandTable, Menu, Scope
from workbench.gui.context import FindKind, Hit
from workbench.gui.frame.command_list import NOT_IN_PALETTE, page_keys, window_commands
from workbench.gui.frame.keys_help import KeysList
from workbench.gui.frame.palette_items import listed, matching, wanted
from workbench.gui.page import Group, Page, PageWidget

PAGES = tuple(
    Page(f"p{n}", f"Page {n}", "box", n, group, lambda _context: PageWidget())
    for n, group in enumerate([Group.CASE] * 10 + [Group.FOOT, Group.START])
)
#: Section 5 of the design: what each key does.
KEYS = {
    "Ctrl+K": "view.palette", "Ctrl+F": "view.search", "/": "view.filter",
    "Ctrl+O": "evidence.add", "Ctrl+N": "case.new", "Ctrl+Shift+V": "case.verify_all",
    "Ctrl+R": "report.check", "Return": "row.open", "Space": "row.peek", "Alt+Left": "go.back",
    "Alt+Right": "go.forward", "F6": "view.next_pane", "Ctrl+I": "view.inspector",
    "Ctrl+J": "view.jobs", "[": "problem.previous", "]": "problem.next",
    "Ctrl+Shift+F": "finding.new", "W": "view.around",
    "G": "view.graph", "L": "view.list", "Ctrl+C": "row.copy",
    "Ctrl+Shift+C": "row.copy_place", "Ctrl+E": "table.export", "F1": "help.explain",
    "Esc": "view.close_layer", "Ctrl+1": "go.p0", "Ctrl+9": "go.p8", "Ctrl+0": "go.p9",
}  # fmt: skip


@pytest.fixture
def acts():
    return Acts()


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def table(window, theme, acts):
    return CommandTable(theme, window_commands(acts, PAGES, lambda: False), window)


def test_the_keyboard_is_that_of_the_design(table):
    found = {command.shortcut: command.id for command in table.all if command.shortcut}
    assert {key: found.get(key) for key in KEYS} == KEYS


def test_no_two_commands_have_the_same_id_or_keys(table, theme, qtbot):
    keys = [c.shortcut for c in table.all if c.shortcut]
    assert len(set(keys)) == len(keys)
    spelled = [QKeySequence(key).toString() for key in keys]
    assert len(set(spelled)) == len(spelled)
    assert all(spelled), "Qt understands every key"
    twice = [Command(n, "x", Menu.FILE, lambda: None, shortcut="Ctrl+B") for n in ("a", "b")]
    with pytest.raises(ValueError, match="same shortcut: Ctrl\\+B"):
        CommandTable(theme, twice, QWidget())


def test_every_command_is_in_the_menu(table):
    menu = QMenu()
    table.fill(menu)
    inside = [a.objectName() for top in menu.actions() for a in top.menu().actions()]
    assert sorted(inside) == sorted(command.id for command in table.all)
    assert [top.text() for top in menu.actions()] == [name.value for name in Menu]


def test_every_command_is_in_the_palette(table):
    found = {item.title for item in listed(">", table, (), lambda _hit: None)}
    found |= {item.title for item in listed("", table, (), lambda _hit: None)}
    missing = {c.id for c in table.all if c.title not in found}
    assert missing == set(NOT_IN_PALETTE)


def test_every_command_with_keys_is_in_the_help(table, theme, qtbot):
    help_list = KeysList(theme, table)
    qtbot.addWidget(help_list)
    for command in table.all:
        if command.shortcut:
            assert f"{command.title}: {command.shortcut}" in help_list.accessibleName()


def test_every_icon_of_a_command_ships(table):
    for command in table.all:
        if command.icon:
            assert resources.path("third_party", "lucide", f"{command.icon}.svg").is_file()


def test_titles_say_verb_and_noun_in_sentence_case(table):
    for command in table.all:
        assert not re.search(r"please|successfully|!|\.\.\.", command.title, re.IGNORECASE)
        words = command.title.replace("Audit Workbench", "").split()[1:]
        assert not [word for word in words if word[0].isupper()], command.title


def test_single_letters_act_in_tables_only(table):
    for command in table.all:
        if len(command.shortcut) == 1:
            assert command.scope is Scope.FOCUS, command.id
            assert table.action(command.id).shortcut().isEmpty()


def test_a_command_that_nobody_does_says_why_it_cannot_run(qtbot, table):
    with qtbot.waitSignal(table.refused) as caught:
        assert not table.run("case.verify_all")
    assert caught.args == ["Verify all sources: No case is open."]


def test_a_command_is_done_by_the_page_on_screen_first(table, acts):
    from workbench.gui.commands import Act

    done = []
    acts.offer("table.export", lambda: done.append("everybody"))
    assert table.run("table.export")
    acts.show({"table.export": Act(lambda: done.append("page"))})
    assert table.run("table.export")
    acts.show({})
    assert table.run("table.export")
    assert done == ["everybody", "page", "everybody"]


def test_a_reason_given_by_who_does_it_stands_in_the_menu(table, acts):
    acts.offer("evidence.add", lambda: None, lambda: "The case is sealed.")
    menu = QMenu()
    table.fill(menu)
    (evidence,) = [top.menu() for top in menu.actions() if top.text() == "Evidence"]
    evidence.aboutToShow.emit()
    action = table.action("evidence.add")
    assert action.text() == "Add evidence… (The case is sealed)"
    assert not action.isEnabled()
    evidence.aboutToHide.emit()
    assert action.isEnabled(), "its key must reach it, to be told why"
    assert action.text() == "Add evidence…"


def test_a_key_of_a_table_runs_its_command(table, acts):
    done = []
    acts.offer("view.graph", lambda: done.append("graph"))
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_G, Qt.KeyboardModifier.NoModifier, "g")
    assert table.run_key(key)
    other = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Q, Qt.KeyboardModifier.NoModifier, "q")
    assert not table.run_key(other)
    assert done == ["graph"]


def test_first_ten_pages_have_keys_and_the_others_none():
    keys = page_keys(PAGES)
    assert keys["p0"] == "Ctrl+1"
    assert keys["p9"] == "Ctrl+0"
    assert set(keys) == {f"p{n}" for n in range(10)}


def test_prefixes_narrow_what_is_looked_for(table):
    assert (wanted(">ver").commands, wanted("> ver").text) == (True, "ver")
    assert (wanted("#203").commands, wanted("#203").kind) == (False, FindKind.RECORDS)
    assert wanted("@okafor").kind is FindKind.ACTORS
    assert wanted("ver").finds
    assert not wanted("").finds
    hit = Hit("model.approve", "record 7", "file-text", "p1", 7)
    groups = [i.title for i in listed("page", table, [hit], lambda _h: None) if i.run is None]
    assert groups == ["Go to", "In this case"]
    only = [i.title for i in listed(">page", table, [hit], lambda _h: None) if i.run is None]
    assert only == []
    found = [i.title for i in listed("#7", table, [hit], lambda _h: None)]
    assert found == ["In this case", "model.approve"]


def test_palette_matches_the_beginnings_of_words_what_can_run_first(table, acts):
    acts.offer("report.check", lambda: None)
    titles = [command.title for command in matching(table.all, "s")]
    assert titles[0] == "Check a signed report or package…"
    assert "Show or hide the inspector" in titles
    assert [c.title for c in matching(table.all, "sig rep")] == [
        "Check a signed report or package…"
    ]


def test_a_hit_leads_to_its_page_and_place(table):
    gone = []
    hit = Hit("model.approve", "record 7", "file-text", "p1", 7)
    (_, item) = listed("#7", table, [hit], gone.append)
    item.run()
    assert gone == [hit]
