"""The open case, as the window has it: acts are announced, what fails changes nothing."""

import shutil
from pathlib import Path

import pytest

from tests.gui.cases import ALTERED, TAMPERED
from workbench.gui.case_services import CaseServices
from workbench.gui.context import ANOTHER_CASE, FindKind
from workbench.gui.places import Asked, RecordAt, SourceAt
from workbench.gui.settings import Settings
from workbench.model.case import Engagement
from workbench.model.verdict import Dimension, Indication
from workbench.services import findings


@pytest.fixture
def services(jobs, tmp_path):
    made = CaseServices(jobs, Settings(tmp_path / "settings"))
    yield made
    jobs.close()
    made.close()


@pytest.fixture
def opened(qtbot, services, jobs, sample_case) -> CaseServices:
    with qtbot.waitSignal(jobs.case_changed) as caught:
        services.open(sample_case)
    assert caught.args == [ANOTHER_CASE]
    return services


def test_without_a_case_nothing_is_said_and_nothing_is_done(services, jobs):
    done = []
    services.read(done.append)
    services.act("Add", lambda *_: done.append(1))
    assert services.header() is None
    assert services.find("x", FindKind.ANYTHING, 5) == ()
    assert jobs.is_idle
    assert not done


def test_the_header_says_how_the_case_stands(opened):
    header = opened.header()
    assert header.title == "One quarter of a credit-scoring team"
    assert header.dimensions[Dimension.INTEGRITY].indication is Indication.FAILED
    assert header.sources == len(opened.standing.sources)
    assert header.journal_entries == opened.standing.journal.entries


def test_an_act_is_announced_after_the_standing_was_made_anew(qtbot, opened, jobs):
    seen = []
    before = opened.header().journal_entries
    jobs.case_changed.connect(lambda c: seen.append((c.areas, opened.header().journal_entries)))
    finding = findings.Finding("", "An approval was altered")
    with qtbot.waitSignal(jobs.case_changed):
        opened.act("Add finding", lambda case, _p, _c: findings.add(case, finding))
    assert seen == [(frozenset({"findings", "journal"}), before + 1)]


def test_what_an_act_did_before_it_failed_is_announced(qtbot, opened, jobs):
    def work(case, _progress, _cancel):
        findings.add(case, findings.Finding("", "One"))
        raise findings.UsageError("Enough.")

    told = []
    with qtbot.waitSignal(jobs.case_changed):
        opened.act("Add findings", work, on_failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].sentence == "Enough."


def test_a_case_that_cannot_be_opened_leaves_the_one_that_is_open(qtbot, opened, jobs, tmp_path):
    with qtbot.waitSignal(jobs.faulted) as caught:
        opened.open(tmp_path / "none.case")
    assert "is not a case" in caught.args[0].sentence
    assert opened.header() is not None


@pytest.mark.parametrize("how", ["make", "keep"])
def test_no_case_is_made_or_moved_into_the_evidence_of_the_one_that_is_open(
    qtbot, opened, jobs, how, request
):
    place = Path(opened.standing.deliveries[0].place) / "sub.case"
    request.addfinalizer(lambda: shutil.rmtree(place, ignore_errors=True))
    with qtbot.waitSignal(jobs.faulted) as caught:
        if how == "make":
            opened.create(place, Engagement("Next"))
        else:
            opened.keep(place)
    assert "never written to" in caught.args[0].sentence
    assert not place.exists()
    assert opened.case.folder.is_dir()


def test_a_new_case_takes_the_place_of_the_one_that_is_open(qtbot, opened, jobs, tmp_path):
    before = opened.case
    with qtbot.waitSignal(jobs.case_changed):
        opened.create(tmp_path / "next", Engagement("Next"))
    assert opened.header().title == "Next"
    assert not opened.header().dimensions, "nothing was verified yet"
    assert before._lock is None, "the one before was closed"


def test_what_is_searched_is_found_with_the_page_that_shows_it(opened):
    hits = opened.find("audit-tampered", FindKind.ANYTHING, 9)
    assert hits[0].page == "evidence"
    assert isinstance(hits[0].place, SourceAt)
    assert any(
        hit.page == "catalog" for hit in opened.find("credit-scoring", FindKind.ANYTHING, 30)
    )
    assert opened.find('") OR (', FindKind.ANYTHING, 9) == ()


def test_records_and_actors_are_found_by_their_prefix(opened):
    records = opened.find(f"{ALTERED:,}", FindKind.RECORDS, 9)
    assert {hit.place.record for hit in records} == {ALTERED}
    assert any(hit.detail.startswith(TAMPERED) for hit in records)
    assert all(isinstance(hit.place, RecordAt) for hit in records)
    (actor,) = opened.find("priya", FindKind.ACTORS, 9)
    assert isinstance(actor.place, Asked)
    assert not opened.find("x" * 3, FindKind.RECORDS, 9)


def test_the_case_is_written_by_the_name_of_the_settings(qtbot, services, jobs, tmp_path):
    services._settings.choose("who", "Ana Ruiz")
    with qtbot.waitSignal(jobs.case_changed):
        services.create(tmp_path / "mine", Engagement("Mine"))
    assert services.case.who == "Ana Ruiz"
    assert (Path(services.case.folder) / "case.sqlite").is_file()
