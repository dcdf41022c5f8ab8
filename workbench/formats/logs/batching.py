"""Put events of a plain log into columns, as the index takes them."""

from array import array
from collections.abc import Sequence

from workbench.model.event import Outcome
from workbench.model.event_batch import NO_TEXT, NO_TIME, OUTCOMES, EventBatch, Texts
from workbench.model.log_event import LogEvent

#: Events of one batch.
MOST = 10_000
_MEANING: dict[str | None, int] = {
    None: OUTCOMES.index(Outcome.UNKNOWN),
    **{outcome.value: n for n, outcome in enumerate(OUTCOMES)},
}


class _Column:
    """A text of each event, each spelled once."""

    def __init__(self) -> None:
        self._codes = array("i")
        self._each: dict[str, int] = {}

    def add(self, text: str | None) -> None:
        """Take the text of the next event."""
        known = NO_TEXT if text is None else self._each.setdefault(text, len(self._each))
        self._codes.append(known)

    def texts(self) -> Texts:
        """Return what was taken."""
        return Texts(self._codes.tobytes(), tuple(self._each))


class Batcher:
    """Collects events; of a source of many files an offset counts on through all of them."""

    def __init__(self, bases: Sequence[int]) -> None:
        """Begin.

        Args:
            bases: for each file how many bytes lie in those before it.
        """
        self._bases = bases
        self._clear()

    def add(self, event: LogEvent) -> EventBatch | None:
        """Take an event; return a batch where it is full."""
        place = len(self._times)
        self._offsets.append(self._bases[event.file] + event.offset)
        self._lengths.append(event.length)
        self._times.append(NO_TIME if event.time_ns is None else event.time_ns)
        outcome = None if event.outcome is Outcome.UNKNOWN else event.outcome.value
        said = event.actor, event.action, event.object, outcome
        for column, text in zip(self._said, said, strict=True):
            column.add(text)
        if event.is_malformed:
            self._malformed.append(place)
        elif event.time_ns is None and event.time_text:
            self._unread.append((place, event.time_text))
        return self.rest() if place + 1 == MOST else None

    def rest(self) -> EventBatch:
        """Return what was collected, and begin anew."""
        actor, action, thing, outcome = (column.texts() for column in self._said)
        batch = EventBatch(
            count=len(self._times),
            offsets=self._offsets.tobytes(),
            lengths=self._lengths.tobytes(),
            times=self._times.tobytes(),
            actor=actor,
            action=action,
            object=thing,
            outcome=outcome,
            outcomes=_MEANING,
            unread=tuple(self._unread),
            malformed=tuple(self._malformed),
        )
        self._clear()
        return batch

    def _clear(self) -> None:
        self._offsets, self._lengths, self._times = array("q"), array("q"), array("q")
        self._said = (_Column(), _Column(), _Column(), _Column())
        self._unread: list[tuple[int, str]] = []
        self._malformed: list[int] = []


def bases_of(sizes: Sequence[int]) -> list[int]:
    """Return for each file how many bytes lie in those before it."""
    found, total = [], 0
    for size in sizes:
        found.append(total)
        total += size
    return found
