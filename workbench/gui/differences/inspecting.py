"""What the inspector shows of a difference: both values, and the bytes on both sides."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.differences.rows import WORDS, field_name
from workbench.gui.fonts import Face
from workbench.gui.looking.raw import bytes_at
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.case import EvidenceRef
from workbench.model.case_source import CaseSource
from workbench.model.catalog import as_it_reads
from workbench.model.difference import Difference

Sides = tuple[CaseSource, CaseSource]


def difference_inspected(
    context: WindowContext,
    each: Difference,
    sides: Sides,
    actions: Sequence[tuple[str, Callable[[], None]]],
) -> Inspected:
    """Return a difference."""
    return Inspected(
        f"difference {each.change} {each.key} {each.field}",
        each.name or as_it_reads(each.key),
        (
            InspectorTab(tr("Difference"), lambda: _values(context, each, sides)),
            InspectorTab(tr("Before"), lambda: _bytes(context, each, sides, 0)),
            InspectorTab(tr("After"), lambda: _bytes(context, each, sides, 1)),
        ),
        status=f"{tr(WORDS[each.change])} · {each.kind}",
        locator=each.later or each.earlier,
        actions=tuple(actions),
    )


def _values(context: WindowContext, each: Difference, sides: Sides) -> QWidget:
    theme = context.theme
    box = column(gap=12)
    fields = Fields(theme)
    fields.add(tr("Key"), each.key, face=Face.MONO, below=True)
    if field := field_name(each):
        fields.add(tr("Field"), field)
    for label, value in ((tr("Before"), each.before), (tr("After"), each.after)):
        if field:
            fields.add(label, value if value is not None else tr("nothing"), face=Face.MONO,
                       below=True)  # fmt: skip
    box.addWidget(fields)
    for label, source, place in zip(
        (tr("Earlier"), tr("Later")), sides, (each.earlier, each.later), strict=True
    ):
        box.addWidget(PlainLabel(theme, label, Face.SECONDARY, "secondary"))
        where = str(place) if place is not None else tr("not in {}").format(source.display)
        box.addWidget(Paragraph(theme, where, Face.BODY, "text" if place else "secondary"))
    return boxed(box)


def _bytes(context: WindowContext, each: Difference, sides: Sides, side: int) -> QWidget:
    place = (each.earlier, each.later)[side]
    if place is None:
        words = tr("This export has nothing of it: {}").format(sides[side].display)
        return Paragraph(context.theme, words, Face.BODY, "secondary")
    return bytes_at(context, EvidenceRef(sides[side].sha256, place))
