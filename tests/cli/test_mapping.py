"""``workbench mapping``: list, show, draft and try, and what reads a log by one."""

import json
from pathlib import Path

import pytest

from tests.commands import workbench
from tests.formats.plain_logs import KUBERNETES, lines, written

APPROVED = {"time": "2026-03-12T10:00:00Z", "user": "ann", "action": "approve", "x": {"y": 1}}
DEPLOYED = {"time": "2026-03-12T10:00:01Z", "user": "bob", "action": "deploy"}
GOOD = lines([APPROVED])
LOG = GOOD + "{oops\n" + lines([DEPLOYED] * 3 + [{**DEPLOYED, "time": "soon"}])


def test_mappings_are_listed_with_what_they_were_made_from() -> None:
    out = workbench("mapping", "list").stdout
    assert "gcp-audit" in out
    lines_of = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert "made from documentation only" in lines_of["azure-activity"]
    assert "documentation" not in lines_of["kubernetes-audit"]


def test_a_mapping_is_explained_and_printed() -> None:
    out = workbench("mapping", "show", "cef").stdout
    assert "made from documentation only" in out
    assert "/suser, else /suid" in out
    assert "id: cef" in workbench("mapping", "show", "cef", "--yaml").stdout.splitlines()


def test_a_draft_is_tried_and_what_failed_has_its_place(tmp_path: Path) -> None:
    log, draft = written(tmp_path, LOG, "x.jsonl"), tmp_path / "mine.yaml"
    made = workbench("mapping", "draft", log, "-o", draft)
    assert (made.returncode, f"workbench mapping try {draft} {log}" in made.stdout) == (0, True)
    tried = workbench("mapping", "try", draft, log)
    assert tried.returncode == 2
    assert "not mapped: x.y = 1" in tried.stdout
    assert f"record 2, byte {len(GOOD) + 1}: " in tried.stdout
    assert "no time: soon" in tried.stdout
    assert "found: time in 4, actor in 5, action in 5" in tried.stdout
    assert workbench("mapping", "draft", log, "-o", draft).returncode == 3


def test_a_log_without_a_mapping_says_so_and_one_with_it_is_read(tmp_path: Path) -> None:
    log, draft = written(tmp_path, LOG, "x.jsonl"), tmp_path / "mine.yaml"
    assert "workbench mapping draft proposes one" in workbench("inspect", log).stdout
    workbench("mapping", "draft", log, "-o", draft)
    done = workbench("inspect", log, "--mapping", draft, "--json")
    (source,) = json.loads(done.stdout)["sources"]
    assert (source["version"], source["counts"]) == ("my-x", {"events": 6})
    assert [p["code"] for p in source["problems"]] == ["MALFORMED_RECORD", "NO_EVENT_TIME"]


def test_a_case_takes_a_mapping_with_the_evidence(tmp_path: Path) -> None:
    log, draft, case = written(tmp_path, LOG, "x.jsonl"), tmp_path / "mine.yaml", tmp_path / "c"
    workbench("mapping", "draft", log, "-o", draft)
    workbench("case", "new", case)
    made = workbench("case", "add", case, log, "--mapping", draft)
    assert "6 events" in made.stdout
    asked = workbench("query", case, "actor:ann", "--json")
    assert json.loads(asked.stdout)["total"] == 1


@pytest.mark.parametrize("text", ["id: cef\ntitle: x\naction: a\n", "action: [\n", "id: x\n"])
def test_a_mapping_that_is_none_stops_the_work(tmp_path: Path, text: str) -> None:
    log = written(tmp_path, LOG, "x.jsonl")
    done = workbench("inspect", log, "--mapping", written(tmp_path, text, "bad.yaml"))
    assert (done.returncode, done.stdout) == (3, "")


def test_a_mapping_that_ships_is_tried_on_a_log(tmp_path: Path) -> None:
    log = written(tmp_path, lines([KUBERNETES]), "k.log")
    done = workbench("mapping", "try", "kubernetes-audit", log)
    assert done.returncode == 0
    assert "action   delete" in done.stdout


def test_of_a_file_that_nothing_recognises_it_is_said_how_it_may_be_read(tmp_path: Path) -> None:
    log = written(tmp_path, lines([{"A": "17", "B": "sshd"}]), "journal.json")
    out = workbench("inspect", log).stdout
    assert "context, unknown" in out
    assert "workbench mapping draft proposes how" in out
    draft = tmp_path / "mine.yaml"
    assert workbench("mapping", "draft", log, "-o", draft).returncode == 0
    empty = workbench("mapping", "try", draft, log)
    assert empty.returncode == 3
    assert "the file must say at least where the time or the action stands" in empty.stderr
