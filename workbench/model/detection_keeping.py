"""What detection rules said, as JSON that gives it back; reading it trusts no case file.

Events are kept by source and number: the index of the case has the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from workbench.model.contract import Json
from workbench.model.detection import (
    Hit,
    KeptRule,
    KeptRules,
    OtherRule,
    Rule,
    RuleOutcome,
    RuleResult,
    RuleRun,
    Stated,
)
from workbench.model.event import IndexedEvent
from workbench.model.moment import nanoseconds, time_of
from workbench.model.timeline import Spot, WorkingHours


def said_of(stated: Stated) -> tuple[int | None, str]:
    """Return how many leavers were stated, and the working hours in words."""
    leavers = None if stated.leavers is None else len(stated.leavers)
    return leavers, "" if stated.hours is None else said_hours(stated.hours)


def merged(
    before: Mapping[str, object], usual: RuleRun | None, results: Sequence[RuleResult], run: RuleRun
) -> dict[str, Json]:
    """Return what rules said now beside what others said before, each with when it was asked.

    Args:
        before: the document that was kept before; empty where there is none.
        usual: when those in it were asked that do not say so.
        results: what rules say now.
        run: when they were asked.
    """
    rules: dict[str, Json] = {}
    for node in map(_mapping, _list(before.get("rules", []))):
        kept = {} if "run" in node or usual is None else {"run": _run(usual)}
        rules[str(node.get("id"))] = cast("Json", {**node, **kept})
    rules |= {result.rule.id: _result(result, run) for result in results}
    return {"rules": list(rules.values())}


def said_hours(hours: WorkingHours) -> str:
    """Return working hours in words: ``08:00-18:00, mon tue, Europe/Berlin``."""
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in (hours.first, hours.last))
    days = " ".join(name for n, name in enumerate(_DAYS) if n in hours.days)
    return f"{first}-{last}, {days}, {hours.zone_name}"


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def spots_in(document: Mapping[str, object]) -> set[Spot]:
    """Return every record that is named; none where this is no such document."""
    try:
        return {spot for node in _list(document["rules"]) for spot in _spots(_mapping(node))}
    except (KeyError, TypeError, ValueError):
        return set()


def kept_of(
    document: Mapping[str, object],
    usual: RuleRun,
    rules: Iterable[Rule],
    events: Mapping[Spot, IndexedEvent],
    now: tuple[str, str],
) -> KeptRules | None:
    """Return what rules said; those that are not known without their hits.

    None where this is no such document, or nothing is in it.

    Args:
        document: what was kept.
        usual: when those in it were asked that do not say so.
        rules: those that are known.
        events: what is named.
        now: content of the case and version of the program.
    """
    known = {(rule.id, rule.sha256): rule for rule in rules}
    found: list[KeptRule] = []
    others: list[OtherRule] = []
    try:
        for node in map(_mapping, _list(document["rules"])):
            run = _run_of(_mapping(node["run"])) if "run" in node else usual
            rule = known.get((str(node["id"]), str(node["sha256"])))
            if rule is None:
                others.append(_other_of(node, run))
            else:
                result = _result_of(node, rule, events)
                found.append(KeptRule(result, run, is_stale=run.basis != now))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return KeptRules(tuple(found), tuple(others)) if found or others else None


def _run(run: RuleRun) -> Json:
    return {
        "at": nanoseconds(run.at),
        "who": run.who,
        "leavers": run.leavers,
        "hours": run.hours,
        "basis": list(run.basis),
    }


def _run_of(node: Mapping[str, object]) -> RuleRun:
    leavers, (content, tool) = node["leavers"], _list(node["basis"])
    return RuleRun(
        time_of(_number(node["at"])),
        str(node["who"]),
        None if leavers is None else _whole(leavers),
        str(node["hours"]),
        (str(content), str(tool)),
    )


def _other_of(node: Mapping[str, object], run: RuleRun) -> OtherRule:
    return OtherRule(
        str(node["id"]),
        str(node.get("version", "")),
        str(node["sha256"]),
        RuleOutcome(str(node["outcome"])),
        _whole(node["looked"]),
        _whole(node["total"]),
        run,
    )


def _result(result: RuleResult, run: RuleRun) -> Json:
    return {
        "id": result.rule.id,
        "version": result.rule.version,
        "sha256": result.rule.sha256,
        "outcome": result.outcome.value,
        "looked": result.looked,
        "total": result.total,
        "unseen": list(result.unseen),
        "hits": [_hit(hit) for hit in result.hits],
        "run": _run(run),
    }


def _hit(hit: Hit) -> Json:
    spots: list[Json] = [_spot(event) for event in hit.events]
    return [hit.count, hit.first, hit.last, spots, list(hit.copies)]


def _spot(found: IndexedEvent) -> Json:
    return [found.source, found.event.locator.record or 0]


def _result_of(
    node: Mapping[str, object], rule: Rule, events: Mapping[Spot, IndexedEvent]
) -> RuleResult:
    hits = (_hit_of(hit, events) for hit in map(_list, _list(node["hits"])))
    return RuleResult(
        rule,
        RuleOutcome(str(node["outcome"])),
        _whole(node["looked"]),
        _whole(node["total"]),
        tuple(hits),
        tuple(map(str, _list(node["unseen"]))),
    )


def _hit_of(node: Sequence[object], events: Mapping[Spot, IndexedEvent]) -> Hit:
    count, first, last, spots, *copies = node
    told = (events.get(_spot_of(spot)) for spot in _list(spots))
    return Hit(
        _whole(count),
        None if first is None else _number(first),
        None if last is None else _number(last),
        tuple(event for event in told if event is not None),
        tuple(str(name) for names in copies for name in _list(names)),
    )


def _spots(node: Mapping[str, object]) -> Iterator[Spot]:
    for hit in map(_list, _list(node["hits"])):
        yield from map(_spot_of, _list(hit[3]) if len(hit) > 3 else [])


def _spot_of(node: object) -> Spot:
    source, record = _list(node)
    return _whole(source), _whole(record)


def _mapping(node: object) -> Mapping[str, object]:
    if not isinstance(node, dict):
        raise TypeError(type(node))
    return cast("Mapping[str, object]", node)


def _list(node: object) -> list[object]:
    if not isinstance(node, list):
        raise TypeError(type(node))
    return node


def _whole(node: object) -> int:
    if (number := _number(node)) < 0:
        raise ValueError(number)
    return number


def _number(node: object) -> int:
    if type(node) is not int:
        raise TypeError(type(node))
    return node
