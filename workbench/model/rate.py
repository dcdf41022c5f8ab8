"""How fast a job is, and how long it will take: from the last seconds, not from the start."""

from collections import deque
from dataclasses import dataclass, field

#: Before this nothing is foretold: the first seconds are start-up.
ESTIMATING = 3.0
_WINDOW = 5.0


@dataclass(slots=True)
class Rate:
    """Fed with what is done at what time, in seconds."""

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
