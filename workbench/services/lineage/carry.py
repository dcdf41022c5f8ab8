"""Which things a label reaches: from what catalogs and logs state, and what the auditor states."""

from collections.abc import Iterator, Mapping, Sequence

from workbench.analysis import labels, of_case
from workbench.analysis.carrying import carried
from workbench.model.catalog import NoPlace
from workbench.model.lineage import NodeId
from workbench.model.lineage_answer import Carried, Label, Labelled
from workbench.model.progress import Cancel
from workbench.services.lineage.graph import CaseLineage
from workbench.store import sources
from workbench.store.case_store import CaseStore

_BY_AUDITOR = "the auditor"


def carry(
    case: CaseStore,
    lineage: CaseLineage,
    label: Label,
    *,
    stated: Mapping[NodeId, str] | None = None,
    of: NodeId | None = None,
    value: str = "",
    cancel: Cancel,
) -> Carried:
    """Return what labels of a kind reach along the lineage of a case.

    Args:
        case: the case.
        lineage: its lineage, or a part of it.
        label: the kind.
        stated: what the auditor states of things; nothing of it is kept.
        of: the labels of this thing alone.
        value: the labels alone whose value holds this, upper and lower case alike.
        cancel: the user may not want to wait.

    Raises:
        Cancelled: the user stopped it.
    """
    found = [
        *(Labelled(node, label, text, _BY_AUDITOR) for node, text in (stated or {}).items()),
        *labels.labels(lineage.case.things, label),
    ]
    doubts = list(_blind(case))
    if label is Label.CONSENT:
        recorded, unknown = _consents(case, lineage)
        found += recorded
        doubts += _unknown(unknown)
    if lineage.case.is_cut:
        doubts.append("The logs hold more decisions than were read.")
    chosen = [each for each in found if of in {None, each.node} and _fits(each, value)]
    return carried(lineage.graph, label, chosen, doubts=doubts, cancel=cancel)


def _consents(case: CaseStore, lineage: CaseLineage) -> tuple[Sequence[Labelled], int]:
    at = None if lineage.cut is None else lineage.cut.at
    events = (
        found
        for found in of_case.consents(case)
        if at is None or (found.event.time_ns is not None and found.event.time_ns <= at)
    )
    return labels.consents(events, lineage.case.things)


def _unknown(count: int) -> Iterator[str]:
    if count:
        records = "record of consent names" if count == 1 else "records of consent name"
        yield f"{count:,} {records} nothing that a catalog of the case describes."


def _blind(case: CaseStore) -> Iterator[str]:
    with case.reading() as session:
        known = sources.every(session)
    for source in known:
        if NoPlace.DATASETS in source.cannot_show:
            yield f"{source.display} has no place for {NoPlace.DATASETS}."


def _fits(found: Labelled, value: str) -> bool:
    return value.casefold() in found.value.casefold()
