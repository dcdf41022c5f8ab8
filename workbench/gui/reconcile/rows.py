"""Differences between catalog, log and files as rows and cards, and what was not compared."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.cards import Card
from workbench.gui.parts.mark import Mark
from workbench.gui.text import tr
from workbench.model.reconciliation import Line, Mismatch, Place, Reconciled, Side, SideFound

#: The card that stands for every kind.
EVERY = ""
COLUMNS = (
    Column("sure", "Sure", CellKind.MARK, width=110, least=100, rank=1, sortable=True),
    Column("kind", "Kind", width=120, least=112, rank=2, sortable=True),
    Column("name", "Name", width=240, least=190, rank=0, sortable=True),
    Column("says", "What each side says", width=320, least=150, rank=0, stretch=True),
    Column("catalog", "Catalog", CellKind.PATH, width=170, least=150, rank=3, sortable=True),
    Column("log", "Log", CellKind.PATH, width=170, least=150, rank=3, sortable=True),
    Column("files", "File", CellKind.PATH, width=170, least=150, rank=4, sortable=True),
)
_ITEMS = {Side.CATALOG: "things", Side.LOG: "events", Side.FILES: "files"}


def line_rows(lines: Sequence[Line], text: str, *, compared: bool = True) -> ListSource:
    """Return differences as rows; those in which every word of a text occurs."""
    words = text.lower().split()
    rows = [_row(line) for line in lines]
    wanted = [row for row in rows if all(word in _said(row) for word in words)]
    unasked = "" if compared else tr("Not compared yet.")
    return ListSource(_ranked(lines), tuple(wanted), tr("differences"), unasked)


def _ranked(lines: Sequence[Line]) -> tuple[Column, ...]:
    """Return the columns; a side that no difference has goes first where there is no room."""
    sides = {place.side.value for line in lines for place in line.places}
    absent = {side.value for side in Side} - sides
    return tuple(replace(c, rank=c.rank + 10) if c.id in absent else c for c in COLUMNS)


def word_of(line: Line) -> tuple[Mark, str]:
    """Return mark and word of a difference: one that may be innocent is not red."""
    if line.doubt:
        return Mark.INDETERMINATE, tr("Not sure")
    return Mark.FAILED, tr("Differs")


def kind_cards(found: Reconciled) -> list[Card]:
    """Return a card for all differences, and one for each kind that there is."""
    cards = [_card(EVERY, tr("All differences"), found.lines)]
    for mismatch in found.counts():
        lines = [line for line in found.lines if line.mismatch is mismatch]
        cards.append(_card(mismatch.value, tr(mismatch.heading), lines))
    return cards


def chosen(found: Reconciled, key: str) -> list[Line]:
    """Return the differences that a card stands for."""
    return [line for line in found.lines if key in {EVERY, line.mismatch.value}]


def facts(found: Reconciled) -> str:
    """Return in one line what there is and what differs."""
    sure = sum(not line.doubt for line in found.lines)
    told = [tr("{} differ, {} not sure").format(f"{sure:,}", f"{len(found.lines) - sure:,}")]
    if not found.lines:
        told = [tr("No difference in what was compared")]
    lacking = [c.between.value for c in found.comparisons if not c.compared]
    if len(lacking) == len(found.comparisons):
        return tr("Nothing was compared")
    if lacking:
        told.append(tr("not compared: {}").format(", ".join(map(tr, lacking))))
    return " · ".join(told)


def side_words(side: SideFound) -> tuple[str, str]:
    """Return a side and what there is of it, or why it is not there."""
    if side.lack:
        return tr(side.side.value.capitalize()), tr(side.lack)
    some = tr("{} {} of 1 source") if side.sources == 1 else tr("{} {} of {} sources")
    words = some.format(f"{side.items:,}", tr(_ITEMS[side.side]), f"{side.sources:,}")
    return tr(side.side.value.capitalize()), words


def comparison_words(found: Reconciled) -> Iterator[tuple[str, bool, list[str]]]:
    """Yield what was compared of each two sides, whether anything was, and what was not."""
    for each in found.comparisons:
        name = tr(each.between.value).capitalize()
        told = tr("{}: {} compared").format(name, f"{each.compared:,}")
        if not each.compared:
            told = tr("{}: not compared").format(name)
        left = [f"{reason} ({count:,})" if count else reason for reason, count in each.left]
        yield told, bool(each.compared), left


def _card(key: str, title: str, lines: Sequence[Line]) -> Card:
    doubts = sum(bool(line.doubt) for line in lines)
    foot = tr("{} not sure").format(f"{doubts:,}") if doubts else ""
    return Card(key, title, number=f"{len(lines):,}", foot=foot)


def _row(line: Line) -> Row:
    mark, word = word_of(line)
    cells = (
        Cell(word, mark=mark),
        Cell(tr(line.kind), Tone.QUIET),
        Cell(line.name),
        Cell(line.detail, Tone.QUIET),
        *(_place(line.places, side) for side in Side),
    )
    return Row(cells, line, line.places[0].ref.locator if line.places else None)


def _place(places: Sequence[Place], side: Side) -> Cell:
    found = [place.ref.locator for place in places if place.side is side]
    if not found:
        return Cell("–", Tone.QUIET)
    first, more = found[0], f" +{len(found) - 1:,}" if len(found) > 1 else ""
    name = (first.member or first.path).rpartition("/")[2]
    record = f" #{first.record:,}" if first.record is not None else ""
    return Cell(f"{name}{record}{more}", Tone.QUIET)


def _said(row: Row) -> str:
    return " ".join(cell.said for cell in row.cells).lower()


def heading(key: str) -> str:
    """Return what a card is called."""
    return tr("All differences") if key == EVERY else tr(Mismatch(key).heading)
