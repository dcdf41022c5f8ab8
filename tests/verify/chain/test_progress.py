"""What is told of the way through a log, and how soon it stops."""

from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.verify.chain.judging import AT
from workbench.errors import Cancelled
from workbench.evidence.drop import open_drop
from workbench.evidence.limits import KIB, MIB, Limits
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Trust
from workbench.model.verdict import SubjectVerdict
from workbench.verify.chain import library
from workbench.verify.chain.survey import EXACT_PIECE
from workbench.verify.chain_log import VERIFIER
from workbench.verify.verifier import Bench

SMALL = Limits(record=KIB, document=MIB)


class Watching(Silent):
    """Keeps what is told; asks to stop at the first thing that was told, where it should."""

    def __init__(self, stop: Cancel | None = None) -> None:
        self.told: list[int] = []
        self._stop = stop

    def advance(self, done: int, total: int | None, what: str) -> None:
        self.told.append(done)
        if self._stop is not None:
            self._stop.set()


def endless(kind: str) -> bytes:
    """Return a log whose last record is far over the limit, and has no end."""
    return LogBuilder(kind, 3).data() + b'{"x":"' + b"x" * (12 * MIB)


def judged(folder: Path, data: bytes, progress: Silent, cancel: Cancel) -> SubjectVerdict:
    path = folder / "log.jsonl"
    path.write_bytes(data)
    with open_drop([path], cancel=Cancel(), progress=Silent()) as drop:
        subject = Subject("log.jsonl", None, "chain", drop.files, container="jsonl")
        profiles = library.shipped()
        bench = Bench(Trust(AT), profiles=profiles, limits=SMALL, progress=progress, cancel=cancel)
        return VERIFIER.verify(subject, bench)


@pytest.mark.parametrize("kind", ["workbench", "comptext"])
def test_progress_goes_on_within_one_record_over_the_limit(kind: str, tmp_path: Path):
    data, watching = endless(kind), Watching()
    verdict = judged(tmp_path, data, watching, Cancel())
    assert [found.kind.value for found in verdict.diagnoses] == ["MALFORMED_RECORD"]
    within = [done for done in watching.told if done < len(data)]
    assert len(within) >= 2
    assert watching.told == sorted(watching.told)
    assert watching.told[-1] == len(data)


def test_work_stops_within_one_record_over_the_limit(tmp_path: Path):
    data, cancel = endless("comptext"), Cancel()
    watching = Watching(cancel)
    with pytest.raises(Cancelled):
        judged(tmp_path, data, watching, cancel)
    (told,) = watching.told
    assert told < len(data) - EXACT_PIECE
