"""Workers start with the first piece, take no interrupts, and can be done without."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time

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


def test_a_waiting_worker_ends_with_a_parent_that_was_killed() -> None:
    killed = (
        "import os, signal\n"
        "from workbench.verify import pool\n"
        "if __name__ == '__main__':\n"
        "    pool.cores = lambda: 2\n"
        "    with pool.workers() as executor:\n"
        "        print(executor.submit(os.getpid).result(), flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", killed],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert is_gone(int(done.stdout), within=10)


def is_gone(process: int, *, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


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
