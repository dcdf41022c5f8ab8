"""The log of the sample as rows, and rows without end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sample import ALTERED, Record, Sample

from workbench.gui.models.cells import (
    Cell,
    CellKind,
    Column,
    Count,
    ListSource,
    Order,
    Row,
    Tone,
)
from workbench.gui.parts.mark import Mark
from workbench.model.catalog import Protection
from workbench.model.locator import Locator

COLUMNS = (
    Column("time", "Claimed, UTC", CellKind.MONO, width=206, least=200, rank=0, sortable=True),
    Column("record", "Record", CellKind.NUMBER, width=76, least=72, rank=2, sortable=True),
    Column("actor", "Actor", width=140, least=110, rank=1),
    Column("action", "Action", width=150, least=110, rank=0),
    Column("object", "Object", CellKind.PATH, width=240, least=190, rank=1, stretch=True),
    Column("outcome", "Outcome", width=90, least=70, rank=4),
    Column("digest", "Digest", CellKind.MONO, width=130, least=120, rank=5),
    Column("level", "Level", CellKind.PIPS, width=64, least=60, rank=1),
    Column("protection", "Protection", CellKind.PROTECTION, width=120, least=110, rank=3),
    Column("tags", "Tags", CellKind.CHIPS, width=130, least=128, rank=3),
)


def log_rows(sample: Sample) -> ListSource:
    """Return the records of the log."""
    rows = tuple(_row(sample, record) for record in sample.records)
    return ListSource(COLUMNS, rows, "events")


def _row(sample: Sample, record: Record) -> Row:
    claims = record.claims
    altered = record.number == ALTERED
    level = next(p.level for p in sample.log.assurance if p.first <= record.number <= p.last)
    time = datetime.fromisoformat(str(claims["timestamp"]))
    denied = claims["outcome"] != "success"
    tags = ("1 key", "5 finding") if altered else ("3 deploy",) if record.number % 17 == 0 else ()
    cells = (
        Cell(
            f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03}",
            Tone.RED if altered else Tone.NORMAL,
        ),
        Cell(f"{record.number:,}"),
        Cell(str(claims["agent_did"]).removeprefix("did:mesh:")),
        Cell(str(claims["action"]), Tone.STRONG),
        Cell(str(claims["resource"])),
        Cell(str(claims["outcome"]), Tone.AMBER if denied else Tone.QUIET),
        Cell(f"{str(claims['content_hash'])[:8]}…{str(claims['content_hash'])[-4:]}", Tone.QUIET),
        Cell(level=level, mark=Mark.FAILED if altered else None),
        Cell(protection=Protection.SIGNED if level >= 2 else Protection.HASHED),
        Cell(chips=tags),
    )
    return Row(cells, record.number, record.locator)


@dataclass(frozen=True, slots=True)
class Endless:
    """Rows without end, made when they are asked for."""

    rows: int
    columns: tuple[Column, ...] = COLUMNS

    def count(self) -> Count:
        """Return how many there are said to be."""
        return Count(self.rows, noun="events")

    def page(self, first: int, size: int) -> Sequence[Row]:
        """Make some of them."""
        return [_made(n) for n in range(first, min(first + size, self.rows))]

    def ordered(self, _order: Order) -> "Endless":
        """Return them as they are."""
        return self


def _made(number: int) -> Row:
    cells = (
        Cell(f"2026-05-{number % 28 + 1:02} {number % 24:02}:{number % 60:02}:00.000"),
        Cell(f"{number + 1:,}"),
        Cell(f"actor-{number % 97}"),
        Cell("model.approve", Tone.STRONG),
        Cell(f"models:/credit-scoring/{number % 9}"),
        Cell("success", Tone.QUIET),
        Cell(f"{number:08x}…{number % 65536:04x}", Tone.QUIET),
        Cell(level=number % 5),
        Cell(protection=list(Protection)[number % 3]),
        Cell(chips=("3 deploy",) if number % 7 == 0 else ()),
    )
    return Row(cells, number, Locator("log.jsonl", record=number + 1))
