"""What is asked of a moment; the service, with NetworkX, is loaded at first use."""

from typing import TYPE_CHECKING

from workbench.model.event import EventOrder, EventSort
from workbench.model.moment import text_of
from workbench.model.progress import Cancel

if TYPE_CHECKING:
    from workbench.services.standing import AsOf
    from workbench.store.case_store import CaseStore


def last_day(case: "CaseStore") -> str:
    """Return the last day that a log claims, or "": none claims a time."""
    from workbench.services.investigation import Events

    order = EventOrder(EventSort.TIME, descending=True)
    found = Events(case, "time:*").page(first=0, count=1, order=order)
    at = found[0].event.time_ns if found else None
    return "" if at is None else text_of(at).partition("T")[0]


def at_moment(case: "CaseStore", at: int, cancel: Cancel) -> "AsOf":
    """Return what stood at a moment."""
    from workbench.services import standing

    return standing.at_moment(case, at, cancel=cancel)
