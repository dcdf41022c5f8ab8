"""A draft of the report, made and drawn off the thread of the window.

PDFium is not thread-safe: whoever asks it anything holds the one lock. The PDF is our own, made a
moment before from the case; no PDF of anybody else is ever drawn.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from workbench.gui.signing.lasting import Signs
from workbench.model.edition import NOTHING_ASKED, EditionAsked
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.model.case_source import CaseSource
    from workbench.services.reports import Asked, Details, Note, Written
    from workbench.store.case_store import CaseStore

_PDFIUM = Lock()
_WORDS = 2000
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What the auditor wants in the report beside what the case holds.

    Attributes:
        auditor: who answers for it; "" as the engagement has it.
        to: to whom it is addressed, or "".
        pack: id of the checks to print, or "".
        edition: how it shall be made up.
    """

    auditor: str = ""
    to: str = ""
    pack: str = ""
    edition: EditionAsked = NOTHING_ASKED


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the outline and the page it is on, from 0."""

    title: str
    page: int


@dataclass(frozen=True, slots=True)
class Draft:
    """The report as it would be handed over now, unsigned.

    Attributes:
        pdf: its bytes.
        sha256: their digest.
        number: its number.
        pages: size of each page in points.
        outline: its sections.
        wish: what was wanted.
        asked: what was asked for it, to be used again for the signature.
    """

    pdf: bytes
    sha256: str
    number: str
    pages: tuple[tuple[float, float], ...]
    outline: tuple[Heading, ...]
    wish: Wish
    asked: "Asked"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as a picture, and its words for those who cannot see it."""

    page: int
    width: int
    image: QImage
    words: str


def now() -> datetime:
    """Return the time to date a report with."""
    return datetime.now(UTC).replace(microsecond=0)


def notes(case: "CaseStore") -> "tuple[Note, ...]":
    """Return what stands between the case and its report: without its evidence nothing does."""
    from workbench.model.case_source import Presence
    from workbench.services import cases, reports

    standing = cases.standing(case)
    gone = [s for s in standing.sources if standing.presence[s.id] is not Presence.HERE]
    return (*_missing(gone), *reports.readiness(case))


def _missing(gone: "Sequence[CaseSource]") -> "Iterator[Note]":
    from workbench.services.reports import Note, Weight

    if gone:
        named = ", ".join(source.display for source in gone[:_NAMED])
        more = f" and {len(gone) - _NAMED:,} more" if len(gone) > _NAMED else ""
        what = f"Not there as it was taken in: {named}{more}."
        detail = "All evidence is hashed again for the report: say where it lies."
        yield Note(Weight.BLOCKS, what, detail, "evidence")


def asked_of(case: "CaseStore", wish: Wish, progress: Progress, cancel: Cancel) -> "Asked":
    """Run the self-test, and the checks that are wanted."""
    from workbench.services import checking, reports, selftest
    from workbench.services.verification import verify

    checked = selftest.run(verify, progress=progress, cancel=cancel)
    if not wish.pack:
        return reports.Asked(checked)
    pack, results = checking.answers(case, wish.pack, progress=progress, cancel=cancel)
    return reports.Asked(checked, pack, results)


def drafted(case: "CaseStore", wish: Wish, progress: Progress, cancel: Cancel) -> Draft:
    """Return the report as it would be handed over now, unsigned.

    Raises:
        UsageError: the case is not verified, or its verification is out of date.
    """
    from workbench.services import reports

    reports.require_ready(case)
    asked = asked_of(case, wish, progress, cancel)
    cancel.check()
    details = _details(case, wish)
    built = reports.case_built(case, asked, details, key=None, cancel=cancel)
    pages, outline = _looked_at(built.pdf)
    return Draft(built.pdf, built.sha256, built.number, pages, outline, wish, asked)


def _details(case: "CaseStore", wish: Wish) -> "Details":
    """Return what the report says of itself.

    Raises:
        SourceError: there is no such template.
        ProfileError: its file cannot be understood.
    """
    from workbench.services import reports

    edition = reports.edition(wish.edition)
    return reports.case_details(case, now(), auditor=wish.auditor, to=wish.to, edition=edition)


def drawn(pdf: bytes, page: int, width: int) -> Drawn:
    """Return a page, ``width`` pixels wide."""
    import pypdfium2

    with _PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page]
        bitmap = sheet.render(scale=width / sheet.get_width(), prefer_bgrx=True)
        shape = (bitmap.width, bitmap.height, bitmap.stride)
        image = QImage(bytes(bitmap.buffer), *shape, QImage.Format.Format_RGB32).copy()
        words = sheet.get_textpage().get_text_bounded()[:_WORDS]
    return Drawn(page, width, image, words)


def _looked_at(pdf: bytes) -> tuple[tuple[tuple[float, float], ...], tuple[Heading, ...]]:
    import pypdfium2

    with _PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        sizes = tuple(document.get_page_size(n) for n in range(len(document)))
        outline: list[Heading] = []
        for item in document.get_toc():
            target = item.get_dest()
            if target is not None and item.level == 0:
                outline.append(Heading(item.get_title(), target.get_index() or 0))
    return sizes, tuple(outline)


def handed_over(
    case: "CaseStore",
    out: Path,
    wish: Wish,
    draft: Draft | None,
    signs: Signs | None,
    *,
    progress: Progress,
    cancel: Cancel,
) -> "Written":
    """Write the report as it is wanted now, signed where somebody signs it.

    What opens the keys is forgotten, whatever comes of it. What was asked for the pages on
    screen is not asked again, unless something else is wanted.

    Raises:
        WorkbenchError: it was not written; the case and its journal are as they were.
    """
    try:
        return _handed_over(case, out, wish, draft, signs, progress, cancel)
    finally:
        if signs is not None:
            signs.forget()


def _handed_over(
    case: "CaseStore",
    out: Path,
    wish: Wish,
    draft: Draft | None,
    signs: Signs | None,
    progress: Progress,
    cancel: Cancel,
) -> "Written":
    from workbench.services import reports
    from workbench.store.handing import require_outside

    query, inputs = (signs.lasts.query, signs.inputs) if signs else (None, ())
    require_outside(case, out, query, inputs=inputs, reports=True)
    key = signs.key.opened() if signs else None
    lasting = signs.lasts.opened() if signs else reports.PLAIN
    known = draft is not None and draft.wish == wish
    asked = draft.asked if draft and known else asked_of(case, wish, progress, cancel)
    details = _details(case, wish)
    meaning = signs.meaning if signs else ""
    return reports.write_case(
        case, out, asked, details, key=key, lasting=lasting, meaning=meaning,
        progress=progress, cancel=cancel,
    )  # fmt: skip
