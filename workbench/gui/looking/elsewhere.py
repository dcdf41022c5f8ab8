"""The same thing in other exports: what links it, and where the auditor says whether it is one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.context import WindowContext, read_only
from workbench.gui.fonts import Face
from workbench.gui.looking.awaited import Awaited
from workbench.gui.looking.link import Link
from workbench.gui.looking.raw import titled
from workbench.gui.parts.boxes import boxed, clear, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.mark import SMALL, Mark
from workbench.gui.parts.word import VerdictWord
from workbench.gui.parts.writing import LineEdit
from workbench.gui.places import ThingAt
from workbench.gui.text import Paragraph, tr
from workbench.model.alternate import Alternate, Confidence, Ruled
from workbench.model.lineage import NodeId

if TYPE_CHECKING:
    from workbench.services.alternates import Linked
    from workbench.store.case_store import CaseStore

_MARKS = {
    Confidence.STRONG: (Mark.HALF, "Same digest, as both state"),
    Confidence.MEDIUM: (Mark.HALF, "Same identifier, as both state"),
    Confidence.WEAK: (Mark.INDETERMINATE, "Perhaps the same"),
}
_RULED = {
    Ruled.CONFIRMED: (Mark.HALF, "Confirmed by the auditor"),
    Ruled.PARTED: (Mark.NONE, "Parted by the auditor"),
}
#: Links that are shown; the command line lists them all.
_MOST = 20


class Elsewhere(QWidget):
    """Reads the links of a thing, and again after each act on one of them."""

    def __init__(self, context: WindowContext, node: NodeId) -> None:
        super().__init__()
        self._context = context
        self._node = node
        self._layout = column()
        self.setLayout(self._layout)
        self.read()

    def read(self) -> None:
        """Read the links."""
        clear(self._layout)
        self._layout.addWidget(Awaited(self._context, self._asked, self._shown))

    def _asked(self, case: "CaseStore") -> "Linked":
        from workbench.services import alternates

        return alternates.of(case, self._node)

    def _shown(self, found: "Linked") -> QWidget:
        theme = self._context.theme
        layout = column(gap=10)
        layout.addWidget(titled(theme, tr("In other exports"), f"{len(found.links):,}"))
        if not found.links:
            words = tr("No other export of this case describes it, as far as digest, id, address "
                       "and name tell.")  # fmt: skip
            layout.addWidget(Paragraph(theme, words, Face.BODY, "secondary"))
        for link in found.links[:_MOST]:
            layout.addWidget(OneLink(self._context, self._node, link, found, self.read))
        if len(found.links) > _MOST:
            words = tr("and {} more").format(f"{len(found.links) - _MOST:,}")
            layout.addWidget(Paragraph(theme, words, Face.SECONDARY, "secondary"))
        for unclear in found.unclear:
            words = tr("{} ({}) fits several things of one export: nothing is concluded.").format(
                tr(unclear.likeness.ground.value).capitalize(), unclear.likeness.value
            )
            layout.addWidget(Paragraph(theme, words, Face.SECONDARY, "indeterminate"))
        return boxed(layout)


class OneLink(QWidget):
    """A link: the other thing, the evidence, and what the auditor says."""

    def __init__(
        self, context: WindowContext, node: NodeId, link: Alternate, found: "Linked",
        on_done: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self._context = context
        self._ends = node, link.beyond(node)
        self._on_done = on_done
        theme = context.theme
        mark, word = _RULED[link.ruling.ruled] if link.ruling else _MARKS[link.confidence]
        layout = column(gap=3)
        layout.addWidget(VerdictWord(theme, mark, tr(word), size=SMALL, face=Face.WORD))
        other = Link(theme, found.said(self._ends[1]))
        other.pressed.connect(lambda: context.navigation.go("catalog", ThingAt(*self._ends[1])))
        layout.addWidget(other)
        for like in link.likenesses:
            said = f"{tr(like.ground.value).capitalize()}: {like.value}"
            layout.addWidget(Paragraph(theme, said, Face.SECONDARY, "secondary"))
        for against in link.against:
            said = tr("Against it: {}").format(against)
            layout.addWidget(Paragraph(theme, said, Face.SECONDARY, "failed"))
        if link.ruling:
            said = tr("By {} on {} UTC: {}").format(
                link.ruling.who, f"{link.ruling.at:%Y-%m-%d %H:%M}", link.ruling.reason
            )
            layout.addWidget(Paragraph(theme, said, Face.SECONDARY, "secondary"))
        self.reason = LineEdit(theme, tr("Reason"), tr("Why; it goes into the journal"))
        self.confirm = Button(theme, tr("Confirm"), "check")
        self.part = Button(theme, tr("Part"), "x")
        self.undo = Button(theme, tr("Undo"), "rotate-cw")
        self._lay_out(layout, link)

    def _lay_out(self, layout: QVBoxLayout, link: Alternate) -> None:
        ruled = link.ruling.ruled if link.ruling else None
        offered = {
            "confirm": (self.confirm, ruled is not Ruled.CONFIRMED),
            "part": (self.part, ruled is not Ruled.PARTED),
            "undo": (self.undo, ruled is not None),
        }
        line = row(gap=8)
        for what, (button, is_there) in offered.items():
            button.setVisible(is_there)
            button.clicked.connect(lambda _checked=False, what=what: self._act(what))
            line.addWidget(button)
        line.addStretch()
        self.reason.edited.connect(self._allow)
        self._allow()
        layout.addWidget(self.reason)
        layout.addLayout(line)
        self.setLayout(layout)

    def _allow(self) -> None:
        why_not = read_only(self._context.services)
        if not why_not and not self.reason.value().strip():
            why_not = tr("Say why first: the reason goes into the journal.")
        for button in (self.confirm, self.part, self.undo):
            button.allow(why_not)

    def _act(self, what: str) -> None:
        reason, ends = self.reason.value(), self._ends

        def work(case: "CaseStore", _progress: object, _cancel: object) -> None:
            from workbench.services import alternates

            getattr(alternates, what)(case, *ends, reason=reason)

        self._context.services.act(
            tr("Record what is one thing"), work, listed=False, owner=self,
            on_done=lambda _none: self._on_done(), on_failed=self._context.notices.fail,
        )  # fmt: skip
