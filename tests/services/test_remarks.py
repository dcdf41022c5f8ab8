"""Tags, notes and views: on record for ever, found again, and no row of the index away."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from casework import added, again, lines, new_case, plain_log, written

from workbench.errors import QueryError, StoreError, UsageError
from workbench.formats.thing_key import key_of
from workbench.model.catalog import Thing, ThingKind
from workbench.model.locator import Locator
from workbench.model.query_fields import Area
from workbench.model.remark import MOST_NOTE, MOST_TAG, Place, RemarkKind, place_of
from workbench.services import cases, investigation, remarks, searching, views
from workbench.services.investigation import Events
from workbench.store import catalog, journal
from workbench.store.case_store import CaseStore

TAG, NOTE = RemarkKind
LOG = Place(1)
EVENT, THING = Place(1, record=4), Place(1, "run/a:b/c")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    """Yield a case with a log, a copy of it, and a thing."""
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "log.jsonl", lines(plain_log())))
        added(case, written(tmp_path, "other.jsonl", lines(plain_log(7))))
        with case.acting("test.catalog") as act:
            place = Locator("log.jsonl", record=1)
            for key in (THING.key, "run/d"):
                catalog.put(act.session, 1, [Thing(ThingKind.RUN, "", key, "x", place)])
        yield case


def records(case: CaseStore, query: str) -> list[tuple[int, int | None]]:
    """Return source and record of the events that satisfy a query."""
    rows = Events(case, query).page(first=0, count=99)
    return [(row.source, row.event.locator.record) for row in rows]


def listed(case: CaseStore, area: Area, query: str) -> int:
    """Return how many rows of a list satisfy a query."""
    return investigation.listed(case, area, query).total


def test_tags_and_notes_are_asked_for_like_any_field(case: CaseStore) -> None:
    remarks.add(case, TAG, EVENT, "To check")
    remarks.add(case, NOTE, EVENT, "Ann was on leave")
    remarks.add(case, TAG, THING, "to check")
    remarks.add(case, TAG, LOG, "late")
    assert records(case, "tag:check") == records(case, "note:LEAVE") == [(1, 4)]
    assert records(case, 'tag="to check"') == []
    assert records(case, "tag:/^To/") == [(1, 4)]
    assert listed(case, Area.THINGS, "tag:check") == listed(case, Area.THINGS, "tag:*") == 1
    assert listed(case, Area.SOURCES, "tag:late") == 1
    assert listed(case, Area.NOTES, "tag:check") == 2


def test_row_without_a_tag_neither_has_nor_lacks_one(case: CaseStore) -> None:
    remarks.add(case, TAG, EVENT, "a")
    remarks.add(case, TAG, THING, "a")
    everything = Events(case).count()
    assert (records(case, "tag!=a"), records(case, "NOT tag:a")) == ([], [])
    assert records(case, "tag!=b") == [(1, 4)]
    assert Events(case, "-tag:*").count() == everything - 1
    assert (listed(case, Area.THINGS, "NOT tag:a"), listed(case, Area.THINGS, "-tag:*")) == (0, 1)


def test_thing_with_two_tags_is_none_that_differs_from_either(case: CaseStore) -> None:
    remarks.add(case, TAG, THING, "a")
    remarks.add(case, TAG, THING, "b")
    assert listed(case, Area.THINGS, "tag!=a") == 0
    assert listed(case, Area.THINGS, "tag:a tag:b") == 1


def test_each_is_an_act_of_the_journal_and_taken_back_by_another(case: CaseStore) -> None:
    kept = remarks.add(case, NOTE, EVENT, "  first\nsecond ")
    assert (kept.text, kept.who, kept.place) == ("first\nsecond", "ann", "1:4")
    remarks.remove(case, kept.number)
    assert remarks.every(case) == ()
    acts = [entry.act for entry in cases.journal_entries(case)][-2:]
    assert acts == ["note.add", "note.remove"]
    assert "first" in cases.journal_entries(case)[-2].detail
    with pytest.raises(UsageError, match="has the number"):
        remarks.remove(case, kept.number)


def test_remarks_bear_on_no_verdict_and_derive_nothing(case: CaseStore) -> None:
    with case.reading() as session:
        before = journal.content(session)
    remarks.add(case, TAG, LOG, "a")
    views.save(case, "v", Area.EVENTS, "")
    with case.reading() as session:
        assert (journal.content(session), journal.stale(session)) == (before, "")


def test_remark_is_on_what_it_says_whatever_the_numbers(case: CaseStore) -> None:
    remarks.add(case, TAG, EVENT, "a")
    folder = case.folder.parent
    (folder / "log.jsonl").rename(folder / "moved.jsonl")
    with cases.create(folder / "other.case", cases.standing(case).engagement, who="ann") as other:
        added(other, folder / "other.jsonl")
        added(other, folder / "moved.jsonl")
        detail = cases.journal_entries(case)[-1].detail
        with other.acting("tag.add", subject="1:4") as act:
            from workbench.evidence.strict_json import parse

            act.detail = parse(detail.encode(), what="journal")
        assert records(other, "tag:a") == [(2, 4)]


def test_same_tag_is_put_once_and_taken_away_by_its_text(case: CaseStore) -> None:
    remarks.add(case, TAG, LOG, "e\u0301  x")
    with pytest.raises(UsageError, match="already"):
        remarks.add(case, TAG, LOG, " \u00e9 x ")
    remarks.untag(case, LOG, "é x")
    with pytest.raises(UsageError, match="no tag"):
        remarks.untag(case, LOG, "é x")


#: What cannot be said, and why not.
REFUSED = [
    (Place(9), "x", "no source 9"),
    (Place(1, "nope"), "x", "nothing with the key"),
    (Place(1, record=21), "x", "no event 21"),
    (LOG, " \n", "empty"),
    (LOG, "x" * (MOST_NOTE + 1), "at most"),
]


def test_thing_without_a_name_is_called_and_found_as_its_id_is_written(case: CaseStore) -> None:
    run = Thing(ThingKind.RUN, "", key_of("run", "y%_", "a/b"), "", Locator("log.jsonl", record=1))
    assert (run.key, run.called) == ("run/y%25_/a%2Fb", "run/y%_/a/b")
    plain = replace(run, key=key_of("run", "y%_"))
    with case.acting("test.catalog") as act:
        catalog.put(act.session, 1, [plain])
    remark = remarks.add(case, NOTE, place_of("1/run/y%_"), "Looked at")
    assert (remark.place, remark.on.key) == ("1/run/y%25_", "run/y%25_")
    assert remarks.at(case, Place(1, "run/y%25_")) == (remark,)
    (found,) = searching.search(case, "note:Looked", areas=(Area.THINGS,)).areas
    assert [(hit.title, hit.place) for hit in found.hits] == [("run/y%_", "1/run/y%25_")]
    with pytest.raises(UsageError, match="nothing with the key run/z%_"):
        remarks.add(case, NOTE, Place(1, "run/z%_"), "Looked at")


def test_nothing_is_said_of_what_is_not_there(case: CaseStore) -> None:
    for place, text, reason in REFUSED:
        with pytest.raises(UsageError, match=reason):
            remarks.add(case, NOTE, place, text)
    assert remarks.every(case) == ()


def test_tag_is_one_short_line(case: CaseStore) -> None:
    assert remarks.add(case, TAG, LOG, "two\nlines").text == "two lines"
    with pytest.raises(UsageError, match="at most"):
        remarks.add(case, TAG, LOG, "x" * (MOST_TAG + 1))


@pytest.mark.parametrize("place", [LOG, EVENT, THING, Place(3, "5:7")])
def test_place_is_read_as_it_is_written(place: Place) -> None:
    assert place_of(str(place)) == place


@pytest.mark.parametrize("text", ["", "x", "1:", "1:0", "1:x", "1/", "-1", "1 ", "1:2/3", "²"])
def test_what_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="none of these"):
        place_of(text)


def test_what_stands_after_a_break_of_the_journal_says_nothing(case: CaseStore) -> None:
    import sqlite3
    from contextlib import closing

    first = remarks.add(case, TAG, LOG, "before")
    remarks.add(case, TAG, LOG, "after")
    case.close()
    with closing(sqlite3.connect(case.folder / "case.sqlite")) as connection:
        changed = "UPDATE journal SET detail = replace(detail, 'after', 'other') WHERE number > ?"
        connection.execute(changed, (first.number,))
        connection.commit()
    assert [remark.text for remark in remarks.every(again(case))] == ["before"]


@pytest.mark.parametrize("text", ["", "\n", "\x1c", 7, None])
def test_entry_of_others_that_says_nothing_is_no_remark(
    case: CaseStore, text: str | int | None
) -> None:
    with case.acting("tag.add", subject="1") as act:
        act.detail = {"sha256": "a" * 64, "key": "", "record": 0, "text": text}
    remarks.add(case, TAG, LOG, "kept")
    assert [remark.text for remark in remarks.every(case)] == ["kept"]
    notes = searching.search(case, "", areas=(Area.NOTES,)).areas[0]
    assert (notes.total, [hit.title for hit in notes.hits]) == (1, ["kept"])


def test_text_that_is_no_utf8_is_kept_and_found_in_one_spelling(case: CaseStore) -> None:
    remarks.add(case, TAG, LOG, "a\udcff")
    with pytest.raises(UsageError, match="already"):
        remarks.add(case, TAG, LOG, "a\udcff")
    remarks.untag(case, LOG, "a\udcff")
    assert remarks.every(case) == ()
    assert views.save(case, "v\udcff", Area.EVENTS, "").name == "v\\udcff"


def test_views_are_saved_used_renamed_and_removed(case: CaseStore) -> None:
    kept = views.save(case, " Late  events ", Area.EVENTS, "time>2026-04-01 ")
    assert (kept.name, kept.query, kept.who) == ("Late events", "time>2026-04-01", "ann")
    with pytest.raises(UsageError, match="already"):
        views.save(case, "Late events", Area.EVENTS, "")
    views.save(case, "Late events", Area.THINGS, "kind:run", replace=True)
    assert views.get(case, "Late events").area is Area.THINGS
    views.rename(case, "Late events", "Runs")
    assert [view.name for view in views.every(again(case))] == ["Runs"]
    views.remove(case, "Runs")
    assert views.every(case) == ()
    acts = [entry.act for entry in cases.journal_entries(case)][-4:]
    assert acts == ["view.save", "view.save", "view.rename", "view.remove"]


def test_view_of_what_cannot_be_asked_is_not_kept(case: CaseStore) -> None:
    with pytest.raises(QueryError):
        views.save(case, "v", Area.THINGS, "actor:x")
    for name in ("", " ", "x" * 81):
        with pytest.raises(UsageError, match="1 to 80"):
            views.save(case, name, Area.THINGS, "")
    views.save(case, "a", Area.THINGS, "")
    views.save(case, "b", Area.THINGS, "")
    with pytest.raises(UsageError, match="already"):
        views.rename(case, "a", "b")
    with pytest.raises(UsageError, match="no view c"):
        views.remove(case, "c")


def test_nothing_is_said_in_a_case_that_is_open_for_reading(case: CaseStore) -> None:
    case.close()
    with cases.open_case(case.folder, who="ann", write=False) as closed:
        with pytest.raises(StoreError):
            remarks.add(closed, TAG, LOG, "a")
        with pytest.raises(StoreError):
            views.save(closed, "v", Area.EVENTS, "")
