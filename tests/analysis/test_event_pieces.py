"""Events that are read while lines are judged are those of reading the lines alone."""

import random
from functools import partial

import pytest

from tests.formats.test_event_columns import rows
from tests.verify.chain.test_strict import WORKBENCH, chained, text
from workbench.analysis.event_pieces import batch_of, reading_of
from workbench.formats import event_columns
from workbench.model.event import EventFields
from workbench.model.event_batch import EventBatch
from workbench.verify.chain import quick
from workbench.verify.chain.frame import Cut
from workbench.verify.chain.piece import Task, walk

FIELDS = EventFields(("time",), ("detail",), ("actor",), ("object",), ("outcome",))
#: What a member of a few lines holds, as JSON.
VALUES = (
    '"ann"', '"Ünal 🔑"', '""', '"a\\nb"', '"a \\"quoted\\" text"', '"\\\\"', "null", "true",
    "5", "1.5", '{"a":1}', "[]", f'"{"x" * 5000}"',
)  # fmt: skip


def logs(values: list[str], seed: str) -> bytes:
    """Return lines of which most have one shape, and a few something else in a member."""
    chance = random.Random(seed)
    plain = [f'"user {n % 7}"' for n in range(120)]
    for _ in range(9):
        plain[chance.randrange(20, 120)] = chance.choice(values)
    return text(chained(plain))


def read_along(data: bytes, fields: EventFields) -> EventBatch:
    task = Task(Cut(0, data), WORKBENCH, make=partial(reading_of, fields=fields), by_column=True)
    walked = walk(task)
    assert walked.records == len(data.splitlines())
    assert isinstance(walked.made, EventBatch)
    return walked.made


def seen(batch: EventBatch) -> tuple[object, ...]:
    return (batch.count, batch.offsets, batch.lengths, rows(batch), batch.unread, batch.malformed)


@pytest.mark.parametrize("value", [*VALUES, "all"])
def test_events_of_lines_proven_by_column_are_those_of_reading_them(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "BY_COLUMN", 1)
    values = [*VALUES] if value == "all" else [value]
    for seed in range(6):
        data = logs(values, f"{value} {seed}")
        assert seen(read_along(data, FIELDS)) == seen(batch_of(Cut(0, data), FIELDS))


def test_plain_lines_are_taken_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "BY_COLUMN", 1)
    monkeypatch.setattr(event_columns._Read, "known", None)
    data = text(chained([f'"user {n % 7}"' for n in range(50)]))
    # The first line is always read by itself.
    monkeypatch.setattr(event_columns._Read, "at_once", lambda *_: False)
    batch = read_along(data, FIELDS)
    assert [row.actor for row in rows(batch)] == [f"user {n % 7}" for n in range(50)]


def test_fields_that_lie_deeper_are_not_read_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "BY_COLUMN", 1)
    fields = EventFields(("time",), ("detail", "a"))
    data = text(chained(['{"a":"ann"}'] * 30))
    assert reading_of(Cut(0, data), fields).wanted is None
    assert {row.actor for row in rows(read_along(data, fields))} == {"ann"}
