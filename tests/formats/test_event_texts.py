"""What is read by column is what is read one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence.line_columns import ABSENT, LineColumns
from workbench.formats import event_texts
from workbench.formats.event_texts import texts_of, times_of
from workbench.model.event_batch import NO_TIME
from workbench.model.moment import claimed_ns

TIMES = (
    "2026-03-01T00:00:00Z", "2024-02-29T23:59:59Z", "1999-12-31T23:59:59.123Z",
    "2026-03-01T00:00:00.000001Z", "1698-01-01T00:00:00Z", "2242-03-16T12:56:32Z",
    # None of these is read by column.
    "2023-02-29T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T23:59:60Z", "2026-13-01T00:00:00Z",
    "2026-03-01T00:00:00z", "2026-03-01 00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "2026-03-01T00:00:00", "2026-03-01T00:00:00+01:00", "2026-03-01T00:00:00.12Z", "soon", "",
    "2026-03-01T00:00:00,123Z", "２026-03-01T00:00:0Z", "-026-03-01T00:00:00Z",
    "2026-W09-7T00:00:00Z",
)  # fmt: skip


def lines_of(texts: list[str | None]) -> LineColumns:
    block, places = b"", []
    for told in texts:
        raw = (told or "").encode()
        places.append((ABSENT, ABSENT) if told is None else (len(block), len(block) + len(raw)))
        block += raw
    found = np.array(places, np.int64)
    start = np.zeros(len(texts), np.int64)
    return LineColumns(block + b" " * 64, start, start, found.T[None], {})


@pytest.mark.parametrize("told", TIMES)
@pytest.mark.parametrize("among", [0, 3])
def test_a_time_is_read_as_if_by_itself_or_left(told: str, among: int) -> None:
    texts = [*["2026-03-01T00:00:00Z"] * among, told, None]
    found = times_of(lines_of([*texts]), 0, "time")
    expected = [claimed_ns(text) for text in texts]
    if found is None:
        assert TIMES.index(told) > 5 or len(told) != len(texts[0] or told)
    else:
        assert found.tolist() == [NO_TIME if t is None else t for t in expected]


def test_every_second_of_a_leap_day_and_its_neighbours_is_right() -> None:
    days = ("2024-02-28", "2024-02-29", "2024-03-01", "1900-02-28", "2000-02-29", "1969-12-31")
    texts = [
        f"{day}T{n // 60 % 24:02}:{n % 60:02}:{n % 59:02}Z" for day in days for n in range(600)
    ]
    found = times_of(lines_of([*texts]), 0, "time")
    assert found is not None
    assert found.tolist() == [claimed_ns(text) for text in texts]


TEXT = st.one_of(
    st.none(),
    st.sampled_from(["", "a", "ann", "j.müller", "12345678", "123456789", "x" * 64, "x" * 65]),
    st.text(st.characters(exclude_characters='"\\\n', exclude_categories=["Cs", "Cc"]), max_size=9),
)


@given(st.lists(TEXT, min_size=1, max_size=40))
def test_each_line_has_its_own_text_however_texts_are_kept(texts: list[str | None]) -> None:
    found = texts_of(lines_of(texts), 0, "actor")
    assert found is not None
    told = [None if code == ABSENT else found.each[code].decode() for code in found.codes]
    assert told == texts


def test_texts_that_make_one_number_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str | None] = [f"{n % 50}" for n in range(200)]
    several = texts_of(lines_of(texts), 0, "actor")
    assert several is not None
    assert len(several.each) == 50
    monkeypatch.setattr(event_texts, "_PRIME", np.uint64(0))
    found = texts_of(lines_of(texts), 0, "actor")
    assert found is not None
    assert [found.each[code].decode() for code in found.codes] == texts


def test_what_is_told_by_another_line_counts_too() -> None:
    lines = replace(lines_of(["ann", None, "eve"]), alone={1: {"actor": "bob"}, 2: {"actor": None}})
    found = texts_of(lines, 0, "actor")
    assert found is not None
    told = [None if code == ABSENT else found.each[code] for code in found.codes]
    assert told == [b"ann", b"bob", None]
    assert texts_of(replace(lines, alone={1: {"actor": 7}}), 0, "actor") is None
