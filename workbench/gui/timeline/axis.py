"""Labels of the time axis, and where on it records are broken or not anchored."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from workbench.gui.parts.histogram import Bins
from workbench.model.event import Histogram
from workbench.model.moment import DAY, SECOND, nanoseconds, text_of, time_of

_MINUTE, _HOUR = 60 * SECOND, 3600 * SECOND
#: Steps shorter than a month, in nanoseconds; longer ones are counted in months.
_STEPS = (
    SECOND, 5 * SECOND, 15 * SECOND, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR,
    6 * _HOUR, 12 * _HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
)  # fmt: skip
_MONTHS = (1, 3, 6, 12, 60, 120, 600, 1200)
_MONTH = 30 * DAY
_LABELS = 8
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LAST_YEAR = 9999


def bins_of(found: Histogram, anchored: Histogram, broken: Sequence[int]) -> Bins:
    """Return what a histogram draws; the last stretch that no anchor reaches is hatched."""
    if not any(found.counts):
        return Bins()
    count = len(found.counts)
    reached = [n for n, events in enumerate(anchored.counts) if events]
    after = reached[-1] + 1 if reached else 0
    rest = any(found.counts[after:])
    breaks = sorted({(ns - found.first) // found.width for ns in broken})
    return Bins(
        counts=found.counts,
        ticks=tuple(ticks(found)),
        breaks=tuple(n for n in breaks if 0 <= n < count),
        unanchored_from=after if rest else None,
        spans=tuple(_span(found, n) for n in range(count)),
    )


def ticks(found: Histogram) -> Iterator[tuple[int, str]]:
    """Yield bins that a round moment falls into, with its label."""
    whole = found.width * len(found.counts)
    step = next((s for s in _STEPS if whole // s <= _LABELS), 0)
    for ns in _by_length(found.first, whole, step) if step else _by_month(found.first, whole):
        number = (ns - found.first) // found.width
        if 0 <= number < len(found.counts):
            yield number, label(ns, step)


def label(ns: int, step: int) -> str:
    """Return a moment as the axis writes it: as fine as its step."""
    time = time_of(ns)
    if not step:
        return f"{_NAMES[time.month - 1]} {time.year}"
    if step >= DAY:
        return f"{time.day} {_NAMES[time.month - 1]}"
    return f"{time:%H:%M}" if step >= _MINUTE else f"{time:%H:%M:%S}"


def between(span: tuple[int, int]) -> str:
    """Return a span in words, as short as it is clear."""
    first, last = (time_of(ns) for ns in span)
    if span[1] - span[0] >= DAY:
        return f"{_day(first)} – {_day(last)}"
    if first.date() == last.date():
        return f"{_day(first)} {first:%H:%M:%S} – {last:%H:%M:%S}"
    return f"{_day(first)} {first:%H:%M} – {_day(last)} {last:%H:%M}"


def _day(time: datetime) -> str:
    return f"{time.day} {_NAMES[time.month - 1]} {time.year}"


def _by_length(first: int, whole: int, step: int) -> Iterator[int]:
    start = -(-first // step) * step
    yield from range(start, first + whole, step)


def _by_month(first: int, whole: int) -> Iterator[int]:
    step = next((m for m in _MONTHS if whole // (m * _MONTH) <= _LABELS), _MONTHS[-1])
    start = time_of(first)
    months = start.year * 12 + start.month - 1
    months = -(-months // step) * step
    while months // 12 <= _LAST_YEAR:
        moment = datetime(max(months // 12, 1), months % 12 + 1, 1, tzinfo=UTC)
        ns = nanoseconds(moment)
        if ns >= first + whole:
            return
        yield ns
        months += step


def _span(found: Histogram, number: int) -> str:
    return text_of(found.first + number * found.width)
