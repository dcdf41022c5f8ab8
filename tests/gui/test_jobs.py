"""Work off the thread of the window: told of, stopped, never left behind."""

import threading
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, QThreadPool
from PySide6.QtWidgets import QApplication, QWidget

from workbench.errors import Cancelled, SourceError
from workbench.gui.amounts import Unit, amount, done_of, rate, size
from workbench.gui.faults import fault_of
from workbench.gui.frame.job_row import end_words, left_words
from workbench.gui.frame.jobs_strip import JobsStrip
from workbench.gui.jobs import JobRunner, JobState, JobView, Lane
from workbench.model.rate import Rate, span


def until_cancelled(progress, cancel):
    while True:
        cancel.check()
        progress.advance(1, 10, "x")
        time.sleep(0.005)


def test_the_answer_comes_back_on_the_thread_of_the_window(qtbot, jobs):
    seen = {}

    def work(_progress, _cancel):
        seen["work"] = threading.get_ident()
        return 42

    def done(result):
        seen["done"], seen["result"] = threading.get_ident(), result

    jobs.start("Count", work, on_done=done)
    qtbot.waitUntil(lambda: "result" in seen)
    assert seen["result"] == 42
    assert seen["done"] == threading.get_ident() != seen["work"]


def test_writes_come_one_after_another(qtbot, jobs):
    running, most, ended = [], [], []

    def work(_progress, _cancel):
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()

    for _ in range(8):
        jobs.start("Write", work, lane=Lane.WRITE, on_done=ended.append)
    qtbot.waitUntil(lambda: len(ended) == 8)
    assert max(most) == 1


def test_progress_is_drawn_at_most_ten_times_a_second(qtbot, jobs):
    views = []
    jobs.progressed.connect(views.append)

    def work(progress, _cancel):
        end = time.monotonic() + 0.5
        done = 0
        while time.monotonic() < end:
            done += 1
            progress.advance(done, None, "log.jsonl")

    with qtbot.waitSignal(jobs.ended):
        jobs.start("Verify", work)
    drawn = [view for view in views if view.done]
    assert 1 <= len(drawn) <= 7
    assert drawn[-1].what == "log.jsonl"


def test_an_ended_job_says_how_much_it_did_in_all(qtbot, jobs):
    def work(progress, _cancel):
        for name, whole in (("a", 700), ("b", 50), ("c", 50)):
            progress.advance(whole // 2, whole, name)
            progress.advance(whole, whole, name)
        progress.advance(7, 8, "a")

    with qtbot.waitSignal(jobs.ended) as caught:
        jobs.start("Take in evidence", work)
    assert caught.args[0].amount == 800
    assert end_words(caught.args[0]).startswith("800 B")


def test_one_count_over_many_things_is_not_added_up(qtbot, jobs):
    def work(progress, _cancel):
        for n in range(1, 101):
            progress.advance(n, 100, f"thing {n}")

    with qtbot.waitSignal(jobs.ended) as caught:
        jobs.start("Count", work, unit=Unit.ITEMS)
    assert caught.args[0].amount == 100


def test_nothing_is_estimated_of_what_is_all_done():
    job = JobView(1, "Verify", state=JobState.RUNNING, done=10, total=10)
    assert left_words(job) == ""
    assert left_words(replace(job, done=9)) == "estimating"


def test_a_job_is_cancelled_and_says_so(qtbot, jobs):
    job = jobs.start("Verify", until_cancelled)
    qtbot.waitUntil(lambda: jobs.running[0].state is JobState.RUNNING)
    with qtbot.waitSignal(jobs.ended) as caught:
        jobs.cancel(job)
    assert caught.args[0].state is JobState.CANCELLED
    assert "unverified" in end_words(caught.args[0])


def test_a_job_that_waits_never_begins_when_cancelled(qtbot, jobs):
    begun = []
    first = jobs.start("Write", until_cancelled, lane=Lane.WRITE)
    second = jobs.start("Write more", lambda *_: begun.append(1), lane=Lane.WRITE)
    jobs.cancel(second)
    jobs.cancel(first)
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert not begun


def test_what_could_not_be_done_is_a_sentence(qtbot, jobs):
    def work(_progress, _cancel):
        raise SourceError("log.jsonl could not be read.", place="byte 812")

    faults = []
    with qtbot.waitSignal(jobs.ended) as caught:
        jobs.start("Verify", work, on_failed=faults.append)
    assert caught.args[0].state is JobState.FAILED
    assert faults[0].sentence == "log.jsonl could not be read. [byte 812]"
    assert not faults[0].details


def test_a_fault_of_ours_goes_to_the_strip_with_its_details(qtbot, jobs):
    with qtbot.waitSignal(jobs.faulted) as caught:
        jobs.start("Verify", lambda *_: 1 / 0)
    assert "ZeroDivisionError" in caught.args[0].sentence
    assert "Traceback" in caught.args[0].details


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(2), MemoryError(), OSError(28, "No space")]
)
def test_nothing_that_is_raised_ends_the_thread_unheard(qtbot, jobs, error):
    def work(_progress, _cancel):
        raise error

    with qtbot.waitSignal(jobs.ended) as caught:
        jobs.start("Verify", work)
    assert caught.args[0].fault.sentence


def test_who_asked_is_told_that_the_user_stopped_it(qtbot, jobs):
    told = []
    job = jobs.start("Verify", until_cancelled, on_cancelled=lambda: told.append("stopped"))
    jobs.cancel(job)
    qtbot.waitUntil(lambda: told == ["stopped"])


def test_what_is_over_at_once_has_no_row(qtbot, jobs):
    started, told = [], []
    jobs.started.connect(started.append)
    jobs.start("Save", lambda *_: 4, lane=Lane.WRITE, listed=False, on_done=told.append)
    qtbot.waitUntil(lambda: told == [4])
    assert not started
    assert not jobs.running


def test_nobody_is_told_once_who_asked_is_gone(qtbot, jobs):
    told = []
    owner = QWidget()
    gone = threading.Event()
    jobs.start("Read", lambda *_: gone.wait(60), owner=owner, on_done=told.append)
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, 0)
    gone.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert not told


def test_nobody_is_told_of_a_job_that_was_dropped_after_it_was_over(qtbot, jobs):
    told = []
    dropped = jobs.start("Make pages", lambda *_: "old", on_done=told.append)
    for pool in jobs.findChildren(QThreadPool):
        assert pool.waitForDone(60_000)
    jobs.drop(dropped)
    jobs.start("Make pages", lambda *_: "new", on_done=told.append)
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert told == ["new"]


def test_who_asks_again_is_told_the_newer_answer_alone(qtbot, jobs):
    class Page:
        def __init__(self):
            self.told = []

        def show(self, answer):
            self.told.append(answer)

    one, other, newer_is_known = Page(), Page(), threading.Event()
    jobs.read(lambda: newer_is_known.wait(60) and "older", on_done=one.show)
    jobs.read(lambda: "newer", on_done=one.show)
    qtbot.waitUntil(lambda: one.told == ["newer"])
    jobs.read(lambda: "its own", on_done=other.show)
    newer_is_known.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert (one.told, other.told) == (["newer"], ["its own"])


def test_closing_stops_what_runs_and_leaves_no_thread(qtbot):
    runner = JobRunner()
    for lane in (*Lane, *Lane):
        runner.start("Verify", until_cancelled, lane=lane)
    qtbot.waitUntil(lambda: sum(v.state is JobState.RUNNING for v in runner.running) >= 3)
    assert runner.close()
    qtbot.waitUntil(lambda: runner.is_idle)
    pools = runner.findChildren(QThreadPool)
    assert len(pools) == len(Lane)
    assert [pool.activeThreadCount() for pool in pools] == [0] * len(Lane)


def test_closing_is_bounded_when_work_does_not_listen(qtbot):
    runner = JobRunner()
    let_go = threading.Event()
    runner.start("Hang", lambda *_: let_go.wait(60))
    qtbot.waitUntil(lambda: runner.running[0].state is JobState.RUNNING)
    began = time.monotonic()
    assert not runner.close(patience_ms=150)
    assert time.monotonic() - began < 30
    let_go.set()
    assert runner.close()
    qtbot.waitUntil(lambda: runner.is_idle)


def test_thousands_of_jobs_leave_nothing_behind(qtbot, jobs):
    answers = []
    for n in range(2000):
        jobs.read(lambda n=n: n, on_done=answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2000)
    assert sum(answers) == sum(range(2000))
    assert jobs.is_idle
    assert len(jobs._resting) <= 16


def test_a_worker_owns_no_qt_object_of_the_window(jobs):
    entry = jobs._entry(JobView(99, "x"), lambda *_: None, None, listed=False)
    jobs._entries.pop(99)
    assert not [v for v in vars(entry.job).values() if isinstance(v, QObject)]


def test_rate_is_estimated_for_three_seconds_and_then_told():
    speed = Rate(started=0.0)
    for tenth in range(1, 29):
        speed.add(tenth / 10, tenth * 100)
        assert speed.per_second() is None
    speed.add(3.0, 3000)
    assert speed.per_second() == pytest.approx(1000)
    assert speed.left(10_000) == pytest.approx(7)
    assert speed.left(None) is None


def test_rate_is_that_of_the_last_seconds():
    speed = Rate(started=0.0)
    for second in range(30):
        speed.add(second, second * 10)
    for second in range(30, 40):
        speed.add(second, 300 + (second - 29) * 1000)
    assert speed.per_second() == pytest.approx(1000)


def test_rate_of_work_that_starts_over_or_stands_still_is_not_told():
    speed = Rate(started=0.0)
    for second in range(10):
        speed.add(second, second * 100)
    speed.add(10, 5)
    assert speed.per_second() is None
    for second in range(11, 30):
        speed.add(second, 5)
    assert speed.per_second() is None


def test_words_of_a_running_job():
    assert left_words(JobView(1, "x", state=JobState.RUNNING, total=9)) == "estimating"
    assert left_words(JobView(1, "x", state=JobState.RUNNING, left=146.2)) == "2 min 26 s left"
    assert left_words(JobView(1, "x")) == "waiting"


def test_amounts_are_said_as_the_design_has_them():
    assert size(318_400_000) == "318.4 MB"
    assert done_of(489_600, 786_491, Unit.RECORDS) == "489,600 of 786,491 records"
    assert done_of(1_100_000_000, 4_820_000_000, Unit.BYTES) == "1.10 of 4.82 GB"
    assert done_of(5, None, Unit.ITEMS) == amount(5, Unit.ITEMS) == "5 items"
    assert rate(412_000_000, Unit.BYTES) == "412.0 MB/s"
    assert rate(31_400, Unit.RECORDS) == "31,400 records/s"
    assert [span(s) for s in (9, 60, 146, 3900)] == ["9 s", "1 min", "2 min 26 s", "1 h 5 min"]


def test_strip_shows_a_job_from_start_to_end(qtbot, theme, jobs):
    strip = JobsStrip(theme, jobs)
    qtbot.addWidget(strip)
    assert not strip.isVisible()
    job = jobs.start("Verify log.jsonl", until_cancelled)
    assert strip.isVisible()
    row = strip._rows[job]
    qtbot.waitUntil(lambda: row.accessibleName() == "Verify log.jsonl, running")
    qtbot.mouseClick(row.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: row.accessibleName() == "Verify log.jsonl, cancelled")
    assert not row.cancel.isVisible()
    strip.clear_ended()
    assert not strip.isVisible()


def test_errors_are_told_apart():
    assert fault_of(MemoryError()).sentence.startswith("This machine")
    assert fault_of(OSError(13, "Permission denied", "x.db")).sentence == (
        "The machine refused: Permission denied (x.db)."
    )
    assert fault_of(Cancelled("Stopped.")).sentence == "Stopped."
