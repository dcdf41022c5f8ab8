"""What detection rules said, in the section of the checks: outcome, hits, what was not seen."""

from collections.abc import Iterator

from workbench.model.detection import (
    KeptRule,
    KeptRules,
    OtherRule,
    RuleOutcome,
    RuleResult,
    RuleRun,
)
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
    asked = [_asked(each) for each in kept.rules]
    at_once = len(set(asked)) == 1
    if at_once:
        yield Paragraph(asked[0])
    if kept.rules:
        yield Table(_RULES, tuple(_rule(each, at_once=at_once) for each in kept.rules))
    for result in kept.results:
        if result.total:
            yield Heading(3, f"{result.rule.id}  {result.rule.title}", f"rule-{result.rule.id}")
            yield Table(_HITS, tuple(_hits(result)), limit=_MOST)
    if kept.others:
        yield Paragraph("These were asked too; their files are not known here, or were changed.")
        yield Table(_RULES, tuple(map(_other, kept.others)))


def _asked(kept: KeptRule) -> str:
    """Return when it was asked and what had been stated, and what speaks against it."""
    told = [_when_asked(kept.run)]
    told.append("Out of date: the case changed after that." if kept.is_stale else "")
    return " ".join(filter(None, told))


def _when_asked(run: RuleRun) -> str:
    told = [f"Asked {moment(run.at)} by {run.who}."]
    told.append(f"Working hours as stated: {run.hours}." if run.hours else "")
    told.append("" if run.leavers is None else f"Leavers as stated: {run.leavers:,}.")
    return " ".join(filter(None, told))


def _rule(kept: KeptRule, *, at_once: bool) -> tuple[Text, ...]:
    result, rule = kept.result, kept.result.rule
    asked = () if at_once else (_asked(kept),)
    told = " ".join((*result.unseen, _file(rule.version, rule.sha256), *asked))
    said = result.outcome.value
    return (mono(rule.id), (rule.title, quiet(f" · {told}")), said, *_counts(result))


def _other(other: OtherRule) -> tuple[Text, ...]:
    told = f"{_file(other.version, other.sha256)} {_when_asked(other.run)}"
    return (mono(other.id), quiet(told), other.outcome.value, *_counts(other))


def _file(version: str, sha256: str) -> str:
    known = f"Version {version}, " if version else ""
    return f"{known}SHA-256 {grouped(sha256)}."


def _counts(said: RuleResult | OtherRule) -> tuple[str, str]:
    asked = said.outcome is not RuleOutcome.NOT_APPLICABLE
    return (f"{said.looked:,}", f"{said.total:,}") if asked else ("–", "–")


def _hits(result: RuleResult) -> Iterator[tuple[Text, ...]]:
    for number, hit in enumerate(result.hits, start=1):
        for found in hit.events:
            yield f"{number:,}", _when(found), _what(found), _place(found, hit.copies)


def _place(found: IndexedEvent, copies: tuple[str, ...]) -> str:
    also = f"; the same bytes, counted once: {', '.join(copies)}" if copies else ""
    return f"{found.event.locator}{also}"


def _when(found: IndexedEvent) -> str:
    event = found.event
    return event.time_text or "not stated" if event.time_ns is None else text_of(event.time_ns)


def _what(found: IndexedEvent) -> str:
    event = found.event
    broken = "; this record is broken" if EventFlag.BROKEN in event.flags else ""
    return f"{event.actor or 'nobody named'}: {event.action} {event.object}{broken}"
