"""What the inspector shows of a thing of a catalog: fields, life, relations, place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.looking.awaited import Awaited
from workbench.gui.looking.elsewhere import Elsewhere
from workbench.gui.looking.event import LONG
from workbench.gui.looking.kinds import stage_of
from workbench.gui.looking.life import Life, life_of
from workbench.gui.looking.lifecycle import Lifecycle
from workbench.gui.looking.link import Link
from workbench.gui.looking.raw import bytes_at, titled
from workbench.gui.looking.related import Related, related_to
from workbench.gui.looking.remarks import Remarks
from workbench.gui.looking.standing import Proven, proven
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.mark import SMALL
from workbench.gui.parts.protection import protection_word
from workbench.gui.parts.word import VerdictWord
from workbench.gui.places import FindingDraft, RecordAt, ThingAt
from workbench.gui.text import Paragraph, tr
from workbench.model.case import EvidenceRef
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    Protection,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.contract import time_to_json
from workbench.model.lineage import kind_of
from workbench.model.remark import Place as RemarkPlace

#: Values of one group that are shown; the rest is counted.
_MOST = 100
#: Buttons side by side; more would widen the inspector.
_IN_LINE = 2
_GROUPS = {
    AttributeGroup.DIGEST: "Digests",
    AttributeGroup.FIELD: "Other fields",
    AttributeGroup.PARAM: "Parameters",
    AttributeGroup.METRIC: "Metrics",
    AttributeGroup.TAG: "Tags",
    AttributeGroup.ALIAS: "Aliases",
    AttributeGroup.FACET: "Facets",
}


@dataclass(frozen=True, slots=True)
class ThingLook:
    """Makes what the inspector shows of one thing.

    Attributes:
        context: what pages are given.
        source: number of the source it was read from.
        thing: the thing.
        buttons: title, icon and act of what else can be done with it.
    """

    context: WindowContext
    source: int
    thing: Thing
    buttons: tuple[tuple[str, str, Callable[[], None]], ...] = ()

    def inspected(self) -> Inspected:
        """Return it."""
        found = self._proven().source
        where = found.display if found else self.thing.locator.path
        return Inspected(
            key=f"thing {self.source} {self.thing.key}",
            title=f"{self.thing.called} {self.thing.version}".rstrip(),
            tabs=(
                InspectorTab(tr("Fields"), self._fields),
                InspectorTab(tr("Life"), self._life),
                InspectorTab(tr("Relations"), self._relations),
                InspectorTab(tr("Place"), self._place),
            ),
            status=f"{kind_of(self.thing).capitalize()} · {where}",
            locator=self.thing.locator,
            actions=((tr("New finding about this"), self.new_finding),),
        )

    def new_finding(self) -> None:
        """Write a finding that rests on it."""
        ref = self._ref()
        title = f"{kind_of(self.thing)} {self.thing.called} {self.thing.version}".rstrip()
        draft = FindingDraft(title, evidence=(ref,) if ref else (), origin="catalog")
        self.context.navigation.go("findings", draft)

    def _proven(self) -> Proven:
        return proven(self.context.services.standing, self.source)

    def _ref(self) -> EvidenceRef | None:
        found = self._proven().source
        return EvidenceRef(found.sha256, self.thing.locator) if found and found.sha256 else None

    def _protection(self) -> Protection:
        return self._proven().protection(self.thing.locator.record)

    def _fields(self) -> QWidget:
        theme, protection = self.context.theme, self._protection()
        layout = column(gap=12)
        count = len(self._stated()) + len(self.thing.attributes)
        told = f"{count:,} {protection_word(protection).lower()}"
        layout.addWidget(titled(theme, tr("Fields"), told))
        fields = Fields(theme)
        for label, value, missing in self._named():
            if value:
                mono = label in {tr("Key"), tr("Version")}
                face = Face.MONO if mono else Face.BODY
                fields.add(label, value, protection, face=face, below=len(value) > LONG)
            elif missing:
                fields.add(label, missing, colour="indeterminate")
        layout.addWidget(fields)
        for group, title in _GROUPS.items():
            values = [a for a in self.thing.attributes if a.group is group]
            if values:
                layout.addWidget(Line(theme))
                layout.addWidget(titled(theme, tr(title), f"{len(values):,}"))
                layout.addWidget(self._attributes(values, protection))
        layout.addWidget(self._advice(protection))
        layout.addWidget(self._acts())
        layout.addWidget(Line(theme))
        layout.addWidget(Remarks(self.context, RemarkPlace(self.source, self.thing.key)))
        return boxed(layout)

    def _named(self) -> list[tuple[str, str, str]]:
        """Return label, value, and what is said where there is none ("": nothing)."""
        thing = self.thing
        stage = stage_of(thing)
        state = "" if thing.state is RunState.UNKNOWN else thing.state.value
        run = thing.kind is ThingKind.RUN
        return [
            (tr("Name"), thing.name, tr("Not stated")),
            (tr("Version"), thing.version, ""),
            (tr("Namespace"), thing.namespace, ""),
            (tr("Stage"), stage, "" if run else tr("Not stated")),
            (tr("State"), state, tr("Not stated") if run else ""),
            (tr("Owner"), thing.owner, tr("No owner")),
            (tr("Started") if run else tr("Created"), _time(thing, "created"), tr("Not stated")),
            (tr("Ended") if run else tr("Changed"), _time(thing, "ended"), ""),
            (tr("Location"), thing.uri, ""),
            (tr("Key"), thing.key, ""),
        ]

    def _stated(self) -> list[str]:
        return [value for _, value, _ in self._named() if value]

    def _attributes(self, values: Iterable[Attribute], protection: Protection) -> QWidget:
        layout = column(gap=4)
        fields = Fields(self.context.theme)
        listed = list(values)
        for value in listed[:_MOST]:
            step = "" if value.step is None else f" ({tr('step')} {value.step:,})"
            said = f"{value.value}{step}"
            fields.add(value.name, said, protection, below=len(said) > LONG)
        layout.addWidget(fields)
        left = len(listed) - _MOST
        if left > 0:
            words = tr("and {} more; the raw record has them all").format(f"{left:,}")
            layout.addWidget(Paragraph(self.context.theme, words, Face.SECONDARY, "secondary"))
        return boxed(layout)

    def _advice(self, protection: Protection) -> QWidget:
        words = {
            Protection.UNPROTECTED: tr(
                "Nothing protects this catalog: anyone who could write to it could have changed "
                "these fields without a trace."
            ),
            Protection.HASHED: tr("These fields hold as far as the log that they stand in does."),
            Protection.SIGNED: tr("A signature that you trust covers the record of these fields."),
        }[protection]
        return Paragraph(self.context.theme, words, Face.SECONDARY, "secondary")

    def _acts(self) -> QWidget:
        navigation = self.context.navigation
        place = ThingAt(self.source, self.thing.key)
        usual = (tr("Show in lineage"), "git-fork", lambda: navigation.go("lineage", place))
        lines, acts = column(gap=8), self.buttons or (usual,)
        for first in range(0, len(acts), _IN_LINE):
            line = row(gap=8)
            for title, icon, act in acts[first : first + _IN_LINE]:
                button = Button(self.context.theme, title, icon)
                button.clicked.connect(act)
                line.addWidget(button)
            line.addStretch()
            lines.addLayout(line)
        return boxed(lines)

    def _life(self) -> QWidget:
        thing = self.thing
        return Awaited(self.context, lambda case: life_of(case, thing), self._show_life)

    def _show_life(self, life: Life) -> QWidget:
        theme, navigation = self.context.theme, self.context.navigation
        layout = column(gap=12)
        if life.steps:
            layout.addWidget(Lifecycle(theme, life.steps))
        for note in life.notes:
            layout.addWidget(Paragraph(theme, note, Face.BODY, "secondary"))
        if life.records:
            layout.addWidget(Line(theme))
            layout.addWidget(titled(theme, tr("Records"), f"{len(life.records):,}"))
        for record in life.records:
            entry = column(gap=2)
            word = VerdictWord(theme, record.mark, record.title, size=SMALL, face=Face.WORD)
            entry.addWidget(word)
            link = Link(theme, record.detail)
            place = RecordAt(record.source, record.record)
            link.pressed.connect(lambda place=place: navigation.go("timeline", place))
            entry.addWidget(link)
            layout.addLayout(entry)
        return boxed(layout)

    def _relations(self) -> QWidget:
        source, key = self.source, self.thing.key
        return Awaited(
            self.context, lambda case: related_to(case, source, key), self._show_relations
        )

    def _show_relations(self, found: Related) -> QWidget:
        theme, navigation = self.context.theme, self.context.navigation
        layout = column(gap=6)
        if not found.links:
            words = tr("The source of this thing states no relation of it.")
            layout.addWidget(Paragraph(theme, words, Face.BODY, "secondary"))
        for group, links in found.groups():
            layout.addWidget(titled(theme, group, f"{len(links):,}"))
            for link in links:
                button = Link(theme, link.name)
                place = ThingAt(self.source, link.key)
                button.pressed.connect(lambda place=place: navigation.go("catalog", place))
                layout.addWidget(button)
        if found.left:
            words = tr("and {} more; lineage lists them all").format(f"{found.left:,}")
            layout.addWidget(Paragraph(theme, words, Face.SECONDARY, "secondary"))
        layout.addWidget(Line(theme))
        layout.addWidget(Elsewhere(self.context, (self.source, self.thing.key)))
        return boxed(layout)

    def _place(self) -> QWidget:
        return bytes_at(self.context, self._ref())


def _time(thing: Thing, which: str) -> str:
    time = thing.created if which == "created" else thing.ended
    text = time_to_json(time)
    return f"{text[:19].replace('T', ' ')} UTC" if text else ""
