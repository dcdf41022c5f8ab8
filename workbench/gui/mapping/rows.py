"""What a mapping makes of the first records of a log, as rows and in words."""

from typing import TYPE_CHECKING

from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.cards import Card
from workbench.gui.text import tr
from workbench.model.case_source import CaseSource
from workbench.model.event import Outcome
from workbench.model.moment import text_of

if TYPE_CHECKING:
    from workbench.services.mappings import Trial, TriedRecord

_PARTS = ("time", "actor", "action", "object", "outcome", "key")
#: Members and failures that are named; all of them are counted.
_MOST_NAMED = 4
COLUMNS = (
    Column("record", "Record", CellKind.NUMBER, width=64, least=60, rank=0),
    Column("time", "Time, UTC", CellKind.MONO, width=200, least=196, rank=0),
    Column("actor", "Actor", width=150, least=96, rank=1, stretch=True),
    Column("action", "Action", width=150, least=96, rank=0, stretch=True),
    Column("object", "Object", CellKind.PATH, width=180, least=110, rank=1, stretch=True),
    Column("outcome", "Outcome", width=84, least=76, rank=2),
    Column("rest", "Not mapped", CellKind.NUMBER, width=90, least=84, rank=3),
)


def cards(found: list[CaseSource], names: dict[int, str]) -> list[Card]:
    """Return a card for each log that a mapping may read."""
    return [_card(source, names) for source in found]


def tried_rows(trial: "Trial | None") -> ListSource:
    """Return the first records as events."""
    rows = () if trial is None else tuple(map(_row, trial.shown))
    return ListSource(COLUMNS, rows, tr("records"))


def words_of(trial: "Trial") -> tuple[list[str], bool]:
    """Return what came of a trial in sentences, and whether anything is wrong with it."""
    total = trial.records
    found = ", ".join(f"{tr(part)} {trial.found[part]:,}" for part in _PARTS)
    more = tr("; the log goes on") if trial.goes_on else ""
    told = [tr("{} records tried{}. Found: {}.").format(f"{total:,}", more, found)]
    if trial.unmapped:
        names = [name for name, _ in trial.unmapped.most_common(_MOST_NAMED)]
        rest = len(trial.unmapped) - len(names)
        more = tr(" and {} more").format(f"{rest:,}") if rest else ""
        told.append(tr("Not mapped, kept verbatim: {}{}.").format(", ".join(names), more))
    if not trial.fits:
        told.append(tr("The log would not be recognised by it: see recognise."))
    if trial.failed:
        first = "; ".join(problem.message for problem in trial.failed[:2])
        told.append(tr("{} failed: {}").format(f"{len(trial.failed):,}", first))
    return told, bool(trial.failed) or not total or not trial.fits


def _card(source: CaseSource, names: dict[int, str]) -> Card:
    if source.format == "unknown":
        foot = tr("Not recognised")
    elif source.mapping:
        foot = tr("Read by a mapping of yours")
    else:
        foot = tr("Read by {}").format(source.version) if source.version else tr("Guessed by names")
    return Card(str(source.id), names[source.id], foot=foot)


def _row(tried: "TriedRecord") -> Row:
    mapped = tried.mapped
    none = Cell(tr("not found"), Tone.AMBER)
    time = none
    if mapped.time_ns is not None:
        time = Cell(text_of(mapped.time_ns).replace("T", " ").removesuffix("Z"))
    outcome = mapped.outcome is not Outcome.UNKNOWN
    cells = (
        Cell(f"{tried.place.record or 0:,}"),
        time,
        Cell(mapped.actor) if mapped.actor else none,
        Cell(mapped.action, Tone.STRONG) if mapped.action else none,
        Cell(mapped.object) if mapped.object else none,
        Cell(mapped.outcome.value if outcome else tr("not stated"), Tone.QUIET),
        Cell(f"{len(tried.unmapped):,}"),
    )
    return Row(cells, tried, tried.place)
