"""Whole cases: opened, kept, left; work that is stopped half-way, a window that is closed."""

import json
import time
from pathlib import Path

import pytest

from tests.gui.pages.conftest import opened, without_case
from workbench.gui import recent
from workbench.gui.case_acts import CaseActs
from workbench.gui.parts.diagnosis import DiagnosisCard
from workbench.gui.places import SourceAt
from workbench.model.progress import Cancel
from workbench.model.verdict import Dimension
from workbench.services import cases, sample
from workbench.services.investigation import Events
from workbench.services.verification import case as verification
from workbench.store.index_files import NEW


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def window(qtbot, context):
    yield without_case(qtbot, context)
    context.jobs.close()
    context.services.close()


@pytest.fixture
def sample_window(qtbot, context, sample_case):
    yield opened(qtbot, context, sample_case)
    context.jobs.close()
    context.services.close()


@pytest.fixture
def stuck(monkeypatch):
    """Verification that goes on until it is stopped."""

    def judge(_case, _request, *, progress, cancel: Cancel, **_more):
        for done in range(1, 10_000):
            progress.advance(done, 10_000, "log")
            cancel.check()
            time.sleep(0.01)

    monkeypatch.setattr(verification, "verify_case", judge)


def idle(qtbot, window):
    qtbot.waitUntil(lambda: window.context.jobs.is_idle, timeout=60_000)


def running(window, title: str):
    return next((job for job in window.context.jobs.running if job.title == title), None)


def test_verification_that_is_stopped_leaves_the_case_valid_and_says_what_stays_unverified(
    qtbot, window, stuck
):
    services, said = window.context.services, []
    window.context.notices.said.connect(said.append)
    window.context.notices.drop([sample.load().evidence])
    qtbot.waitUntil(lambda: running(window, "Verify all sources") is not None, timeout=60_000)
    window.context.jobs.cancel(running(window, "Verify all sources").id)
    idle(qtbot, window)
    assert any("7 subjects stay unverified" in sentence for sentence in said), said
    assert len(services.standing.unjudged) == 7
    assert services.header().dimensions == {}, "never a provisional verdict"
    folder = services.case.folder
    services.close()
    with cases.open_case(folder) as again:
        assert cases.standing(again).journal.broken is None
        assert len(cases.standing(again).sources) == 20


def test_real_verification_that_is_stopped_in_the_middle_leaves_no_half_of_an_index(
    qtbot, window, monkeypatch
):
    real, reached = verification.verify_case, []

    class Stops:
        def __init__(self, cancel: Cancel) -> None:
            self.cancel = cancel

        def advance(self, done, _total, what):
            reached.append((done, what))
            if len(reached) == 5:
                self.cancel.set()

    def judge(case, request, *, progress, cancel, **more):
        return real(case, request, progress=Stops(cancel), cancel=cancel, **more)

    monkeypatch.setattr(verification, "verify_case", judge)
    said = []
    window.context.notices.said.connect(said.append)
    window.context.notices.drop([sample.load().evidence])
    qtbot.waitUntil(
        lambda: any("Verification was stopped" in each for each in said), timeout=90_000
    )
    services = window.context.services
    idle(qtbot, window)
    assert len(reached) >= 5
    assert services.standing.verification is None
    assert len(services.standing.unjudged) == 7
    assert [e.act for e in cases.journal_entries(services.case)] == ["case.new", "evidence.add"]
    index = services.case.folder / "index"
    assert not [entry.name for entry in index.glob(f"{NEW}*")]
    monkeypatch.setattr(verification, "verify_case", real)
    window.commands.run("case.verify_all")
    qtbot.waitUntil(lambda: not services.standing.unjudged, timeout=90_000)
    idle(qtbot, window)
    assert Events(services.case).count() == 6000, "what was stopped can be done again"


def test_verdicts_of_before_stay_when_verifying_again_is_stopped(qtbot, sample_window, stuck):
    said = []
    sample_window.context.notices.said.connect(said.append)
    before = dict(sample_window.context.services.header().dimensions)
    sample_window.commands.run("case.verify_all")
    qtbot.waitUntil(lambda: running(sample_window, "Verify all sources") is not None)
    sample_window.context.jobs.cancel(running(sample_window, "Verify all sources").id)
    idle(qtbot, sample_window)
    assert any("stay as they are" in sentence for sentence in said), said
    assert sample_window.context.services.header().dimensions == before


def test_intake_that_is_stopped_takes_nothing_in(qtbot, window, monkeypatch):
    def add(_case, _paths, *, cancel, **_more):
        for _ in range(10_000):
            cancel.check()
            time.sleep(0.01)

    monkeypatch.setattr(cases, "add_evidence", add)
    said = []
    window.context.notices.said.connect(said.append)
    window.context.notices.drop([sample.load().evidence])
    qtbot.waitUntil(lambda: running(window, "Take in evidence") is not None)
    window.context.jobs.cancel(running(window, "Take in evidence").id)
    idle(qtbot, window)
    assert any("Nothing was taken in" in sentence for sentence in said)
    assert window.context.services.standing.sources == ()


def test_a_window_closed_with_a_job_running_stops_it_and_lets_go_of_the_case(
    qtbot, sample_window, sample_case, stuck
):
    sample_window.commands.run("case.verify_all")
    qtbot.waitUntil(lambda: running(sample_window, "Verify all sources") is not None)
    assert not sample_window.close()
    with qtbot.waitSignal(sample_window.closed):
        assert sample_window.close()
    with cases.open_case(sample_case, write=True) as again:
        assert again.writable, "the next writer gets in"
        assert cases.standing(again).verification is not None


def test_another_case_is_not_opened_while_work_runs(qtbot, sample_window, tmp_path, stuck):
    failed = []
    sample_window.context.notices.failed.connect(failed.append)
    before = sample_window.context.services.case
    sample_window.commands.run("case.verify_all")
    qtbot.waitUntil(lambda: running(sample_window, "Verify all sources") is not None)
    sample_window.context.notices.drop([before.folder])
    assert "Work is running" in failed[0].sentence
    assert sample_window.context.services.case is before
    sample_window.context.jobs.cancel(running(sample_window, "Verify all sources").id)
    idle(qtbot, sample_window)


def test_a_case_that_is_dropped_is_opened_and_remembered(qtbot, window, sample_case):
    with qtbot.waitSignal(window.context.jobs.case_changed):
        window.context.notices.drop([sample_case])
    assert window.stack.current.id == "overview"
    idle(qtbot, window)
    (case,) = recent.recents(window.context.settings)
    assert (case.title, case.verdict) == (
        "One quarter of a credit-scoring team",
        "FAILED: integrity",
    )
    assert Path(case.place) == sample_case.resolve()
    assert json.dumps(window.context.settings.remembered("recent")), "plain JSON"


def test_a_quick_look_is_kept_where_the_user_says(qtbot, window, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"time": "2026-05-01T00:00:00Z"}\n')
    window.context.notices.drop([log])
    services = window.context.services
    qtbot.waitUntil(
        lambda: services.standing is not None and services.standing.verification is not None,
        timeout=60_000,
    )
    idle(qtbot, window)
    assert services.is_quick
    before = services.case.folder
    assert before.is_relative_to(tmp_path / "data")
    with qtbot.waitSignal(window.context.jobs.case_changed):
        services.keep(tmp_path / "kept")
    assert services.case.folder == tmp_path / "kept.case"
    assert not services.is_quick
    assert not before.exists()
    assert len(services.standing.sources) == 1


def test_a_case_is_not_kept_over_another_one(qtbot, sample_window, tmp_path):
    services = sample_window.context.services
    folder = services.case.folder
    (tmp_path / "there.case").mkdir()
    with qtbot.waitSignal(sample_window.context.jobs.faulted) as caught:
        services.keep(tmp_path / "there.case")
    assert "exists already" in caught.args[0].sentence
    assert services.case.folder == folder
    assert services.case.writable


def test_closing_a_case_leads_back_to_the_start(qtbot, sample_window):
    with qtbot.waitSignal(sample_window.context.jobs.case_changed):
        sample_window.commands.run("case.close")
    assert sample_window.stack.current.id == "start"
    assert not sample_window.rail.isVisible()
    assert sample_window.context.services.header() is None


def test_the_sample_case_is_verified_with_its_trust_and_found_again(qtbot, window):
    services = window.context.services
    window.commands.run("case.sample")
    qtbot.waitUntil(
        lambda: services.standing is not None and services.standing.verification is not None,
        timeout=90_000,
    )
    idle(qtbot, window)
    subjects = {s.path: s.verdict for s in services.standing.verification.subjects}
    assert (
        subjects["evidence/audit/audit-log.jsonl"].authenticity.code
        == "aldermoor.example/audit-log"
    )
    assert services.header().dimensions[Dimension.INTEGRITY].code == "RECORD_ALTERED"
    folder, entries = services.case.folder, services.standing.journal.entries
    with qtbot.waitSignal(window.context.jobs.case_changed):
        window.commands.run("case.close")
    with qtbot.waitSignal(window.context.jobs.case_changed):
        window.commands.run("case.sample")
    idle(qtbot, window)
    assert services.case.folder == folder
    assert services.standing.journal.entries == entries, "it is not verified twice"


def test_a_case_that_cannot_be_written_is_opened_for_reading_and_says_why(
    qtbot, context, sample_case
):
    window = without_case(qtbot, context)
    with cases.open_case(sample_case, write=True):
        with qtbot.waitSignal(context.jobs.case_changed):
            context.services.open(sample_case)
        why = context.services.header().read_only
        assert "being written to by another program" in why
        assert "open it for reading" not in why, "that is done already"
        assert "open for reading only" in window.top.case.accessibleName()
        assert not window.stack.currentWidget().again.isEnabled()
        assert window.stack.current.id == "overview"
        assert why in window.stack.currentWidget().header._facts.text()
        refused = []
        window.commands.refused.connect(refused.append)
        window.commands.run("case.verify_all")
        assert why in refused[0]
        context.navigation.go("verification")
        page = window.stack.currentWidget()
        assert not page.again.isEnabled()
        window.commands.run("finding.new")
        assert why in refused[1]
        qtbot.waitUntil(lambda: page.findChild(DiagnosisCard) is not None)
        assert not page.findChild(DiagnosisCard).finding.isEnabled()
        failed = []
        context.notices.failed.connect(failed.append)
        context.notices.drop([sample_case.parent])
        assert failed[0].sentence == why
        context.jobs.close()
        context.services.close()


def test_a_secret_decides_what_a_keyed_log_could_not_show_without_it(qtbot, sample_window):
    services, path = sample_window.context.services, "evidence/audit/audit-log.jsonl"
    (acts,) = sample_window.findChildren(CaseActs)

    def notes() -> str:
        subjects = {s.path: s.verdict for s in services.standing.verification.subjects}
        return " ".join(subjects[path].notes)

    sample_window.commands.run("case.verify_all")
    qtbot.waitUntil(lambda: "3,000 right" not in notes(), timeout=90_000)
    idle(qtbot, sample_window)
    acts.take_secret([Path(sample.load().secrets[0])])
    sample_window.commands.run("case.verify_all")
    qtbot.waitUntil(lambda: "3,000 right" in notes(), timeout=90_000)
    idle(qtbot, sample_window)
    assert (
        not (services.case.folder / "case.sqlite")
        .read_bytes()
        .count(Path(sample.load().secrets[0]).read_bytes().strip())
    ), "the secret is nowhere in the case"


def test_what_is_dropped_on_an_open_case_is_added_to_it(qtbot, sample_window, tmp_path):
    services = sample_window.context.services
    log = tmp_path / "more.jsonl"
    log.write_text('{"time": "2026-05-01T00:00:00Z"}\n')
    sample_window.context.notices.drop([log])
    qtbot.waitUntil(lambda: len(services.standing.sources) == 21, timeout=60_000)
    qtbot.waitUntil(lambda: not services.standing.unjudged, timeout=90_000)
    idle(qtbot, sample_window)
    sample_window.context.navigation.go("evidence", SourceAt(21))
