"""The palette searches the case; tags, notes and saved views are kept from the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.gui.cases import ALTERED, TAMPERED
from tests.gui.pages.desk import PATIENCE, acts, desk, shown
from workbench.gui.context import FindKind, Hit
from workbench.gui.looking.remarks import Remarks
from workbench.gui.pages.found import FoundPage
from workbench.gui.parts.writing import LineEdit
from workbench.gui.places import Asked, FoundIn, RecordAt
from workbench.gui.searching import _listed as listed
from workbench.model.query_fields import Area
from workbench.model.remark import Place, RemarkKind
from workbench.model.search import AreaFound, Found
from workbench.services import remarks, searching, views


@pytest.fixture
def win(qtbot, qapp, context, sample_case):
    return desk(qtbot, qapp, context.settings, sample_case, "timeline")


def tampered(win) -> int:
    standing = win.context.services.standing
    return next(s.id for s in standing.sources if s.display == TAMPERED)


def test_hits_are_grouped_by_list_with_their_counts_and_facets_narrow(win):
    find = win.context.services.find
    hits = find("priya", FindKind.ANYTHING, 40)
    heads = list(dict.fromkeys(hit.group for hit in hits))
    assert heads[0].startswith("Things · ")
    assert heads[1].startswith("Events · ")
    everything = next(hit for hit in hits if hit.place == Asked("priya"))
    assert everything.title.startswith("Show all")
    narrower = [hit for hit in hits if hit.narrow]
    assert narrower
    assert {hit.page for hit in narrower} == {""}
    less = find(narrower[0].narrow, FindKind.ANYTHING, 40)
    assert less[0].group != heads[0]


def test_every_list_with_more_than_is_shown_leads_to_all_of_it(qtbot, qapp, win):
    case, find = win.context.services.case, win.context.services.find
    for number in range(1, 5):
        remarks.add(case, RemarkKind.NOTE, Place(tampered(win), record=number), f"zebra {number}")
    rows = find("zebra", FindKind.ANYTHING, 14)
    assert rows[-1].title == "Show all 4"
    assert rows[-1].place == FoundIn(Area.NOTES, "zebra")
    for area, page in {Area.SOURCES: "evidence", Area.DIAGNOSES: "found"}.items():
        (found,) = searching.search(case, "", areas=(area,), hits=1).areas
        if found.total > 1:
            assert list(listed(found, ""))[-1].page == page
    page = FoundPage(win.context)
    qtbot.addWidget(page)
    page.reveal(rows[-1].place)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 4, timeout=PATIENCE)
    assert page.header._facts.text().endswith("4 found")
    page.table.opened.emit(page.table.rows.row_at(0))
    assert win.stack.current.id == "timeline"
    page._ask_other("actor:nobody")
    qtbot.waitUntil(lambda: "no field actor" in page.header._facts.text(), timeout=PATIENCE)


def test_palette_shows_every_list_and_the_chosen_row_is_in_sight(qtbot, win):
    palette = win.palette_layer
    palette.open("a")
    qtbot.waitUntil(lambda: len(palette.list._items) > 30, timeout=PATIENCE)
    rows = palette.list
    assert rows.height() < rows.wanted().height(), "not all of it fits"
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert rows.chosen is [item for item in rows._items if item.run][-1]
    assert rows._first > 0
    assert rows._is_in_sight(rows._chosen)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert (rows._first, rows._chosen) == (0, 1)


def test_what_is_no_query_is_looked_for_as_text_and_a_list_not_asked_is_named(win):
    find = win.context.services.find
    assert find("models:/credit-scoring", FindKind.ANYTHING, 9)[0].group.startswith("Events")
    left = [h for h in find("actor:priya", FindKind.ANYTHING, 14) if h.group == "Not asked"]
    assert [(h.title[:6], h.page, h.narrow) for h in left] == [("things", "", "")]
    none = find("actor:nobodyatall", FindKind.ANYTHING, 14)
    assert {hit.group for hit in none} == {"Nothing found; not asked"}


def test_list_that_cannot_be_asked_is_no_nothing_found(win, monkeypatch):
    damaged = AreaFound(Area.EVENTS, not_asked="the index is damaged")
    lacking = AreaFound(Area.NOTES, not_asked="no field actor")
    monkeypatch.setattr(searching, "search", lambda *_a, **_k: Found("x", (damaged, lacking), ()))
    rows = win.context.services.find("x", FindKind.ANYTHING, 14)
    said = {(hit.title, hit.detail) for hit in rows}
    assert said == {
        ("events:", "the index is damaged"),
        ("your tags and notes:", "no field actor"),
    }


def test_palette_says_nothing_found_only_once_it_has_looked(qtbot, win, monkeypatch):
    palette = win.palette_layer
    palette.open("")
    palette.field.setText("zzqqxx")
    assert palette.list.said() == "Searching…"
    qtbot.waitUntil(lambda: palette.list.said() == "Nothing found", timeout=PATIENCE)
    late = palette._asked
    palette.field.setText("zzqqxxyy")
    palette._found(late, (Hit("late", "", "", "timeline"),), "")
    assert palette.list.said() == "Searching…"
    palette._found(palette._asked, (), "The case cannot be read.")
    assert palette.list.said() == "The case cannot be read."
    palette.close_layer()


def test_facet_of_the_palette_narrows_what_is_typed(qtbot, win):
    palette = win.palette_layer
    palette.open("actor:priya")
    qtbot.waitUntil(lambda: any("Narrow" in i.title for i in palette.list._items), timeout=PATIENCE)
    rows = palette.list._items
    at = next(n for n, item in enumerate(rows) if item.title.startswith("Narrow"))
    palette._run(rows[at + 1])
    assert palette.isVisible()
    assert palette.field.text().startswith("actor:priya ")


def test_event_gets_a_tag_and_a_note_where_it_is_looked_at(qtbot, win):
    page = shown(win)
    page.reveal(RecordAt(tampered(win), ALTERED))
    qtbot.waitUntil(lambda: win.dock.inspector.findChild(Remarks) is not None, timeout=PATIENCE)
    part = win.dock.inspector.findChild(Remarks)
    assert not part.add.isEnabled()
    qtbot.keyClicks(part.tag, "looked at")
    qtbot.keyClicks(part.note, "differs from the copy")
    assert part.add.isEnabled()
    part.add.click()
    qtbot.waitUntil(lambda: acts(win)[-2:] == ["tag.add", "note.add"], timeout=PATIENCE)
    qtbot.waitUntil(lambda: part.tag.text() == "", timeout=PATIENCE)
    page.reveal(Asked("tag:looked"))
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1, timeout=PATIENCE)
    hits = win.context.services.find("differs", FindKind.ANYTHING, 9)
    assert hits[0].place == RecordAt(tampered(win), ALTERED)
    said = remarks.every(win.context.services.case)
    assert [r.kind for r in said] == [RemarkKind.TAG, RemarkKind.NOTE]
    part._take_back(said[0].number)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 0, timeout=PATIENCE)


def part_at(qtbot, win, record: int) -> Remarks:
    """Look at a record of the altered log, and return what takes its tags and notes."""
    place = Place(tampered(win), record=record)
    shown(win).reveal(RecordAt(place.source, record))

    def found():
        parts = win.dock.inspector.findChildren(Remarks)
        return next((part for part in parts if part._place == place), None)

    qtbot.waitUntil(lambda: found() is not None, timeout=PATIENCE)
    return found()


def test_what_is_typed_waits_for_its_place_until_it_is_recorded_or_discarded(qtbot, win):
    part = part_at(qtbot, win, ALTERED)
    assert not part.waiting.isVisibleTo(part)
    qtbot.keyClicks(part.note, "half a thought")
    assert part.waiting.isVisibleTo(part)
    other = part_at(qtbot, win, ALTERED + 1)
    assert (other.note.value(), other.waiting.isVisibleTo(other)) == ("", False)
    assert str(ALTERED) in win.stack.keep_typed()
    part = part_at(qtbot, win, ALTERED)
    assert part.note.value() == "half a thought"
    part.discard.click()
    assert (part.note.value(), part.waiting.isVisibleTo(part)) == ("", False)
    assert win.stack.keep_typed() == ""


def test_note_that_is_refused_after_a_tag_was_put_stays_and_the_list_shows_the_tag(qtbot, win):
    case = win.context.services.case
    part = part_at(qtbot, win, ALTERED)
    remarks.add(case, RemarkKind.NOTE, part._place, "Said before")
    qtbot.keyClicks(part.tag, "second look")
    qtbot.keyClicks(part.note, "Said before")
    part.add.click()
    qtbot.waitUntil(lambda: "already" in win.errors.sentence, timeout=PATIENCE)
    part = win.dock.inspector.findChild(Remarks)
    assert (part.tag.value(), part.note.value()) == ("", "Said before")
    texts = lambda: {label.text() for label in part.findChildren(QLabel)}  # noqa: E731
    qtbot.waitUntil(lambda: "second look" in texts(), timeout=PATIENCE)


def test_view_is_kept_with_what_narrows_it_and_used_again(qtbot, win):
    page = shown(win)
    page.reveal(Asked("actor:priya"))
    qtbot.waitUntil(lambda: page.views._query() == "actor:priya", timeout=PATIENCE)
    field = page.views.menu_of([]).findChildren(LineEdit)[0]
    qtbot.keyClicks(field, "Priya")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: acts(win)[-1] == "view.save", timeout=PATIENCE)
    page.reveal(Asked(""))
    qtbot.waitUntil(lambda: page.views._query() == "", timeout=PATIENCE)
    case = win.context.services.case
    (view,) = views.every(case)
    assert (view.area, view.query) == (Area.EVENTS, "actor:priya")
    menu = page.views.menu_of([view])
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: page.views._query() == "actor:priya", timeout=PATIENCE)
    page.views.call("Priya", "P. Raman")
    qtbot.waitUntil(lambda: acts(win)[-1] == "view.rename", timeout=PATIENCE)
    page.views.remove("P. Raman")
    qtbot.waitUntil(lambda: acts(win)[-1] == "view.remove", timeout=PATIENCE)


def test_view_of_another_list_is_never_replaced_from_the_window(qtbot, win):
    case, page = win.context.services.case, shown(win)
    views.save(case, "Mine", Area.THINGS, "owner:ann")
    page.views.save("Mine")
    qtbot.waitUntil(lambda: "already" in win.errors.sentence, timeout=PATIENCE)
    assert [(v.area, v.query) for v in views.every(case)] == [(Area.THINGS, "owner:ann")]
    views.save(case, "Ours", Area.EVENTS, "actor:ann")
    page.reveal(Asked("actor:priya"))
    qtbot.waitUntil(lambda: page.views._query() == "actor:priya", timeout=PATIENCE)
    page.views.save("Ours")
    qtbot.waitUntil(lambda: views.get(case, "Ours").query == "actor:priya", timeout=PATIENCE)


def test_whose_times_the_timeline_shows_is_said_whole_at_1280_pixels(qtbot, win):
    win.resize(1280, 800)
    facts = shown(win).header._facts
    qtbot.waitUntil(lambda: "Claimed" in facts.text(), timeout=PATIENCE)
    wide = facts.fontMetrics().horizontalAdvance(facts.text())
    qtbot.waitUntil(lambda: wide <= facts.contentsRect().width(), timeout=PATIENCE)
