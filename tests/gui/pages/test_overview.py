"""Overview: the four answers, what to look at first, what the case has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from tests.gui.cases import ALTERED, TAMPERED
from workbench.gui.case_services import header_of
from workbench.gui.judged import judged, subjects
from workbench.gui.overview.answers import answers, counts_of
from workbench.gui.overview.coverage import read_coverage
from workbench.gui.overview.first import MOST, matters
from workbench.gui.overview.indicators import Counted, indicators
from workbench.gui.pages.overview import shares_of
from workbench.gui.parts.assurance import AssuranceBar
from workbench.gui.parts.coverage import CoverageBars, Covered, runs
from workbench.gui.parts.dimension import DimensionBlock
from workbench.gui.places import Asked, DiagnosisAt
from workbench.model.case import (
    ControlTotal,
    Finding,
    FindingState,
    JournalBreak,
    JournalState,
    Severity,
)
from workbench.model.case_source import Presence
from workbench.model.expectation import Period
from workbench.model.verdict import Dimension
from workbench.services import cases

LEFT = Qt.MouseButton.LeftButton
NONE = Counted((), 0, 0, 0)


@pytest.fixture
def case(sample_case):
    with cases.open_case(sample_case) as opened:
        yield opened


@pytest.fixture
def standing(case):
    return cases.standing(case)


def answered(standing) -> dict[Dimension, str]:
    dimensions = header_of(standing).dimensions
    return {a.dimension: a.sentence for a in answers(dimensions, subjects(standing))}


def test_header_and_overview_say_the_same_when_evidence_changed(standing):
    changed = next(each.source for each in subjects(standing) if each.source.path == TAMPERED)
    late = replace(standing, unjudged=(changed,), presence={changed.id: Presence.CHANGED})
    dimensions = header_of(late).dimensions
    found = answers(dimensions, subjects(late))
    assert {a.dimension: a.verdict for a in found if a.verdict} == dimensions
    said = answered(late)
    assert said[Dimension.TIME] == "1 of 7 subjects not verified as it is now."
    assert not any(
        "No subject" in words or "be decided: cannot" in words for words in said.values()
    )
    (gone,) = [m for m in matters(late, ()) if m.page == "evidence" and changed.display in m.title]
    assert "until it is found" not in gone.detail


def test_the_four_answers_say_how_many_subjects_and_why(standing):
    said = answered(standing)
    assert said[Dimension.INTEGRITY] == "1 of 7 subjects failed: audit-tampered/audit-log.jsonl."
    assert said[Dimension.AUTHENTICITY] == (
        "4 of 7 subjects cannot be decided: nobody signed it (3), a digest differs (1)."
    )
    assert said[Dimension.TIME] == "7 of 7 subjects cannot be decided: no trusted time."
    counts = counts_of(subjects(standing), Dimension.INTEGRITY)
    assert (counts.passed, counts.failed, counts.indeterminate) == (3, 1, 3)


def test_what_is_broken_stands_before_what_is_open(standing):
    found = matters(standing, ())
    assert found[0].title.startswith(f"Record {ALTERED:,}")
    assert isinstance(found[0].place, DiagnosisAt)
    assert len(found) <= MOST
    assert [m.severity for m in found] == sorted((m.severity for m in found), reverse=True)
    assert sum("Time" in m.title for m in found) == 1, "a reason is said once, not once a subject"


def test_a_broken_journal_a_missing_source_and_wrong_totals_are_to_be_looked_at(standing):
    source = standing.sources[0]
    total = ControlTotal("events", 10, 12)
    worse = replace(
        standing,
        journal=JournalState(9, "", JournalBreak(4, "a", "b")),
        presence={**standing.presence, source.id: Presence.MISSING},
        sources=(replace(source, totals=(total,)), *standing.sources[1:]),
    )
    grave = Finding("F-0001", "No approval", severity=Severity.HIGH)
    closed = replace(grave, id="F-0002", state=FindingState.CLOSED)
    titles = [m.title for m in matters(worse, (grave, closed))]
    assert "The journal of this case does not hold from entry 4 on" in titles[0]
    assert any("is not where it was" in title for title in titles)
    assert any("events differ by +2" in title for title in titles)
    assert any(title.startswith("F-0001") for title in titles)
    assert not any(title.startswith("F-0002") for title in titles)


def test_no_indicator_is_made_up(standing):
    named = [each.name for each in indicators(standing, NONE)]
    assert named == ["Subjects decided", "Records signed for", "Open findings"]
    first = standing.sources[0]
    compared = ControlTotal("events", 3, 3), ControlTotal("x", 1)
    more = replace(standing, sources=(replace(first, totals=compared), *standing.sources[1:]))
    found = {each.name: each for each in indicators(more, NONE)}
    assert found["Control totals that match"].value == "1"
    assert found["Control totals that match"].detail.startswith("of 1 compared")
    values = {each.name: each.value for each in indicators(standing, NONE)}
    assert values["Records signed for"] == "66.5 %", "988 of one log and all 3,000 of the other"
    assert values["Open findings"] == "0"


def test_a_number_of_subjects_leads_to_those_it_counts(qtbot, window, standing):
    for indicator in indicators(standing, NONE)[:2]:
        window.context.navigation.go(indicator.page, indicator.place)
        listed = window.stack.currentWidget().list._shown
        assert 0 < len(listed) < 7
        assert indicator.name != "Subjects decided" or len(listed) == int(indicator.value)
    window.context.navigation.go("verification", Dimension.TIME)


def test_coverage_is_by_claimed_time_over_the_period(case, standing):
    logs = [each for each in judged(standing) if each.source.events]
    found = read_coverage(case, logs, standing.engagement.period)
    assert found.is_stated
    assert [row.words for row in found.rows] == ["from end to end"] * 2
    whole = standing.engagement.period
    longer = Period(whole.first - timedelta(days=90), whole.last)
    assert all(row.is_open for row in read_coverage(case, logs, longer).rows)
    apart = Period(whole.last + timedelta(days=30), whole.last + timedelta(days=60))
    words = {row.words for row in read_coverage(case, logs, apart).rows}
    assert words == {"no event in the period"}
    assert not read_coverage(case, logs, None).is_stated
    assert read_coverage(case, [], None) is None


def test_runs_are_cut_where_events_begin_and_end():
    assert runs([0, 0, 3, 1, 0]) == [(0, 2, False), (2, 4, True), (4, 5, False)]
    assert runs([]) == []


def test_coverage_is_drawn_and_said(qtbot, theme):
    bars = CoverageBars(theme)
    qtbot.addWidget(bars)
    first = datetime(2026, 4, 1, tzinfo=UTC)
    bars.show_rows(first, first + timedelta(days=90), [Covered("log", (1, 0, 1), "silence", True)])
    bars.resize(500, 60)
    assert not bars.grab().isNull()
    assert bars.accessibleName() == "log: silence"
    bars.show_rows(first, first, [])
    assert not bars.grab().isNull()


def test_the_page_shows_answers_assurance_and_what_to_look_at_first(qtbot, window):
    made = window.stack.currentWidget()
    assert len(made.findChildren(DimensionBlock)) == 4
    qtbot.waitUntil(lambda: bool(made.findChildren(AssuranceBar)))
    (bar,) = made.findChildren(AssuranceBar)
    assert f"Broken: {ALTERED:,}" in bar.accessibleName()
    assert [level for level, _ in shares_of(bar._shown)] == [2, 1]


def test_a_range_of_the_assurance_bar_leads_to_its_records(qtbot, window):
    made = window.stack.currentWidget()
    qtbot.waitUntil(lambda: bool(made.findChildren(AssuranceBar)))
    asked = []
    window.context.navigation.asked.connect(lambda name, place: asked.append((name, place)))
    made.findChildren(AssuranceBar)[0].range_chosen.emit(1, 988)
    assert asked[0][0] == "timeline"
    assert isinstance(asked[0][1], Asked)
    assert "record:[1..988]" in asked[0][1].query


def test_without_evidence_or_verdict_the_page_says_what_to_do_next(qtbot, empty_window, tmp_path):
    from workbench.model.case import Engagement

    services = empty_window.context.services
    with qtbot.waitSignal(empty_window.context.jobs.case_changed):
        services.create(tmp_path / "new", Engagement("New"))
    made = empty_window.stack.currentWidget()
    said = [w.accessibleName() for w in made.findChildren(type(made._empty(services.standing)))]
    assert any("No evidence yet" in each for each in said)
