"""Checks, exceptions and undecided rows as rows of tables; packs as cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.cards import Card
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.proportion import Counts
from workbench.gui.text import tr
from workbench.model.policy import Check, CheckOutcome, CheckResult, Pack, Undecided
from workbench.model.policy import Row as PolicyRow

WORDS = {
    CheckOutcome.SATISFIED: (Mark.PASSED, "Satisfied"),
    CheckOutcome.NOT_SATISFIED: (Mark.FAILED, "Not satisfied"),
    CheckOutcome.INDETERMINATE: (Mark.INDETERMINATE, "Indeterminate"),
    CheckOutcome.NOT_APPLICABLE: (Mark.NONE, "Not applicable"),
}
_N = CellKind.NUMBER
CHECKS = (
    Column("id", "Check", CellKind.MONO, width=84, least=76, rank=0, sortable=True),
    Column("title", "What is tested", width=260, least=160, rank=0, stretch=True, sortable=True),
    Column("of", "Of each", width=110, least=90, rank=3, sortable=True),
    Column("population", "Population", _N, width=86, least=80, rank=1, sortable=True),
    Column("tested", "Tested", _N, width=62, least=60, rank=1, sortable=True),
    Column("exceptions", "Exceptions", _N, width=86, least=80, rank=1, sortable=True),
    Column("result", "Result", CellKind.MARK, width=190, least=120, rank=0, sortable=True),
)
EXCEPTIONS = (
    Column("row", "Row", width=230, least=140, rank=0, stretch=True, sortable=True),
    Column("outcome", "Outcome", CellKind.MARK, width=110, least=104, rank=0, sortable=True),
    Column("why", "Why", width=250, least=120, rank=2, sortable=True),
    Column("source", "Source", CellKind.PATH, width=170, least=110, rank=1, sortable=True),
    Column("record", "Record", _N, width=76, least=64, rank=1, sortable=True),
    Column("finding", "Finding", CellKind.MONO, width=84, least=76, rank=1, sortable=True),
)
_WHY = 2
DECIDED = EXCEPTIONS[:_WHY] + EXCEPTIONS[_WHY + 1 :]
Entry = PolicyRow | Undecided
Findings = Mapping[object, str]


def check_rows(pack: Pack, results: Mapping[str, CheckResult], text: str) -> ListSource:
    """Return the checks of a pack with what they say; those in which every word occurs."""
    words = text.lower().split()
    rows = [_check(check, results.get(check.id)) for check in pack.checks]
    wanted = [row for row in rows if all(word in _said(row) for word in words)]
    return ListSource(CHECKS, tuple(wanted), tr("checks"))


def entry_rows(result: CheckResult | None, findings: Findings) -> ListSource:
    """Return the exceptions of a check, then the rows that could not be decided."""
    if result is None:
        return ListSource(DECIDED, (), tr("rows"), tr("Not run yet."))
    bad = [
        _entry(row, row, Mark.FAILED, tr("Exception"), "", findings) for row in result.exceptions
    ]
    open_ones = [
        _entry(one, one.row, Mark.INDETERMINATE, tr("Undecided"), one.reason, findings)
        for one in result.undecided
    ]
    if not open_ones:  # there is no reason to show where every row was decided
        rows = tuple(replace(row, cells=row.cells[:_WHY] + row.cells[_WHY + 1 :]) for row in bad)
        return ListSource(DECIDED, rows, tr("rows"))
    return ListSource(EXCEPTIONS, (*bad, *open_ones), tr("rows"))


def counts_of(pack: Pack, results: Mapping[str, CheckResult]) -> Counts | None:
    """Return how many checks of a pack say what, or None: it was not run."""
    found = [results[check.id].outcome for check in pack.checks if check.id in results]
    if not found:
        return None
    return Counts(
        passed=found.count(CheckOutcome.SATISFIED),
        failed=found.count(CheckOutcome.NOT_SATISFIED),
        indeterminate=found.count(CheckOutcome.INDETERMINATE),
        none=found.count(CheckOutcome.NOT_APPLICABLE),
    )


def pack_card(pack: Pack, results: Mapping[str, CheckResult]) -> Card:
    """Return a pack as a card."""
    counts = counts_of(pack, results)
    number = tr("{} checks").format(f"{len(pack.checks):,}")
    foot = tr("Version {} · {}").format(pack.version, number)
    return Card(pack.id, pack.title, foot=foot if counts else f"{foot} · {tr('not run')}",
                counts=counts)  # fmt: skip


def in_words(results: Sequence[CheckResult]) -> str:
    """Return how many checks say what, in words."""
    found = [result.outcome for result in results]
    return ", ".join(
        f"{found.count(outcome):,} {tr(word).lower()}"
        for outcome, (_, word) in WORDS.items()
        if outcome in found
    )


def _check(check: Check, result: CheckResult | None) -> Row:
    cells = (
        Cell(check.id),
        Cell(check.title),
        Cell(tr(check.population.value.replace("_", " ")), Tone.QUIET),
        *_numbers(result),
    )
    return Row(cells, check.id)


def word_of(result: CheckResult) -> tuple[Mark, str]:
    """Return mark and word of a result: what rests on bare claims alone is half a mark."""
    mark, word = WORDS[result.outcome]
    bare = result.said.removeprefix(result.outcome.value)
    return (Mark.HALF, f"{tr(word)}{tr(bare)}") if bare else (mark, tr(word))


def _numbers(result: CheckResult | None) -> tuple[Cell, Cell, Cell, Cell]:
    """Return population, tested, exceptions, result; what was not run says nothing in green."""
    if result is None:
        none = Cell("–", Tone.QUIET)
        return none, none, none, Cell(tr("Not run"), mark=Mark.NONE)
    mark, word = word_of(result)
    short = Tone.AMBER if result.tested < result.population else Tone.NORMAL
    bad = len(result.exceptions)
    applies = result.outcome is not CheckOutcome.NOT_APPLICABLE
    return (
        Cell(f"{result.population:,}"),
        Cell(f"{result.tested:,}", short),
        Cell(f"{bad:,}" if applies else "–", Tone.RED if bad else Tone.QUIET),
        Cell(word, mark=mark),
    )


def _entry(key: Entry, row: PolicyRow, mark: Mark, word: str, why: str, findings: Findings) -> Row:
    place = row.evidence[0].locator if row.evidence else None
    name = (place.member or place.path).rpartition("/")[2] if place else ""
    record = f"{place.record:,}" if place and place.record is not None else ""
    known = next((findings[e] for e in _keys(row) if e in findings), "")
    cells = (
        Cell(row.label),
        Cell(word, mark=mark),
        Cell(why, Tone.QUIET),
        Cell(name, Tone.QUIET),
        Cell(record),
        Cell(known),
    )
    return Row(cells, key, place)


def _keys(row: PolicyRow) -> list[object]:
    return [(place.sha256, place.locator) for place in row.evidence]


def _said(row: Row) -> str:
    return " ".join(cell.said for cell in row.cells).lower()
