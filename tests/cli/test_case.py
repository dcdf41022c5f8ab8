"""A case from the command line: the same as from the window, with its exit codes."""

import csv
import io
import json
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from casework import lines, plain_log, written
from commands import require_one_sentence, start, workbench

from workbench import resources
from workbench.sign.keys import public_pem


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with evidence, a key and a case that was verified once."""
    place = tmp_path_factory.mktemp("place")
    builder = LogBuilder("workbench", 12)
    written(place, "evidence/log.head", builder.head())
    builder.edit(5)
    written(place, "evidence/log.jsonl", builder.data())
    written(place, "plain.jsonl", lines([*plain_log(), {"actor": "=1+1", "time": "soon"}]))
    written(place, "log.pem", public_pem(KEY.public_key()))
    done = workbench(
        "case", "new", "q2", "--title", "Second quarter", "--number", "7", "--team", "ann",
        "--period", "2026-03-01..2026-03-01", "--who", "ann", cwd=place,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert workbench("trust", "add", "q2", "log=log.pem", cwd=place).returncode == 0
    done = workbench(
        "case", "add", "q2", "evidence", "plain.jsonl", "--verify", "--from", "IT",
        "--total", "plain.jsonl:events=21", cwd=place,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr + done.stdout
    assert "RECORD_ALTERED" in done.stdout
    assert "events: stated 21, match" in done.stdout
    return place


def run(place: Path, *arguments: str) -> str:
    """Run a command that should do what it is asked, and return what it printed."""
    done = workbench(*arguments, cwd=place)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout


def asked(place: Path, *arguments: str) -> dict[str, object]:
    """Return what a query prints as JSON, which must be of its schema."""
    import jsonschema

    document = json.loads(run(place, "query", "q2", *arguments, "--json"))
    schema = json.loads(resources.path("schemas", "query.schema.json").read_text())
    jsonschema.validate(document, schema)
    return document


def test_case_shows_how_it_stands(place: Path) -> None:
    out = run(place, "case", "show", "q2")
    assert "Second quarter (7)" in out
    assert "Integrity FAILED" in out
    assert "evidence/log.jsonl  (subject, chain, here, 12 events)" in out
    assert "events: stated 21, counted 21: match" in out


def test_case_as_json_is_of_its_schema(place: Path) -> None:
    import jsonschema

    document = json.loads(run(place, "case", "show", "q2", "--json"))
    schema = json.loads(resources.path("schemas", "case.schema.json").read_text())
    jsonschema.validate(document, schema)
    assert document["engagement"]["number"] == "7"
    assert document["journal"]["entries"] == 5
    assert [s["path"] for s in document["sources"] if s["role"] == "subject"] == [
        "evidence/log.jsonl",
        "plain.jsonl",
    ]


def test_exit_code_of_a_verification_is_the_verdict(place: Path) -> None:
    done = workbench("case", "verify", "q2", "--json", cwd=place)
    document = json.loads(done.stdout)
    assert (done.returncode, document["exit"]) == (1, 1)
    assert document["case"]["integrity"]["indication"] == "FAILED"


def test_events_are_found_and_counted(place: Path) -> None:
    found = asked(place, "actor:ann outcome:success")
    assert found["total"] == len(found["rows"]) == 5
    assert "5 of 5 events." in run(place, "query", "q2", "actor:ann outcome:success")
    broken = asked(place, "flag:broken")
    assert [row["record"] for row in broken["rows"]] == [5]
    last = asked(place, "", "--sort", "time", "--descending", "--first", "33", "--count", "0")
    assert [row["time"] for row in last["rows"]] == ["soon"]


def test_csv_is_safe_to_open(place: Path) -> None:
    out = run(place, "query", "q2", "source:plain", "--csv", "--count", "0")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 21
    assert rows[-1]["actor"] == "'=1+1"


@pytest.mark.parametrize("area", ["things", "relations", "sources", "diagnoses", "journal"])
def test_every_list_can_be_asked(place: Path, area: str) -> None:
    assert asked(place, "", "--in", area)["list"] == area
    assert run(place, "query", "q2", "--in", area, "--fields")


def test_exported_journal_is_verified(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "journal.jsonl"
    said = run(place, "case", "journal", "q2", "--export", str(out))
    head = said.split("head ")[1].split(".")[0]
    done = workbench("verify", out, "--expect-head", head, "--require", "integrity,completeness")
    assert done.returncode == 0, done.stdout
    assert "workbench-journal" in done.stdout
    again = workbench("case", "journal", "q2", "--export", out, cwd=place)
    require_one_sentence(again, "exists already")
    assert "case.new" in run(place, "case", "journal", "q2")


def test_cases_are_listed_and_one_that_cannot_be_opened_has_its_reason(place: Path) -> None:
    (place / "broken.case").mkdir(exist_ok=True)
    out = run(place, "case", "list")
    assert "broken.case  broken.case is not a case" in out
    assert "q2.case  Second quarter (7): 3 sources" in out
    assert "There is no case" in run(place, "case", "list", "evidence")


def test_identity_is_trusted_shown_and_removed(place: Path) -> None:
    who = ("--identity", "ann@example.org", "--issuer", "https://issuer.example")
    window = ("--role", "model", "--from", "2026-01-01", "--to", "2026-12-31", "--source", "letter")
    out = run(place, "trust", "add", "q2", *who, *window)
    number = out.split()[0]
    shown = run(place, "trust", "show", "q2", number)
    assert "ann@example.org, vouched for by https://issuer.example" in shown
    assert "valid 2026-01-01T00:00:00Z, to 2026-12-31T23:59:59.999999Z" in shown
    assert "from letter" in shown
    run(place, "trust", "remove", "q2", number)


def test_trust_is_listed_and_confirmed(place: Path) -> None:
    out = run(place, "trust", "list", "q2")
    fingerprint = out.split("SHA-256 ")[1].split()[0]
    assert "not confirmed" in out
    assert "confirmed 20" in run(place, "trust", "confirm", "q2", fingerprint, "--how", "by phone")


def test_index_is_made_anew(place: Path) -> None:
    assert "Indexed 33 events of 2 logs." in run(place, "case", "index", "q2")


REFUSED = {
    ("case", "show", "missing"): "is not a case",
    ("case", "new", "q2"): "exists already",
    ("case", "add", "q2", "missing.jsonl"): "cannot be read",
    ("case", "add", "q2", "plain.jsonl", "--total", "events"): "--total takes",
    ("case", "add", "q2", "plain.jsonl", "--total", f"events={'9' * 5000}"): "5,000 digits",
    ("case", "add", "q2", "q2.case"): "lie in one another",
    ("case", "locate", "q2", "nothing", "evidence"): "no delivery nothing",
    ("case", "verify", "q2", "--require", "luck"): "--require takes",
    ("case", "journal", "q2", "--export", "q2.case/x"): "never written to",
    ("query", "q2", "actor:"): "character 7",
    ("query", "q2", "/(/"): "regular expression",
    ("query", "q2", "--sort", "luck"): "Events are sorted by",
    ("query", "q2", "--in", "things", "--sort", "luck"): "to sort by",
    ("query", "missing", "x"): "is not a case",
    ("trust", "add", "q2", "log=missing"): "cannot be read",
    ("trust", "confirm", "q2", "abc"): "64 hex digits",
    ("trust", "add", "q2"): "Name files with their roles",
    ("trust", "add", "q2", "--identity", "a", "log=log.pem"): "Name files with their roles",
    ("trust", "add", "q2", "--identity", "*", "--issuer", "i"): "is a pattern",
    ("trust", "add", "q2", "--identity", "a", "--issuer", "i", "--role", "x"): "--role takes",
    ("trust", "show", "q2", "99"): "no trusted key 99",
    ("trust", "remove", "q2", "9"): "no trusted key 9",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_cannot_be_done_is_one_sentence(place: Path, arguments: tuple[str, ...]) -> None:
    require_one_sentence(workbench(*arguments, cwd=place), REFUSED[arguments])


def test_second_writer_is_told_so(place: Path) -> None:
    from workbench.services import cases

    with cases.open_case(place / "q2.case", who="ann", write=True):
        done = workbench("case", "add", "q2", "log.pem", cwd=place)
        require_one_sentence(done, "being written to by another program")
        assert run(place, "query", "q2", "flag:broken")


def test_changed_journal_is_warned_of_in_every_command(place: Path, tmp_path: Path) -> None:
    import shutil
    import sqlite3
    from contextlib import closing

    copy = shutil.copytree(place / "q2.case", tmp_path / "copy.case")
    with closing(sqlite3.connect(copy / "case.sqlite")) as connection:
        connection.execute("UPDATE journal SET who = 'nobody' WHERE number = 2")
        connection.commit()
    for arguments in (("case", "show"), ("trust", "list"), ("query",)):
        out = run(tmp_path, *arguments, "copy")
        assert "Warning: the journal of this case does not hold from entry 2 on" in out


def test_interrupted_intake_leaves_the_case_as_it_was(place: Path, tmp_path: Path) -> None:
    import signal
    import time

    big = written(tmp_path, "big.jsonl", lines(plain_log(700)) * 300)
    process = start("case", "add", "q2", big, cwd=place)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in {0, 3}
    assert len(asked(place, "", "--in", "sources")["rows"]) == 3 + (process.returncode == 0)
