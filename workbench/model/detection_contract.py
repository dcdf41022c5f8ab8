"""What ``detect --json`` prints."""

from collections.abc import Sequence

from workbench.model import schema
from workbench.model.contract import Json, locator_to_json
from workbench.model.detection import Hit, RuleResult
from workbench.model.event import IndexedEvent
from workbench.model.moment import text_of


def detection_to_json(results: Sequence[RuleResult], exit_code: int) -> dict[str, Json]:
    """Return the document of ``detect --json``."""
    return {
        "schema": schema.DETECTION,
        "exit": exit_code,
        "rules": [_result(result) for result in results],
    }


def _result(result: RuleResult) -> Json:
    rule = result.rule
    return {
        "id": rule.id,
        "version": rule.version,
        "sha256": rule.sha256,
        "title": rule.title,
        "level": rule.level.value,
        "outcome": result.outcome.value,
        "looked": result.looked,
        "total": result.total,
        "unseen": list(result.unseen),
        "blind": list(rule.blind),
        "innocent": list(rule.innocent),
        "hits": [_hit(hit) for hit in result.hits],
    }


def _hit(hit: Hit) -> Json:
    return {
        "count": hit.count,
        "first": None if hit.first is None else text_of(hit.first),
        "last": None if hit.last is None else text_of(hit.last),
        "events": [_event(found) for found in hit.events],
        "copies": list(hit.copies),
    }


def _event(found: IndexedEvent) -> Json:
    event = found.event
    return {
        "time": None if event.time_ns is None else text_of(event.time_ns),
        "actor": event.actor,
        "action": event.action,
        "object": event.object,
        "outcome": event.outcome.value,
        "level": event.level,
        "flags": sorted(flag.value for flag in event.flags),
        "sha256": found.sha256,
        "place": locator_to_json(event.locator),
    }
