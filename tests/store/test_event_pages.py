"""Every query, order and page gives what a plain reading of all events gives."""

import random
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.errors import StoreError
from workbench.model.event import EventOrder, EventSort
from workbench.model.event_batch import NO_TEXT, NO_TIME, EventBatch, Texts
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area
from workbench.model.verdict import AssuranceFlag, AssuranceRange
from workbench.store import event_pages, index_writer
from workbench.store.event_index import EventIndex, IndexState
from workbench.store.event_pages import EventPages, Selection
from workbench.store.event_sql import EventTarget
from workbench.store.index_files import IndexFile
from workbench.store.index_writer import SegmentWriter
from workbench.store.marks import marks_of
from workbench.store.query_sql import compile_query

SOURCES = {1: "a/x.jsonl", 2: "b/y.jsonl", 3: "b/z.jsonl"}
PER_SOURCE = 1200
SECOND = 10**9


@dataclass(frozen=True)
class Told:
    """An event as it was put in."""

    source: int
    record: int
    time: int | None
    actor: str | None
    action: str | None
    object: str | None
    outcome: str | None

    @property
    def place(self) -> tuple[int, int]:
        return self.source, self.record


def stories(chance: random.Random) -> list[tuple[str | None, ...]]:
    """Return what can have happened; every part may be missing."""
    return [
        (
            chance.choice([None, "ann", "Bob", "zoë", "Ünal", ""]),
            chance.choice([None, "train", "deploy"]),
            chance.choice([None, *(f"m{n}" for n in range(30))]),
            chance.choice(["ok", "denied", None]),
        )
        for _ in range(150)
    ]


def told(chance: random.Random) -> Iterator[Told]:
    """Yield the events of three logs."""
    for source in SOURCES:
        known = stories(chance)
        for record in range(1, PER_SOURCE + 1):
            time = chance.choice([None, chance.randrange(10**6) * SECOND])
            if chance.random() < 0.9:
                time = record * SECOND + chance.randrange(3) * SECOND
            yield Told(source, record, time, *chance.choice(known))


def batch(events: list[Told]) -> EventBatch:
    """Return events as a worker hands them back."""
    return EventBatch(
        count=len(events),
        offsets=array("q", [e.record * 100 for e in events]).tobytes(),
        lengths=array("q", [90] * len(events)).tobytes(),
        times=array("q", [NO_TIME if e.time is None else e.time for e in events]).tobytes(),
        actor=texts(e.actor for e in events),
        action=texts(e.action for e in events),
        object=texts(e.object for e in events),
        outcome=texts(e.outcome for e in events),
        outcomes={"ok": 0, "denied": 1, None: 2},
        unread=tuple((n, "once") for n, e in enumerate(events) if e.time is None),
        blocks=((events[0].record * 100, 65536, bytes(32)),),
    )


def texts(told: Iterable[str | None]) -> Texts:
    """Return texts, each spelled once."""
    known: dict[str, int] = {}
    codes = [NO_TEXT if t is None else known.setdefault(t, len(known)) for t in told]
    return Texts(array("i", codes).tobytes(), tuple(known))


@dataclass
class Indexed:
    """An index with what was put into it."""

    events: list[Told]
    index: EventIndex
    pages: EventPages

    def select(self, query: str, sources: tuple[int, ...] = (1, 2, 3)) -> Selection:
        flags = frozenset({AssuranceFlag.CONSISTENT, AssuranceFlag.SIGNED})
        marks = {1: marks_of([AssuranceRange(1, 700, flags)], [77]), 2: marks_of([], [])}
        target = EventTarget(SOURCES, marks)
        return Selection(compile_query(parse(query, FIELDS[Area.EVENTS]), target), sources)

    def expected(self, fits: Callable[[Told], bool], order: EventOrder) -> list[tuple[int, int]]:
        """Return the places that a plain reading gives."""
        rows = sorted(filter(fits, self.events), key=lambda e: e.place)
        if order.by is EventSort.RECORD:
            return [e.place for e in (reversed(rows) if order.descending else rows)]

        def key(event: Told) -> int | bytes | None:
            value = getattr(event, order.by.value)
            return value.encode() if isinstance(value, str) else value

        keyed = [e for e in rows if key(e) is not None]
        keyed.sort(key=key, reverse=order.descending)
        if order.descending:  # equal ones stand as in the evidence
            keyed.sort(key=lambda e: e.place)
            keyed.sort(key=key, reverse=True)
        return [e.place for e in (*keyed, *(e for e in rows if key(e) is None))]


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    """Return an index of three logs, written in small parts with a small dictionary."""
    folder = tmp_path_factory.mktemp("index")
    events = list(told(random.Random(7)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_writer, "PART_ROWS", 500)
        patch.setattr(index_writer, "MOST_TERMS", 40)
        patch.setattr(event_pages, "STEP", 64)
        writer = SegmentWriter(folder, last_term=4)
        for source in SOURCES:
            mine = [event for event in events if event.source == source]
            writer.begin(source)
            for first in range(0, PER_SOURCE, 250):
                writer.add(batch(mine[first : first + 250]))
        segment = writer.finish()
        files = [IndexFile(f"{segment.folder.name}/{f.name}", f.sha256) for f in segment.files]
        assert sum(f.name.startswith("events-") for f in segment.files) > 3
        index = EventIndex(folder, files)
        yield Indexed(events, index, EventPages(index, segment.events))
        index.close()


QUERIES: dict[str, Callable[[Told], bool]] = {
    "": lambda e: True,
    "actor:ann": lambda e: e.actor == "ann",
    "actor:A": lambda e: e.actor in {"ann", "Ünal"},
    "actor=Bob": lambda e: e.actor == "Bob",
    "actor=bob": lambda e: False,
    "actor!=ann": lambda e: e.actor not in {None, "ann"},
    "-actor:ann": lambda e: e.actor not in {None, "ann"},
    "-actor=nobody": lambda e: e.actor is not None,
    "actor:*": lambda e: e.actor is not None,
    "-actor:*": lambda e: e.actor is None,
    'actor=""': lambda e: e.actor == "",
    "actor>b": lambda e: e.actor is not None and e.actor.encode() > b"b",
    "actor:[B..b]": lambda e: e.actor is not None and "B" <= e.actor <= "b",
    "NOT (actor:ann OR action:train)": lambda e: (
        e.actor not in {None, "ann"} and e.action not in {None, "train"}
    ),
    "NOT (actor:ann action:train)": lambda e: (
        (e.actor not in {None, "ann"}) or (e.action not in {None, "train"})
    ),
    "ü": lambda e: e.actor == "Ünal",
    "NOT ü": lambda e: e.actor != "Ünal",
    "m1 -object:m1": lambda e: False,
    "object:/^m[12]$/": lambda e: e.object in {"m1", "m2"},
    "/^m3$/": lambda e: e.object == "m3",
    "outcome:success": lambda e: e.outcome == "ok",
    "outcome!=success": lambda e: e.outcome == "denied",
    "-outcome:success": lambda e: e.outcome == "denied",
    "outcome:unknown": lambda e: e.outcome is None,
    "outcome:*": lambda e: e.outcome is not None,
    "time:*": lambda e: e.time is not None,
    "time<1970-01-01T00:00:20Z": lambda e: e.time is not None and e.time < 20 * SECOND,
    "-time<1970-01-01T00:00:20Z": lambda e: e.time is not None and e.time >= 20 * SECOND,
    "time:1970-01-02": lambda e: e.time is not None and 86400 <= e.time // SECOND < 172_800,
    "time>1970-01-01": lambda e: e.time is not None and e.time >= 86400 * SECOND,
    "time!=1970-01-01": lambda e: e.time is not None and e.time >= 86400 * SECOND,
    "level:2": lambda e: e.source == 1 and e.record <= 700,
    "level<2 source:b/": lambda e: e.source > 1,
    "flag:broken": lambda e: e.place == (1, 77),
    "flag:unanchored": lambda e: e.source == 2 or (e.source == 1 and e.record > 700),
    "-flag:unanchored": lambda e: e.source == 3 or (e.source == 1 and e.record <= 700),
    "-flag:*": lambda e: e.source == 3 or (e.source == 1 and e.record <= 700 and e.record != 77),
    "record:[10..12]": lambda e: 10 <= e.record <= 12,
    "source:/y\\.jsonl$/ record<5": lambda e: e.source == 2 and e.record < 5,
    "source!=a/x.jsonl": lambda e: e.source != 1,
}


@pytest.mark.parametrize("query", QUERIES)
def test_query_finds_what_a_plain_reading_finds(indexed: Indexed, query: str) -> None:
    selection = indexed.select(query)
    expected = indexed.expected(QUERIES[query], EventOrder())
    assert indexed.pages.count(selection) == len(expected)
    found = indexed.pages.places(selection, EventOrder(), first=0, count=len(expected) + 5)
    assert found == expected


@pytest.mark.parametrize("prepared", [False, True], ids=["counted", "prepared"])
@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("by", EventSort)
@pytest.mark.parametrize("query", ["", "actor:A", "-actor:*", "actor=bob"])
def test_page_of_any_order_is_that_of_a_plain_reading(
    indexed: Indexed, query: str, by: EventSort, descending: bool, prepared: bool
) -> None:
    selection, order = indexed.select(query), EventOrder(by, descending)
    expected = indexed.expected(QUERIES[query], order)
    if prepared:
        indexed.pages.prepare(selection, order)
    total = len(expected)
    for first in {0, 60, total // 2, total * 9 // 10, max(0, total - 3), total + 10}:
        found = indexed.pages.places(selection, order, first=first, count=70)
        assert found == expected[first : first + 70], first


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("by", EventSort)
@pytest.mark.parametrize("query", ["", "actor:A", "-actor:*"])
def test_position_of_an_event_is_that_of_a_plain_reading(
    indexed: Indexed, query: str, by: EventSort, descending: bool
) -> None:
    selection, order = indexed.select(query), EventOrder(by, descending)
    expected = indexed.expected(QUERIES[query], order)
    for at in {0, 1, len(expected) // 3, len(expected) // 2, len(expected) - 1}:
        assert indexed.pages.position(selection, order, expected[at]) == at
    left_out = set(indexed.expected(QUERIES[""], order)) - set(expected)
    for place in [*list(left_out)[:2], (9, 1), (1, 10**9)]:
        assert indexed.pages.position(selection, order, place) is None


def test_sources_that_are_left_out_are_not_found(indexed: Indexed) -> None:
    selection = indexed.select("", sources=(1, 3))
    assert indexed.pages.count(selection) == 2 * PER_SOURCE
    places = indexed.pages.places(selection, EventOrder(), first=PER_SOURCE - 1, count=2)
    assert places == [(1, PER_SOURCE), (3, 1)]


def test_rows_hold_what_was_put_in(indexed: Indexed) -> None:
    by_place = {event.place: event for event in indexed.events}
    wanted = [(3, 7), (1, 1), (2, 900), (9, 9), (1, 5000)]
    rows = indexed.index.rows_at(wanted)
    assert [(row[0], row[1]) for row in rows] == wanted[:3]
    for row in rows:
        event = by_place[row[0], row[1]]
        assert row[2:4] == (event.record * 100, 90)
        assert row[4:8] == (event.time, event.actor, event.action, event.object)
        assert row[10] == ("once" if event.time is None else None)


def test_histogram_counts_every_event_once(indexed: Indexed) -> None:
    where = indexed.select("actor:ann").condition
    histogram = indexed.index.histogram(where, bins=7)
    mine = [event for event in indexed.events if event.actor == "ann"]
    assert sum(histogram.counts) == sum(event.time is not None for event in mine)
    assert histogram.untimed == sum(event.time is None for event in mine)
    for number, count in enumerate(histogram.counts):
        first = histogram.first + number * histogram.width
        inside = (e.time is not None and first <= e.time < first + histogram.width for e in mine)
        assert sum(inside) == count


def test_histogram_of_nothing_is_empty(indexed: Indexed) -> None:
    histogram = indexed.index.histogram(indexed.select("actor:nobody").condition, bins=3)
    assert histogram.counts == (0, 0, 0)


def test_most_frequent_values_are_counted_over_all_their_numbers(indexed: Indexed) -> None:
    found = dict(indexed.index.facets(indexed.select("").condition, EventSort.ACTOR, most=99))
    for actor in {event.actor for event in indexed.events}:
        assert found[actor] == sum(event.actor == actor for event in indexed.events)


def test_file_with_another_digest_is_never_believed(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, last_term=-1)
    writer.begin(1)
    writer.add(batch([Told(1, 1, 0, "ann", None, None, None)]))
    segment = writer.finish()
    files = [IndexFile(f"{segment.folder.name}/{f.name}", f.sha256) for f in segment.files]
    victim = segment.folder / "terms-0001.parquet"
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    index = EventIndex(tmp_path, files)
    assert index.state is IndexState.DAMAGED
    assert index.damaged == [f"{segment.folder.name}/terms-0001.parquet"]
    with pytest.raises(StoreError, match="rebuild it from the evidence"):
        index.ask("SELECT 1")


def test_index_of_nothing_answers_everything(tmp_path: Path) -> None:
    index = EventIndex(tmp_path, [])
    pages = EventPages(index, {})
    nothing = Selection(compile_query(None, EventTarget({}, {})), ())
    assert index.state is IndexState.ABSENT
    assert pages.count(nothing) == 0
    assert pages.page(nothing, EventOrder(EventSort.TIME), first=0, count=9) == []
    assert index.histogram(nothing.condition, bins=2).counts == (0, 0)
    assert index.facets(nothing.condition, EventSort.ACTOR, most=3) == []


def test_segment_that_is_abandoned_leaves_nothing(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path / "index", last_term=-1)
    writer.begin(1)
    writer.add(batch([Told(1, 1, 0, "ann", None, None, None)]))
    writer.abandon()
    assert list((tmp_path / "index").iterdir()) == []


def test_histogram_spans_every_time_that_can_be_kept(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, last_term=-1)
    writer.begin(1)
    ends = (-(2**63) + 1, 2**63 - 1)
    writer.add(batch([Told(1, n, end, "ann", None, None, None) for n, end in enumerate(ends, 1)]))
    segment = writer.finish()
    files = [IndexFile(f"{segment.folder.name}/{f.name}", f.sha256) for f in segment.files]
    index = EventIndex(tmp_path, files)
    histogram = index.histogram(compile_query(None, EventTarget({}, {})), bins=4)
    index.close()
    assert histogram.counts == (1, 0, 0, 1)
