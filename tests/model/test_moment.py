"""Moments are exact to the nanosecond, and what is none is said to be none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.moment import (
    claimed_each,
    claimed_ns,
    day_of,
    moment_of,
    nanoseconds,
    text_of,
    time_of,
)

SECOND = 1_775_001_600  # 2026-04-01T00:00:00Z
NS = SECOND * 10**9

CLAIMED = {
    "2026-04-01T00:00:00Z": NS,
    "2026-04-01T00:00:00": NS,
    "2026-04-01 00:00:00+00:00": NS,
    "2026-04-01T02:00:00+02:00": NS,
    "2026-04-01T00:00:00.5Z": NS + 500_000_000,
    "2026-04-01T00:00:00.123456789Z": NS + 123_456_789,
    "2026-04-01T00:00:00.1234567Z": NS + 123_456_700,
    "20260401T000000Z": NS,
    "2026-04-01": NS,
    SECOND: NS,
    SECOND * 1000: NS,
    SECOND * 10**6: NS,
    NS: NS,
    NS + 1: NS + 1,
    SECOND + 0.5: NS + 500_000_000,
    "": None,
    "yesterday": None,
    "1775001600": None,
    True: None,
    -1: None,
    float("nan"): None,
    float("inf"): None,
    "0001-01-01T00:00:00Z": None,
    "9999-12-31T23:59:59Z": None,
}


@pytest.mark.parametrize("value", CLAIMED, ids=repr)
def test_claimed_time_is_read_exactly_or_not_at_all(value: object) -> None:
    assert claimed_ns(value) == CLAIMED[value]


def test_lists_and_objects_are_no_time() -> None:
    assert claimed_ns(None) is None
    assert claimed_ns([1]) is None
    assert claimed_ns({"a": 1}) is None


@given(
    st.lists(
        st.datetimes(timezones=st.just(UTC)).map(
            lambda t: t.replace(microsecond=0).isoformat().replace("+00:00", "Z")
        )
        | st.sampled_from([None, "", "x" * 20, "2026-04-01T00:00:00z", 5, "2026-13-01T00:00:00Z"])
    )
)
def test_many_at_once_are_read_as_one_by_one(values: list[object]) -> None:
    assert claimed_each(values) == [claimed_ns(value) for value in values]


@given(st.integers(-(2**63), 2**63 - 1))
def test_text_of_a_moment_is_read_back(ns: int) -> None:
    assert moment_of(text_of(ns)) == ns


@pytest.mark.parametrize(
    "text",
    ["2026-04-01", "2026-04-01T00:00:00", "2026-04-01T00:00Z", "2026-04-01T25:00:00Z",
     "2026-04-01T00:00:60Z", "2026-04-01T00:00:00.0000000001Z", "٢٠٢٦-04-01T00:00:00Z", ""],
)  # fmt: skip
def test_only_rfc_3339_is_a_moment_of_a_query(text: str) -> None:
    assert moment_of(text) is None


def test_date_means_the_whole_utc_day() -> None:
    assert day_of("2026-04-01") == (NS, NS + 86_400 * 10**9 - 1)
    assert day_of("2026-02-29") is None
    assert day_of("2026-4-1") is None
    assert day_of("9999-12-31") is not None


def test_aware_times_go_there_and_back() -> None:
    time = datetime(2026, 4, 1, 12, 30, 15, 123456, tzinfo=UTC)
    assert time_of(nanoseconds(time)) == time


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-00:01", "0001-01-01T00:00:00+00:01"])
def test_a_moment_beyond_the_calendar_is_none(text: str) -> None:
    assert moment_of(text) is None
    assert claimed_ns(text) is None
    inside = moment_of(f"{text[:19]}Z")
    assert inside is not None
    assert time_of(inside).year in {1, 9999}


def test_fractions_of_a_second_are_kept_however_many_are_read() -> None:
    times = ["20260301T0000,12389Z", "2026-03-01T00:00:00Z"]
    assert claimed_each(times) == [claimed_ns(time) for time in times]
    assert claimed_each(times[:1])[0] != claimed_ns("2026-03-01T00:00:00Z")


def test_years_have_four_digits() -> None:
    for year in ("0001", "0800", "9999"):
        moment = moment_of(f"{year}-01-01T00:00:00Z")
        assert moment is not None
        assert text_of(moment) == f"{year}-01-01T00:00:00Z"
