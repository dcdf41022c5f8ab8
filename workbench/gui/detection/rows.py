"""Rules with what they said, and hits with their events, as rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.gui.looking.event import claimed
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row, Tone
from workbench.gui.parts.mark import Mark
from workbench.gui.text import tr
from workbench.model.detection import Hit, KeptRules, Rule, RuleOutcome, RuleResult
from workbench.model.event import EventFlag, IndexedEvent

#: No hit is nothing proven: it is never green.
WORDS = {
    RuleOutcome.HITS: (Mark.FAILED, "Hits"),
    RuleOutcome.INDETERMINATE: (Mark.INDETERMINATE, "Indeterminate"),
    RuleOutcome.NO_HITS: (Mark.NONE, "No hits"),
    RuleOutcome.NOT_APPLICABLE: (Mark.NONE, "Not applicable"),
}
_N = CellKind.NUMBER
RULES = (
    Column("title", "What is looked for", width=320, least=190, rank=0, stretch=True,
           sortable=True),
    Column("level", "Severity", width=84, least=72, rank=2, sortable=True),
    Column("looked", "Looked at", _N, width=86, least=80, rank=1, sortable=True),
    Column("hits", "Hits", _N, width=62, least=56, rank=0, sortable=True),
    Column("result", "Result", CellKind.MARK, width=140, least=128, rank=0, sortable=True),
    Column("rule", "Rule", CellKind.MONO, width=210, least=150, rank=3, sortable=True),
)  # fmt: skip
HITS = (
    Column("hit", "Hit", _N, width=48, least=44, rank=0),
    Column("time", "Claimed time, UTC", CellKind.MONO, width=176, least=170, rank=0),
    Column("actor", "Actor", width=150, least=100, rank=1, stretch=True),
    Column("action", "Action", width=160, least=100, rank=0),
    Column("object", "Object", CellKind.PATH, width=180, least=110, rank=1, stretch=True),
    Column("level", "Level", CellKind.PIPS, width=140, least=136, rank=2),
    Column("source", "Log", CellKind.PATH, width=130, least=90, rank=3),
    Column("record", "Record", _N, width=76, least=68, rank=1),
)


@dataclass(frozen=True, slots=True)
class HitEvent:
    """An event of a hit: of which rule, and of which of its hits."""

    rule: str
    hit: int
    found: IndexedEvent


def rule_rows(rules: Sequence[Rule], results: Mapping[str, RuleResult], text: str) -> ListSource:
    """Return rules with what they said; those in which every word of a text occurs."""
    words = text.lower().split()
    rows = [_rule(rule, results.get(rule.id)) for rule in rules]
    wanted = [row for row in rows if all(word in _said(row) for word in words)]
    return ListSource(RULES, tuple(wanted), tr("rules"))


def hit_rows(result: RuleResult | None, names: Mapping[int, str]) -> ListSource:
    """Return the events of the hits of a rule, hit by hit."""
    rows = [] if result is None else list(_hits(result, names))
    unasked = "" if result is not None else tr("Not asked yet.")
    return ListSource(HITS, tuple(rows), tr("events of hits"), unasked)


def word_of(result: RuleResult | None) -> tuple[Mark, str]:
    """Return mark and word of what a rule said."""
    if result is None:
        return Mark.NONE, tr("Not asked")
    mark, word = WORDS[result.outcome]
    return mark, tr(word)


def in_words(results: Sequence[RuleResult]) -> str:
    """Return how many rules said what."""
    found = [result.outcome for result in results]
    return ", ".join(
        f"{found.count(outcome):,} {tr(word).lower()}"
        for outcome, (_, word) in WORDS.items()
        if outcome in found
    )


def hits_in_words(result: RuleResult | None) -> str:
    """Return in one line how many hits there are, of what, and what is shown of them."""
    if result is None:
        return tr("Not asked: there is nothing to say yet")
    if result.outcome is RuleOutcome.NOT_APPLICABLE:
        return result.unseen[0] if result.unseen else tr("The rule could not be asked.")
    some = tr("1 hit among {1} events") if result.total == 1 else tr("{0} hits among {1} events")
    words = some.format(f"{result.total:,}", f"{result.looked:,}")
    shown, events = len(result.hits), sum(len(hit.events) for hit in result.hits)
    if shown < result.total:
        words += tr(", the first {} are shown").format(f"{shown:,}")
    elif events < sum(hit.count for hit in result.hits):
        words += tr(", the first events of each are shown")
    return words


def asked_between(kept: KeptRules) -> str:
    """Return when rules were asked: once, or between which times."""
    first, last = (f"{at:%Y-%m-%d %H:%M}" for at in kept.at)
    return last if first == last else tr("asked between {} and {}").format(first, last)


def _rule(rule: Rule, result: RuleResult | None) -> Row:
    mark, word = word_of(result)
    asked = result is not None and result.outcome is not RuleOutcome.NOT_APPLICABLE
    none = Cell("–", Tone.QUIET)
    bad = result.total if result is not None else 0
    cells = (
        Cell(rule.title),
        Cell(tr(rule.level.value), Tone.QUIET),
        Cell(f"{result.looked:,}") if asked and result is not None else none,
        Cell(f"{bad:,}", Tone.RED if bad else Tone.QUIET) if asked else none,
        Cell(word, mark=mark),
        Cell(rule.id, Tone.QUIET),
    )
    return Row(cells, rule.id)


def _hits(result: RuleResult, names: Mapping[int, str]) -> Iterator[Row]:
    for number, hit in enumerate(result.hits, start=1):
        for event in hit.events:
            yield _event(result.rule, number, hit, event, names)


def _event(rule: Rule, number: int, hit: Hit, found: IndexedEvent, names: Mapping[int, str]) -> Row:
    event = found.event
    broken = EventFlag.BROKEN in event.flags
    first = found == hit.events[0]
    cells = (
        Cell(f"{number:,}", Tone.STRONG if first else Tone.QUIET),
        Cell(claimed(found) or tr("no readable time"), Tone.RED if broken else Tone.NORMAL),
        Cell(event.actor),
        Cell(event.action, Tone.STRONG),
        Cell(event.object),
        Cell(tr("Broken") if broken else "", level=event.level,
             mark=Mark.FAILED if broken else None),
        Cell(", ".join((names.get(found.source, event.locator.path), *hit.copies)), Tone.QUIET),
        Cell(f"{event.locator.record or 0:,}"),
    )  # fmt: skip
    return Row(cells, HitEvent(rule.id, number, found), event.locator)


def _said(row: Row) -> str:
    return " ".join(cell.said for cell in row.cells).lower()
