"""Versions as they stood at a moment, as rows; what is not recorded says so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.gui.looking.event import claimed
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.mark import Mark
from workbench.gui.text import tr
from workbench.model.event import EventFlag, IndexedEvent

if TYPE_CHECKING:
    from workbench.services.standing import AsOf, RegistryWord, VersionAsOf

COLUMNS = (
    Column("model", "Model", width=180, least=130, rank=0, sortable=True, stretch=True),
    Column("version", "Version", CellKind.MONO, 76, 70, rank=0, sortable=True),
    Column("state", "Stood as", width=130, least=110, rank=0, sortable=True),
    Column("since", "Since, as claimed, UTC", CellKind.MONO, 200, 196, rank=1, sortable=True),
    Column("by", "By", width=150, least=100, rank=2, sortable=True),
    Column("approved", "Approved by", width=170, least=120, rank=0, sortable=True, stretch=True),
    Column("level", "Level", CellKind.PIPS, width=140, least=136, rank=1),
    Column("registry", "Registry", width=150, least=110, rank=3, sortable=True),
)


def version_rows(state: "AsOf | None", text: str, *, everything: bool) -> ListSource:
    """Return the versions that were deployed or approved, or every one that was known."""
    words = text.lower().split()
    rows = [] if state is None else [_row(each) for each in told(state, everything=everything)]
    wanted = [row for row in rows if all(word in _said(row) for word in words)]
    return ListSource(COLUMNS, tuple(wanted), tr("versions"))


def told(state: "AsOf", *, everything: bool) -> "list[VersionAsOf]":
    """Return the versions to be told of, those in production first."""
    found = [v for v in state.versions if everything or v.deployed or v.approvals]
    return sorted(found, key=lambda v: (not (v.deployed and v.is_latest), not v.deployed))


def facts(state: "AsOf", *, everything: bool) -> str:
    """Return in one line what stood, and what could not be placed."""
    running = sum(v.deployed is not None for v in state.versions)
    parts = [tr("{} in production").format(f"{running:,}")]
    left = len(state.versions) - len(told(state, everything=everything))
    if left:
        parts.append(tr("{} more were known").format(f"{left:,}"))
    if state.undated:
        words = tr("{} decisions claim no time: before or after")
        parts.append(words.format(f"{len(state.undated):,}"))
    if state.unnamed:
        parts.append(tr("{} decisions name no version").format(f"{len(state.unnamed):,}"))
    return " · ".join(parts)


def stood(each: "VersionAsOf") -> str:
    """Return as what a version stood."""
    if each.deployed:
        return tr("In production") if each.is_latest else tr("Not ended")
    if each.retired:
        return tr("Retired")
    if each.approvals:
        return tr("Approved")
    return tr("Registered") if each.registered else tr("Known")


def record_of(each: "VersionAsOf") -> IndexedEvent | None:
    """Return the record that says as what it stood, or None: no log does."""
    approval = each.approvals[-1] if each.approvals else None
    return each.deployed or each.retired or approval or each.registered


def registry_words(word: "RegistryWord") -> str:
    """Return what a registry says, and whether it said so then."""
    said = word.thing.lifecycle_raw or word.thing.lifecycle.value
    return said if word.holds else tr("{} today; then: not recorded").format(said)


def records(each: "VersionAsOf") -> Iterator[tuple[str, IndexedEvent]]:
    """Yield every record about a version, with what it says."""
    one_by_one = (
        (tr("Deployed"), each.deployed),
        (tr("Retired"), each.retired),
        *((tr("Approved"), approval) for approval in each.approvals),
        (tr("Registered"), each.registered),
        *((tr("Unclear"), doubt) for doubt in each.doubts),
    )
    yield from ((words, found) for words, found in one_by_one if found is not None)


def is_broken(found: IndexedEvent) -> bool:
    """Tell whether verification found the record broken."""
    return EventFlag.BROKEN in found.event.flags


def _row(each: "VersionAsOf") -> Row:
    found = record_of(each)
    late = each.deployed is not None and not each.is_latest
    cells = (
        Cell(each.name, Tone.STRONG),
        Cell(each.version),
        Cell(stood(each), Tone.AMBER if late else Tone.NORMAL),
        Cell(claimed(found)) if found else Cell(tr("not recorded"), Tone.QUIET),
        Cell(found.event.actor if found else "", Tone.QUIET),
        _approved(each),
        _level(found),
        Cell("; ".join(map(registry_words, each.registries)), Tone.QUIET),
    )
    return Row(cells, each, found.event.locator if found else None)


def _approved(each: "VersionAsOf") -> Cell:
    if each.approvals:
        named = dict.fromkeys(a.event.actor or tr("nobody named") for a in each.approvals)
        bad = any(is_broken(approval) for approval in each.approvals)
        return Cell(", ".join(named), Tone.RED if bad else Tone.NORMAL)
    running = each.deployed is not None
    return Cell(tr("no record stands"), Tone.AMBER if running else Tone.QUIET)


def _level(found: IndexedEvent | None) -> Cell:
    if found is None:
        return Cell("")
    if is_broken(found):
        return Cell(tr("Broken"), mark=Mark.FAILED, level=0)
    return Cell(level=found.event.level)


def _said(row: Row) -> str:
    return " ".join(cell.said for cell in row.cells).lower()
