"""Workers start with the first piece, take no interrupts, and can be done without."""

import hashlib
import multiprocessing
import os
import platform
import signal
import subprocess
import sys
import time
from threading import Event, Thread
from typing import Any

import pytest
from commands import CHECKOUT

from workbench.verify import pool


def faults_of_pieces(*, kept: bool) -> int:
    """Return how many pages a new process is given for fifty pieces, one after the other."""
    code = (
        "import resource\nfrom workbench.verify import pool\n"
        f"{kept} and pool._keep_freed_memory()\n"
        "for n in range(50): pieces = [b'x' * (1 << 20) for _ in range(4)]; del pieces\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others have their own ways")
def test_the_memory_of_a_piece_is_kept_for_the_next_one() -> None:
    assert faults_of_pieces(kept=True) * 4 < faults_of_pieces(kept=False)


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


def digest_of(data: bytes, number: int) -> tuple[int, str]:
    return number, hashlib.sha256(data).hexdigest()


def require_handed_over() -> None:
    datas = [bytes([n]) * size for n, size in enumerate([1, 5000, 3 << 20, 0, 777] * 4)]
    with pool.workers() as executor:
        assert executor is not None
        done = [pool.submit_with(executor, digest_of, d, n) for n, d in enumerate(datas)]
        found = [future.result() for future in done]
    assert found == [digest_of(data, number) for number, data in enumerate(datas)]


def test_bytes_reach_a_spawned_worker_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "cores", lambda: 2)
    monkeypatch.setattr(pool, "_is_alone", lambda: False)
    require_handed_over()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")
def test_bytes_reach_a_forked_worker_whole_by_shared_memory() -> None:
    code = (
        "from tests.verify import test_pool as test\n"
        "test.pool.cores, test.pool._PLACES = (lambda: 2), 2\n"
        "test.require_handed_over()\n"
        "print(test.pool._shared is not None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'tests'}"},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_what_is_stopped_begins_no_further_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "cores", lambda: 2)
    left: list[object] = []
    with pytest.raises(KeyboardInterrupt):
        stopped_at_work(left)
    assert all(future.cancelled() or future.exception() is not None for future in left[-4:])


def stopped_at_work(left: list[Any]) -> None:
    with pool.workers() as executor:
        assert executor is not None
        executor.submit(os.getpid).result()
        left += [executor.submit(time.sleep, 0.02) for _ in range(60)]
        raise KeyboardInterrupt


def test_a_process_with_a_second_thread_is_not_forked() -> None:
    go_on = Event()
    thread = Thread(target=go_on.wait)
    thread.start()
    try:
        assert not pool._is_alone()
    finally:
        go_on.set()
        thread.join()


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
