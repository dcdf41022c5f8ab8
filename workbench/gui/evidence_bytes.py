"""The bytes of a place in evidence, read again, hashed again, and what came of it in words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.hexview import HexView
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.word import VerdictWord
from workbench.gui.records import places_of, read_place
from workbench.gui.text import Paragraph, tr
from workbench.model.case import EvidenceRef
from workbench.model.case_source import CaseSource, Presence
from workbench.model.source import ProblemCode
from workbench.model.verdict import DiagnosisClass

if TYPE_CHECKING:
    from workbench.services.cases import RawBytes, Standing

#: More of a record than this is not drawn; its place says how long it is.
MOST_SHOWN = 4096


def _is_as_taken_in(standing: "Standing", source: CaseSource) -> bool:
    """Tell whether neither a look at the file nor its newest verdict says that it was changed."""
    if standing.presence.get(source.id) is Presence.CHANGED:
        return False
    listed = standing.verdicts.get(source.id)
    return listed is None or DiagnosisClass.EVIDENCE_CHANGED not in listed.integrity.codes


class EvidenceBytes(QWidget):
    """Reads a place off the thread of the window, and says whether it is what was taken in.

    ``judged`` gives the place, the mark and the word.
    """

    judged = Signal(object, object, str)

    def __init__(
        self, context: WindowContext, ref: EvidenceRef, *, marked: str = "", says: str = ""
    ) -> None:
        """Begin to read.

        Args:
            context: of the window.
            ref: the place.
            marked: a text within the bytes that is marked, or "".
            says: what the mark means.
        """
        super().__init__()
        self._marked = marked
        self._says = says
        self._context = context
        self._ref = ref
        theme = context.theme
        self._state = VerdictWord(theme, Mark.RUNNING, tr("Reading the evidence"))
        self._words = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.view = HexView(theme)
        self.view.hide()
        layout = column(gap=8)
        layout.addWidget(self._state)
        layout.addWidget(self._words)
        layout.addWidget(self.view)
        layout.addSpacing(8)
        layout.addWidget(self._place())
        layout.addStretch()
        self.setLayout(layout)
        context.services.read(
            lambda case: read_place(case, ref),
            owner=self,
            on_done=self._show,
            on_failed=self._fail,
        )

    @property
    def said(self) -> str:
        """What came of it, in words."""
        return f"{self._state.said()}. {self._words.text()}"

    def _place(self) -> Fields:
        theme, at = self._context.theme, self._ref.locator
        fields = Fields(theme)
        fields.add(tr("Source"), at.path if at.member is None else f"{at.path} → {at.member}")
        if at.record is not None:
            fields.add(tr("Record"), f"{at.record:,}", face=Face.NUMBER)
        if at.offset is not None:
            fields.add(tr("Offset"), f"{at.offset:,}", face=Face.NUMBER)
        if at.length is not None:
            fields.add(tr("Length"), tr("{} bytes").format(f"{at.length:,}"))
        if at.pointer is not None:
            fields.add(tr("Within"), at.pointer, face=Face.MONO)
        fields.add(tr("SHA-256"), HashLabel(theme, self._ref.sha256, head=12))
        return fields

    def _show(self, found: "RawBytes") -> None:
        size = len(found.data)
        here = tr("These {} bytes are as at intake").format(f"{size:,}")
        if self._is_whole():
            self._judge(Mark.PASSED, here)
        else:
            self._judge(Mark.INDETERMINATE, tr("{}, their file is not").format(here))
        cut = tr(" The first {} are shown.").format(f"{MOST_SHOWN:,}") if size > MOST_SHOWN else ""
        read = tr("{} bytes read now; recomputed: {}.").format(f"{size:,}", found.proof)
        marks = places_of(found.data[:MOST_SHOWN], self._marked)
        says = f" {self._says}" if marks else ""
        self._words.setText(f"{read}{cut}{says}")
        self.view.show_bytes(found.data[:MOST_SHOWN], offset=found.offset, marks=marks)
        self.view.show()

    def _is_whole(self) -> bool:
        """Tell whether nothing is known against the file that the bytes lie in."""
        standing = self._context.services.standing
        known = standing.sources if standing else ()
        of_it = [source for source in known if source.sha256 == self._ref.sha256]
        return not standing or all(_is_as_taken_in(standing, source) for source in of_it)

    def _fail(self, fault: Fault) -> None:
        changed = fault.code == ProblemCode.EVIDENCE_CHANGED
        mark = Mark.FAILED if changed else Mark.INDETERMINATE
        word = tr("Evidence changed") if changed else tr("Evidence cannot be read")
        self._judge(mark, word)
        self._words.setText(fault.sentence)

    def _judge(self, mark: Mark, word: str) -> None:
        self._state.show_word(mark, word)
        self.judged.emit(self._ref, mark, word)
