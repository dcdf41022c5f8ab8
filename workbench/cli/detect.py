"""``workbench detect``: ask the events of a case detection rules."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.opening import Folder, Who, opened
from workbench.cli.working import Days, Hours, Zone, working_hours
from workbench.errors import UsageError
from workbench.model.detection import Pattern, RuleOutcome, Stated
from workbench.model.moment import text_of
from workbench.model.timeline import said_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.model.detection import Hit, Rule, RuleResult
    from workbench.model.event import IndexedEvent

#: Hits and events of a hit that are printed; --json has more.
_MOST_HITS = 10
_MOST_EVENTS = 3

#: What rules of a pattern ask for, as it is typed.
_STATED = {
    Pattern.LEAVER: "--leavers FILE",
    Pattern.OFF_HOURS: "--hours 08:00-18:00 --zone Europe/Berlin",
}

RulesFolder = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="Also the rules (YAML) of this folder.",
                 parser=o.named_path),
]  # fmt: skip
Named = Annotated[
    list[str] | None, typer.Option("--rule", metavar="ID", help="This rule only; may be repeated.")
]
Leavers = Annotated[
    Path | None,
    typer.Option("--leavers", metavar="FILE", help="Who left, and when (YAML).",
                 parser=o.named_path),
]  # fmt: skip
MakeFinding = Annotated[
    list[str] | None,
    typer.Option("--finding", metavar="ID", help="Make a finding of this rule's hits."),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("detect", help="Ask the events of a case detection rules.")(detect)


def detect(
    folder: Folder,
    rules: RulesFolder = None,
    rule: Named = None,
    leavers: Leavers = None,
    hours: Hours = None,
    days: Days = "mon-fri",
    zone: Zone = None,
    finding: MakeFinding = None,
    as_json: o.AsJson = False,
    who: Who = None,
) -> int:
    """Print each rule; exit 1 for a hit, 2 where a rule could not look at everything, else 0."""
    from workbench.model.detection_contract import detection_to_json
    from workbench.services import detecting, findings

    chosen = detecting.chosen(rules, rule or ())
    gone = None if leavers is None else detecting.leavers(leavers)
    stated = Stated(gone, working_hours(hours, days, zone))
    write = True if finding else None
    with work() as (progress, cancel), opened(folder, who=who, write=write) as case:
        unwritten = case.why_read_only
        if case.writable:
            results = detecting.run(case, chosen, stated, progress=progress, cancel=cancel)
        else:
            results = detecting.detect(case, chosen, stated, cancel=cancel)
        wanted = [_asked(results, name) for name in finding or []]
        made = [findings.add(case, detecting.finding_of(result)) for result in wanted]
    if as_json:
        say_json(detection_to_json(results, exit_code(results)))
    else:
        _show(results)
        if unwritten:
            say(f"Not put on record: {unwritten}")
        for one in made:
            say(f"Finding {one.id}: {one.title}.")
    return exit_code(results)


def exit_code(results: "Sequence[RuleResult]") -> int:
    """Return 1, 2 or 0 as for a verdict (VERDICTS section 7)."""
    outcomes = {result.outcome for result in results}
    if RuleOutcome.HITS in outcomes:
        return 1
    return 0 if outcomes == {RuleOutcome.NO_HITS} else 2


def _asked(results: "Sequence[RuleResult]", name: str) -> "RuleResult":
    for result in results:
        if result.rule.id == name:
            if not result.total:
                raise UsageError(f"{name} has no hits to make a finding of.")
            return result
    raise UsageError(f"The rule {name} was not asked.")


def _show(results: "Sequence[RuleResult]") -> None:
    for number, result in enumerate(results):
        if number:
            say()
        _show_result(result)
    counts = {one: sum(r.outcome is one for r in results) for one in RuleOutcome}
    say()
    say(", ".join(f"{n} {outcome.value}" for outcome, n in counts.items() if n) + ".")
    say("No hit says that no such record stands in these logs, not that nothing happened: "
        "see Completeness.")  # fmt: skip


def _show_result(result: "RuleResult") -> None:
    rule = result.rule
    say(f"{rule.id}  {result.outcome.value}  {rule.title} ({rule.level.value})")
    if result.outcome is not RuleOutcome.NOT_APPLICABLE:
        say(f"  {result.total:,} hits among {result.looked:,} events.")
        for limit in rule.blind:
            say(f"  cannot see: {limit}")
    for sentence in result.unseen:
        say(f"  not seen: {sentence}")
    if result.outcome is RuleOutcome.NOT_APPLICABLE and rule.condition.pattern in _STATED:
        say(f"  state it with: {_STATED[rule.condition.pattern]}")
    for hit in result.hits[:_MOST_HITS]:
        _show_hit(hit)
    if result.total > _MOST_HITS:
        say(f"  and {result.total - _MOST_HITS:,} more hits (--json has the first 1,000)")
    if result.total:
        _show_doubts(rule)


def _show_hit(hit: "Hit") -> None:
    if hit.count > 1 and hit.first is not None and hit.last is not None:
        say(f"  hit: {hit.count:,} events from {text_of(hit.first)} "
            f"within {said_span(hit.last - hit.first)}")  # fmt: skip
    for event in hit.events[:_MOST_EVENTS]:
        say(f"  {'hit: ' if hit.count == 1 else '    '}{_line(event)}")
    if hit.count > _MOST_EVENTS:
        say(f"      and {hit.count - _MOST_EVENTS:,} more")
    if hit.copies:
        say(f"      the same bytes, counted once: {', '.join(hit.copies)}")


def _line(found: "IndexedEvent") -> str:
    event = found.event
    when = event.time_text or "no time" if event.time_ns is None else text_of(event.time_ns)
    flags = "".join(f", {flag.value}" for flag in sorted(event.flags))
    what = f"{event.action or '-'} {event.object or '-'} by {event.actor or 'nobody named'}"
    return f"{when} {what} [{event.locator}; level {event.level}{flags}]"


def _show_doubts(rule: "Rule") -> None:
    for cause in rule.innocent:
        say(f"  innocent cause to rule out: {cause}")
