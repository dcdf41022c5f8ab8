"""What the auditor says of what is selected: tags and notes, put and taken back in place."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext, read_only
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.looking.awaited import Awaited
from workbench.gui.looking.raw import titled
from workbench.gui.parts.boxes import boxed, clear, column, row
from workbench.gui.parts.buttons import Button, IconButton
from workbench.gui.parts.writing import LineEdit
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.remark import Place, Remark, RemarkKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.store.case_store import CaseStore


class Remarks(QWidget):
    """Reads the tags and notes on one source, thing or event, and again after each act.

    What is typed waits for its place: it is there again when the place is looked at again.
    """

    def __init__(self, context: WindowContext, place: Place) -> None:
        super().__init__()
        self._context = context
        self._place = place
        theme = context.theme
        self.tag = LineEdit(theme, tr("Tag"), tr("A word to find it by"))
        self.note = LineEdit(theme, tr("Note"), tr("What you noticed"))
        self.add = Button(theme, tr("Add"), "plus")
        self.add.clicked.connect(self._add)
        self.fields = {RemarkKind.TAG: self.tag, RemarkKind.NOTE: self.note}
        self.discard = Button(theme, tr("Discard"), "x")
        self.discard.clicked.connect(lambda: context.unsaved.discard(place))
        words = tr("Typed, not on record yet.")
        self.waiting = PlainLabel(theme, words, Face.SECONDARY, "indeterminate")
        self._said = column(gap=6)
        self._lay_out()
        context.unsaved.changed.connect(self._changed)
        self._restore()
        self.read()

    def read(self) -> None:
        """Read them."""
        clear(self._said)
        self._said.addWidget(Awaited(self._context, self._asked, self._shown))

    def _asked(self, case: "CaseStore") -> "Sequence[Remark]":
        from workbench.services import remarks

        return remarks.at(case, self._place)

    def _shown(self, found: "Sequence[Remark]") -> QWidget:
        layout = column(gap=4)
        if not found:
            words = tr("No tag and no note of yours.")
            layout.addWidget(Paragraph(self._context.theme, words, Face.SECONDARY, "secondary"))
        for remark in found:
            layout.addWidget(self._one(remark))
        return boxed(layout)

    def _one(self, remark: Remark) -> QWidget:
        theme = self._context.theme
        face = Face.STRONG if remark.kind is RemarkKind.TAG else Face.BODY
        said = column(gap=1)
        said.addWidget(Paragraph(theme, remark.text, face))
        by = f"{remark.who}, {remark.at:%Y-%m-%d %H:%M} UTC"
        said.addWidget(Paragraph(theme, by, Face.SECONDARY, "secondary"))
        gone = IconButton(theme, "x", tr("Take back: {}").format(remark.text[:40]), small=True)
        gone.setEnabled(not read_only(self._context.services))
        gone.clicked.connect(lambda: self._take_back(remark.number))
        line = row(gap=4)
        line.addLayout(said, 1)
        line.addWidget(gone)
        return boxed(line)

    def _add(self) -> None:
        place, unsaved = self._place, self._context.unsaved
        said = dict(unsaved.at(place))
        recorded: dict[RemarkKind, str] = {}

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import remarks

            for kind, text in said.items():
                remarks.add(case, kind, place, text)
                recorded[kind] = text

        # Nobody owns it: what is on record is let go of wherever the user looks by then.
        self._act(tr("Record tag and note"), work, lambda: unsaved.recorded(place, recorded))

    def _take_back(self, number: int) -> None:
        place, unsaved = self._place, self._context.unsaved

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import remarks

            remarks.remove(case, number)

        self._act(tr("Take back what was said"), work, lambda: unsaved.changed.emit(place))

    def _act(
        self,
        title: str,
        work: "Callable[[CaseStore, object, object], None]",
        ended: "Callable[[], None]",
    ) -> None:
        """Do it; however it ends, what of it is on record is shown."""
        fail = self._context.notices.fail

        def failed(fault: Fault) -> None:
            ended()
            fail(fault)

        self._context.services.act(
            title, work, listed=False, on_done=lambda _none: ended(), on_failed=failed,
            on_cancelled=ended,
        )  # fmt: skip

    def _changed(self, place: object) -> None:
        if place == self._place:
            self._restore()
            self.read()

    def _restore(self) -> None:
        typed = self._context.unsaved.at(self._place)
        for kind, field in self.fields.items():
            field.show_text(typed.get(kind, ""))
        self._allow()

    def _edited(self) -> None:
        typed = {kind: field.value() for kind, field in self.fields.items()}
        self._context.unsaved.keep(self._place, typed)
        self._allow()

    def _allow(self) -> None:
        is_typed = bool(self._context.unsaved.at(self._place))
        why_not = read_only(self._context.services)
        if not why_not and not is_typed:
            why_not = tr("Write a tag or a note first.")
        self.add.allow(why_not)
        self.waiting.setVisible(is_typed)
        self.discard.setVisible(is_typed)

    def _lay_out(self) -> None:
        for field in self.fields.values():
            field.edited.connect(self._edited)
            field.returnPressed.connect(self.add.click)
        layout = column(gap=8)
        layout.addWidget(titled(self._context.theme, tr("Your tags and notes")))
        layout.addLayout(self._said)
        layout.addWidget(self.tag)
        line = row(gap=8)
        line.addWidget(self.note, 1)
        line.addWidget(self.add)
        layout.addLayout(line)
        waits = row(gap=8)
        waits.addWidget(self.waiting, 1)
        waits.addWidget(self.discard)
        layout.addLayout(waits)
        self.setLayout(layout)
