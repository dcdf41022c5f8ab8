"""One file adds a page; every page that ships keeps to what pages promise."""

import sys
from pkgutil import iter_modules
from types import ModuleType

import pytest

from tests.gui.windows import Services
from workbench import plugins, resources
from workbench.gui import pages
from workbench.gui.app import discover_pages, make_window
from workbench.gui.page import Page, PageWidget
from workbench.model.case import CaseChanges

SHIPPED = discover_pages()

#: What the author of a page writes.
EXAMPLE = '''
"""Notes of the auditor."""

from workbench.gui.context import WindowContext
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import column
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.model.case import CaseChanges


class NotesPage(PageWidget):
    """Says how many notes there are."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._header = PageHeader(context.theme, "Notes")
        empty = EmptyState(
            context.theme, "pencil", "No notes", "Notes stay in the case.", "Add note"
        )
        empty.acted.connect(lambda: context.notices.say("Select a row, then press N."))
        layout = column()
        layout.addWidget(self._header)
        layout.addWidget(empty)
        self.setLayout(layout)

    def refresh(self, changes: CaseChanges) -> None:
        """Count again."""
        self._header.say(f"{len(changes.areas)} areas changed")


PAGE = Page("notes", "Notes", "pencil", 1, Group.JOURNAL, NotesPage)
'''


@pytest.fixture
def written(tmp_path, monkeypatch) -> Page:
    """Return the example, found as any page is."""
    (tmp_path / "notes.py").write_text(EXAMPLE)
    monkeypatch.setattr(pages, "__path__", [str(tmp_path)])
    (found,) = discover_pages()
    yield found
    del sys.modules["workbench.gui.pages.notes"]


def opened(qtbot, qapp, context, shown):
    window = make_window(
        qapp,
        (),
        services=lambda _jobs, _settings: Services(),
        pages=shown,
        settings=context.settings,
    )
    qtbot.addWidget(window, before_close_func=lambda w: w.context.jobs.close())
    window.resize(1280, 800)
    window.show()
    return window


def test_one_file_adds_a_page(qtbot, qapp, context, written):
    window = opened(qtbot, qapp, context, [written])
    assert list(window.rail.items) == ["notes"]
    assert window.stack.current is written
    assert {"go.notes"} <= {command.id for command in window.commands.all}
    page = window.stack.currentWidget()
    assert isinstance(page, PageWidget)
    window.context.jobs.case_changed.emit(CaseChanges(frozenset({"notes"})))
    assert page._header._facts.accessibleName() == "1 areas changed"


def test_two_pages_of_one_name_are_refused(monkeypatch):
    twin = ModuleType("twin")
    twin.PAGE = Page("x", "X", "box", 1, 1, lambda _context: PageWidget())
    monkeypatch.setattr(plugins, "import_module", lambda _name: twin)
    twin.__path__ = []
    names = [type("M", (), {"name": name}) for name in ("a", "b")]
    monkeypatch.setattr(plugins, "iter_modules", lambda _path: names)
    with pytest.raises(ValueError, match="same id"):
        discover_pages()


def test_pages_have_names_icons_and_places_of_their_own():
    for page in SHIPPED:
        assert resources.path("third_party", "lucide", f"{page.icon}.svg").is_file(), page.id
    places = [(page.group, page.order) for page in SHIPPED]
    assert len(set(places)) == len(places)


def test_every_page_that_ships_opens_without_a_fault(qtbot, qapp, context):
    window = opened(qtbot, qapp, context, SHIPPED)
    faults = []
    window.context.notices.failed.connect(faults.append)
    for page in SHIPPED:
        window.context.navigation.go(page.id)
        qtbot.wait(20)
        window.grab()
    qtbot.waitUntil(lambda: window.context.jobs.is_idle)
    assert faults == []


def test_whatever_lies_in_the_folder_of_pages_is_a_page():
    """What a page needs beside it lies in a folder of its own: ``pages/timeline/__init__.py``."""
    assert len(list(iter_modules(pages.__path__))) == len(SHIPPED)
