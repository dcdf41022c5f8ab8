"""What the inspector shows of a record that a mapping reads: the event, what is left, the bytes."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.fonts import Face
from workbench.gui.looking.raw import titled
from workbench.gui.parts.boxes import Line, boxed, column
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.text import tr
from workbench.model.case import EvidenceRef
from workbench.model.case_source import CaseSource
from workbench.model.moment import text_of

if TYPE_CHECKING:
    from workbench.services.mappings import TriedRecord

_MOST = 100


def tried_inspected(context: WindowContext, source: CaseSource, tried: "TriedRecord") -> Inspected:
    """Return a record."""
    ref = EvidenceRef(source.sha256, tried.place)
    record = f"{tried.place.record or 0:,}"
    return Inspected(
        f"tried {source.id} {record}",
        tried.mapped.action or tr("Record {}").format(record),
        (
            InspectorTab(tr("Event"), lambda: _event(context, tried)),
            InspectorTab(tr("Bytes"), lambda: EvidenceBytes(context, ref)),
        ),
        status=tr("Record {}, as the mapping reads it").format(record),
        locator=tried.place,
    )


def _event(context: WindowContext, tried: "TriedRecord") -> QWidget:
    theme, mapped = context.theme, tried.mapped
    box = column(gap=12)
    fields = Fields(theme)
    utc = tr("not found") if mapped.time_ns is None else text_of(mapped.time_ns)
    said = (
        (tr("Time"), utc),
        (tr("As written"), mapped.time_text),
        (tr("Actor"), mapped.actor or ""),
        (tr("Action"), mapped.action or ""),
        (tr("Object"), mapped.object or ""),
        (tr("Outcome"), mapped.outcome.value),
        (tr("Key"), mapped.key),
    )
    for label, value in said:
        fields.add(label, value or tr("not found"), colour="text" if value else "indeterminate")
    if mapped.is_naive:
        fields.add(tr("Zone"), tr("none is written: that of the mapping"), colour="indeterminate")
    box.addWidget(fields)
    box.addWidget(Line(theme))
    box.addWidget(titled(theme, tr("Not mapped"), f"{len(tried.unmapped):,}"))
    left = Fields(theme)
    for attribute in tried.unmapped[:_MOST]:
        left.add(attribute.name, attribute.value, face=Face.MONO, below=True)
    box.addWidget(left)
    return boxed(box)
