"""What detection rules said, in the section of the checks: outcome, hits, what was not seen."""

from collections.abc import Iterator

from workbench.model.detection import KeptRules, RuleOutcome, RuleResult
from workbench.model.event import EventFlag, IndexedEvent
from workbench.model.moment import text_of
from workbench.report.document import (
    Align,
    Block,
    Column,
    Heading,
    Paragraph,
    Table,
    Text,
    mono,
    quiet,
)
from workbench.report.phrases import moment
from workbench.report.shorten import grouped

_RULES = (
    Column("Rule", 0.22, mono=True),
    Column("What it looks for", 0.4),
    Column("Said", 0.16, mono=True),
    Column("Looked at", 0.12, Align.RIGHT),
    Column("Hits", 0.1, Align.RIGHT),
)
_HITS = (
    Column("Hit", 0.08, Align.RIGHT),
    Column("When, as claimed", 0.22),
    Column("Who did what to what", 0.36),
    Column("Place", 0.34),
)
_MOST = 25


def of_rules(kept: KeptRules) -> Iterator[Block]:
    """Yield what rules said, rule by rule, then the events of their hits."""
    yield Heading(3, "What detection rules said", "detection-rules")
    yield Paragraph(
        "A hit is a lead with its events, not a verdict; no hit says that no such record stands in "
        "the logs that were looked at, not that nothing happened. What a rule could not see stands "
        "under it."
    )
    yield Paragraph(_asked(kept))
    yield Table(_RULES, tuple(map(_rule, kept.results)))
    for result in kept.results:
        if result.total:
            yield Heading(3, f"{result.rule.id}  {result.rule.title}", f"rule-{result.rule.id}")
            yield Table(_HITS, tuple(_hits(result)), limit=_MOST)


def _asked(kept: KeptRules) -> str:
    """Return when they were asked and what had been stated, and what speaks against it."""
    told = [f"Asked {moment(kept.at)} by {kept.who}."]
    told.append(f"Working hours as stated: {kept.hours}." if kept.hours else "")
    told.append("" if kept.leavers is None else f"Leavers as stated: {kept.leavers:,}.")
    if kept.is_stale:
        told.append("Out of date: the case changed after that.")
    if kept.others:
        told.append(f"Rules whose files are not known here: {', '.join(kept.others)}.")
    return " ".join(filter(None, told))


def _rule(result: RuleResult) -> tuple[Text, ...]:
    rule = result.rule
    told = " ".join((*result.unseen, f"Version {rule.version}, SHA-256 {grouped(rule.sha256)}."))
    asked = result.outcome is not RuleOutcome.NOT_APPLICABLE
    looked = (f"{result.looked:,}", f"{result.total:,}") if asked else ("–", "–")
    return (mono(rule.id), (rule.title, quiet(f" · {told}")), result.outcome.value, *looked)


def _hits(result: RuleResult) -> Iterator[tuple[Text, ...]]:
    for number, hit in enumerate(result.hits, start=1):
        for found in hit.events:
            yield f"{number:,}", _when(found), _what(found), str(found.event.locator)


def _when(found: IndexedEvent) -> str:
    event = found.event
    return event.time_text or "not stated" if event.time_ns is None else text_of(event.time_ns)


def _what(found: IndexedEvent) -> str:
    event = found.event
    broken = "; this record is broken" if EventFlag.BROKEN in event.flags else ""
    return f"{event.actor or 'nobody named'}: {event.action} {event.object}{broken}"
