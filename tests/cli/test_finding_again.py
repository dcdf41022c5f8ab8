"""``workbench search``, ``tag``, ``note`` and ``view`` as a user types them."""

import json
from pathlib import Path

import pytest
from casework import added, lines, new_case, plain_log, written
from commands import require_one_sentence, workbench


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a case over a plain log."""
    place = tmp_path_factory.mktemp("finding")
    with new_case(place) as case:
        added(case, written(place, "log.jsonl", lines(plain_log())))
    return place


def said(place: Path, *arguments: str) -> str:
    """Return what a command prints."""
    done = workbench(*arguments, cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_search_prints_counts_matches_facets_and_what_was_not_asked(place: Path) -> None:
    printed = said(place, "search", "audit", "actor:bob", "--limit", "2")
    assert "events: 7\n  1:2  " in printed
    assert "      actor: «Bob»\n" in printed
    assert "  and 5 more\n" in printed
    assert "Action: action=deploy 4, action=train 3\n" in printed
    assert "Not asked: findings, no field actor.\n" in printed
    assert printed.endswith("7 found in 1 list.\n")


def test_search_asks_one_list_where_that_is_said(place: Path) -> None:
    printed = json.loads(said(place, "search", "audit", "credit", "--area", "sources", "--json"))
    assert [each["area"] for each in printed["areas"]] == ["sources"]
    done = workbench("search", "audit", "nobody:x", cwd=place)
    require_one_sentence(done, "There is no field nobody here")


def test_tags_and_notes_are_put_found_and_taken_back(place: Path) -> None:
    assert "1:4  late" in said(place, "tag", "add", "audit", "1:4", "late", "--who", "ben")
    number = said(place, "note", "add", "audit", "1:4", "Asked the desk").split()[0]
    found = json.loads(said(place, "query", "audit", "tag:late", "--json"))["rows"]
    assert [(row["record"], row["tags"], row["notes"]) for row in found] == [
        (4, "late", "Asked the desk")
    ]
    assert "tags,notes" in said(place, "query", "audit", "record:1", "--csv").splitlines()[0]
    assert "(ben, 2" in said(place, "tag", "list", "audit", "--on", "1:4")
    assert "notes: 1\n" in said(place, "search", "audit", "desk")
    said(place, "tag", "remove", "audit", "1:4", "late")
    said(place, "note", "remove", "audit", number)
    assert said(place, "tag", "list", "audit") == "This case has no tags.\n"
    require_one_sentence(workbench("tag", "add", "audit", "nine", "x", cwd=place), "none of these")


def test_view_is_kept_used_renamed_and_removed(place: Path) -> None:
    said(place, "view", "save", "audit", "Bob", "actor:bob")
    assert said(place, "view", "list", "audit").startswith("Bob  in events: actor:bob  (")
    assert said(place, "view", "use", "audit", "Bob", "--count", "1").endswith("1 of 7 events.\n")
    said(place, "view", "rename", "audit", "Bob", "B")
    said(place, "view", "remove", "audit", "B")
    assert said(place, "view", "list", "audit") == "This case has no saved views.\n"
    require_one_sentence(workbench("view", "use", "audit", "B", cwd=place), "no view B")
