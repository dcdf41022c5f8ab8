"""The lines of Python that write records agree with the engine, where styles differ."""

import datetime
import decimal
import json
import random
import struct
from typing import Any

import pytest

from workbench.evidence.strict_json import Number
from workbench.model.recipe import JsonObject, JsonStyle, Missing, Numbers, Sort, TimeStyle
from workbench.verify.chain import python_json
from workbench.verify.chain.members import chosen_of, timed
from workbench.verify.chain.render import render

HARD = {
    "\U0001f71a": 1, "\ufb33": 2, "b": [1.0, -0.0, 1e21, 1e-7, 123456789012345680000],
    "a": {"z": None, "a": True, "when": "2026-03-01T00:00:00Z", "€": "\u2603\x7f\n\"\\"},
    "when": "2026-03-01T01:02:03.123456+02:00", "day": "2026-03-01", "none": None, "n": 3,
}  # fmt: skip
STYLES = [
    JsonStyle(sort=sort, numbers=numbers, ensure_ascii=ascii_, keep_nulls=nulls, listed=listed)
    for sort in (Sort.CODE_POINT, Sort.UTF16, Sort.DECLARED)
    for numbers in (Numbers.PYTHON, Numbers.ECMASCRIPT, Numbers.INTEGRAL_TO_INT)
    for ascii_ in (True, False)
    for nulls, listed in ((True, False), (False, False), (True, True))
]
TIMES = [
    TimeStyle(),
    TimeStyle(digits=3, zone="+00:00", separator=" "),
    TimeStyle(digits=0, zone=""),
    TimeStyle("python"),
    TimeStyle("python-utc"),
    TimeStyle("decimal"),
    TimeStyle("decimal", digits=3),
    *(TimeStyle(unit) for unit in ("s", "ms", "us", "ns")),
]


def run(part: JsonObject, record: dict[str, Any]) -> bytes:
    """Run the code as the command would."""
    known: dict[str, Any] = {"json": json, "decimal": decimal, "datetime": datetime, "x": record}
    for line in python_json.definitions(part):
        exec(line, known)
    code = python_json.written(part)
    assert code is not None
    found = eval(code, known)
    assert isinstance(found, bytes)
    return found


def engine(part: JsonObject, record: dict[str, Any]) -> bytes:
    chosen = timed(part, chosen_of(part, record, ()))
    if not part.style.keep_nulls:
        chosen = {name: value for name, value in chosen.items() if value is not None}
    return render(chosen, part.style)


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_a_style_is_written_alike(style: JsonStyle) -> None:
    for part in (
        JsonObject(style=style, exclude=("n",)),
        JsonObject(style=style, include=("when", "a", "missing", "b"), missing=Missing.NULL),
        JsonObject(style=style, include=("when", "a", "missing", "b"), missing=Missing.OMITTED),
    ):
        assert run(part, HARD) == engine(part, HARD)


@pytest.mark.parametrize("style", TIMES, ids=str)
def test_a_time_is_written_alike(style: TimeStyle) -> None:
    times = tuple((name, style) for name in ("when", "day", "none", "n"))
    part = JsonObject(times=times)
    assert run(part, HARD) == engine(part, HARD)


def test_numbers_are_written_as_in_ecmascript() -> None:
    picked = random.Random(7)
    doubles = [struct.unpack(">d", picked.randbytes(8))[0] for _ in range(2000)]
    numbers = [n for n in doubles if n == n and abs(n) != float("inf")]
    numbers += [0, -0.0, 1, -1, 1e21, 1e20, 1e-6, 1e-7, 123.5, 2**53, 5e-324, 100.0, 0.1]
    part = JsonObject(style=JsonStyle(sort=Sort.UTF16, numbers=Numbers.ECMASCRIPT))
    assert run(part, {"n": numbers}) == engine(part, {"n": numbers})


def test_numbers_keep_their_spelling() -> None:
    part = JsonObject(style=JsonStyle(sort=Sort.UTF16, numbers=Numbers.AS_SPELLED))
    known: dict[str, Any] = {"json": json}
    for line in (python_json.SPELLED, *python_json.definitions(part)):
        exec(line, known)
    known["x"] = {"a": [known["N"]("1.50"), "1.50"], "b": known["N"]("1E3")}
    theirs = {"a": [Number("1.50"), "1.50"], "b": Number("1E3")}
    assert eval(str(python_json.written(part)), known) == engine(part, theirs)


def test_what_has_no_short_form_says_so() -> None:
    assert python_json.written(JsonObject(style=JsonStyle(sort=Sort.TOP_LEVEL))) is None
    assert python_json.written(JsonObject(rename=(("a", "b"),))) is None
