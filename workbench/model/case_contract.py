"""The JSON of ``case show --json``: how a case stands."""

from collections.abc import Mapping, Sequence

from workbench.model import schema
from workbench.model.case import ControlTotal, Engagement, JournalState
from workbench.model.case_source import CaseSource, Delivery, ListedVerdict, Presence
from workbench.model.contract import Json, time_to_json
from workbench.model.verdict import DimensionVerdict


def case_to_json(
    *,
    case_id: str,
    engagement: Engagement,
    deliveries: Sequence[Delivery],
    sources: Sequence[CaseSource],
    presence: Mapping[int, Presence],
    verdicts: Mapping[int, ListedVerdict],
    unjudged: Sequence[CaseSource],
    stale: str,
    journal: JournalState,
) -> dict[str, Json]:
    """Return how a case stands; ``sources`` are the superseded ones too."""
    return {
        "schema": schema.CASE,
        "case": case_id,
        "engagement": _engagement(engagement),
        "deliveries": [_delivery(delivery) for delivery in deliveries],
        "sources": [_source(s, presence.get(s.id), verdicts.get(s.id)) for s in sources],
        "unjudged": [source.id for source in unjudged],
        "stale": stale or None,
        "journal": {
            "entries": journal.entries,
            "head": journal.head,
            "broken": None if journal.broken is None else journal.broken.number,
            "contradicted": list(journal.contradicted),
            "noticed": list(journal.noticed),
        },
    }


def _engagement(engagement: Engagement) -> Json:
    period = engagement.period
    return {
        "title": engagement.title,
        "number": engagement.number,
        "client": engagement.client,
        "period": [time_to_json(period.first), time_to_json(period.last)] if period else None,
        "cut_off": time_to_json(engagement.cut_off),
        "team": list(engagement.team),
        "scope": engagement.scope,
        "criteria": engagement.criteria,
    }


def _delivery(delivery: Delivery) -> Json:
    custody = delivery.custody
    return {
        "id": delivery.id,
        "label": delivery.label,
        "given": delivery.given,
        "place": delivery.place,
        "received_from": custody.received_from,
        "received_at": time_to_json(custody.received_at),
        "received_how": custody.received_how,
        "note": custody.note,
        "added": time_to_json(delivery.added),
        "who": delivery.who,
    }


def _source(
    source: CaseSource, presence: Presence | None, verdict: ListedVerdict | None
) -> dict[str, Json]:
    return {
        "id": source.id,
        "delivery": source.delivery,
        "path": source.path,
        "member": source.member,
        "role": source.role.value,
        "sha256": source.sha256,
        "bytes": source.size,
        "format": source.format,
        "events": source.events,
        "presence": None if presence is None else presence.value,
        "superseded_by": source.superseded_by,
        "totals": [_total(total) for total in source.totals],
        "verdict": None if verdict is None else _verdict(verdict),
    }


def _total(total: ControlTotal) -> Json:
    return {
        "name": total.name,
        "stated": total.stated,
        "counted": total.counted,
        "state": total.state.value,
    }


def _verdict(verdict: ListedVerdict) -> Json:
    return {
        "at": time_to_json(verdict.at),
        "integrity": _dimension(verdict.integrity),
        "authenticity": _dimension(verdict.authenticity),
        "completeness": _dimension(verdict.completeness),
        "time": _dimension(verdict.time),
        "profile": verdict.profile,
        "records": verdict.records,
        "diagnoses": verdict.diagnoses,
    }


def _dimension(part: DimensionVerdict) -> Json:
    return {"indication": part.indication.value, "code": part.code}
