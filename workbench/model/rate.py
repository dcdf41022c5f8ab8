"""How fast a job is, how long it will take, and how much it was in all."""

from collections import deque
from dataclasses import dataclass, field

#: Before this nothing is foretold: the first seconds are start-up.
ESTIMATING = 3.0
_WINDOW = 5.0


@dataclass(slots=True)
class Rate:
    """Over the last seconds, not from the start. Fed with what is done at what time, in seconds."""

    started: float
    _points: deque[tuple[float, int]] = field(default_factory=deque)

    def add(self, now: float, done: int) -> None:
        """Note that ``done`` is finished at ``now``; work that starts over is measured anew."""
        if self._points and done < self._points[-1][1]:
            self._points.clear()
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[0][0] > _WINDOW:
            self._points.popleft()

    def per_second(self) -> float | None:
        """Return the rate, or None while it is estimated."""
        if len(self._points) < 2:
            return None
        (first, before), (last, after) = self._points[0], self._points[-1]
        if last - self.started < ESTIMATING or last <= first or after <= before:
            return None
        return (after - before) / (last - first)

    def left(self, total: int | None) -> float | None:
        """Return how many seconds are left, or None where that cannot be told."""
        rate = self.per_second()
        if rate is None or not total or not self._points:
            return None
        return max(total - self._points[-1][1], 0) / rate


def span(seconds: float) -> str:
    """Return a time as ``9 s``, ``2 min 26 s``, ``1 h 5 min``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"


@dataclass(slots=True)
class Tally:
    """How much was done over all things that a job went through, each counted once.

    Work reports one thing after another, each from nought: a second pass over a thing counts
    something else (another total) and is not added to what was counted of it.
    """

    _parts: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    _last: tuple[str, int | None, int] = ("", None, 0)

    def add(self, done: int, total: int | None, what: str) -> None:
        """Note how far it is with one thing."""
        before, its_total, its_done = self._last
        if what not in self._parts:
            goes_on = total == its_total and its_done < done and its_done != total
            begun = self._parts.pop(before, (total, 0)) if goes_on else (total, 0)
            self._parts[what] = begun
        first, most = self._parts[what]
        if total == first:
            self._parts[what] = (first, max(most, done))
        self._last = (what, total, done)

    @property
    def amount(self) -> int:
        """How much that is in all."""
        return sum(done for _total, done in self._parts.values())
