"""What the auditor states of evidence that is in a case: how it came, and how much there was."""

from collections.abc import Mapping
from dataclasses import replace

from workbench.errors import UsageError
from workbench.evidence.strict_json import JsonValue
from workbench.model.case import CaseChanges, ControlTotal, Custody
from workbench.model.contract import time_to_json
from workbench.store import sources
from workbench.store.case_store import CaseStore


def change_custody(case: CaseStore, delivery: int, custody: Custody) -> CaseChanges:
    """State how a delivery came; what was stated before goes into the journal with it.

    Raises:
        UsageError: the case has no such delivery.
        StoreError: it could not be recorded.
    """
    with case.acting("evidence.custody") as act:
        known = {each.id: each for each in sources.deliveries(act.session)}
        if delivery not in known:
            raise UsageError(f"There is no delivery {delivery} in this case.")
        before = known[delivery]
        sources.change_custody(act.session, delivery, custody)
        act.subject = before.label
        act.detail = {"before": _told(before.custody), "after": _told(custody)}
        act.areas = {"sources"}
        return act.changes


def state_totals(case: CaseStore, source: int, totals: Mapping[str, int]) -> CaseChanges:
    """State control totals of a source, each compared with what was counted here.

    Raises:
        UsageError: the case has no such source, or none was stated.
        StoreError: it could not be recorded.
    """
    if not totals:
        raise UsageError("State at least one control total, as events = 41200.")
    with case.acting("evidence.totals") as act:
        found = sources.get(act.session, source)
        stated = tuple(ControlTotal(name, number) for name, number in totals.items())
        compared = replace(found, totals=stated).counted({}).totals
        sources.state_totals(act.session, source, compared)
        act.subject = found.display
        act.detail = {total.name: total.stated for total in compared}
        act.areas = {"sources"}
        return act.changes


def _told(custody: Custody) -> dict[str, JsonValue]:
    return {
        "from": custody.received_from,
        "at": time_to_json(custody.received_at),
        "how": custody.received_how,
        "note": custody.note,
    }
