"""What the auditor says of what is selected: tags and notes, put and taken back in place."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext, read_only
from workbench.gui.fonts import Face
from workbench.gui.looking.awaited import Awaited
from workbench.gui.looking.raw import titled
from workbench.gui.parts.boxes import boxed, clear, column, row
from workbench.gui.parts.buttons import Button, IconButton
from workbench.gui.parts.writing import LineEdit
from workbench.gui.text import Paragraph, tr
from workbench.model.remark import Place, Remark, RemarkKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.store.case_store import CaseStore


class Remarks(QWidget):
    """Reads the tags and notes on one source, thing or event, and again after each act."""

    def __init__(self, context: WindowContext, place: Place) -> None:
        super().__init__()
        self._context = context
        self._place = place
        theme = context.theme
        self.tag = LineEdit(theme, tr("Tag"), tr("A word to find it by"))
        self.note = LineEdit(theme, tr("Note"), tr("What you noticed"))
        self.add = Button(theme, tr("Add"), "plus")
        self.add.clicked.connect(self._add)
        self._said = column(gap=6)
        self._lay_out()
        self._allow()
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
        said = {RemarkKind.TAG: self.tag.value(), RemarkKind.NOTE: self.note.value()}
        place = self._place

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import remarks

            for kind, text in said.items():
                if text.strip():
                    remarks.add(case, kind, place, text)

        self._act(tr("Record tag and note"), work)

    def _take_back(self, number: int) -> None:
        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import remarks

            remarks.remove(case, number)

        self._act(tr("Take back what was said"), work)

    def _act(self, title: str, work: "Callable[[CaseStore, object, object], None]") -> None:
        self._context.services.act(
            title, work, listed=False, owner=self, on_done=lambda _none: self._done(),
            on_failed=self._context.notices.fail,
        )  # fmt: skip

    def _done(self) -> None:
        for field in (self.tag, self.note):
            field.show_text("")
        self._allow()
        self.read()

    def _allow(self) -> None:
        why_not = read_only(self._context.services)
        if not why_not and not (self.tag.value().strip() or self.note.value().strip()):
            why_not = tr("Write a tag or a note first.")
        self.add.allow(why_not)

    def _lay_out(self) -> None:
        for field in (self.tag, self.note):
            field.edited.connect(self._allow)
            field.returnPressed.connect(self.add.click)
        layout = column(gap=8)
        layout.addWidget(titled(self._context.theme, tr("Your tags and notes")))
        layout.addLayout(self._said)
        layout.addWidget(self.tag)
        line = row(gap=8)
        line.addWidget(self.note, 1)
        line.addWidget(self.add)
        layout.addLayout(line)
        self.setLayout(layout)
