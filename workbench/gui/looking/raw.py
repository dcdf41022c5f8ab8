"""Where a fact was read, and the bytes there, where the place is a range of bytes."""

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import boxed, column, row
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.case import EvidenceRef
from workbench.model.locator import Locator


def bytes_at(context: WindowContext, ref: EvidenceRef | None) -> QWidget:
    """Return a place and its bytes; a row of a database has no range of them."""
    theme = context.theme
    if ref is None:
        words = tr("The source of this is not in the case any more, or could not be read.")
        return Paragraph(theme, words, Face.BODY, "secondary")
    if ref.locator.offset is not None or (ref.locator.pointer or "/").startswith("/"):
        return EvidenceBytes(context, ref)
    layout = column(gap=12)
    fields = place_fields(theme, ref.locator)
    fields.add(tr("SHA-256"), HashLabel(theme, ref.sha256, head=12))
    layout.addWidget(fields)
    words = tr(
        "This was read from a row of a database, whose bytes are not one range. The digest of "
        "the whole file is compared when the case is verified."
    )
    layout.addWidget(Paragraph(theme, words, Face.BODY, "secondary"))
    return boxed(layout)


def place_fields(theme: Theme, place: Locator) -> Fields:
    """Return where a fact was read, in a few words."""
    fields = Fields(theme)
    fields.add(tr("Source"), str(Locator(place.path, place.member)))
    if place.record is not None:
        fields.add(tr("Record"), f"{place.record:,}", face=Face.NUMBER)
    if place.pointer:
        fields.add(tr("Within"), place.pointer, face=Face.MONO)
    return fields


def titled(theme: Theme, title: str, right: str = "") -> QWidget:
    """Return the head of a group: its title, and a fact at the right."""
    line = row(gap=8)
    line.addWidget(PlainLabel(theme, title, Face.STRONG))
    line.addStretch()
    if right:
        line.addWidget(PlainLabel(theme, right, Face.SECONDARY, "secondary"))
    return boxed(line)
