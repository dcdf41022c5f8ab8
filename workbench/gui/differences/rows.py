"""Differences between two exports as cards and rows."""

from collections.abc import Mapping, Sequence

from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.cards import Card
from workbench.gui.text import tr
from workbench.model.catalog import as_it_reads
from workbench.model.difference import About, Change, Compared, Difference

#: The card that stands for every change.
EVERY = ""
WORDS = {
    Change.ADDED: "Added",
    Change.REMOVED: "Removed",
    Change.RENAMED: "Renamed",
    Change.CHANGED: "Changed",
}
_ICONS = {
    Change.ADDED: "plus",
    Change.REMOVED: "minus",
    Change.RENAMED: "tag",
    Change.CHANGED: "pencil",
}
COLUMNS = (
    Column("change", "Change", width=104, least=96, rank=0, sortable=True),
    Column("kind", "Kind", width=130, least=100, rank=3, sortable=True),
    Column("name", "Name", CellKind.PATH, width=230, least=150, rank=0, sortable=True,
           stretch=True),
    Column("field", "Field", width=150, least=100, rank=1, sortable=True),
    Column("before", "Before", width=170, least=110, rank=1, stretch=True),
    Column("after", "After", width=170, least=110, rank=1, stretch=True),
)  # fmt: skip


def cards(found: Compared | None) -> list[Card]:
    """Return a card for all differences, and one for each change."""
    told = found.differences if found is not None else ()
    every = Card(EVERY, tr("All differences"), number=f"{len(told):,}" if found else "")
    return [every, *(_card(change, told, is_known=found is not None) for change in Change)]


def difference_rows(found: Compared | None, change: str, text: str) -> ListSource:
    """Return the differences of a card in which every word of a text occurs."""
    words = text.lower().split()
    told = found.differences if found is not None else ()
    rows = [_row(each) for each in told if change in {EVERY, each.change.value}]
    wanted = [row for row in rows if all(word in _said(row) for word in words)]
    unasked = "" if found is not None else tr("Not compared yet.")
    return ListSource(COLUMNS, tuple(wanted), tr("differences"), unasked)


def facts(found: Compared) -> str:
    """Return in one line what differs and what does not."""
    counted = [
        f"{n:,} {tr(WORDS[change]).lower()}"
        for change in Change
        if (n := sum(each.change is change for each in found.differences))
    ]
    same = tr("the same in both: {} things, {} relations").format(
        f"{found.same_things:,}", f"{found.same_relations:,}"
    )
    return f"{', '.join(counted) or tr('No difference')} · {same}"


def field_name(each: Difference) -> str:
    """Return what of a thing differs, or "": the whole of it."""
    if each.change is Change.RENAMED:
        return tr("key, by {}").format(tr(each.same_by.value)) if each.same_by else tr("key")
    return each.field.removeprefix("field ")


def later_keys(found: Compared) -> Mapping[str, str]:
    """Return the keys in the later export of things that were renamed, by those before."""
    renamed = (each for each in found.differences if each.change is Change.RENAMED)
    return {each.before: each.after for each in renamed if each.before and each.after}


def _card(change: Change, told: Sequence[Difference], *, is_known: bool) -> Card:
    mine = [each for each in told if each.change is change]
    edges = sum(each.about is About.RELATION for each in mine)
    foot = tr("{} of relations").format(f"{edges:,}") if edges else ""
    return Card(change.value, tr(WORDS[change]), number=f"{len(mine):,}" if is_known else "",
                foot=foot)  # fmt: skip


def _row(each: Difference) -> Row:
    cells = (
        Cell(tr(WORDS[each.change]), icon=_ICONS[each.change]),
        Cell(each.kind, Tone.QUIET),
        Cell(each.name or as_it_reads(each.key), Tone.STRONG),
        Cell(field_name(each)),
        _side(each, each.before),
        _side(each, each.after),
    )
    return Row(cells, each, each.later or each.earlier)


def _side(each: Difference, value: str | None) -> Cell:
    whole = not each.field and each.change is not Change.RENAMED
    if value is None:
        return Cell("" if whole else tr("nothing"), Tone.QUIET)
    return Cell(value)


def _said(row: Row) -> str:
    return " ".join(cell.said for cell in row.cells).lower()
