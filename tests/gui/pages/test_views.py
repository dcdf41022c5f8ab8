"""Views beside pages: what is odd in time, detection rules, exports compared, a moment, mappings.

One window over one case is shared by all of them; each says where it goes.
"""

import json
from collections.abc import Iterator

import pytest
from casework import added, lines, new_case, written
from PySide6.QtCore import QDeadlineTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import PatientBot
from tests.gui.pages.desk import acts
from workbench.gui.app import discover_pages, make_window
from workbench.gui.insights.asking import PARTS, Said, ask
from workbench.gui.insights.rows import Line, query_of
from workbench.gui.main_window import MainWindow
from workbench.gui.page import PageWidget
from workbench.gui.parts.tab_bar import TabBar
from workbench.gui.places import Asked, AsOfAt, RecordAt, SourceAt, ThingAt
from workbench.gui.settings import Settings
from workbench.model.case import Finding
from workbench.model.progress import Cancel, Silent
from workbench.model.timeline import PartName
from workbench.services.investigation import Events

CTRL = Qt.KeyboardModifier.ControlModifier
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
SPEC = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}  # fmt: skip
ODD = "when,who,did,to\n" + "".join(f"{1767225600 + n},ann,login,desk\n" for n in range(5))


def crate(name: str, *more: str) -> bytes:
    files = [{"@id": "train.csv", "@type": "File", "name": name}]
    files += [{"@id": each, "@type": "File", "name": each} for each in more]
    return json.dumps({"@context": CONTEXT, "@graph": [SPEC, *files]}).encode()


def told(day: int, second: int, actor: str, action: str, thing: str) -> dict[str, str]:
    time = f"2026-04-{day:02}T10:00:{second:02}Z"
    return {"time": time, "actor": actor, "action": action, "object": thing, "outcome": "success"}


LOG = [
    *(told(1, n, "ann", "train", "models:/credit/7") for n in range(30)),
    told(2, 0, "bob", "model.approve", "models:/credit/7"),
    told(3, 0, "ann", "model.deploy", "models:/credit/7"),
    told(9, 0, "eve", "StopLogging", "trail/main"),
]


@pytest.fixture(scope="module")
def win(
    qapp: QApplication, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MainWindow]:
    """Return the window with the case open, for all tests of this module."""
    folder = tmp_path_factory.mktemp("views")
    written(folder, "drop/audit.jsonl", lines(LOG))
    written(folder, "drop/a/ro-crate-metadata.json", crate("Training set"))
    written(folder, "drop/b/ro-crate-metadata.json", crate("Training data", "test.csv"))
    with new_case(folder) as case:
        added(case, folder / "drop")
        added(case, written(folder, "odd.csv", ODD.replace(",", ";").encode()))
    bot = PatientBot(request)
    made = make_window(qapp, (), pages=discover_pages(), settings=Settings(folder / "settings"))
    made.resize(1440, 900)
    made.show()
    with bot.waitSignal(made.context.jobs.case_changed):
        made.context.services.open(case.folder)
    bot.waitUntil(lambda: made.context.services.header() is not None)
    yield made
    assert made.context.jobs.close(60_000)
    made.context.services.close()
    made.close()
    made.deleteLater()


def idle(bot: PatientBot, win: MainWindow) -> None:
    bot.waitUntil(lambda: win.context.jobs.is_idle)


def gone(bot: PatientBot, win: MainWindow, page: str, place: object = None) -> PageWidget:
    win.context.navigation.go(page, place)
    idle(bot, win)
    found = win.stack.currentWidget()
    assert isinstance(found, PageWidget)
    return found


@pytest.fixture
def asked(win: MainWindow) -> Iterator[list[tuple[str, object]]]:
    """Return where the window was asked to go."""
    found: list[tuple[str, object]] = []

    def note(page: str, place: object) -> None:
        found.append((page, place))

    win.context.navigation.asked.connect(note)
    yield found
    win.context.navigation.asked.disconnect(note)


def texts(table) -> list[list[str]]:
    """Return what stands in a table, once all of it was read."""

    def all_there() -> bool:
        count = table.rows.count
        return not count.more and all(map(table.rows.row_at, range(count.rows)))

    until = QDeadlineTimer(60_000)
    while not all_there() and not until.hasExpired():
        QTest.qWait(5)
    assert all_there()
    rows = map(table.rows.row_at, range(table.rows.rowCount()))
    return [[cell.text for cell in row.cells] for row in rows if row is not None]


def picked(bot: PatientBot, win: MainWindow, table, number: int) -> None:
    table.reveal(number)
    bot.waitUntil(lambda: table.row() is not None and table.currentIndex().row() == number)
    idle(bot, win)


def log(win: MainWindow) -> int:
    """Return the source of the log."""
    standing = win.context.services.standing
    return next(s.id for s in standing.sources if s.path.endswith("audit.jsonl"))


def title(win: MainWindow) -> str:
    shown = win.dock.inspector.shown
    return shown.title if shown else ""


def test_views_of_a_page_are_in_its_head_and_a_key_apart(qtbot, win):
    page = gone(qtbot, win, "timeline")
    assert "insights" not in win.rail.items
    win.commands.run("go.view")
    assert win.stack.current.id == "insights"
    assert win.rail.items["timeline"].isChecked()
    win.commands.run("go.view")
    assert win.stack.current.id == "timeline"
    bar = page.header.findChild(TabBar)
    assert [bar.tabText(n) for n in range(bar.count())] == ["Events", "Insights"]
    bar.setCurrentIndex(1)
    assert win.stack.current.id == "insights"
    assert bar.currentIndex() == 0, "the tab of a view stays at that view"
    win.context.navigation.go("findings")
    assert win.context.acts.find("go.view").when() == "This page has one view only."


# What is odd in time


def test_each_part_says_how_many_rows_it_has_or_what_it_lacks(qtbot, win):
    page = gone(qtbot, win, "insights")
    cards = {card.key: card for card in page.parts.cards}
    assert (cards["gaps"].number, cards["regressions"].number) == ("3", "0")
    assert cards["off-hours"].foot == "not asked"
    page._choose_part("off-hours")
    assert "nothing is guessed" in page.notes.text()
    page.knobs.fields["hours"].setText("08:00-09:00")
    page.knobs.changed.emit()
    idle(qtbot, win)
    assert "State the time zone" in page.bar._error.text()
    page.knobs.fields["zone"].setText("UTC")
    page.knobs.changed.emit()
    idle(qtbot, win)
    assert page.bar._error.text() == ""
    rows = texts(page.table)
    assert ["ann", "train", "30", "30"] in [row[:4] for row in rows]


def test_a_row_leads_to_its_record_and_to_what_else_happened_then(qtbot, win, asked):
    page = gone(qtbot, win, "insights")
    page._choose_part("gaps")
    idle(qtbot, win)
    picked(qtbot, win, page.table, 0)
    assert texts(page.table)[0][0] == "6 d"
    qtbot.waitUntil(lambda: title(win) in {"StopLogging", "model.deploy"})
    page._open(page.table.row())
    assert asked[-1] == ("timeline", RecordAt(log(win), page.table.row().key.spots[0][1]))
    page = gone(qtbot, win, "insights")
    page.knobs.fields["within"].setText("2d")
    page.look_around()
    idle(qtbot, win)
    page._turn()
    idle(qtbot, win)
    assert page._part is PartName.AROUND
    assert texts(page.table)
    assert "Within 2 d of" in page.notes.text()


def test_events_of_a_row_are_as_many_as_it_says(win):
    """What a row is narrowed to is asked in the language of queries: both must count the same."""
    case = win.context.services.case
    said = Said(times="2", burst="5", hours="08:00-09:00", zone="UTC", near=(log(win), 31))
    answer = ask(case, said, Silent(), Cancel())
    assert set(answer.parts) == set(PARTS)
    counted = 0
    for name, part in answer.parts.items():
        for row, spots in zip(part.rows, part.spots or ((),) * part.total, strict=True):
            query = query_of(Line(name, row, spots), "")
            if query:
                counted += 1
                assert Events(case, query).count() == row["events"], (name, query)
    assert counted > 10


def test_bad_query_is_said_with_its_place_and_the_last_answer_stays(qtbot, win):
    page = gone(qtbot, win, "insights")
    before = page._answer
    page.ask(Said(query="nothing:("))
    idle(qtbot, win)
    assert page.bar._error.text().startswith("At character")
    assert page._answer is before
    page.reveal(Asked("actor:eve"))
    idle(qtbot, win)
    assert {card.key: card.number for card in page.parts.cards}["pivots"] == "1"


# Detection rules


def test_rules_are_asked_as_a_job_and_kept_with_what_they_could_not_see(qtbot, win, asked):
    page = gone(qtbot, win, "detection")
    assert page.header._facts.text().startswith("Not asked yet")
    assert page._why_no_finding() == "Ask the rules first."
    page.stating.hours.setText("25:00")
    page.stating.zone.setText("UTC")
    page.run.click()
    assert "no working hours" in page.stating.why.text()
    page.stating.hours.clear()
    page.run.click()
    idle(qtbot, win)
    assert acts(win)[-1] == "check.rules"
    results = {row[5]: row[4] for row in texts(page.rules)}
    assert (results["logging-stopped"], results["trail-deleted"]) == ("Hits", "No hits")
    assert results["download-by-leaver"] == "Not applicable"
    assert page._rule == "logging-stopped", "what has hits is shown first"
    assert page.words.text() == "1 hit among 33 events"
    picked(qtbot, win, page.hits, 0)
    qtbot.waitUntil(lambda: title(win) == "StopLogging")
    page._open_hit(page.hits.row())
    assert asked[-1] == ("timeline", RecordAt(log(win), 33))
    page._new_finding()
    name, draft = asked[-1]
    assert (name, type(draft)) == ("findings", Finding)
    assert [ref.locator.record for ref in draft.evidence] == [33]
    assert draft.origin == "rule logging-stopped 1"


def answered(bot: PatientBot, win: MainWindow) -> PageWidget:
    """Return the page of the rules once they were asked: tests may begin with any of these."""
    page = gone(bot, win, "detection")
    if page._ran is None:
        page.run.click()
        idle(bot, win)
    return page


def test_no_hits_are_never_green_and_limits_are_told(qtbot, win):
    page = answered(qtbot, win)
    page.reveal("trail-deleted")
    picked(qtbot, win, page.rules, [rule.id for rule in page._rules].index("trail-deleted"))
    qtbot.waitUntil(lambda: win.dock.inspector.shown.key == "rule trail-deleted")
    assert win.dock.inspector.shown.mark.value == "does not apply"
    assert [tab.title for tab in win.dock.inspector.shown.tabs] == ["Result", "Limits", "Rule"]
    assert page._why_no_finding() == "This rule has no hits."


def test_what_rules_said_is_there_when_the_case_is_looked_at_again(qtbot, win):
    answered(qtbot, win)
    win.stack.forget()
    page = gone(qtbot, win, "detection")
    qtbot.waitUntil(lambda: page._ran is not None)
    idle(qtbot, win)
    assert "1 hits" in page.header._facts.text()
    assert page._results["logging-stopped"].hits[0].events[0].event.actor == "eve"


# Exports compared


def test_two_exports_are_compared_field_by_field(qtbot, win, asked):
    page = gone(qtbot, win, "differences")
    assert page.table.nothing == "Not compared yet."
    sides = page._chosen_sides()
    assert [s.path.rpartition("drop/")[2][0] for s in sides] == ["a", "b"]
    page.run.click()
    idle(qtbot, win)
    assert page.header._facts.text().startswith("1 added")
    page._choose_kind("changed")
    idle(qtbot, win)
    change, _, name, field, before, after = texts(page.table)[0]
    assert (change, field, before, after) == ("Changed", "name", "Training set", "Training data")
    picked(qtbot, win, page.table, 0)
    qtbot.waitUntil(lambda: title(win) == name)
    page._open(page.table.row())
    assert asked[-1] == ("catalog", ThingAt(sides[1].id, page.table.row().key.key))
    assert page._places(page.table.row().key)[0][1].source == sides[0].id
    page._new_finding()
    idle(qtbot, win)
    name, draft = asked[-1]
    assert (name, len(draft.evidence)) == ("findings", 2)
    assert "Training set before, Training data after" in draft.condition


def test_other_choice_makes_what_is_shown_out_of_date(qtbot, win):
    page = gone(qtbot, win, "differences")
    page.run.click()
    idle(qtbot, win)
    page.swap.click()
    assert page.header._facts.text().startswith("Out of date")
    page.later.setCurrentIndex(page.earlier.currentIndex())
    assert page._why_no_run() == "Choose two different ones."
    page.later.setCurrentIndex(1 - page.earlier.currentIndex())


# A moment


def test_a_moment_says_what_was_in_production_and_who_had_approved_it(qtbot, win, asked):
    page = gone(qtbot, win, "as_of")
    assert page.moment.text() == "2026-04-09", "the last day of the logs where no period is stated"
    assert texts(page.table)[0][:3] == ["credit", "7", "In production"]
    assert texts(page.table)[0][5] == "bob"
    page._open(page.table.row())
    assert asked[-1] == ("timeline", RecordAt(log(win), 32))
    page = gone(qtbot, win, "as_of", AsOfAt("2026-04-02"))
    assert texts(page.table)[0][2] == "Approved"
    page.events.click()
    assert asked[-1] == ("timeline", Asked("time<=2026-04-02"))
    assert "Things, Timeline and Checks show" in page.moment.accessibleDescription()
    page = gone(qtbot, win, "as_of", AsOfAt("2026-03-01"))
    assert texts(page.table) == []
    assert "0 in production" in page.header._facts.text()


def test_what_is_no_moment_is_said_and_the_last_answer_stays(qtbot, win):
    page = gone(qtbot, win, "as_of", AsOfAt("2026-04-03"))
    page.moment.setText("yesterday")
    assert page.events.accessibleDescription() == "Name a moment."
    page.ask()
    assert page.bar._error.text().startswith("A moment is written as")
    assert texts(page.table)[0][2] == "In production"


# A mapping


def test_log_that_nothing_recognises_is_mapped_and_read(qtbot, win, asked):
    page = gone(qtbot, win, "mapping")
    card = next(c for c in page.logs.cards if c.title.endswith("odd.csv"))
    assert card.foot == "Not recognised"
    page = gone(qtbot, win, "mapping", SourceAt(int(card.key)))
    qtbot.waitUntil(lambda: page._trial is not None)
    draft = page.text.toPlainText()
    assert "time: {from: when" in draft
    page.text.setPlainText("id: [")
    page.try_it()
    idle(qtbot, win)
    assert page._why_not() == page.words.text() != ""
    assert page.keep_typed() == "The mapping of odd.csv was edited."
    page.text.setPlainText(draft.replace("# action: not found", "action: did"))
    page.try_it()
    idle(qtbot, win)
    assert page._why_not() == ""
    assert texts(page.table)[0][1:4] == ["2026-01-01 00:00:00", "ann", "login"]
    page.keep.click()
    qtbot.waitUntil(lambda: asked[-1][0] == "timeline")
    idle(qtbot, win)
    read = asked[-1][1].source
    assert Events(win.context.services.case, "action:login", sources={read}).count() == 5
    assert page.keep_typed() == ""
