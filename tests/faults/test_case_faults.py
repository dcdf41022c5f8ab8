"""Whatever happens to the machine, a case opens with every act that was committed."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from busy import LOADED, work
from casework import added, clock, lines, new_case, plain_log, written
from commands import CHECKOUT

from workbench.errors import StoreError
from workbench.model.case import Finding
from workbench.services import cases, findings
from workbench.services.investigation import Events
from workbench.store.case_store import CaseStore
from workbench.store.event_index import IndexState

#: Kills, spread over cases that are worked on side by side: the cores are never idle.
KILLS, CASES = 50, 5
SEED = 20260701

#: Children are forked from a process that has loaded everything: a round costs no start.
CONTEXT = get_context("forkserver") if sys.platform == "linux" else get_context("spawn")
NOBODY = 65534


def told(said: Connection) -> list[object]:
    """Return everything that was told before the end came."""
    heard: list[object] = []
    try:
        while said.poll():
            heard.extend(said.recv())
    except (EOFError, OSError):  # nothing more, or half a message
        pass
    return heard


def require_whole(case: CaseStore) -> None:
    """Assert that what is on record is what the journal says, and that the index is its own."""
    standing = cases.standing(case)
    assert standing.journal.broken is None
    entries = cases.journal_entries(case)
    acts = [entry.act for entry in entries]
    assert len(standing.sources) == acts.count("evidence.add")
    assert len(findings.every(case)) == acts.count("finding.add")
    assert case.index.engine.state in {IndexState.READY, IndexState.ABSENT}
    assert Events(case).count() == 5 * len(standing.sources)


def killed(folder: Path, evidence: Path, moment: float, *, acts: int) -> list[object]:
    """Let a process work on a case, kill it, and return what it told that it had committed.

    Args:
        folder: the case.
        evidence: where it writes what it adds.
        moment: when, in seconds after so many acts.
        acts: evidence and findings in turn; after none of them it may be opening the case.
    """
    hears, says = CONTEXT.Pipe(duplex=False)
    child = CONTEXT.Process(target=work, args=(folder, evidence, says), daemon=True)
    child.start()
    says.close()
    committed: list[object] = []
    for _ in range(acts):
        assert hears.poll(60)
        committed.extend(hears.recv())
    child.join(moment)
    child.kill()
    child.join()
    committed.extend(told(hears))
    hears.close()
    return committed


def survive(place: Path, moments: Sequence[float]) -> int:
    """Kill who works on a case at these moments; return how many findings it holds in the end."""
    place.mkdir()
    new_case(place).close()
    folder = place / "audit.case"
    for number, moment in enumerate(moments):
        acts = number % 3
        committed = killed(folder, place / f"evidence-{number}", moment, acts=acts)
        with cases.open_case(folder, who="ann", write=True, clock=clock()) as opened:
            assert opened.journal_at_opening.broken is None
            assert len(committed) >= acts
            assert set(committed) <= set(cases.journal_entries(opened))
    with cases.open_case(folder, who="ann", write=True) as opened:
        require_whole(opened)
        return len(findings.every(opened))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_case_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    moments = [chance.random() * 0.15 for _ in range(KILLS)]
    CONTEXT.set_forkserver_preload(LOADED)
    with ThreadPoolExecutor(CASES) as executor:
        ends = [
            executor.submit(survive, tmp_path / str(case), moments[case::CASES])
            for case in range(CASES)
        ]
        assert sum(end.result() for end in ends) > KILLS / 5


@pytest.fixture
def limited() -> Iterator[None]:
    """Put the limit on the size of files back afterwards."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(case: CaseStore, log: Path) -> None:
    """Write into a case until the disk is full."""
    for _ in range(300):
        added(case, log)
        findings.add(case, Finding("", "Before", condition="x" * 3000))


@pytest.mark.parametrize("room", [0, 4_000, 40_000, 150_000, 190_000, 250_000])
@pytest.mark.usefixtures("limited")
def test_full_disk_is_a_sentence_and_loses_nothing(tmp_path: Path, room: int) -> None:
    chance = random.Random(5)
    records = [{**r, "actor": chance.randbytes(20).hex()} for r in plain_log(700)] * 10
    log = written(tmp_path, "log.jsonl", lines(records))
    with new_case(tmp_path) as case:
        findings.add(case, Finding("", "Before"))
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        with pytest.raises(StoreError) as refused:
            fill(case, log)
        assert "\n" not in refused.value.message
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        kept = cases.journal_entries(case)
        findings.add(case, Finding("", "After"))
    with cases.open_case(case.folder, who="ann", write=True) as opened:
        assert opened.journal_at_opening.broken is None
        assert cases.journal_entries(opened)[:-1] == kept
        assert findings.every(opened)[-1].title == "After"
        assert not list(opened.index_folder.glob("new-*"))
        assert opened.index.engine.state in {IndexState.READY, IndexState.ABSENT}


def as_nobody(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``workbench`` as a user who owns nothing."""
    more = {"user": NOBODY, "group": NOBODY} if os.getuid() == 0 else {}
    return subprocess.run(
        [sys.executable, "-m", "workbench", *map(str, arguments)],
        env={"PYTHONPATH": str(CHECKOUT), "PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True, text=True, check=False, cwd="/", **more,
    )  # fmt: skip


@pytest.fixture
def locked() -> Iterator[Path]:
    """Return a case in a folder that others may read and not write."""
    try:
        able = as_nobody("--version").returncode == 0
    except OSError:
        able = False
    if not able:
        pytest.skip("another user cannot run the program here")
    place = Path(tempfile.mkdtemp(prefix="workbench-locked-"))
    with new_case(place) as case:
        added(case, written(place, "log.jsonl", lines(plain_log())))
    for path in (place, *place.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield case.folder
    place.chmod(0o755)
    for path in place.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(place)


def test_case_that_may_not_be_written_can_be_read(locked: Path) -> None:
    done = as_nobody("query", locked, "actor:ann")
    assert (done.returncode, done.stderr) == (0, "")
    assert "7 of 7 events." in done.stdout
    assert as_nobody("case", "show", locked).returncode == 0


def test_writing_where_nothing_may_be_written_is_a_sentence(locked: Path) -> None:
    for arguments in (
        ("case", "add", locked, CHECKOUT / "README.md"),
        ("case", "verify", locked),
        ("case", "index", locked),
        ("case", "new", locked.parent / "other"),
    ):
        done = as_nobody(*arguments)
        assert done.returncode == 3
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "cannot be" in done.stderr
