"""The parts of a timeline as cards and rows, and what a row is narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.gui.insights.asking import MOST, PARTS, Answer
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.cards import Card
from workbench.gui.text import tr
from workbench.model.kept import Cell as Value
from workbench.model.query import quoted
from workbench.model.timeline import Part, PartName, Spot

TITLES = {
    PartName.SOURCES: "Each log",
    PartName.GAPS: "Gaps",
    PartName.BURSTS: "Bursts",
    PartName.REGRESSIONS: "Clocks that went back",
    PartName.OFF_HOURS: "Outside working hours",
    PartName.AROUND: "What else happened then",
    PartName.SEEN: "First and last seen",
    PartName.PIVOTS: "Who did what to what",
    PartName.SESSIONS: "Sessions of each actor",
    PartName.REPEATS: "Said again and again",
}
_MEANS = {
    PartName.SOURCES: "From when to when, in which order, and how far that is trusted.",
    PartName.GAPS: "No record for unusually long, the longest first.",
    PartName.BURSTS: "Unusually many records, the largest first.",
    PartName.REGRESSIONS: "Records that claim to be before the record in front of them.",
    PartName.OFF_HOURS: "Who did what outside the hours that you state.",
    PartName.AROUND: "All logs, by claimed time, around one record.",
    PartName.SEEN: "Newcomers first.",
    PartName.PIVOTS: "The most frequent first.",
    PartName.SESSIONS: "What one actor did without a long pause.",
    PartName.REPEATS: "What stands in a row and says the same, folded into one.",
}


def _time(name: str, title: str, rank: int = 1) -> Column:
    return Column(name, title, CellKind.MONO, 200, 196, rank=rank, sortable=True)


def _count(name: str, title: str, rank: int = 0) -> Column:
    return Column(name, title, CellKind.NUMBER, 76, 68, rank=rank, sortable=True)


def _text(name: str, title: str, rank: int = 1, *, width: int = 150, least: int = 96) -> Column:
    return Column(name, title, width=width, least=least, rank=rank, sortable=True, stretch=True)


def _span(name: str, title: str, rank: int = 0) -> Column:
    return Column(name, title, width=104, least=92, rank=rank)


def _log(name: str, rank: int = 3) -> Column:
    return Column(name, "Log", CellKind.PATH, 170, 110, rank=rank, sortable=True)


_WHO = (_text("actor", "Actor"), _text("action", "Action", 0), _text("object", "Object", 2))
_ENDS = (_time("first", "First, UTC"), _time("last", "Last, UTC", 2))
COLUMNS: Mapping[PartName, tuple[Column, ...]] = {
    PartName.GAPS: (
        _span("lasted", "Lasted"),
        _time("before", "Last record before", 0),
        _time("after", "First record after"),
        _span("usual", "Usual spacing", 2),
        _log("stream"),
    ),
    PartName.BURSTS: (
        _count("events", "Records"),
        *_ENDS,
        _count("actors", "Actors", 1),
        _text("actor", "First actor", 2),
        _span("usual", "Usual spacing", 3),
        _log("stream"),
    ),
    PartName.REGRESSIONS: (
        _span("back", "Back by"),
        _time("before", "Record before", 1),
        _time("time", "This record", 0),
        _count("record", "Record", 0),
        _log("source", 1),
    ),
    PartName.OFF_HOURS: (
        *_WHO[:2], _count("events", "Outside"), _count("of", "Of all"), *_ENDS,
    ),
    PartName.AROUND: (
        _span("from", "From it"),
        _time("time", "Claimed time, UTC"),
        *_WHO,
        _text("outcome", "Outcome", 4, width=84, least=70),
        _log("source"),
        _count("record", "Record", 2),
    ),
    PartName.SEEN: (
        _text("what", "What", 1, width=80, least=70),
        _text("value", "Name", 0, width=240),
        _count("events", "Records"),
        *_ENDS,
    ),
    PartName.PIVOTS: (
        *_WHO, _count("events", "Records"), _count("failed", "Failed", 1), *_ENDS,
    ),
    PartName.SESSIONS: (
        _text("actor", "Actor", 0),
        *_ENDS,
        _count("events", "Records"),
        _count("failed", "Failed", 2),
        _count("actions", "Actions", 3),
        _count("objects", "Objects", 3),
    ),
    PartName.REPEATS: (
        _count("events", "Times"),
        *_WHO,
        _text("outcome", "Outcome", 4, width=84, least=70),
        *_ENDS,
    ),
    PartName.SOURCES: (
        Column("path", "Log", CellKind.PATH, 220, 150, rank=0, sortable=True, stretch=True),
        _count("events", "Records"),
        _count("untimed", "No time", 2),
        *_ENDS,
        _text("order", "Written", 3, width=110),
        _text("trusted", "Trusted time", 0, width=260, least=240),
        _time("not_later_than", "Not later than", 2),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A row: of which part, what it says, on which records it rests."""

    part: PartName
    said: Mapping[str, Value]
    spots: tuple[Spot, ...]

    @property
    def title(self) -> str:
        """Return what to call it."""
        names = ("value", "action", "actor", "path", "lasted", "back")
        return next((str(self.said[n]) for n in names if self.said.get(n)), tr(TITLES[self.part]))


def cards(answer: Answer | None) -> list[Card]:
    """Return each part with how many rows it has."""
    return [_card(name, answer) for name in PARTS]


def part_rows(
    name: PartName, part: Part | None, short: Mapping[str, str] | None = None
) -> ListSource:
    """Return the rows of a part; ``short`` has names of logs that tell them apart."""
    columns = COLUMNS[name]
    if part is None:
        return ListSource(columns, (), tr("rows"))
    spots = part.spots or ((),) * len(part.rows)
    lines = (Line(name, row, at) for row, at in zip(part.rows, spots, strict=True))
    called = short or {}
    rows = tuple(
        Row(tuple(_cell(c, line.said.get(c.id), called) for c in columns), line) for line in lines
    )
    return ListSource(columns, rows, tr("rows"))


def notes(name: PartName, answer: Answer) -> list[str]:
    """Return what must be known to read a part; first why it could not be asked."""
    part = answer.parts.get(name)
    if part is None:
        return [answer.lacking.get(name, "")]
    told = [tr(_MEANS[name]), *part.notes]
    if not part.total:
        told.append(tr("There is none among the events that were asked for."))
    elif len(part.rows) < part.total:
        told.append(tr("The first {} of {} are shown.").format(f"{MOST:,}", f"{part.total:,}"))
    return told


def query_of(line: Line, also: str) -> str:
    """Return the query that finds the events of a row, or "": a query cannot part them."""
    said, terms = line.said, [f"({also})"] if also.strip() else []
    match line.part:
        case PartName.PIVOTS | PartName.REPEATS | PartName.OFF_HOURS | PartName.SESSIONS:
            terms += [_is(n, said[n]) for n in ("actor", "action", "object") if n in said]
        case PartName.SEEN:
            terms.append(_is(str(said["what"]), said["value"]))
        case PartName.BURSTS:
            pass
        case _:
            return ""
    if line.part in {PartName.BURSTS, PartName.SESSIONS, PartName.REPEATS}:
        terms.append(f'time:["{said["first"]}".."{said["last"]}"]')
    return " ".join(terms)


def _is(field: str, value: Value) -> str:
    """Return the term for a value; one that no record states is asked for by its absence."""
    return f"{field}={quoted(str(value))}" if value else f"-{field}:*"


def _card(name: PartName, answer: Answer | None) -> Card:
    if answer is None:
        return Card(name.value, tr(TITLES[name]))
    part = answer.parts.get(name)
    if part is None:
        return Card(name.value, tr(TITLES[name]), foot=tr("not asked"))
    return Card(name.value, tr(TITLES[name]), number=f"{part.total:,}")


def _cell(column: Column, value: Value, short: Mapping[str, str]) -> Cell:
    if value is None or value == "":
        return Cell("–" if column.kind is CellKind.NUMBER else tr("not stated"), Tone.QUIET)
    if column.kind is CellKind.NUMBER:
        return Cell(f"{value:,}")
    if column.kind is CellKind.MONO:
        return Cell(_moment(str(value)))
    if column.kind is CellKind.PATH:
        return Cell(short.get(str(value), str(value)), Tone.QUIET)
    return Cell(str(value), Tone.STRONG if column.rank == 0 else Tone.NORMAL)


def _moment(text: str) -> str:
    """Return a time as tables show it: to the millisecond, without a letter."""
    whole, _, fraction = text.removesuffix("Z").replace("T", " ").partition(".")
    return f"{whole}.{fraction[:3]}" if fraction else whole
