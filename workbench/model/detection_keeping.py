"""What detection rules said, as JSON that gives it back; reading it trusts no case file.

Events are kept by source and number: the index of the case has the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from workbench.model.contract import Json
from workbench.model.detection import Hit, Rule, RuleOutcome, RuleResult, Stated
from workbench.model.event import IndexedEvent
from workbench.model.timeline import Spot, WorkingHours


def results_to_json(results: Sequence[RuleResult], stated: Stated) -> dict[str, Json]:
    """Return results, and what the auditor had stated for them."""
    return {
        "leavers": None if stated.leavers is None else len(stated.leavers),
        "hours": "" if stated.hours is None else said_hours(stated.hours),
        "rules": [_result(result) for result in results],
    }


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


def results_of(
    document: Mapping[str, object],
    rules: Iterable[Rule],
    events: Mapping[Spot, IndexedEvent],
) -> tuple[tuple[RuleResult, ...], tuple[str, ...]] | None:
    """Return the results of the rules that are known, and the ids of those that are not.

    None where this is no such document.
    """
    known = {(rule.id, rule.sha256): rule for rule in rules}
    found: list[RuleResult] = []
    others: list[str] = []
    try:
        for node in map(_mapping, _list(document["rules"])):
            rule = known.get((str(node["id"]), str(node["sha256"])))
            if rule is None:
                others.append(str(node["id"]))
            else:
                found.append(_result_of(node, rule, events))
    except (KeyError, TypeError, ValueError):
        return None
    return tuple(found), tuple(others)


def _result(result: RuleResult) -> Json:
    return {
        "id": result.rule.id,
        "sha256": result.rule.sha256,
        "outcome": result.outcome.value,
        "looked": result.looked,
        "total": result.total,
        "unseen": list(result.unseen),
        "hits": [
            [hit.count, hit.first, hit.last, [_spot(event) for event in hit.events]]
            for hit in result.hits
        ],
    }


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
    count, first, last, spots = node
    told = (events.get(_spot_of(spot)) for spot in _list(spots))
    return Hit(
        _whole(count),
        None if first is None else _number(first),
        None if last is None else _number(last),
        tuple(event for event in told if event is not None),
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
