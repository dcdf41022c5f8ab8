"""What the inspector shows of an edge: what states it, how far that is proven, what rests on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.lineage.paint import STYLES
from workbench.gui.looking.link import Link
from workbench.gui.looking.raw import bytes_at, titled
from workbench.gui.looking.standing import Proven, proven
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.pips import LevelPips
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.places import DiagnosisAt, FindingDraft, RecordAt, ThingAt
from workbench.gui.text import Paragraph, tr
from workbench.model.case import EvidenceRef
from workbench.model.lineage import Edge, EdgeStatus, NodeId
from workbench.model.locator import Locator

if TYPE_CHECKING:
    from workbench.services.lineage import CaseLineage

_MOST_PLACES = 20
_MOST_COLUMNS = 60
_CLAIMED = (
    "Only {} states it, and no signature that you trust reaches the place. It may be so; "
    "this evidence does not prove it."
)
_WHY = {
    EdgeStatus.VERIFIED: (
        "{} states it, and a signature that you trust covers that record. That it was recorded "
        "so is proven; that it happened so is what the record claims."
    ),
    EdgeStatus.CLAIMED: _CLAIMED,
    EdgeStatus.BROKEN: (
        "It rests on {}, which does not agree with what protects it. Whether it happened as "
        "stated cannot be told from this evidence."
    ),
    EdgeStatus.MISSING: (
        "{} names a thing that no source of this case describes. Ask for the export that has it."
    ),
}


@dataclass(frozen=True, slots=True)
class EdgeLook:
    """Makes what the inspector shows of one edge."""

    context: WindowContext
    lineage: "CaseLineage"
    edge: Edge

    def inspected(self) -> Inspected:
        """Return it."""
        edge = self.edge
        _, _, mark, words = STYLES[edge.status]
        names = self.lineage.name(edge.tail), self.lineage.name(edge.head)
        return Inspected(
            key=f"edge {edge.tail} {edge.head} {edge.kind}",
            title=f"{names[0]} → {names[1]}",
            tabs=(
                InspectorTab(tr("Edge"), self._edge),
                InspectorTab(tr("Proof"), self._proof),
                InspectorTab(tr("Bytes"), self._bytes),
            ),
            mark=mark,
            status=tr(words),
            locator=self._place(),
            actions=((tr("New finding about this edge"), self.new_finding),),
        )

    def new_finding(self) -> None:
        """Write a finding that rests on what states it."""
        names = self.lineage.name(self.edge.tail), self.lineage.name(self.edge.head)
        title = f"{names[0]} {self.edge.kind.value} {names[1]}"
        refs = [ref for place in self.edge.locators if (ref := self._ref(place))]
        draft = FindingDraft(title, evidence=tuple(refs[:_MOST_PLACES]), origin="lineage")
        self.context.navigation.go("findings", draft)

    def _place(self) -> Locator | None:
        proof = self.lineage.proof_of(self.edge)
        return proof[0] if proof else None

    def _source(self, place: Locator | None) -> Proven:
        number = self.lineage.source_of(place) if place else None
        return proven(self.context.services.standing, number or 0)

    def _ref(self, place: Locator | None) -> EvidenceRef | None:
        source = self._source(place).source
        return EvidenceRef(source.sha256, place) if place and source and source.sha256 else None

    def _edge(self) -> QWidget:
        theme, edge = self.context.theme, self.edge
        layout = column(gap=12)
        layout.addWidget(self._fields())
        layout.addWidget(Line(theme))
        layout.addWidget(titled(theme, tr("Why this edge is marked")))
        layout.addWidget(Paragraph(theme, self._why()))
        if edge.columns:
            layout.addWidget(Line(theme))
            layout.addWidget(titled(theme, tr("Columns"), f"{len(edge.columns):,}"))
            for before, after in edge.columns[:_MOST_COLUMNS]:
                words = f"{before} → {after}"
                layout.addWidget(Paragraph(theme, words, Face.MONO))
        layout.addWidget(Line(theme))
        layout.addWidget(titled(theme, tr("What rests on it")))
        layout.addWidget(self._impact())
        layout.addWidget(Line(theme))
        layout.addWidget(titled(theme, tr("Stated by"), f"{len(edge.locators):,}"))
        for place in edge.locators[:_MOST_PLACES]:
            layout.addWidget(self._link(place))
        layout.addWidget(self._buttons())
        return boxed(layout)

    def _fields(self) -> Fields:
        theme, edge = self.context.theme, self.edge
        fields = Fields(theme)
        fields.add(tr("Relation"), edge.kind.value)
        for label, node in ((tr("From"), edge.tail), (tr("To"), edge.head)):
            fields.add(label, self._thing(node))
        if edge.role:
            fields.add(tr("Role"), edge.role)
        proof = self.lineage.proof_of(edge)
        fields.add(tr("Level"), LevelPips(theme, proof[1] if proof else 0))
        return fields

    def _thing(self, node: NodeId) -> Link:
        link = Link(self.context.theme, self.lineage.name(node))
        place = ThingAt(*node)
        link.pressed.connect(lambda: self.context.navigation.go("lineage", place))
        return link

    def _why(self) -> str:
        place = self._place()
        told = str(place) if place else tr("a source")
        if place is not None and place.record is not None:
            told = tr("record {} of {}").format(f"{place.record:,}", place.path)
        words = tr(_WHY[self.edge.status]).format(told)
        return words[:1].upper() + words[1:]

    def _impact(self) -> QWidget:
        impact = self.lineage.impact(self.edge.head)
        counts = impact.words
        head = self.lineage.name(self.edge.head)
        words = tr("{}, and downstream of it {} things").format(head, f"{len(impact.reached):,}")
        return Paragraph(self.context.theme, f"{words}: {counts}." if counts else f"{words}.")

    def _link(self, place: Locator) -> Link:
        link = Link(self.context.theme, str(place))
        number, record = self.lineage.source_of(place), place.record
        standing = self.context.services.standing
        logs = {s.id for s in standing.sources if s.events} if standing else set()
        if record is not None and number in logs:
            at = RecordAt(number or 0, record)
            link.pressed.connect(lambda: self.context.navigation.go("timeline", at))
        else:
            thing = ThingAt(*self.edge.tail)
            link.pressed.connect(lambda: self.context.navigation.go("catalog", thing))
        return link

    def _buttons(self) -> QWidget:
        line = row(gap=8)
        place = self._place()
        diagnosis = self._source(place).diagnosis(place.record if place else None)
        number = self.lineage.source_of(place) if place else None
        if diagnosis is not None and number is not None:
            button = Button(self.context.theme, tr("Open diagnosis"), "shield-check")
            at = DiagnosisAt(number, diagnosis[0])
            button.clicked.connect(lambda: self.context.navigation.go("verification", at))
            line.addWidget(button)
        finding = Button(self.context.theme, tr("New finding"), "flag")
        finding.clicked.connect(self.new_finding)
        line.addWidget(finding)
        line.addStretch()
        return boxed(line)

    def _proof(self) -> QWidget:
        verdict = self._source(self._place()).verdict
        if verdict is None:
            words = tr("The source that states it was not verified yet.")
            return Paragraph(self.context.theme, words, Face.BODY, "secondary")
        return ProofTrail(self.context.theme, verdict.steps, verdict=verdict.integrity)

    def _bytes(self) -> QWidget:
        return bytes_at(self.context, self._ref(self._place()))
