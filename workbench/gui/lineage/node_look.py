"""What the inspector shows of a thing in the picture: itself, or why there is nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.looking.link import Link
from workbench.gui.looking.thing import ThingLook
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.mark import Mark
from workbench.gui.places import FindingDraft, RecordAt, ThingAt
from workbench.gui.text import Paragraph, tr
from workbench.model.lineage import DECISIONS, Node, NodeId

if TYPE_CHECKING:
    from workbench.services.lineage import CaseLineage

_MOST_MEMBERS = 300


@dataclass(frozen=True, slots=True)
class NodeLook:
    """Makes what the inspector shows of a box.

    Attributes:
        context: what pages are given.
        lineage: of the case.
        node: the box.
        focus: puts a thing in the middle.
        path: begins a path at a thing, or ends it there.
    """

    context: WindowContext
    lineage: "CaseLineage"
    node: Node
    focus: Callable[[NodeId], None]
    path: Callable[[NodeId], None]

    def inspected(self) -> Inspected:
        """Return it."""
        if self.node.members:
            tab = InspectorTab(tr("Things"), self._members)
            return Inspected(f"group {self.node.id}", self.node.title, (tab,))
        if self.node.thing is None:
            tab = InspectorTab(tr("Missing"), self._missing)
            status = tr("Named by an edge, described by no source")
            return Inspected(
                f"missing {self.node.id}", self.node.title, (tab,), Mark.INDETERMINATE, status
            )
        return self._look().inspected()

    def new_finding(self) -> None:
        """Write a finding about it."""
        if self.node.thing is not None:
            self._look().new_finding()
        else:
            draft = FindingDraft(self.node.title, origin="lineage")
            self.context.navigation.go("findings", draft)

    def _look(self) -> ThingLook:
        node, thing, navigation = self.node.id, self.node.thing, self.context.navigation
        if thing is None:
            raise ValueError("a thing that is missing has no fields")
        buttons: list[tuple[str, str, Callable[[], None]]] = [
            (tr("Put in the middle"), "crosshair", lambda: self.focus(node)),
            (tr("Path"), "git-fork", lambda: self.path(node)),
        ]
        record = thing.locator.record
        if thing.type in DECISIONS and record is not None:
            at = RecordAt(node[0], record)
            buttons.append((tr("Record"), "clock", lambda: navigation.go("timeline", at)))
        else:
            place = ThingAt(*node)
            buttons.append((tr("Catalog"), "boxes", lambda: navigation.go("catalog", place)))
        return ThingLook(self.context, node[0], thing, tuple(buttons))

    def _members(self) -> QWidget:
        theme, layout = self.context.theme, column(gap=6)
        words = tr("More than a picture can show one by one; the list below has every edge.")
        layout.addWidget(Paragraph(theme, words, Face.SECONDARY, "secondary"))
        for member in self.node.members[:_MOST_MEMBERS]:
            link = Link(theme, self.lineage.name(member))
            link.pressed.connect(lambda member=member: self.focus(member))
            layout.addWidget(link)
        left = len(self.node.members) - _MOST_MEMBERS
        if left > 0:
            more = tr("and {} more").format(f"{left:,}")
            layout.addWidget(Paragraph(theme, more, Face.SECONDARY, "secondary"))
        return boxed(layout)

    def _missing(self) -> QWidget:
        words = tr(
            "A relation names this thing, and no source of the case describes it. Whether it "
            "exists cannot be told from this evidence. Ask for the export that has it."
        )
        layout = column(gap=8)
        layout.addWidget(Paragraph(self.context.theme, words))
        layout.addWidget(Paragraph(self.context.theme, self.node.id[1], Face.MONO))
        return boxed(layout)
