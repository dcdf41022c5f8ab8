"""Work that is cancelled ends at once, whatever the log takes."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.verify.chain.judging import AT
from workbench.errors import Cancelled
from workbench.evidence.file import single
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel
from workbench.model.trust import Trust
from workbench.verify import pool
from workbench.verify.chain import library, survey
from workbench.verify.chain_log import VERIFIER
from workbench.verify.verifier import Bench

SOON = 0.2
TRIES = 5
#: So many additions take so many seconds on a processor of 2 to 3 GHz that does nothing else.
WORK, TAKES = 1_000_000, 0.05


class Asking:
    """A progress that asks to stop when the work is well under way."""

    def __init__(self, cancel: Cancel) -> None:
        self.cancel = cancel
        self.at = 0.0

    def advance(self, done: int, total: int | None, what: str) -> None:
        if not self.at and total and done > total / 4:
            self.at = time.monotonic()
            self.cancel.set()


@pytest.mark.parametrize("profile", ["workbench", "certmate"])
def test_cancelled_work_has_ended_within_a_fifth_of_a_second(
    profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "cores", lambda: 2)
    monkeypatch.setattr(survey, "SMALL", 0)
    monkeypatch.setattr(survey, "PIECE", 64 * 1024)
    log = LogBuilder(profile, 4_000).write(tmp_path)
    assert any(seconds_to_stop(log) / slowed_down() < SOON for _ in range(TRIES))


def slowed_down() -> float:
    """Return how many times as long everything takes here: a slower processor, or a busy one."""
    begun = time.monotonic()
    sum(n * n for n in range(WORK))
    return max((time.monotonic() - begun) / TAKES, 1.0)


def seconds_to_stop(log: Path) -> float:
    """Return how long after it was asked to stop the work has ended, workers too."""
    file, cancel = single(log), Cancel()
    asking = Asking(cancel)
    subject = Subject(file.path, None, "chain", (file,), container="jsonl")
    bench = Bench(Trust(AT), profiles=library.shipped(), progress=asking, cancel=cancel)
    with pytest.raises(Cancelled), pool.workers() as executor:
        VERIFIER.verify(subject, replace(bench, executor=executor))
    return time.monotonic() - asking.at
