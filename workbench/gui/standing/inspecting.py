"""What the inspector shows of a version at a moment: each record about it, and what it is worth."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.looking.event import claimed
from workbench.gui.looking.link import Link
from workbench.gui.looking.raw import bytes_at
from workbench.gui.looking.standing import proven, words_of_level
from workbench.gui.parts.boxes import Line, boxed, column
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.places import RecordAt, ThingAt
from workbench.gui.standing.rows import is_broken, record_of, records, registry_words, stood
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.event import IndexedEvent

if TYPE_CHECKING:
    from workbench.services.standing import VersionAsOf


def version_inspected(
    context: WindowContext,
    each: "VersionAsOf",
    when: str,
    actions: Sequence[tuple[str, Callable[[], None]]],
) -> Inspected:
    """Return a version as it stood at a moment."""
    found = record_of(each)
    tabs = [InspectorTab(tr("Then"), lambda: _then(context, each))]
    if found is not None:
        tabs.append(InspectorTab(tr("Bytes"), lambda: bytes_at(context, found.ref)))
    return Inspected(
        f"version {each.name} {each.version}",
        f"{each.name} {each.version}",
        tuple(tabs),
        status=tr("{} as of {}").format(stood(each), when),
        locator=found.event.locator if found else None,
        actions=tuple(actions),
    )


def _then(context: WindowContext, each: "VersionAsOf") -> QWidget:
    theme = context.theme
    box = column(gap=10)
    told = list(records(each))
    for words, found in told:
        box.addWidget(_record(context, words, found))
    if not each.deployed:
        words = tr("No record that still stands says that it was deployed by then.")
        box.addWidget(Paragraph(theme, words, Face.BODY, "secondary"))
    elif not each.is_latest:
        words = tr("A later version was deployed too, and no record ends this one.")
        box.addWidget(Paragraph(theme, words, Face.BODY, "indeterminate"))
    if not each.approvals:
        words = tr("No record that still stands says that anybody had approved it by then.")
        colour = "indeterminate" if each.deployed else "secondary"
        box.addWidget(Paragraph(theme, words, Face.BODY, colour))
    if each.registries:
        box.addWidget(Line(theme))
    for word in each.registries:
        box.addWidget(PlainLabel(theme, tr("Registry"), Face.SECONDARY, "secondary"))
        box.addWidget(Paragraph(theme, registry_words(word)))
        link = Link(theme, str(word.thing.locator))
        link.pressed.connect(partial(context.navigation.go, "catalog", ThingAt(*word.node)))
        box.addWidget(link)
    return boxed(box)


def _record(context: WindowContext, words: str, found: IndexedEvent) -> QWidget:
    """Return a record: what it says, by whom and when, its place, and how far it is protected."""
    theme, event = context.theme, found.event
    record = event.locator.record
    box = column(gap=2)
    box.addWidget(PlainLabel(theme, words, Face.STRONG))
    by = tr("{} by {}").format(claimed(found), event.actor or tr("nobody named"))
    box.addWidget(Paragraph(theme, by))
    link = Link(theme, str(event.locator))
    place = RecordAt(found.source, record or 0)
    link.pressed.connect(partial(context.navigation.go, "timeline", place))
    box.addWidget(link)
    judged = proven(context.services.standing, found.source).verdict is not None
    level = words_of_level(event.level, record, is_judged=judged)
    if is_broken(found):
        box.addWidget(Paragraph(theme, tr("This record is broken"), Face.BODY, "failed"))
    else:
        box.addWidget(Paragraph(theme, level, Face.SECONDARY, "secondary"))
    return boxed(box)
