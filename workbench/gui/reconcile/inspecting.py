"""What the inspector shows of a difference: what each side says, and the bytes on both sides."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line as Rule
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.reconcile.rows import word_of
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.reconciliation import Line, Place

#: Places whose bytes are read at once; how many there are stands below.
_MOST = 4


def line_inspected(
    context: WindowContext, line: Line, actions: Sequence[tuple[str, Callable[[], None]]]
) -> Inspected:
    """Return a difference."""
    mark, word = word_of(line)
    return Inspected(
        key=f"difference {line.mismatch} {line.kind} {line.name} {line.detail}",
        title=line.name,
        tabs=(
            InspectorTab(tr("Difference"), lambda: _difference(context, line)),
            InspectorTab(tr("Bytes"), lambda: _bytes(context, line.places)),
        ),
        mark=mark,
        status=f"{word} · {tr(line.mismatch.heading)}",
        locator=line.places[0].ref.locator if line.places else None,
        actions=tuple(actions),
    )


def _difference(context: WindowContext, line: Line) -> QWidget:
    theme = context.theme
    box = column(gap=12)
    box.addWidget(Paragraph(theme, tr(line.mismatch.heading), Face.STRONG))
    box.addWidget(Paragraph(theme, line.detail))
    if line.doubt:
        box.addWidget(Paragraph(theme, line.doubt, Face.BODY, "indeterminate"))
    box.addWidget(Rule(theme))
    fields = Fields(theme)
    fields.add(tr("Kind"), line.kind)
    fields.add(tr("Name"), line.name)
    for label, value in ((tr("Stated"), line.stated), (tr("Found"), line.found)):
        if value:
            fields.add(label, value, face=Face.MONO, below=True)
    for place in line.places[:_MOST]:
        fields.add(tr(place.side.value.capitalize()), str(place.ref.locator), below=True)
    box.addWidget(fields)
    _say_more(context, line.places, box)
    return boxed(box)


def _bytes(context: WindowContext, places: Sequence[Place]) -> QWidget:
    box = column(gap=16)
    for place in places[:_MOST]:
        side = tr(place.side.value.capitalize())
        box.addWidget(PlainLabel(context.theme, side, Face.HEAD, "secondary"))
        box.addWidget(EvidenceBytes(context, place.ref))
    _say_more(context, places, box)
    return boxed(box)


def _say_more(context: WindowContext, places: Sequence[Place], box: QVBoxLayout) -> None:
    left = len(places) - _MOST
    if left > 0:
        words = tr("and {} more places").format(f"{left:,}")
        box.addWidget(PlainLabel(context.theme, words, Face.SECONDARY, "secondary"))
