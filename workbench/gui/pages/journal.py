"""Journal: every act on the case, each chained to the act before it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.models.cells import Cell, CellKind, Column, Count, ListSource, Row, Tone
from workbench.gui.page import Badge, Group, Page, PageWidget
from workbench.gui.parts.boxes import boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.digest import HashLabel, shortened
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.word import VerdictWord
from workbench.gui.places import Asked
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import Paragraph, tr
from workbench.gui.times import shown, zone
from workbench.model.case import CaseChanges, JournalEntry, JournalState

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

#: Words for acts; one that is not here is shown as it stands.
_ACTS = {
    "case.new": "Made the case",
    "case.verify": "Verified the case",
    "case.migrate": "Brought the case to a newer format",
    "case.engagement": "Changed the engagement",
    "package.write": "Wrote an evidence package",
    "evidence.add": "Added evidence",
    "evidence.again": "Was delivered the same again",
    "evidence.locate": "Said where evidence lies",
    "index.write": "Made the index",
    "trust.add": "Trusted keys",
    "trust.confirm": "Confirmed a fingerprint",
    "trust.remove": "Trusted a key no more",
    "check.run": "Ran checks",
    "check.rules": "Asked detection rules",
    "evidence.custody": "Said how evidence came",
    "evidence.map": "Said where events are read",
    "evidence.totals": "Stated control totals",
    "index.rebuild": "Made the index anew",
    "alternate.confirm": "Confirmed that two things are one",
    "alternate.part": "Parted two things",
    "alternate.undo": "Took back a word on two things",
    "tag.add": "Put a tag on something",
    "tag.remove": "Took a tag away",
    "note.add": "Wrote a note",
    "note.remove": "Took a note back",
    "view.save": "Saved a view",
    "view.rename": "Renamed a view",
    "view.remove": "Removed a view",
    "finding.add": "Wrote a finding",
    "finding.change": "Changed a finding",
    "report.sign": "Signed a report",
    "report.write": "Saved a draft report",
    "network.ask": "Asked a server for a time stamp",
    "journal.broken": "Noticed a break",
}


@dataclass(frozen=True, slots=True)
class _Held:
    """What is on the page: all acts, and what they come to."""

    entries: tuple[JournalEntry, ...]
    state: JournalState


def read(case: "CaseStore") -> _Held:
    """Return all acts of a case; a thousand take a few milliseconds."""
    from workbench.services import cases

    return _Held(tuple(cases.journal_entries(case)), case.journal_state())


class JournalPage(PageWidget):
    """The acts, newest first, and whether their chain holds."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._held: _Held | None = None
        theme = context.theme
        self.export = Button(theme, tr("Export journal…"), "download")
        self.export.clicked.connect(self._ask_export)
        self._header = PageHeader(theme, tr("Journal"), "", (self.export,))
        self.state = VerdictWord(theme, Mark.NONE, "")
        self._why = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.filter = FilterBar(theme, tr("Act, who or subject"), adds=False)
        self.table = Table(theme, context.jobs, self._source(()), name=tr("Acts"))
        self.filter.edited.connect(lambda _text: self._show())
        self.filter.submitted.connect(lambda _text: self._show())
        self.table.chosen.connect(self._choose)
        context.settings.changed.connect(self._read_setting)
        self._lay_out()
        self.refresh(CaseChanges())

    def refresh(self, changes: CaseChanges) -> None:
        """Read the acts again: every act is in the journal."""
        self._context.services.read(
            read, owner=self, on_done=self._take, on_failed=self._context.notices.fail
        )

    def reveal(self, place: object) -> None:
        """Show the acts that hold a text."""
        if isinstance(place, Asked):
            self.filter.field.setText(place.query)
            self._show()

    def _take(self, held: _Held) -> None:
        self._held = held
        state = held.state
        self._header.say(tr("{} acts, each with the digest of the one before").format(
            f"{state.entries:,}"
        ))  # fmt: skip
        if state.broken is None:
            self.state.show_word(Mark.NONE, tr("Intact"))
            self._why.setText(
                tr(
                    "Every digest was recomputed when the case was opened. A journal that was "
                    "written anew as a whole looks like this too: hold its head against a report."
                )
            )
        else:
            self.state.show_word(
                Mark.FAILED, tr("Broken at act {}").format(f"{state.broken.number:,}")
            )
            self._why.setText(
                tr("Expected {}, found {}: the case was changed by other means.").format(
                    shortened(state.broken.expected), shortened(state.broken.found)
                )
            )
        self._show()

    def _read_setting(self, key: str) -> None:
        """Show times in the other zone."""
        if key == "local_time":
            self._show()

    def _show(self) -> None:
        entries = self._held.entries if self._held else ()
        wanted = self.filter.field.text().strip().lower()
        found = tuple(e for e in reversed(entries) if wanted in _text(e))
        self.table.show_source(self._source(found, len(entries)))

    def _source(self, entries: Iterable[JournalEntry], of: int = 0) -> ListSource:
        settings = self._context.settings
        broken = self._held.state.broken if self._held else None
        bad = broken.number if broken else 0
        rows = tuple(
            _row(entry, shown(entry.at, settings), is_bad=entry.number == bad) for entry in entries
        )
        return _Acts(_columns(zone(settings)), rows, tr("acts"), of=of)

    def _choose(self, chosen: Row | None) -> None:
        if chosen is None or not isinstance(chosen.key, JournalEntry):
            return
        entry = chosen.key
        self._context.selection.select(
            Inspected(
                f"act {entry.number}",
                tr(_ACTS.get(entry.act, entry.act)),
                (InspectorTab(tr("Act"), lambda: self._fields(entry)),),
                status=tr("Act {} of the journal").format(f"{entry.number:,}"),
            )
        )

    def _fields(self, entry: JournalEntry) -> QWidget:
        theme, layout = self._context.theme, column(gap=16)
        fields = Fields(theme)
        fields.add(tr("Act"), entry.act, face=Face.MONO)
        fields.add(tr("Subject"), entry.subject)
        fields.add(tr("Who"), entry.who)
        fields.add(tr("When"), shown(entry.at, self._context.settings))
        fields.add(tr("Digest"), HashLabel(theme, entry.digest, head=12))
        fields.add(tr("Previous"), HashLabel(theme, entry.previous, head=12))
        layout.addWidget(fields)
        layout.addWidget(Paragraph(theme, _pretty(entry.detail), Face.MONO))
        layout.addStretch()
        return boxed(layout)

    def acts(self) -> Mapping[str, Act]:
        """Return the commands that this page does while it is on screen."""
        return {"table.export": Act(self._ask_export)}

    def _ask_export(self) -> None:
        asked = QFileDialog(self, tr("Export journal"))
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setDefaultSuffix("jsonl")
        asked.selectFile("journal.jsonl")
        asked.fileSelected.connect(lambda path: self.export_to(Path(path)))
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def export_to(self, out: Path) -> None:
        """Write the journal as a log that can be verified like any other."""
        force = out.exists()  # then it was asked whether it is to be replaced
        self._context.services.read(
            lambda case: _exported(case, out, force=force),
            owner=self,
            on_done=lambda state: self._context.notices.say(
                tr("{}: {} acts, head {}.").format(
                    out.name, f"{state.entries:,}", shortened(state.head)
                )
            ),
            on_failed=self._context.notices.fail,
        )

    def _lay_out(self) -> None:
        facts = row(gap=12)
        facts.setContentsMargins(MARGIN, 0, MARGIN, 12)
        facts.addWidget(self.state)
        facts.addWidget(self._why, 1)
        bar = row()
        bar.setContentsMargins(MARGIN, 0, MARGIN, 10)
        bar.addWidget(self.filter)
        outer = column()
        outer.addWidget(self._header)
        outer.addLayout(facts)
        outer.addLayout(bar)
        outer.addWidget(self.table, 1)
        outer.addWidget(TableFooter(self._context.theme, self.table.rows))
        self.setLayout(outer)


@dataclass(frozen=True, slots=True)
class _Acts(ListSource):
    """Acts in a list, with how many there are in all."""

    of: int = 0

    def count(self) -> Count:
        """Return how many of how many."""
        return replace(ListSource.count(self), of=self.of)


def _exported(case: "CaseStore", out: Path, *, force: bool) -> JournalState:
    from workbench.services import cases

    return cases.export_journal(case, out, force=force)


def _columns(when: str) -> tuple[Column, ...]:
    return (
        Column("number", tr("Act"), CellKind.NUMBER, width=72, rank=0),
        Column("time", tr("Time, {}").format(when), CellKind.NUMBER, width=172, least=120, rank=1),
        Column("who", tr("Who"), width=128, rank=3),
        Column("act", tr("What was done"), width=184, least=120, rank=0),
        Column("subject", tr("Subject"), stretch=True, width=240, least=120, rank=0),
        Column("previous", tr("Previous digest"), CellKind.MONO, width=140, least=120, rank=4),
    )


def _row(entry: JournalEntry, when: str, *, is_bad: bool) -> Row:
    cells = (
        Cell(f"{entry.number:,}", mark=Mark.FAILED if is_bad else None),
        Cell(when),
        Cell(entry.who),
        Cell(tr(_ACTS.get(entry.act, entry.act)), tone=Tone.RED if is_bad else Tone.NORMAL),
        Cell(entry.subject),
        Cell(shortened(entry.previous), tone=Tone.QUIET),
    )
    return Row(cells, entry)


def _text(entry: JournalEntry) -> str:
    words = _ACTS.get(entry.act, "")
    return f"{entry.number} {entry.act} {words} {entry.who} {entry.subject}".lower()


def _pretty(detail: str) -> str:
    """Return what else was recorded, a line a member; what cannot be read, as it stands."""
    from workbench.errors import WorkbenchError
    from workbench.evidence.strict_json import parse

    try:
        return json.dumps(parse(detail.encode(), what="detail"), indent=1, ensure_ascii=False)
    except (WorkbenchError, UnicodeEncodeError):
        return detail


def _badge(context: WindowContext) -> Badge | None:
    """Return a badge where the journal does not hold."""
    standing = context.services.standing
    broken = standing.journal.broken if standing else None
    return Badge(tr("broken"), is_bad=True) if broken else None


PAGE = Page("journal", "Journal", "book-open-text", 1, Group.JOURNAL, JournalPage, _badge)
