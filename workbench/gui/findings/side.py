"""The right of the page of findings: details, the bytes of the evidence chosen, the history."""

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.evidence.strict_json import JsonValue, parse
from workbench.gui.context import WindowContext
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.findings.details import FindingDetails
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, Panel, boxed, clear, column, row, scrolled
from workbench.gui.parts.inspector import MARGIN
from workbench.gui.parts.tab_bar import TabBar
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.case import EvidenceRef, JournalEntry

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

DETAILS, BYTES, HISTORY = range(3)
#: Texts of the journal are shown this long; the page of the journal has all of them.
_MOST = 400


class FindingSide(Panel):
    """Three tabs; the details are always there, the others are made when they are looked at.

    ``judged`` gives a place whose bytes were read, and what came of it.
    """

    judged = Signal(object, object, str)

    def __init__(self, context: WindowContext) -> None:
        super().__init__(context.theme, edges="w")
        self._context = context
        self._number = ""
        self.details = FindingDetails(context.theme)
        self.bytes: EvidenceBytes | None = None
        self.tabs = TabBar(context.theme)
        self._pages = QStackedWidget()
        self._bytes, self.history = column(), column(gap=12)
        for title in (tr("Details"), tr("Bytes"), tr("History")):
            self.tabs.addTab(title)
        for content in (self.details, boxed(self._bytes), boxed(self.history)):
            self._pages.addWidget(scrolled(_inset(content)))
        self.tabs.currentChanged.connect(self._turn)
        self._lay_out()

    def show_number(self, number: str) -> None:
        """Follow another finding."""
        if number != self._number:
            self._number = number
            self.bytes = None
            self._say_nothing()
            if self.tabs.currentIndex() == BYTES:
                self.tabs.setCurrentIndex(DETAILS)
        self.refresh()

    def refresh(self) -> None:
        """Read the history again if it is looked at."""
        if self.tabs.currentIndex() == HISTORY and self._number:
            number = self._number
            self._context.services.read(
                lambda case: _history(case, number),
                owner=self,
                on_done=lambda entries: self._take_history(number, entries),
            )

    def _take_history(self, number: str, entries: Sequence[JournalEntry]) -> None:
        """Show the history of a finding, unless another one is shown meanwhile."""
        if number == self._number:
            self._show_history(entries)

    def open_bytes(self, ref: EvidenceRef) -> None:
        """Show the bytes of a place."""
        clear(self._bytes)
        self.bytes = EvidenceBytes(self._context, ref)
        self.bytes.judged.connect(self.judged)
        self._bytes.addWidget(self.bytes)
        self.tabs.setCurrentIndex(BYTES)

    def _lay_out(self) -> None:
        head = row()
        head.setContentsMargins(MARGIN - 1, 10, MARGIN, 0)
        head.addWidget(self.tabs)
        head.addStretch()
        layout = column()
        layout.addLayout(head)
        layout.addWidget(Line(self._context.theme))
        layout.addWidget(self._pages, 1)
        self.setLayout(layout)
        self._say_nothing()

    def _say_nothing(self) -> None:
        clear(self._bytes)
        words = tr("Choose a row of the evidence to see its bytes, read again and compared.")
        self._bytes.addWidget(Paragraph(self._context.theme, words, Face.BODY, "secondary"))

    def _turn(self, tab: int) -> None:
        self._pages.setCurrentIndex(tab)
        self.refresh()

    def _show_history(self, entries: Sequence[JournalEntry]) -> None:
        clear(self.history)
        theme = self._context.theme
        for entry in reversed(entries):
            box = column(gap=2)
            when = f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            box.addWidget(PlainLabel(theme, f"{when} · {entry.who}", Face.SECONDARY, "secondary"))
            box.addWidget(Paragraph(theme, told(entry)))
            self.history.addWidget(boxed(box))
        self.history.addStretch()


def told(entry: JournalEntry) -> str:
    """Return an entry of the journal in words: which parts, from what to what."""
    detail = parse(entry.detail.encode(), what="journal")
    if entry.act != "finding.change" or not isinstance(detail, dict):
        return tr("Entry {}: written").format(f"{entry.number:,}")
    parts = [_change(name, change) for name, change in detail.items()]
    return tr("Entry {}: {}").format(f"{entry.number:,}", "; ".join(parts))


def _change(name: str, change: JsonValue) -> str:
    title = tr(name.replace("_", " "))
    if name == "evidence" or not isinstance(change, list) or len(change) != 2:
        return tr("{} changed").format(title)
    old, new = (_quoted(value) for value in change)
    return tr("{} from {} to {}").format(title, old, new)


def _quoted(value: JsonValue) -> str:
    text = "" if value is None else str(value)
    cut = text if len(text) <= _MOST else f"{text[:_MOST]}…"
    return f"“{cut}”" if cut else tr("nothing")


def _history(case: "CaseStore", number: str) -> list[JournalEntry]:
    from workbench.services import cases

    return [entry for entry in cases.journal_entries(case) if entry.subject == number]


def _inset(content: QWidget) -> QWidget:
    layout = column()
    layout.setContentsMargins(MARGIN, 12, MARGIN, MARGIN)
    layout.addWidget(content)
    return boxed(layout)
