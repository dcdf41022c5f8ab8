"""How far the events of each log claim to cover the audit period; asked of the index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.gui.judged import Judged
from workbench.gui.parts.coverage import Covered, runs
from workbench.gui.text import tr
from workbench.model.expectation import Period
from workbench.model.moment import nanoseconds, time_of
from workbench.model.query import quoted
from workbench.model.rate import span

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

_BINS = 182
_MOST_LOGS = 8
#: A silence of more than this share of the period is worth a look.
_LONG = 0.1
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Coverage:
    """Logs over a period; without a stated one it is that of the events themselves."""

    first: datetime
    last: datetime
    rows: tuple[Covered, ...]
    is_stated: bool


def read_coverage(
    case: "CaseStore", logs: Sequence[Judged], period: Period | None
) -> Coverage | None:
    """Return how far each log covers the period, or None where no event claims a time."""
    from workbench.services.investigation import Events

    asked = [(each, Events(case, f"source={quoted(each.source.display)}")) for each in logs]
    if period is not None:
        first, last = nanoseconds(period.first), nanoseconds(period.last)
    else:
        whole = Events(case).histogram(bins=_BINS)
        if not any(whole.counts):
            return None
        first, last = whole.first, whole.first + whole.width * _BINS - 1
    rows = []
    for each, events in asked[:_MOST_LOGS]:
        found = events.histogram(bins=_BINS, span=(first, last))
        rows.append(_covered(each, found.counts, found.width, first))
    if not rows:
        return None
    return Coverage(_time(first), _time(last), tuple(rows), period is not None)


def _covered(each: Judged, counts: tuple[int, ...], width: int, first: int) -> Covered:
    filled = [at for at, count in enumerate(counts) if count]
    if not filled:
        return Covered(each.name, counts, tr("no event in the period"), is_open=True)
    lead, tail = filled[0], filled[-1] + 1
    silences = [b - a for a, b, full in runs(counts) if not full and lead < a and b < tail]
    longest = max(silences, default=0)
    if longest > _LONG * len(counts):
        words = tr("silence of {}").format(span(longest * width / _SECOND))
        return Covered(each.name, counts, words, is_open=True)
    short = lead > _LONG * len(counts) or len(counts) - tail > _LONG * len(counts)
    if not short:
        return Covered(each.name, counts, tr("from end to end"))
    begin, end = _time(first + lead * width), _time(first + tail * width)
    return Covered(each.name, counts, f"{_day(begin)} – {_day(end)}", is_open=True)


def _time(ns: int) -> datetime:
    return time_of(ns).astimezone(UTC)


def _day(time: datetime) -> str:
    return f"{time.day} {time:%b}"
