"""Gaps, bursts, regressions, sessions and conditions are those of a plain replay of the events."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median_low
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from casework import added, lines, new_case, written

from workbench.model.detection import By, Condition, Pattern, Stated
from workbench.model.moment import DAY, SECOND, text_of
from workbench.model.timeline import WorkingHours, hours_of
from workbench.store.detection import Detector
from workbench.store.event_list import Events
from workbench.store.timeline import Timeline

SEEDS = range(4)
START = 1_774_000_000 * SECOND
BERLIN = hours_of("08:00-18:00", "mon-fri", "Europe/Berlin")
#: source, record, time, actor, action, object; None where it is not stated.
Told = tuple[int, int, int | None, str | None, str | None, str | None]


def histories(seed: int) -> list[list[Told]]:
    """Return two or three logs: bursts, pauses, clocks that go back, times and actors left out."""
    rng = random.Random(seed)
    logs = []
    for source in range(1, rng.randint(2, 3) + 1):
        at, log = START, []
        for record in range(1, rng.randint(2, 120)):
            pause = rng.choice([0, 1, 1, 1, 2, 5, 60, 60, 3600, DAY // SECOND * 3, -7, -40])
            at += pause * SECOND
            log.append(
                (
                    source,
                    record,
                    None if rng.random() < 0.05 else at,
                    None if rng.random() < 0.1 else rng.choice("abc"),
                    rng.choice(["revoke", "use", "enable", "read"]),
                    rng.choice("xyz"),
                )
            )
        logs.append(log)
    return logs


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a case and what its events are."""
    folder = tmp_path_factory.mktemp("replay")
    logs = histories(request.param)
    with new_case(folder) as case:
        added(case, *(written(folder, f"{n}.jsonl", lines(map(record_of, log)))
                      for n, log in enumerate(logs)))  # fmt: skip
        yield case, [event for log in logs for event in log]


def record_of(event: Told) -> dict[str, object]:
    _, _, time, actor, action, thing = event
    stated = {"actor": actor, "action": action, "object": thing}
    said = {name: value for name, value in stated.items() if value is not None}
    return said if time is None else {"time": text_of(time), **said}


def timed(events: Iterable[Told]) -> list[Told]:
    return sorted((e for e in events if e[2] is not None), key=lambda e: (e[2], e[0], e[1]))


def streams(events: Sequence[Told]) -> dict[int, list[Told]]:
    return {0: once(timed(events))} | {
        source: timed(e for e in events if e[0] == source) for source in {e[0] for e in events}
    }


def once(events: Sequence[Told]) -> list[Told]:
    """Return events without what a later source says in the same words of the same moment."""
    first: dict[object, int] = {}
    for event in events:
        first[event[2:]] = min(event[0], first.get(event[2:], event[0]))
    return [event for event in events if first[event[2:]] == event[0]]


def usual(stream: Sequence[Told]) -> int | None:
    apart = [b[2] - a[2] for a, b in pairwise(stream) if b[2] > a[2]]
    return median_low(apart) if apart else None


def runs(stream: Sequence[Told], least: int, span: int) -> list[list[Told]]:
    """Return what any window of ``least`` events within ``span`` covers, joined where they meet."""
    made: list[tuple[int, int]] = []
    for first in range(len(stream) - least + 1):
        last = first + least - 1
        if stream[last][2] - stream[first][2] > span:
            continue
        if made and first <= made[-1][1]:
            made[-1] = (made[-1][0], last)
        else:
            made.append((first, last))
    return [list(stream[a : b + 1]) for a, b in made]


def grouped(events: Iterable[Told], key: Callable[[Told], object]) -> dict[object, list[Told]]:
    groups: dict[object, list[Told]] = {}
    for event in events:
        groups.setdefault(key(event), []).append(event)
    return groups


def line(case: Any) -> Timeline:
    return Timeline(Events(case), most=100_000)


@pytest.mark.parametrize("times", [2, 10])
def test_gaps(told: Any, times: int) -> None:
    case, events = told
    expected = {
        (number, a[2], b[2], *a[:2], *b[:2])
        for number, stream in streams(events).items()
        for a, b in pairwise(stream)
        if usual(stream) is not None and b[2] - a[2] > times * usual(stream)
    }
    names = ("stream", "before", "after", "first_source", "first_record", "last_source",
             "last_record")  # fmt: skip
    found = line(case).gaps(times=times, merged=True)
    assert {tuple(row[n] for n in names) for row in found.rows} == expected
    assert found.total == len(found.rows) == len(expected)
    lengths = [row["lasted"] for row in found.rows]
    assert lengths == sorted(lengths, reverse=True)


@pytest.mark.parametrize(("times", "least"), [(2, 3), (10, 5)])
def test_bursts(told: Any, times: int, least: int) -> None:
    case, events = told
    expected = set()
    for number, stream in streams(events).items():
        pace = usual(stream)
        for run in runs(stream, least, pace * (least - 1) // times) if pace else []:
            expected.add((number, len(run), run[0][2], *run[0][:2], *run[-1][:2]))
    names = ("stream", "events", "first", "first_source", "first_record", "last_source",
             "last_record")  # fmt: skip
    found = line(case).bursts(times=times, least=least, merged=True)
    assert {tuple(row[n] for n in names) for row in found.rows} == expected
    assert found.total == len(expected)


@pytest.mark.parametrize("tolerance", [0, 10 * SECOND])
def test_regressions(told: Any, tolerance: int) -> None:
    case, events = told
    backwards = [each.source for each in line(case).sources() if each.is_backwards]
    expected = set()
    for source, log in grouped((e for e in events if e[2] is not None), lambda e: e[0]).items():
        steps = [(a[2] - b[2]) for a, b in pairwise(log)]
        back, forth = sum(s > 0 for s in steps), sum(s < 0 for s in steps)
        way = -1 if back > forth and back >= 3 else 1
        assert (way < 0) == (source in backwards)
        expected |= {
            (source, b[1], a[1]) for a, b in pairwise(log) if (a[2] - b[2]) * way > tolerance
        }
    found = line(case).regressions(tolerance=tolerance, backwards=backwards)
    assert {(r["source"], r["record"], r["before_record"]) for r in found.rows} == expected


def test_sessions(told: Any) -> None:
    case, events = told
    quiet, expected = 30 * 60 * SECOND, set()
    for actor, stream in grouped(timed(e for e in events if e[3]), lambda e: e[3]).items():
        parts: list[list[Told]] = []
        for event in stream:
            if parts and event[2] - parts[-1][-1][2] <= quiet:
                parts[-1].append(event)
            else:
                parts.append([event])
        expected |= {
            (actor, len(p), p[0][2], p[-1][2], len({e[4] for e in p}), len({e[5] for e in p}))
            for p in parts
        }
    names = ("actor", "events", "first", "last", "actions", "objects")
    found = line(case).sessions(quiet=quiet)
    assert {tuple(row[n] for n in names) for row in found.rows} == expected
    assert found.total == len(expected)


def test_folded_events_are_all_events_in_order(told: Any) -> None:
    case, events = told
    expected: list[list[Told]] = []
    for event in timed(events):
        if expected and expected[-1][-1][3:] == event[3:]:
            expected[-1].append(event)
        else:
            expected.append([event])
    found = line(case).events()
    assert [(r["events"], r["first"], r["last_source"], r["last_record"]) for r in found.rows] == [
        (len(run), run[0][2], *run[-1][:2]) for run in expected
    ]
    repeats = line(case).events(least=2, by_time=False)
    assert repeats.total == sum(len(run) > 1 for run in expected)


@pytest.mark.parametrize(("by", "at"), [("actor", 3), ("action", 4), ("object", 5)])
def test_seen(told: Any, by: str, at: int) -> None:
    case, events = told
    expected = {
        (value, len(stream), *stream[0][:2], *stream[-1][:2])
        for value, stream in grouped(timed(events), lambda e: e[at]).items()
        if value is not None
    }
    names = (by, "events", "first_source", "first_record", "last_source", "last_record")
    assert {tuple(row[n] for n in names) for row in line(case).seen(by).rows} == expected


def test_pivots_and_what_happened_around(told: Any) -> None:
    case, events = told
    counts = {key: len(v) for key, v in grouped(timed(events), lambda e: e[3:]).items()}
    found = line(case).pivots().rows
    assert {(r["actor"] or None, r["action"], r["object"]): r["events"] for r in found} == counts
    middle = timed(events)[len(timed(events)) // 2]
    near = line(case).around(middle[2], within=60 * SECOND).rows
    assert {(r["source"], r["record"]) for r in near} == {
        e[:2] for e in timed(events) if abs(e[2] - middle[2]) <= 60 * SECOND
    }


def test_off_hours(told: Any) -> None:
    case, events = told
    out = [event for event in timed(events) if not BERLIN.holds(event[2])]
    expected = {key: len(v) for key, v in grouped(out, lambda e: e[3:5]).items()}
    ends = timed(events)[0][2], timed(events)[-1][2]
    rows = line(case).off_hours(BERLIN, ends).rows
    assert {(r["actor"] or None, r["action"]): r["events"] for r in rows} == expected


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"])
def test_offsets_are_those_of_the_zone(zone: str) -> None:
    hours = WorkingHours(0, 1, frozenset(), ZoneInfo(zone), zone)
    rng = random.Random(zone)
    first, last = 1_262_304_000 * SECOND, 1_780_000_000 * SECOND
    starts, offsets = hours.offsets(first, last)
    assert list(starts) == sorted(starts)
    for at in [*(rng.randrange(first, last) for _ in range(300)), *starts]:
        holds = [offset for start, offset in zip(starts, offsets, strict=True) if start <= at]
        assert holds[-1] == hours._offset(at)


def hits(case: Any, condition: Condition, stated: Stated | None = None) -> Any:
    steps = [Events(case, query) for query in condition.queries]
    return Detector(steps, condition).hits(stated or Stated())


def test_count_within(told: Any) -> None:
    case, events = told
    condition = Condition(
        Pattern.COUNT, ("action:use OR action:read",), 3, 120 * SECOND, (By.ACTOR, By.OBJECT)
    )
    chosen = once([e for e in timed(events) if e[4] in {"use", "read"} and e[3]])
    expected = {
        (len(run), *(e[:2] for e in run[:50]))
        for stream in grouped(chosen, lambda e: (e[3], e[5])).values()
        for run in runs(stream, 3, 120 * SECOND)
    }
    total, found = hits(case, condition)
    assert {(hit.count, *hit.places) for hit in found} == expected
    assert total == len(expected)


@pytest.mark.parametrize("within", [None, 90 * SECOND])
@pytest.mark.parametrize("unless", ["", "action:enable"])
def test_sequence(told: Any, within: int | None, unless: str) -> None:
    case, events = told
    steps = ("action:revoke", "action:read", "action:use")
    condition = Condition(Pattern.SEQUENCE, steps, within=within, by=(By.OBJECT,), unless=unless)
    expected = set()
    for stream in grouped(timed(events), lambda e: e[5]).values():
        for n, event in enumerate(stream):
            begun = beginning(stream[:n], ["revoke", "read"]) if event[4] == "use" else None
            if begun is None or (within is not None and event[2] - stream[begun][2] > within):
                continue
            if not unless or all(e[4] != "enable" for e in stream[begun:n]):
                expected.add((stream[begun][:2], event[:2]))
    total, found = hits(case, condition)
    assert {hit.places for hit in found} == expected
    assert total == len(expected)


def beginning(stream: Sequence[Told], actions: Sequence[str]) -> int | None:
    """Return the latest place from which the actions follow one another."""
    end = len(stream)
    for action in reversed(actions):
        end = max((n for n in range(end) if stream[n][4] == action), default=-1)
        if end < 0:
            return None
    return end
