"""What the inspector shows of an event of a log: its fields, bytes, proof, and what rests on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.looking.awaited import Awaited
from workbench.gui.looking.link import Link
from workbench.gui.looking.raw import bytes_at, place_fields, titled
from workbench.gui.looking.remarks import Remarks
from workbench.gui.looking.standing import Proven, mark_of_level, proven, words_of_level
from workbench.gui.looking.uses import Uses, uses_of
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.places import DiagnosisAt, FindingAt, FindingDraft, RecordAt, ThingAt
from workbench.gui.text import Paragraph, tr
from workbench.model.event import EventFlag, IndexedEvent
from workbench.model.moment import text_of
from workbench.model.recipe import Name
from workbench.model.remark import Place as RemarkPlace
from workbench.report.glossary import headline

#: Values longer than this stand below their label, where the inspector is narrow too.
LONG = 12


def claimed(event: IndexedEvent) -> str:
    """Return the claimed time of an event as a table shows it."""
    ns = event.event.time_ns
    if ns is None:
        return event.event.time_text
    whole, _, fraction = text_of(ns).removesuffix("Z").replace("T", " ").partition(".")
    return f"{whole}.{fraction[:3].ljust(3, '0')}"


@dataclass(frozen=True, slots=True)
class EventLook:
    """Makes what the inspector shows of one event."""

    context: WindowContext
    found: IndexedEvent

    def inspected(self) -> Inspected:
        """Return it."""
        event, record = self.found.event, self.found.event.locator.record
        source = self._proven()
        broken = EventFlag.BROKEN in event.flags
        diagnosis = source.diagnosis(record) if broken else None
        is_judged = source.verdict is not None
        return Inspected(
            key=f"event {self.found.source} {record}",
            title=event.action or tr("Event without an action"),
            tabs=(
                InspectorTab(tr("Fields"), self._fields),
                InspectorTab(tr("Bytes"), lambda: bytes_at(self.context, self.found.ref)),
                InspectorTab(tr("Proof"), self._proof),
                InspectorTab(tr("Used by"), self._uses),
            ),
            mark=mark_of_level(event.level, is_broken=broken, is_judged=is_judged),
            status=headline(diagnosis[1])
            if diagnosis
            else words_of_level(event.level, record, is_judged=is_judged),
            locator=event.locator,
            actions=self._actions(),
        )

    def _actions(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        found = self.found
        finding = (tr("New finding from this record"), self.new_finding)
        if found.event.time_ns is None:
            return (finding,)
        place = RecordAt(found.source, found.event.locator.record or 0)
        around = partial(self.context.navigation.go, "insights", place)
        return (finding, (tr("What else happened then"), around))

    def new_finding(self) -> None:
        """Write a finding that rests on it."""
        record = self.found.event.locator.record or 0
        title = f"{self.found.event.action}, {tr('record')} {record:,}"
        draft = FindingDraft(title, evidence=(self.found.ref,), origin="timeline")
        self.context.navigation.go("findings", draft)

    def _proven(self) -> Proven:
        return proven(self.context.services.standing, self.found.source)

    def _fields(self) -> QWidget:
        event, source = self.found.event, self._proven()
        named = source.source.fields if source.source else None
        layout = column(gap=12)
        fields = Fields(self.context.theme)

        def add(label: str, value: str, name: Name | None) -> None:
            protection = source.protection(event.locator.record, ".".join(name or ()))
            missing = not value
            fields.add(
                label,
                value or tr("Not stated"),
                protection,
                colour="indeterminate" if missing else "text",
                below=len(value) > LONG,
            )

        add(tr("Claimed time"), self._time(), named.time if named else None)
        fields.add(tr("Trusted time"), source.trusted_time(event.locator.record))
        add(tr("Actor"), event.actor, named.actor if named else None)
        add(tr("Action"), event.action, named.action if named else None)
        add(tr("Object"), event.object, named.object if named else None)
        add(tr("Outcome"), event.outcome.value, named.outcome if named else None)
        layout.addWidget(fields)
        layout.addWidget(Line(self.context.theme))
        layout.addWidget(titled(self.context.theme, tr("Place")))
        layout.addWidget(place_fields(self.context.theme, event.locator))
        layout.addWidget(self._buttons())
        layout.addWidget(Line(self.context.theme))
        place = RemarkPlace(self.found.source, record=event.locator.record or 0)
        layout.addWidget(Remarks(self.context, place))
        return boxed(layout)

    def _time(self) -> str:
        return f"{claimed(self.found)} UTC" if self.found.event.time_ns is not None else ""

    def _buttons(self) -> QWidget:
        theme, navigation = self.context.theme, self.context.navigation
        line = row(gap=8)
        diagnosis = self._proven().diagnosis(self.found.event.locator.record)
        if diagnosis is not None:
            button = Button(theme, tr("Open diagnosis"), "shield-check")
            place = DiagnosisAt(self.found.source, diagnosis[0])
            button.clicked.connect(lambda: navigation.go("verification", place))
            line.addWidget(button)
        finding = Button(theme, tr("New finding"), "flag")
        finding.clicked.connect(self.new_finding)
        line.addWidget(finding)
        line.addStretch()
        return boxed(line)

    def _proof(self) -> QWidget:
        source, theme = self._proven(), self.context.theme
        if source.verdict is None:
            words = tr("This source was not verified yet. Verify the case to see what was proven.")
            return Paragraph(theme, words, Face.BODY, "secondary")
        layout = column(gap=12)
        if EventFlag.UNANCHORED in self.found.event.flags:
            words = tr("No signature that you trust reaches this record.")
            layout.addWidget(Paragraph(theme, words, Face.BODY, "indeterminate"))
        trail = ProofTrail(theme, source.verdict.steps, verdict=source.verdict.integrity)
        layout.addWidget(trail)
        return boxed(layout)

    def _uses(self) -> QWidget:
        found = self.found
        return Awaited(self.context, lambda case: uses_of(case, found), self._show_uses)

    def _show_uses(self, uses: Uses) -> QWidget:
        theme, go = self.context.theme, self.context.navigation.go
        things = [
            (
                f"{kept.thing.called} {kept.thing.version}".rstrip(),
                partial(go, "lineage", ThingAt(kept.source, kept.thing.key)),
            )
            for kept in uses.things
        ]
        findings = [
            (f"{finding.id} {finding.title}", partial(go, "findings", FindingAt(finding.id)))
            for finding in uses.findings
        ]
        layout = column(gap=4)
        self._show_links(layout, tr("Things it is about"), things)
        self._show_links(layout, tr("Findings that rest on it"), findings)
        if not things and not findings:
            words = tr(
                "No thing of a catalog is named like its object, and no finding rests on it."
            )
            layout.addWidget(Paragraph(theme, words, Face.BODY, "secondary"))
        return boxed(layout)

    def _show_links(
        self, layout: QVBoxLayout, title: str, links: Sequence[tuple[str, Callable[[], None]]]
    ) -> None:
        theme = self.context.theme
        if links:
            layout.addWidget(titled(theme, title, f"{len(links):,}"))
        for text, act in links:
            link = Link(theme, text)
            link.pressed.connect(act)
            layout.addWidget(link)
