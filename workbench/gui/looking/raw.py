"""The bytes that a fact was read from, read again and hashed again."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.looking.awaited import Awaited
from workbench.gui.parts.boxes import boxed, column, row
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.hexview import HexView
from workbench.gui.records import read_place
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.case import EvidenceRef
from workbench.model.locator import Locator

if TYPE_CHECKING:
    from workbench.services.cases import RawBytes

_LINE = 18


def raw_bytes(context: WindowContext, ref: EvidenceRef, *, lines: int | None = None) -> QWidget:
    """Return the bytes at a place, ``lines`` of them in sight; for none, what the place is."""
    if ref.locator.offset is None:
        words = tr(
            "This was read from a row of a database, whose bytes are not one range. "
            "The digest of the whole file is compared when the case is verified."
        )
        return Paragraph(context.theme, words, Face.BODY, "secondary")

    def show(found: "RawBytes") -> QWidget:
        layout = column(gap=8)
        layout.addWidget(
            titled(context.theme, tr("Raw bytes"), tr("offset {}").format(f"{found.offset:,}"))
        )
        view = HexView(context.theme)
        view.show_bytes(found.data, offset=found.offset)
        if lines is not None:
            view.setFixedHeight(min(view.sizeHint().height(), context.theme.px(_LINE) * lines + 2))
        layout.addWidget(view)
        told = tr("Read again from the evidence and found unchanged since intake: {}.")
        proof = Paragraph(context.theme, told.format(found.proof), Face.SECONDARY, "secondary")
        layout.addWidget(proof)
        return boxed(layout)

    return Awaited(context, lambda case: read_place(case, ref), show)


def place_fields(theme: Theme, place: Locator, source: str, sha256: str = "") -> Fields:
    """Return where a fact was read, field by field."""
    fields = Fields(theme)
    fields.add(tr("Source"), source or place.path)
    for label, value in (
        (tr("Record"), place.record),
        (tr("Offset"), place.offset),
        (tr("Length"), place.length),
    ):
        if value is not None:
            fields.add(label, f"{value:,}", face=Face.MONO)
    if place.pointer:
        fields.add(tr("Place in it"), place.pointer, face=Face.MONO)
    if sha256:
        from workbench.gui.parts.digest import HashLabel

        fields.add(tr("Its SHA-256"), HashLabel(theme, sha256))
    return fields


def titled(theme: Theme, title: str, right: str = "") -> QWidget:
    """Return the head of a group: its title, and a fact at the right."""
    line = row(gap=8)
    line.addWidget(PlainLabel(theme, title, Face.STRONG))
    line.addStretch()
    if right:
        line.addWidget(PlainLabel(theme, right, Face.SECONDARY, "secondary"))
    return boxed(line)
