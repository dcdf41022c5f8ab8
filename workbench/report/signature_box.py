"""What is seen of a signature on its page: printed name, date and time, meaning (21 CFR 11.50).

The box proves nothing: anyone can draw one. It is there for people, and says so of its time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pikepdf import ObjectStreamMode, Pdf
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from workbench.evidence.text import visible
from workbench.model.report_signature import BOX_HEIGHT, BOX_WIDTH, PLACE
from workbench.report import fonts, look
from workbench.report.text_maps import repair_text_maps
from workbench.report.typeset import plain

_PAD = 8.0
_LINES = 2


@dataclass(frozen=True, slots=True)
class Manifestation:
    """What a signature says of itself.

    Attributes:
        role: as what it is made, as "Lead auditor".
        name: printed name of the signer.
        at: when, by the signer's own clock, aware.
        meaning: what it means.
        fingerprint: lower hex SHA-256 of the signer's certificate.
    """

    role: str
    name: str
    at: datetime
    meaning: str
    fingerprint: str


def drawn(said: Manifestation) -> bytes:
    """Return one page of PDF in the size of the box, its faces embedded."""
    fonts.register()
    out = BytesIO()
    size = (BOX_WIDTH, BOX_HEIGHT)
    canvas = Canvas(out, pagesize=size, invariant=1, initialFontName=fonts.SANS)
    canvas.setFillColor(look.CHROME)
    canvas.rect(0.6, 0.6, BOX_WIDTH - 1.2, BOX_HEIGHT - 1.2, stroke=0, fill=1)
    moment = f"{said.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC by the signer's clock"
    rows = (
        (fonts.SANS, 6.8, look.TERTIARY, f"Signed electronically · {said.role}", 13.0),
        (fonts.BOLD, 10.5, look.TEXT, said.name, 14.5),
        (fonts.SANS, 7.2, look.TEXT, moment, 12.0),
        *((fonts.SANS, 7.2, look.TEXT, line, 9.8) for line in _wrapped(said.meaning)),
        (fonts.MONO, 5.8, look.TERTIARY, f"certificate {said.fingerprint[:48]}…", 11.0),
    )
    y = BOX_HEIGHT - 2
    for face, points, colour, text, lead in rows:
        y -= lead
        canvas.setFillColor(colour)
        canvas.setFont(face, points)
        canvas.drawString(_PAD, y, _fitted(text, face, points))
    canvas.showPage()
    canvas.save()
    return _repaired(out.getvalue())


class Place(Flowable):  # type: ignore[misc]  # ReportLab ships no types
    """The place of a signature: a frame, and a named destination at its top left corner."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self._field = field
        self.width, self.height = BOX_WIDTH, BOX_HEIGHT

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the frame and note where it is."""
        canvas: Any = self.canv
        with canvas.tagged(None):
            canvas.setStrokeColor(look.EDGE)
            canvas.setLineWidth(0.6)
            canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        left, top = canvas.absolutePosition(0, self.height)
        _name(canvas, PLACE.format(self._field), left, top)


def _name(canvas: Any, name: str, left: float, top: float) -> None:  # noqa: ANN401 - no types
    """Name a place of the page that is being drawn (ISO 32000-1 12.3.2.3).

    ReportLab writes out where its own links lead, and keeps no names.
    """
    document = canvas._doc  # noqa: SLF001 - there is no other way to the catalog
    catalog = document.Catalog
    if getattr(catalog, "Dests", None) is None:
        catalog.Dests = PDFDictionary()
    place = [document.thisPageRef(), PDFName("XYZ"), left, top, 0]
    catalog.Dests[name] = PDFArray(place)


def _wrapped(text: str) -> list[str]:
    """Return a text in as many lines as there is room for."""
    words, lines = visible(text).split(), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if fonts.width_of(plain(longer, fonts.SANS), fonts.SANS, 7.2) <= BOX_WIDTH - 2 * _PAD:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], f"{lines[_LINES - 1]}…"]
    return lines


def _fitted(text: str, face: str, points: float) -> str:
    shown = plain(visible(text)[:200], face)
    while fonts.width_of(shown, face, points) > BOX_WIDTH - 2 * _PAD:
        shown = f"{shown[:-2]}…"
    return shown


def _repaired(pdf: bytes) -> bytes:
    with Pdf.open(BytesIO(pdf)) as document:
        repair_text_maps(document)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.disable)
    return out.getvalue()
