"""Workers start with the first piece, take no interrupts, and can be done without."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest
from commands import CHECKOUT

from workbench.verify import pool


def held_back() -> tuple[int, bool]:
    return os.getpid(), signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_pieces_run_in_processes_that_ctrl_c_does_not_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "cores", lambda: 2)
    with pool.workers() as executor:
        assert executor is not None
        process, held = executor.submit(held_back).result()
    assert (process != os.getpid(), held) == (True, True)
    assert held_back() == (os.getpid(), False)


def test_no_process_starts_for_no_piece() -> None:
    look = (
        "import sys; from workbench.verify.pool import workers\n"
        "with workers(): print('multiprocessing' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_pieces_run_here_where_the_system_lends_no_semaphores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(pool, "cores", lambda: 2)
    monkeypatch.setattr(multiprocessing, "get_context", refuse)
    with pool.workers() as executor:
        assert executor is not None
        assert executor.submit(held_back).result() == (os.getpid(), False)


def test_one_core_needs_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "cores", lambda: 1)
    with pool.workers() as executor:
        assert executor is None
