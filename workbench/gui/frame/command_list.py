"""The commands of the window, as one table. Who does them is found when they are run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.gui.commands import Acts, Command, Menu, Scope, always
from workbench.gui.page import Group, Page
from workbench.gui.text import tr

_NO_CASE = "No case is open."
_NO_ROW = "Select a row first."
_NO_TABLE = "This page has no table to export."
_NO_FILTER = "This page has no filter."
_NO_GRAPH = "This page has no graph."
_NO_TIME = "Only the timeline shows what was around a row."
_NO_PROBLEMS = "This page has no problems to step through."
_ONE_VIEW = "This page has one view only."
_NO_SUBJECT = "Nothing on this page can become a finding."
_F = Scope.FOCUS
_NOT_IN_RAIL = frozenset({Group.START, Group.TASK})


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table; ``otherwise`` is why it cannot run where nobody does it."""

    id: str
    title: str
    menu: Menu
    icon: str = ""
    shortcut: str = ""
    scope: Scope = Scope.WINDOW
    otherwise: str = _NO_CASE
    writes: bool = False


_TABLE = (
    _Line("case.new", "New case…", Menu.FILE, "file-plus", "Ctrl+N"),
    _Line("case.open", "Open case…", Menu.FILE, "folder-open", "Ctrl+Shift+N"),
    _Line("case.sample", "Open the sample case", Menu.FILE, "flask-conical"),
    _Line("case.close", "Close case", Menu.FILE),
    _Line("case.keep", "Keep this case as…", Menu.FILE, "save"),
    _Line("report.check", "Check a signed report or package…", Menu.FILE, "badge-check", "Ctrl+R"),
    _Line("report.countersign", "Countersign a report…", Menu.FILE, "signature"),
    _Line("report.stamp", "Time-stamp or renew a report…", Menu.FILE, "stamp"),
    _Line("folder.seal", "Seal a folder…", Menu.FILE, "lock"),
    _Line("window.quit", "Quit", Menu.FILE, "", "Ctrl+Q"),
    _Line("row.copy", "Copy row", Menu.EDIT, "copy", "Ctrl+C", _F, _NO_ROW),
    _Line("row.copy_place", "Copy row with its place", Menu.EDIT, "", "Ctrl+Shift+C", _F, _NO_ROW),
    _Line("table.export", "Export…", Menu.EDIT, "download", "Ctrl+E", otherwise=_NO_TABLE),
    _Line(
        "finding.new",
        "New finding from selection",
        Menu.EDIT,
        "flag",
        "Ctrl+Shift+F",
        otherwise=_NO_SUBJECT,
        writes=True,
    ),
    _Line("view.palette", "Command palette", Menu.VIEW, "command", "Ctrl+K"),
    _Line("view.search", "Search the case", Menu.VIEW, "search", "Ctrl+F"),
    _Line("view.filter", "Filter this table", Menu.VIEW, "funnel", "/", _F, _NO_FILTER),
    _Line("view.inspector", "Show or hide the inspector", Menu.VIEW, "panel-right", "Ctrl+I"),
    _Line("view.jobs", "Show or hide jobs", Menu.VIEW, "", "Ctrl+J"),
    _Line("view.next_pane", "Next pane", Menu.VIEW, "", "F6"),
    _Line("view.previous_pane", "Previous pane", Menu.VIEW, "", "Shift+F6"),
    _Line("view.graph", "Show as graph", Menu.VIEW, "git-fork", "G", _F, _NO_GRAPH),
    _Line("view.list", "Show as list", Menu.VIEW, "table", "L", _F, _NO_GRAPH),
    _Line("view.around", "Show ± 30 min around the row", Menu.VIEW, "crosshair", "W", _F, _NO_TIME),
    _Line("view.as_of", "What stood as of a moment", Menu.VIEW, "history", "T", _F),
    _Line("theme.system", "Theme as the system has it", Menu.VIEW, "contrast"),
    _Line("theme.light", "Light theme", Menu.VIEW),
    _Line("theme.dark", "Dark theme", Menu.VIEW),
    _Line("theme.contrast", "High contrast theme", Menu.VIEW),
    _Line("text.larger", "Larger text", Menu.VIEW, "", "Ctrl++"),
    _Line("text.smaller", "Smaller text", Menu.VIEW, "", "Ctrl+-"),
    _Line("view.close_layer", "Close one layer", Menu.VIEW, "", "Esc", _F, "Nothing is open."),
    _Line("go.back", "Back", Menu.GO, "chevron-left", "Alt+Left"),
    _Line("go.forward", "Forward", Menu.GO, "chevron-right", "Alt+Right"),
    _Line("go.view", "Next view of this page", Menu.GO, "", "Ctrl+Tab", otherwise=_ONE_VIEW),
    _Line("row.open", "Open row", Menu.GO, "", "Return", _F, _NO_ROW),
    _Line("row.peek", "Peek at row", Menu.GO, "eye", "Space", _F, _NO_ROW),
    _Line("problem.previous", "Previous problem", Menu.GO, "", "[", _F, _NO_PROBLEMS),
    _Line("problem.next", "Next problem", Menu.GO, "", "]", _F, _NO_PROBLEMS),
    _Line("evidence.add", "Add evidence…", Menu.EVIDENCE, "plus", "Ctrl+O"),
    _Line("evidence.add_folder", "Add folder…", Menu.EVIDENCE, "folder-open"),
    _Line("evidence.secret", "Give a shared secret…", Menu.EVIDENCE, "file-key"),
    _Line("case.verify_all", "Verify all sources", Menu.EVIDENCE, "rotate-cw", "Ctrl+Shift+V"),
    _Line("case.rebuild_index", "Rebuild the index", Menu.EVIDENCE, "database"),
    _Line("case.package", "Package report and evidence…", Menu.CASE, "package", writes=True),
    _Line("case.subset", "Hand over a part of the case…", Menu.CASE, "share-2", writes=True),
    _Line("case.backup", "Back up the case…", Menu.CASE, "hard-drive"),
    _Line("case.restore", "Restore a backup…", Menu.CASE, "archive-restore"),
    _Line("help.explain", "Explain this", Menu.HELP, "circle-question-mark", "F1"),
    _Line("help.keys", "Keyboard shortcuts", Menu.HELP, "command", "Shift+F1"),
    _Line("help.about", "About Audit Workbench", Menu.HELP, "info"),
)
#: A command that is in the menu but is none to be chosen from the palette.
NOT_IN_PALETTE = frozenset({"view.palette", "view.close_layer"})


def window_commands(
    acts: Acts,
    pages: Sequence[Page],
    has_case: Callable[[], bool],
    read_only: Callable[[], str] = always,
) -> tuple[Command, ...]:
    """Return every command of the window: the table, and one for each page."""
    lines = (*_TABLE, *_pages(pages))
    return tuple(_command(line, acts, has_case, read_only) for line in lines)


def page_keys(pages: Sequence[Page]) -> dict[str, str]:
    """Return the keys of the first ten pages of the rail: Ctrl+1 to Ctrl+9, then Ctrl+0."""
    apart = {*_NOT_IN_RAIL, Group.FOOT}
    numbered = [page for page in pages if page.group not in apart and not page.under][:10]
    return {page.id: f"Ctrl+{(n + 1) % 10}" for n, page in enumerate(numbered)}


def _command(
    line: _Line, acts: Acts, has_case: Callable[[], bool], read_only: Callable[[], str]
) -> Command:
    def why_not() -> str:
        if line.writes and has_case() and (why := read_only()):
            return why
        return acts.why_not(line.id, tr(line.otherwise if has_case() else _NO_CASE))

    return Command(
        id=line.id,
        title=line.title,
        menu=line.menu,
        icon=line.icon,
        shortcut=line.shortcut,
        scope=line.scope,
        run=lambda: acts.run(line.id),
        when=why_not,
    )


def _pages(pages: Sequence[Page]) -> Iterator[_Line]:
    keys = page_keys(pages)
    for page in pages:
        if page.group in _NOT_IN_RAIL:
            continue
        title = f"{page.title}: {page.view.lower()}" if page.under else page.title
        line = _Line(f"go.{page.id}", title, Menu.GO, page.icon)
        yield replace(line, shortcut=keys.get(page.id, ""))
