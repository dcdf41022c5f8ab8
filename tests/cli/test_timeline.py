"""``workbench timeline`` and ``workbench detect``: what a hurried investigator types and reads."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from casework import lines, written
from commands import require_one_sentence, workbench
from jsonschema import Draft202012Validator

from workbench import resources
from workbench.model.timeline import PartName

HOURS = ("--hours", "08:00-12:00", "--zone", "Europe/Berlin")


def told(minute: int, actor: str, action: str, thing: str = "models/1") -> dict[str, object]:
    time = f"2026-03-02T{9 + minute // 60:02}:{minute % 60:02}:00Z"
    return {"time": time, "actor": actor, "action": action, "object": thing, "outcome": "success"}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case: a steady log that stops for four hours, and goes back once; and another."""
    folder = tmp_path_factory.mktemp("timeline")
    log = [told(n, "ann", "train", f"models/{n}") for n in range(60)]
    log += [told(59, "eve", "StopLogging", "trail/main")]
    log += [told(n, "eve", "model.deploy") for n in (300, 299, 301)]
    written(folder, "a.jsonl", lines(log))
    written(folder, "b.jsonl", lines([told(300, "bob", "login"), {"actor": "nobody"}]))
    workbench("case", "new", folder / "c.case")
    workbench("case", "add", folder / "c.case", folder / "a.jsonl", folder / "b.jsonl")
    return folder / "c.case"


def document(name: str, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    done = workbench(*arguments, "--json")
    assert done.returncode == code, done.stderr
    made = json.loads(done.stdout)
    schema = json.loads(resources.path("schemas", f"{name}.schema.json").read_text())
    Draft202012Validator(schema).validate(made)
    return made


def part(case: Path, name: str, *more: str) -> dict[str, Any]:
    (one,) = document("timeline", "timeline", case, *more, "--show", name)["parts"]
    assert one["part"] == name
    return one


@pytest.mark.parametrize("zone", ["+01:00", "-05:00"])
def test_a_zone_may_be_an_offset_as_in_a_mapping(case: Path, zone: str) -> None:
    named = {"+01:00": "Europe/Berlin", "-05:00": "America/New_York"}[zone]  # as it is in March
    hours = ("--hours", "06:00-09:00", "--zone")
    (found, same) = (part(case, "off-hours", *hours, one) for one in (zone, named))
    assert found["total"] > 0
    assert found["rows"] == same["rows"]
    assert f"By the clock of {zone}" in found["notes"][0]


def test_gap_names_the_records_on_both_sides(case: Path) -> None:
    found = part(case, "gaps", "source:a.jsonl")
    assert [
        (r["stream"], r["first_record"], r["last_record"], r["lasted"]) for r in found["rows"]
    ] == [("a.jsonl", 61, 63, "4 h")]


def test_clock_that_goes_back_is_named_by_its_record(case: Path) -> None:
    (row,) = part(case, "regressions")["rows"]
    assert (row["source"], row["record"], row["before_record"]) == ("a.jsonl", 63, 62)
    assert row["back"] == "1 min"


def test_log_that_is_written_newest_first_accuses_nobody(tmp_path: Path) -> None:
    log = written(tmp_path, "log.jsonl", lines([told(n, "ann", "x") for n in (9, 8, 7, 5, 6, 1)]))
    workbench("case", "new", tmp_path / "c.case")
    workbench("case", "add", tmp_path / "c.case", log)
    found = part(tmp_path / "c.case", "regressions")
    assert [row["record"] for row in found["rows"]] == [5]
    assert found["notes"] == ["Written newest first, and followed that way: log.jsonl."]


def test_record_without_time_is_told_and_in_no_place(case: Path) -> None:
    found = part(case, "sources")
    assert [row["untimed"] for row in found["rows"]] == [0, 1]
    assert found["notes"] == ["1 records claim no readable time: they are in no place here."]
    assert {row["trusted"] for row in found["rows"]} == {"not verified"}


def test_what_else_happened_is_over_all_sources(case: Path) -> None:
    found = part(case, "around", "--around", "a.jsonl:62", "--within", "90s")
    assert [(r["from"], r["source"], r["record"]) for r in found["rows"]] == [
        ("-1 min", "a.jsonl", 63),
        ("0 s", "a.jsonl", 62),
        ("0 s", "b.jsonl", 1),
        ("1 min", "a.jsonl", 64),
    ]


def test_newcomers_come_first_with_their_first_record(case: Path) -> None:
    rows = part(case, "seen")["rows"]
    assert [(r["value"], r["first_record"]) for r in rows if r["what"] == "actor"] == [
        ("bob", 1),
        ("eve", 61),
        ("ann", 1),
    ]


def test_every_part_is_text_and_json(case: Path) -> None:
    shown = [word for name in PartName for word in ("--show", name.value)]
    more = (*shown, "--around", "a.jsonl:1", *HOURS, "--count", "3")
    made = document("timeline", "timeline", case, *more)
    assert [each["part"] for each in made["parts"]] == list(PartName)
    assert all(each["rows"] or each["part"] in {"bursts", "repeats"} for each in made["parts"])
    said = workbench("timeline", case, *more).stdout
    assert "3 of 64 are shown (--count)." in said


@pytest.mark.parametrize("name", ["gaps", "seen", "around"])
def test_csv_has_the_rows_of_json(case: Path, name: str) -> None:
    more = ("--around", "a.jsonl:1")
    rows = part(case, name, *more)["rows"]
    out = workbench("timeline", case, "--show", name, *more, "--csv").stdout
    table = list(csv.DictReader(io.StringIO(out)))
    assert [set(row) for row in table] == [set(row) for row in rows]
    assert table


def test_overview_reads_from_the_top(case: Path) -> None:
    said = workbench("timeline", case, *HOURS).stdout
    titles = [
        "Sources:",
        "Events over",
        "Gaps:",
        "Bursts:",
        "Clock regressions:",
        "Outside working",
    ]
    places = [said.index(title) for title in titles]
    assert places == sorted(places)
    assert "1 records claim no readable time" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--around", "a.jsonl:9999"), "There is no record 9,999"),
        (("--around", "b.jsonl:2"), "Record 2 claims no readable time"),
        (("--around", "nowhere:1"), "No source is called nowhere"),
        (("--around", "a.jsonl"), "a.jsonl is no place"),
        (("--within", "soon"), "soon is not a span of time"),
        (("--hours", "08:00-18:00"), "Working hours need both"),
        (("--hours", "18:00-08:00", "--zone", "UTC"), "18:00-08:00 are no working hours"),
        (("--hours", "08:00-18:00", "--zone", "Mars/Base"), "There is no time zone Mars/Base"),
        (("--hours", "08:00-18:00", "--zone", "UTC", "--days", "x"), "x are no days"),
        (("--show", "off-hours"), "Say when people work"),
        (("--show", "around"), "Say around which record"),
        (("--csv",), "CSV is of one part"),
        (("acton:x",), "There is no field acton"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(
    case: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = workbench("timeline", case, *arguments)
    assert done.returncode == 3
    require_one_sentence(done, says)


def test_hits_name_their_records_and_the_exit_code_says_so(case: Path) -> None:
    made = document("detection", "detect", case, "--rule", "logging-stopped", code=1)
    (rule,) = made["rules"]
    assert (rule["outcome"], rule["total"]) == ("HITS", 1)
    (event,) = rule["hits"][0]["events"]
    assert (event["actor"], event["place"]["record"]) == ("eve", 61)
    said = workbench("detect", case, "--rule", "logging-stopped").stdout
    assert "StopLogging trail/main by eve [a.jsonl, record 61, byte" in said
    assert "not seen: b.jsonl: 1 records do not state action." in said


def test_record_that_a_rule_cannot_see_is_no_green(case: Path) -> None:
    assert workbench("detect", case, "--rule", "mass-delete").returncode == 2


def test_rule_that_lacks_what_must_be_stated_is_not_applicable(case: Path) -> None:
    (rule,) = document("detection", "detect", case, "--rule", "download-by-leaver", code=2)["rules"]
    assert rule["outcome"] == "NOT_APPLICABLE"
    assert "Nobody stated who left" in rule["unseen"][0]


def test_rules_without_hits_and_with_everything_seen_end_as_0(tmp_path: Path) -> None:
    log = written(tmp_path, "log.jsonl", lines([told(n, "ann", "train") for n in range(5)]))
    workbench("case", "new", tmp_path / "c.case")
    workbench("case", "add", tmp_path / "c.case", log)
    assert workbench("detect", tmp_path / "c.case", "--rule", "trail-deleted").returncode == 0
    assert workbench("detect", tmp_path / "c.case").returncode == 2


def test_case_without_events_ends_as_2(tmp_path: Path) -> None:
    workbench("case", "new", tmp_path / "c.case")
    assert workbench("detect", tmp_path / "c.case").returncode == 2
    assert workbench("timeline", tmp_path / "c.case").returncode == 0


def test_hit_can_be_made_a_finding(case: Path) -> None:
    done = workbench("detect", case, "--rule", "logging-stopped", "--finding", "logging-stopped")
    assert "Finding F-0001: Logging was stopped." in done.stdout
    shown = workbench("finding", "show", case, "F-0001").stdout
    assert "Made from: rule logging-stopped 1" in shown
    assert "a.jsonl, record 61" in shown
    refused = workbench("detect", case, "--rule", "mass-delete", "--finding", "mass-delete")
    assert refused.returncode == 3
    require_one_sentence(refused, "mass-delete has no hits")
