"""A document tells every pair once, and not without end."""

from pathlib import Path

import pytest

from workbench.evidence.file import NOTHING, EvidenceFile
from workbench.formats.part import Part
from workbench.formats.sheet import MOST_PAIRS, Sheet
from workbench.model.progress import Cancel


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(EvidenceFile("x.json", None, str(tmp_path), (), NOTHING), Cancel())


def test_each_is_paired_with_each(sheet: Sheet) -> None:
    assert list(sheet.pairs(["a", "b"], ["c"], "")) == [("a", "c"), ("b", "c")]
    assert list(sheet.problems()) == []


def test_more_pairs_than_say_anything_are_a_problem(sheet: Sheet) -> None:
    many = ["x"] * (MOST_PAIRS // 10)
    assert list(sheet.pairs(many, many, "/a")) == []
    (problem,) = sheet.problems()
    assert (str(problem.code), problem.locator.pointer) == ("LIMIT_EXCEEDED", "/a")


def test_what_is_not_taken_is_told(sheet: Sheet) -> None:
    members = {"a": "x", "b": {"c": 1, "d": []}, "e": [{"f": None}, {}], "g": ["y"]}
    part = Part(sheet, members, "/p")
    assert part.text("a") == "x"
    assert part.part("b").text("c") == "1"
    assert [inner.pointer for inner in part.parts("e")] == ["/p/e/0", "/p/e/1"]
    assert [(a.name, a.value, a.pointer) for a in part.rest()] == [
        ("b.d", "[]", "/p/b/d"),
        ("e.0.f", "null", "/p/e/0/f"),
        ("e.1", "{}", "/p/e/1"),
        ("g", '["y"]', "/p/g"),
    ]


def test_part_that_no_reader_told_is_told_of_the_document(sheet: Sheet) -> None:
    Part.apart(sheet, {"a": "x"}, "")
    (document,) = sheet.document()
    assert [(a.name, a.value) for a in document.attributes] == [("a", "x")]


def test_what_is_no_object_is_kept_and_a_problem(sheet: Sheet) -> None:
    assert Part.each_apart(sheet, [("x", "/0"), (7, "/1")]) == []
    assert [str(problem.code) for problem in sheet.problems()] == ["MALFORMED_RECORD"] * 2
    (document,) = sheet.document()
    assert [a.value for a in document.attributes] == ["x", "7"]
