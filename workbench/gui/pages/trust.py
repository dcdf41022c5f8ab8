"""Trust: whose keys the auditor trusts, for what, and whether he compared their fingerprints."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Panel, boxed, clear, column, row, scrolled
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.digest import compared, grouped, shortened
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.path_field import PathField
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.gui.times import shown
from workbench.model.case import CaseChanges
from workbench.model.progress import Cancel, Progress
from workbench.model.trust import AnchorKind, Trust, TrustEntry, TrustRole
from workbench.report.phrases import trusted_for

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

Work = Callable[["CaseStore", Progress, Cancel], int]
_RIGHT = 368
_COLUMNS = (
    Column("name", "Key, certificate or identity", width=220, least=140, rank=0, stretch=True),
    Column("role", "Trusted for", width=160, least=100, rank=1),
    Column("kind", "Kind", width=96, rank=4),
    Column("sha256", "SHA-256", CellKind.MONO, width=132, least=120, rank=2),
    Column("sure", "Owner", width=220, least=140, rank=0),
)
_MOST_WARNINGS = 2
_SAME = compared("0" * 64, "0" * 64)


def read(case: "CaseStore") -> list[TrustEntry]:
    """Return whom the case trusts."""
    from workbench.services import trusting

    return trusting.trusted(case)


class TrustPage(PageWidget):
    """The keys of the case; at the right the one that is selected, and a form for another."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._entries: Sequence[TrustEntry] = ()
        self._chosen: TrustEntry | None = None
        theme = context.theme
        self._header = PageHeader(theme, tr("Trust store"))
        self.table = Table(theme, context.jobs, ListSource(_COLUMNS), name=tr("Trusted keys"))
        self.file = PathField(theme, tr("Key file"), saves=False)
        self.role = QComboBox()
        self.add = Button(theme, tr("Trust key"), "plus", Look.PRIMARY)
        self.pasted, self.how = QLineEdit(), QLineEdit()
        self.confirm = Button(theme, tr("Confirm fingerprint"), "fingerprint")
        self.remove = Button(theme, tr("Trust it no more"), "trash-2")
        self.answer = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.why = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self._about = column(gap=8)
        self._connect()
        self._lay_out(theme)
        self._check()
        self.refresh(CaseChanges())

    def refresh(self, changes: CaseChanges) -> None:
        """Read the keys again."""
        self._context.services.read(
            read, owner=self, on_done=self._take, on_failed=self._context.notices.fail
        )

    def _take(self, entries: list[TrustEntry]) -> None:
        self._entries = entries
        places = self._found_in_evidence()
        rows = tuple(_row(entry, places.get(entry.id, "")) for entry in entries)
        self.table.show_source(ListSource(_COLUMNS, rows, tr("keys")))
        confirmed = sum(entry.anchor.confirmed for entry in entries)
        facts = tr("{} of {} fingerprints confirmed by another way than the evidence came")
        none = tr("Nobody is trusted: no signature in the evidence can be PASSED.")
        old = Trust(datetime.now(UTC)).with_anchors(e.anchor for e in entries).warnings
        said = facts.format(confirmed, len(entries)) if entries else none
        self._header.say(". ".join((said, *old[:_MOST_WARNINGS])))
        kept = self._chosen.id if self._chosen else None
        at = next((n for n, e in enumerate(entries) if e.id == kept), 0)
        self._show(entries[at] if entries else None)
        if entries:
            self.table.reveal(at)

    def _found_in_evidence(self) -> Mapping[int, str]:
        """Return where a trusted key also lies in the evidence, as the verification found it."""
        standing = self._context.services.standing
        found = standing.verification.keys_in_evidence if standing and standing.verification else {}
        anchors = ((entry.id, entry.anchor) for entry in self._entries)
        return {
            number: found.get(anchor.fingerprint, found.get(anchor.key_fingerprint, ""))
            for number, anchor in anchors
        }

    def _choose(self, chosen: Row | None) -> None:
        if chosen is not None and isinstance(chosen.key, TrustEntry):
            self._show(chosen.key)

    def _show(self, entry: TrustEntry | None) -> None:
        """Show a key; what was pasted belongs to the one before."""
        if entry is None or self._chosen is None or entry.id != self._chosen.id:
            self.pasted.clear()
        self._chosen = entry
        clear(self._about)
        theme = self._context.theme
        if entry is None:
            missing = tr("Add the key of whoever signs logs, models or reports.")
            self._about.addWidget(Paragraph(theme, missing, Face.BODY, "secondary"))
        else:
            self._about.addWidget(PlainLabel(theme, entry.anchor.name, Face.SECTION))
            self._about.addWidget(self._fields(entry))
        self._check()

    def _fields(self, entry: TrustEntry) -> QWidget:
        anchor = entry.anchor
        fields = Fields(self._context.theme)
        fields.add(tr("Trusted for"), trusted_for(anchor.role))
        fields.add(tr("Kind"), anchor.kind.value)
        fields.add(tr("Added"), f"{shown(entry.added, self._context.settings)}, {entry.who}")
        for name, moment in ((tr("Valid from"), anchor.valid_from), (tr("To"), anchor.valid_to)):
            if moment is not None:
                fields.add(name, shown(moment, self._context.settings))
        if anchor.kind is AnchorKind.IDENTITY:
            named = tr("By you, and compared exactly with certificates")
            fields.add(tr("Stated"), named)
        if anchor.key_id:
            fields.add(tr("Its own name"), anchor.key_id, face=Face.MONO)
        if anchor.source:
            fields.add(tr("From"), anchor.source)
        fields.add("SHA-256", grouped(anchor.fingerprint, 2), face=Face.MONO)
        if anchor.key_fingerprint != anchor.fingerprint:
            fields.add(tr("Of its key"), grouped(anchor.key_fingerprint, 2), face=Face.MONO)
        fields.add(tr("Owner"), _sure(entry, self._found_in_evidence().get(entry.id, ""))[0])
        if entry.confirmed_at is not None:
            how = f": {entry.confirmed_how}" if entry.confirmed_how else ""
            when = shown(entry.confirmed_at, self._context.settings)
            fields.add(tr("Confirmed"), f"{when}{how}")
        return fields

    def _compared(self) -> str:
        """Return in words how what was pasted compares, with the key or its certificate."""
        if self._chosen is None:
            return tr("Select a key first.")
        anchor, pasted = self._chosen.anchor, self.pasted.text()
        answers = [compared(d, pasted) for d in (anchor.fingerprint, anchor.key_fingerprint)]
        return _SAME if _SAME in answers else answers[0]

    def _check(self) -> None:
        closed = self._no_writing()
        words = self._compared()
        self.answer.setText(words)
        wrong = words != _SAME and bool(self.pasted.text().strip())
        self.answer.recolour("failed" if wrong else "secondary")
        self.confirm.allow(closed or ("" if words == _SAME else words))
        self.remove.allow(closed or ("" if self._chosen else tr("Select a key first.")))
        path = self.file.path()
        missing = tr("Choose a key file.") if path is None else tr("There is no such file.")
        why = closed or ("" if path is not None and path.is_file() else missing)
        self.add.allow(why)
        self.why.setText(why)

    def _no_writing(self) -> str:
        case = self._context.services.case
        return tr("No case is open.") if case is None else case.why_read_only

    def _add(self) -> None:
        path, role = self.file.path(), str(self.role.currentData() or "")
        if path is None or not self.add.isEnabled():
            return
        spec = f"{role}={path}" if role else str(path)

        def work(case: "CaseStore", _progress: Progress, _cancel: Cancel) -> int:
            from workbench.services import trusting

            return len(trusting.add(case, [spec]))

        self._act(tr("Trust {}").format(path.name), work, self._added)

    def _added(self, count: int) -> None:
        self.file.field.clear()
        new = tr("{} keys are new.").format(count) if count != 1 else tr("1 key is new.")
        known = tr("The case trusts this key already.")
        self._context.notices.say(f"{new} {_AGAIN}" if count else known)

    def _confirm(self) -> None:
        if self._chosen is None or not self.confirm.isEnabled():
            return
        entry, how = self._chosen, self.how.text().strip()

        def work(case: "CaseStore", _progress: Progress, _cancel: Cancel) -> int:
            from workbench.services import trusting

            return len(trusting.confirm(case, entry.anchor.fingerprint, how=how))

        self._act(tr("Confirm {}").format(entry.anchor.name), work, self._confirmed)

    def _confirmed(self, _count: int) -> None:
        self.pasted.clear()
        self.how.clear()
        self._context.notices.say(f"{tr('Confirmed.')} {_AGAIN}")

    def _remove(self) -> None:
        if self._chosen is None:
            return
        entry = self._chosen

        def work(case: "CaseStore", _progress: Progress, _cancel: Cancel) -> int:
            from workbench.services import trusting

            trusting.remove(case, entry.id)
            return 1

        self._act(
            tr("Trust {} no more").format(entry.anchor.name),
            work,
            lambda _count: self._context.notices.say(_AGAIN),
        )

    def _act(self, title: str, work: Work, done: Callable[[int], None]) -> None:
        self._context.services.act(
            title, work, listed=False, owner=self, on_done=done, on_failed=self._fail
        )

    def _fail(self, fault: Fault) -> None:
        self.why.setText(fault.sentence)
        self.why.recolour("failed")

    def _connect(self) -> None:
        self.table.chosen.connect(self._choose)
        self.file.changed.connect(self._retype)
        self.pasted.textChanged.connect(lambda _text: self._check())
        self.add.clicked.connect(self._add)
        self.confirm.clicked.connect(self._confirm)
        self.pasted.returnPressed.connect(self._confirm)
        self.remove.clicked.connect(self._remove)

    def _retype(self) -> None:
        self.why.recolour("secondary")
        self._check()

    def _lay_out(self, theme: Theme) -> None:
        self.role.addItem(tr("What is being verified"), "")
        for role in TrustRole:
            self.role.addItem(trusted_for(role).capitalize(), role.value)
        left = column()
        left.addWidget(self.table, 1)
        left.addWidget(TableFooter(theme, self.table.rows))
        right = Panel(theme, edges="wn")
        self._right = right
        self._rescale()
        theme.changed.connect(self._rescale)
        held = column()
        held.setContentsMargins(1, 1, 0, 0)
        held.addWidget(scrolled(boxed(self._panel(theme))))
        right.setLayout(held)
        middle = row()
        middle.addLayout(left, 1)
        middle.addWidget(right)
        outer = column()
        outer.addWidget(self._header)
        outer.addLayout(middle, 1)
        self.setLayout(outer)

    def _panel(self, theme: Theme) -> QVBoxLayout:
        panel = column(margin=16, gap=4)
        panel.addLayout(self._about)
        panel.addSpacing(12)
        panel.addWidget(PlainLabel(theme, tr("Compare its fingerprint"), Face.SECTION))
        said = tr("Get it from the owner by another way than the evidence came.")
        panel.addWidget(Paragraph(theme, said, Face.SECONDARY, "secondary"))
        self._field(panel, theme, tr("Fingerprint, typed or pasted"), self.pasted)
        panel.addWidget(self.answer)
        self._field(panel, theme, tr("How you got it"), self.how)
        line = row(gap=8)
        line.addWidget(self.confirm)
        line.addStretch()
        line.addWidget(self.remove)
        panel.addSpacing(4)
        panel.addLayout(line)
        panel.addSpacing(20)
        panel.addWidget(PlainLabel(theme, tr("Trust another key"), Face.SECTION))
        self._field(
            panel,
            theme,
            tr("Key, certificate, list of keys, trust store, or revocation list"),
            self.file,
        )
        self._field(panel, theme, tr("It may vouch for"), self.role)
        panel.addSpacing(4)
        panel.addWidget(self.add)
        panel.addWidget(self.why)
        panel.addStretch()
        return panel

    def _rescale(self) -> None:
        self._right.setFixedWidth(self._context.theme.px(_RIGHT))

    def _field(self, panel: QVBoxLayout, theme: Theme, name: str, field: QWidget) -> None:
        field.setAccessibleName(name)
        panel.addSpacing(6)
        panel.addWidget(PlainLabel(theme, name, Face.SECONDARY, "secondary"))
        panel.addWidget(field)


def _row(entry: TrustEntry, place: str) -> Row:
    anchor = entry.anchor
    words, tone = _sure(entry, place)
    cells = (
        Cell(anchor.name),
        Cell(trusted_for(anchor.role)),
        Cell(anchor.kind.value),
        Cell(shortened(anchor.fingerprint)),
        Cell(words, tone=tone),
    )
    return Row(cells, entry)


def _sure(entry: TrustEntry, place: str) -> tuple[str, Tone]:
    """Return how sure it is whose key this is, in words."""
    if entry.anchor.kind.revokes:
        return tr("Judged by who signed it"), Tone.NORMAL
    if not entry.anchor.key_id and entry.anchor.out_of_date(datetime.now(UTC)):
        return tr("Out of date"), Tone.AMBER
    if entry.anchor.kind is AnchorKind.IDENTITY:
        return tr("Named by you, compared exactly"), Tone.NORMAL
    if entry.anchor.confirmed:
        return tr("Fingerprint confirmed"), Tone.NORMAL
    if place:
        return tr("Self-supplied, not confirmed: lies in {}").format(place), Tone.AMBER
    return tr("Not compared yet"), Tone.QUIET


_AGAIN = "Verify the case again: its verdicts rest on whom you trust."

PAGE = Page("trust", "Trust store", "key-round", 1, Group.FOOT, TrustPage, inspects=False)
