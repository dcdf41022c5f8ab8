"""What detection rules said last, as the case keeps it, with the events of its hits."""

from collections.abc import Callable, Sequence

from workbench.model.detection import KeptRules, Rule
from workbench.model.detection_keeping import results_of, spots_in
from workbench.store import check_runs
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events

#: The act that records a run, and by which name the case keeps what was said.
RAN, NAME = "check.rules", "detection rules"


def kept(case: CaseStore, known: Callable[[], Sequence[Rule]]) -> KeptRules | None:
    """Return what rules said last, of those that are known; None: they were not asked.

    Rules are read only where something is kept.

    Raises:
        StoreError: the index is damaged.
    """
    with case.reading() as session:
        found = check_runs.kept(session, NAME, act=RAN)
    if found is None:
        return None
    spots = spots_in(found.document)
    events = Events(case).each(spots) if spots else {}
    said = results_of(found.document, known(), events)
    if said is None:
        return None
    leavers, hours = (found.document.get(name) for name in ("leavers", "hours"))
    return KeptRules(
        found.at,
        found.who,
        *said,
        leavers if isinstance(leavers, int) else None,
        str(hours or ""),
        found.is_stale,
    )
