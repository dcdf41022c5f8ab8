"""What detection rules said last, as the case keeps it, with the events of its hits."""

from collections.abc import Callable, Sequence

from workbench.model.contract import Json
from workbench.model.detection import KeptRules, Rule, RuleResult, RuleRun
from workbench.model.detection_keeping import kept_of, merged, spots_in
from workbench.store import check_runs
from workbench.store.case_store import Act, CaseStore
from workbench.store.check_runs import KeptDocument
from workbench.store.event_list import Events

#: The act that records a run, and by which name the case keeps what was said.
RAN, NAME = "check.rules", "detection rules"


def kept(case: CaseStore, known: Callable[[], Sequence[Rule]]) -> KeptRules | None:
    """Return what each rule said last, with hits of those that are known; None: none was asked.

    Rules are read only where something is kept.

    Raises:
        StoreError: the index is damaged.
    """
    with case.reading() as session:
        found = check_runs.kept(session, NAME, act=RAN)
        now = check_runs.basis(session)
    if found is None:
        return None
    spots = spots_in(found.document)
    events = Events(case).each(spots) if spots else {}
    return kept_of(found.document, _usual(found), known(), events, now)


def with_those_before(act: Act, results: Sequence[RuleResult], run: RuleRun) -> dict[str, Json]:
    """Return what rules say now with what the others said that were asked before.

    What is kept and is not what the journal recorded is left out.
    """
    found = check_runs.kept(act.session, NAME, act=RAN)
    if found is None:
        return merged({}, None, results, run)
    return merged(found.document, _usual(found), results, run)


def _usual(found: KeptDocument) -> RuleRun:
    """Return when all was asked at once, as it was kept before each rule had its own time."""
    leavers, hours = (found.document.get(name) for name in ("leavers", "hours"))
    told = leavers if isinstance(leavers, int) else None
    return RuleRun(found.at, found.who, told, str(hours or ""), found.basis)
