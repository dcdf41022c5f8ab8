"""How a log that nothing recognises is read: a draft, what it makes of the log, and keeping it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QSplitter, QStackedWidget

from workbench.errors import WorkbenchError
from workbench.gui.amounts import Unit
from workbench.gui.context import WindowContext, read_only
from workbench.gui.faults import Fault, fault_of
from workbench.gui.fonts import Face
from workbench.gui.looking.names import short_names
from workbench.gui.mapping import asking
from workbench.gui.mapping.inspecting import tried_inspected
from workbench.gui.mapping.rows import cards, tried_rows, words_of
from workbench.gui.models.cells import Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.cards import CardList
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import RecordAt, SourceAt
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import Paragraph, tr
from workbench.model.case import CaseChanges
from workbench.model.case_source import CaseSource
from workbench.output import write_whole

if TYPE_CHECKING:
    from workbench.services.cases import Added
    from workbench.services.mappings import Trial

T = TypeVar("T")
_SIDE, _MARGIN = 236, 16
_PAUSE_MS = 400
_TOUCHES = {"sources", "events", "case"}


class MappingPage(PageWidget):
    """Logs at the left, the mapping of one as text, and below it what that makes of the log."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._logs: list[CaseSource] = []
        self._log: CaseSource | None = None
        self._given: dict[int, str] = {}
        self._typed: dict[int, str] = {}
        self._trial: Trial | None = None
        self._wrong = ""
        self._asked = 0
        self._running = False
        theme = context.theme
        self.draft = Button(theme, tr("Draft anew"), "rotate-cw")
        self.save = Button(theme, tr("Save the file…"), "save")
        self.keep = Button(theme, tr("Read the log by it"), "check", Look.PRIMARY)
        actions = (self.draft, self.save, self.keep)
        self.header = PageHeader(theme, tr("Evidence"), "", actions)
        self.logs = CardList(theme, tr("Logs"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("The mapping, as YAML"))
        self.text.setTabChangesFocus(True)
        self.words = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.table = Table(
            theme, context.jobs, tried_rows(None), name=tr("First records"), margin=_MARGIN
        )
        self.empty = EmptyState(
            theme, "file-code", tr("No log needs a mapping"),
            tr("Every log of this case was recognised. What no format describes is here: its "
               "events can be read once a mapping says where they stand."),
            tr("Add evidence…"), action_icon="plus",
        )  # fmt: skip
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._dress()
        self._list()

    def refresh(self, changes: CaseChanges) -> None:
        """List the logs again."""
        if changes.areas & _TOUCHES:
            self._list()

    def reveal(self, place: object) -> None:
        """Show the mapping of a log."""
        if isinstance(place, SourceAt) and any(log.id == place.source for log in self._logs):
            self._choose_log(str(place.source))
            self.logs.choose(str(place.source))

    def keep_typed(self) -> str:
        """Say that a mapping is neither saved nor used."""
        edited = [n for n, text in self._typed.items() if text != self._given.get(n)]
        names = [log.display for log in self._logs if log.id in edited]
        return tr("The mapping of {} was edited.").format(names[0]) if names else ""

    def try_it(self) -> None:
        """Show what the text makes of the log."""
        log, text = self._log, self.text.toPlainText()
        if log is None or not text.strip():
            return
        self._asked += 1
        asked = self._asked
        self._context.services.read(
            lambda case: _tried(lambda: asking.attempt(case, log.id, text)),
            owner=self,
            on_done=lambda found: self._take(asked, found),
            on_failed=self._fail,
        )

    def draft_anew(self) -> None:
        """Propose a mapping again, from the first records."""
        log = self._log
        if log is None:
            return
        self._context.services.read(
            lambda case: _tried(lambda: asking.draft(case, log.id)),
            owner=self,
            on_done=lambda found: self._take_draft(log, found),
            on_failed=self._fail,
        )

    def read_by_it(self) -> None:
        """Read the log by the mapping, in place of what was read before."""
        log, text = self._log, self.text.toPlainText()
        if log is None or self._why_not():
            return
        self._running = True
        self._context.services.act(
            tr("Read {} by a mapping").format(log.display),
            lambda case, progress, cancel: asking.read_by(case, log, text, progress, cancel),
            unit=Unit.BYTES, owner=self,
            on_done=self._done, on_failed=self._fail, on_cancelled=self._stop,
        )  # fmt: skip
        self._allow()

    def _list(self) -> None:
        standing = self._context.services.standing
        self._logs = asking.candidates(standing.sources) if standing else []
        names = short_names({log.id: log.display for log in self._logs})
        ids = [log.id for log in self._logs]
        if self._log is None or self._log.id not in ids:
            self._choose_log(str(ids[0]) if ids else "")
        current = str(self._log.id) if self._log else ""
        self.logs.show_cards(cards(self._logs, names), current)
        self.stack.setCurrentIndex(0 if self._logs else 1)
        self._say()

    def _choose_log(self, key: str) -> None:
        self._log = next((log for log in self._logs if str(log.id) == key), None)
        self._trial, self._wrong = None, ""
        if self._log is not None:
            text = self._typed.get(self._log.id) or self._log.mapping
            self._show_text(text)
            if text:
                self._given.setdefault(self._log.id, text)
                self.try_it()
            else:
                self.draft_anew()
        self._show()

    def _take_draft(self, log: CaseSource, found: "str | WorkbenchError") -> None:
        if log != self._log:
            return
        if isinstance(found, WorkbenchError):
            self._wrong = found.message
            self._show()
            return
        self._given[log.id] = self._typed[log.id] = found
        self._show_text(found)
        self.try_it()

    def _take(self, asked: int, found: "Trial | WorkbenchError") -> None:
        if asked != self._asked:
            return
        wrong = isinstance(found, WorkbenchError)
        self._wrong = found.message if isinstance(found, WorkbenchError) else ""
        self._trial = None if wrong else found  # type: ignore[assignment]  # one of the two
        self._show()

    def _fail(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        self._stop()

    def _done(self, added: "Added") -> None:
        """Go to the first record of what was read."""
        if self._log is not None:
            self._given[self._log.id] = self.text.toPlainText()
        self._stop()
        read = [source for source in added.added if source.mapping]
        if read and read[0].events:
            self._context.navigation.go("timeline", RecordAt(read[0].id, 1))
        if len(added.added) > len(read):
            others = len(added.added) - len(read)
            told = tr("{} more of the delivery had changed, and was taken in anew.")
            self._context.notices.say(told.format(f"{others:,}"))
        elif not added.added:
            self._context.notices.say(tr("The log is read by this mapping already."))

    def _stop(self) -> None:
        self._running = False
        self._allow()

    def _show_text(self, text: str) -> None:
        self.text.blockSignals(True)
        self.text.setPlainText(text)
        self.text.blockSignals(False)

    def _edit(self) -> None:
        if self._log is not None:
            self._typed[self._log.id] = self.text.toPlainText()
        self._pause.start()

    def _show(self) -> None:
        source = tried_rows(self._trial)
        self.table.show_source(source)
        told, is_wrong = words_of(self._trial) if self._trial else ([], False)
        told = [self._wrong] if self._wrong else told
        self.words.setText(" ".join(told))
        self.words.recolour(
            "failed" if self._wrong else "indeterminate" if is_wrong else "secondary"
        )
        self._say()

    def _say(self) -> None:
        words = tr("What nothing recognises can be read by a mapping: edit it, see what it makes.")
        if self._log is not None:
            words = tr("{} · the first records below, as the text above reads them").format(
                self._log.display
            )
        self.header.say(words)
        self._allow()

    def _allow(self) -> None:
        none = "" if self._log else tr("Select a log first.")
        self.draft.allow(none)
        self.save.allow(none)
        self.keep.allow(self._why_not())

    def _why_not(self) -> str:
        if why := read_only(self._context.services):
            return why
        if self._running:
            return tr("It is being read.")
        if self._log is None:
            return tr("Select a log first.")
        if self._wrong:
            return self._wrong
        if self._trial is None:
            return tr("See first what it makes of the log.")
        return "" if self._trial.fits else tr("The log would not be recognised by it.")

    def _save(self) -> None:
        if self._log is None:
            return
        asked = tr("Save the mapping")
        name, _ = QFileDialog.getSaveFileName(self, asked, "mapping.yaml", "YAML (*.yaml)")
        if name:
            from workbench.store.handing import require_outside

            text = self.text.toPlainText()
            try:
                require_outside(self._context.services.case, Path(name), force=True)
                write_whole(Path(name), text.encode(), replace=True)
            except WorkbenchError as error:
                self._context.notices.fail(fault_of(error))
                return
            self._given[self._log.id] = text
            self._context.notices.say(tr("{} was written.").format(name))

    def _choose(self, picked: Row | None) -> None:
        log = self._log
        if picked is not None and log is not None and self.isVisible():
            found = tried_inspected(self._context, log, picked.key)  # type: ignore[arg-type]
            self._context.selection.select(found)

    def _dress(self) -> None:
        self.text.setFont(self._context.theme.font(Face.MONO))

    def _lay_out(self) -> None:
        theme = self._context.theme
        self.logs.setFixedWidth(theme.px(_SIDE))
        above = column()
        above.setContentsMargins(_MARGIN, 10, _MARGIN, 8)
        above.addWidget(self.text)
        below = column()
        told = column()
        told.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        told.addWidget(self.words)
        below.addLayout(told)
        below.addWidget(self.table, 1)
        hints = (tr("Evidence is never changed: a mapping says how it is read"),)
        below.addWidget(TableFooter(theme, self.table.rows, right=hints, margin=_MARGIN))
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(boxed(above))
        parts.addWidget(boxed(below))
        parts.setSizes([320, 320])
        middle = row()
        middle.addWidget(self.logs)
        middle.addWidget(Line(theme, upright=True))
        middle.addWidget(parts, 1)
        self.stack.addWidget(boxed(middle))
        self.stack.addWidget(self.empty)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(theme))
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.draft.clicked.connect(self.draft_anew)
        self.save.clicked.connect(self._save)
        self.keep.clicked.connect(self.read_by_it)
        self.logs.chosen.connect(self._choose_log)
        self.text.textChanged.connect(self._edit)
        self._pause.timeout.connect(self.try_it)
        self.empty.acted.connect(lambda: self._context.acts.run("evidence.add"))
        self.table.chosen.connect(self._choose)
        self._context.theme.changed.connect(self._dress)


def _tried(work: Callable[[], T]) -> T | WorkbenchError:
    """Return what work returns, or why it cannot be done: that is an answer here, no fault."""
    try:
        return work()
    except WorkbenchError as error:
        return error


PAGE = Page(
    "mapping", "Evidence", "file-code", 21, Group.CASE, MappingPage, inspects_narrow=False,
    view="Map a log", under="evidence",
)  # fmt: skip
