"""Ask the events of a case detection rules, and make a finding of what a rule hits."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.analysis import rules_kept
from workbench.analysis.linked import once
from workbench.errors import UsageError
from workbench.evidence.strict_json import JsonValue
from workbench.evidence.text import visible
from workbench.model.case import EvidenceRef, Finding
from workbench.model.case_source import CaseSource
from workbench.model.detection import (
    Hit,
    KeptRules,
    Need,
    Pattern,
    Rule,
    RuleOutcome,
    RuleResult,
    RuleRun,
    Stated,
)
from workbench.model.detection_keeping import said_of
from workbench.model.event import IndexedEvent
from workbench.model.moment import text_of
from workbench.model.progress import Cancel, Progress, Silent
from workbench.policy import rules as library
from workbench.store import check_runs, sources
from workbench.store.case_store import CaseStore
from workbench.store.detection import Detector, FoundHit
from workbench.store.event_list import Events
from workbench.store.timeline import SourceTimes, Timeline

#: Hits that a finding names; its evidence has the events of all that were read.
MOST_NAMED = 20


def leavers(path: Path) -> dict[str, int]:
    """Return the leavers that a file states.

    Raises:
        SourceError: it cannot be read.
        ProfileError: it cannot be understood.
    """
    return library.leavers(path)


def chosen(folder: Path | None = None, names: Collection[str] = ()) -> tuple[Rule, ...]:
    """Return the shipped rules and those of a folder, or those that are named.

    Raises:
        UsageError: there is no rule of a name.
        SourceError: the folder holds no rules.
        ProfileError: one cannot be understood.
    """
    rules = [*library.shipped(), *(() if folder is None else library.in_folder(folder))]
    library.require_different(rules)
    known = {rule.id for rule in rules}
    unknown = sorted(set(names) - known)
    if unknown:
        raise UsageError(f"There is no rule {unknown[0]}; known: {', '.join(sorted(known))}.")
    return tuple(rule for rule in rules if not names or rule.id in names)


def run(
    case: CaseStore, rules: Sequence[Rule], stated: Stated, *, progress: Progress, cancel: Cancel
) -> tuple[RuleResult, ...]:
    """Ask rules, keep what they say in the case, put that on record, and return it.

    What other rules said before stays, with when they were asked.

    Raises:
        StoreError: the index is damaged, or it could not be recorded.
        Cancelled: the user stopped it; nothing is kept.
    """
    results = detect(case, rules, stated, progress=progress, cancel=cancel)
    files = "\n".join(f"{rule.id} {rule.sha256}" for rule in rules)
    asked = check_runs.Asked(rules_kept.NAME, "", hashlib.sha256(files.encode()).hexdigest())
    leavers, hours = said_of(stated)
    with case.acting(rules_kept.RAN, subject=rules_kept.NAME) as act:
        act.areas = {"checks"}
        recorded: list[JsonValue] = [_recorded(result) for result in results]
        act.detail = {"rules": recorded, "leavers": leavers, "hours": hours}
        run = RuleRun(act.at, case.who, leavers, hours, check_runs.basis(act.session))
        said = rules_kept.with_those_before(act, results, run)
        check_runs.keep(act, asked, said, who=case.who)
    return results


def _recorded(result: RuleResult) -> dict[str, JsonValue]:
    rule = result.rule
    return {
        "id": rule.id,
        "version": rule.version,
        "sha256": rule.sha256,
        "outcome": result.outcome.value,
        "hits": result.total,
    }


def kept(case: CaseStore, rules: Sequence[Rule]) -> KeptRules | None:
    """Return what each rule said last, with hits of those that are known; None: none was asked.

    Raises:
        StoreError: the index is damaged.
    """
    return rules_kept.kept(case, lambda: rules)


def detect(
    case: CaseStore,
    rules: Sequence[Rule],
    stated: Stated,
    *,
    progress: Progress | None = None,
    cancel: Cancel,
    only: Collection[int] | None = None,
) -> tuple[RuleResult, ...]:
    """Return what each rule says of the events of a case; of some sources, where ``only`` is given.

    Equal bytes are looked at once: two copies of a log are no second deed.

    Raises:
        StoreError: the index is damaged.
        Cancelled: the user stopped it.
    """
    with case.reading() as session:
        known = sources.every(session)
    kept, _ = once(known)
    wanted = {source.id for source in kept if only is None or source.id in only}
    every = Events(case, sources=wanted)
    times = Timeline(every, most=1).sources()
    logs = _Logs(times, {source.id: source for source in known})
    results = []
    tell = progress or Silent()
    for number, rule in enumerate(rules):
        cancel.check()
        tell.advance(number, len(rules), rule.id)
        results.append(_answer(case, rule, stated, logs))
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Logs:
    """What rules are asked of.

    Attributes:
        times: the logs that are looked at.
        known: every source of the case, by id.
    """

    times: Sequence[SourceTimes]
    known: Mapping[int, CaseSource]

    def name(self, source: int) -> str:
        return self.known[source].display

    def copies(self, events: Sequence[IndexedEvent]) -> tuple[str, ...]:
        """Return the names of other sources with the bytes of a log that events stand in."""
        bytes_of = {event.sha256 for event in events} - {""}
        here = {event.source for event in events}
        return tuple(
            source.display
            for source in self.known.values()
            if source.sha256 in bytes_of and source.id not in here
        )


def _answer(case: CaseStore, rule: Rule, stated: Stated, logs: _Logs) -> RuleResult:
    times = logs.times
    blind = {each.source for each in times if _lacking(rule, each) == each.events}
    looked = sum(each.events - _lacking(rule, each) for each in times)
    unseen = [_lack(rule, each, logs.name(each.source)) for each in times if _lacking(rule, each)]
    missing = _unstated(rule, stated)
    if missing or not looked:
        why = missing or "No event has all the fields that it needs."
        return RuleResult(rule, RuleOutcome.NOT_APPLICABLE, 0, 0, (), (why, *unseen))
    seeing = {each.source for each in times} - blind
    queries = rule.condition.queries
    steps = [Events(case, query, sources=seeing, in_words=True) for query in queries]
    detector = Detector(steps, rule.condition)
    placed = _fields(rule.condition.placed)
    unseen += [
        f"{logs.name(source)}: {count:,} selected records do not state {placed}."
        for source, count in sorted(detector.lacking().items())
    ]
    unseen += _unnamed(rule, stated, detector)
    total, found = detector.hits(stated)
    hits = tuple(_hits(detector, found, logs))
    return RuleResult(rule, _outcome(total, unseen), looked, total, hits, tuple(unseen))


def _outcome(total: int, unseen: Sequence[str]) -> RuleOutcome:
    if total:
        return RuleOutcome.HITS
    return RuleOutcome.INDETERMINATE if unseen else RuleOutcome.NO_HITS


def _unstated(rule: Rule, stated: Stated) -> str:
    """Say what the auditor has to state before a rule can be asked, or ""."""
    if rule.condition.pattern is Pattern.LEAVER and not stated.leavers:
        return "Nobody stated who left, and when."
    if rule.condition.pattern is Pattern.OFF_HOURS and stated.hours is None:
        return "Nobody stated working hours, and by whose clock."
    return ""


def _lacking(rule: Rule, each: SourceTimes) -> int:
    """Return how many records of a source a rule cannot see, at least."""
    timed, (actor, action, thing) = each.timed, each.named
    have = {Need.TIME: timed, Need.ACTOR: actor, Need.ACTION: action, Need.OBJECT: thing}
    return each.events - min(have[need] for need in rule.needs)


def _lack(rule: Rule, each: SourceTimes, name: str) -> str:
    lacking = _lacking(rule, each)
    which = "no record states" if lacking == each.events else f"{lacking:,} records do not state"
    unread = f" ({each.malformed:,} could not be read)" if each.malformed else ""
    return f"{name}: {which} {_fields(rule.needs)}{unread}."


def _fields(needs: Sequence[Need]) -> str:
    return " and ".join(dict.fromkeys(need.value for need in needs))


def _unnamed(rule: Rule, stated: Stated, detector: Detector) -> Iterator[str]:
    if rule.condition.pattern is Pattern.LEAVER:
        for name in detector.missing_leavers(stated.leavers or {}):
            yield f"No event has the actor {name}: the logs may call this leaver otherwise."


def _hits(detector: Detector, found: Sequence[FoundHit], logs: _Logs) -> Iterator[Hit]:
    read = detector.events({place for each in found for place in each.places})
    for each in found:
        events = tuple(read[place] for place in each.places)
        yield Hit(each.count, each.first, each.last, events, logs.copies(events))


def finding_of(result: RuleResult) -> Finding:
    """Return the draft of a finding for the hits of a rule, its evidence linked."""
    rule = result.rule
    places = {event.ref: event for hit in result.hits for event in hit.events}
    return Finding(
        id="",
        title=rule.title,
        severity=rule.level,
        criteria=rule.criteria,
        condition=_condition(result),
        consequence=rule.consequence,
        corrective_action=rule.remedy,
        evidence=tuple(
            EvidenceRef(ref.sha256, ref.locator, visible(found.event.action))
            for ref, found in places.items()
        ),
        origin=f"rule {rule.id} {rule.version}",
    )


def _condition(result: RuleResult) -> str:
    told = "; ".join(_told(hit) for hit in result.hits[:MOST_NAMED])
    more = result.total - min(len(result.hits), MOST_NAMED)
    rest = f"; and {more:,} more" if more else ""
    unseen = f" Not seen: {' '.join(result.unseen)}" if result.unseen else ""
    return f"{result.total:,} hits among {result.looked:,} events: {told}{rest}.{unseen}"


def _told(hit: Hit) -> str:
    """Say a hit by its last event, which is what made it one."""
    if not hit.events:
        return f"{hit.count:,} events"
    event = hit.events[-1].event
    when = "at no stated time" if event.time_ns is None else text_of(event.time_ns)
    who = visible(event.actor) or "nobody named"
    return (
        f"{visible(event.action)} {visible(event.object)} by {who}, {when} ({hit.count:,} events)"
    )
