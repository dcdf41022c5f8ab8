"""What processes take: their time in turn, how busy others keep the machine, memory (Linux)."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

SAMPLE_EVERY = 0.02


class OtherPrograms:
    """How much of the machine other programs took since this was made (Linux)."""

    def __init__(self) -> None:
        self._start = self._now()

    def share(self) -> float | None:
        """Return it from 0 to 1, or None where the system does not say."""
        start, now = self._start, self._now()
        if start is None or now is None or now[1] == start[1]:
            return None
        ours = now[2] - start[2]
        return max(0.0, (now[0] - start[0] - ours) / (now[1] - start[1]))

    def _now(self) -> tuple[float, float, float] | None:
        """Return seconds that all cores worked and were there, and that our children worked."""
        stat = Path("/proc/stat")
        if not stat.exists():
            return None
        ticks = [int(word) for word in stat.read_text().split("\n", 1)[0].split()[1:9]]
        idle = ticks[3] + ticks[4]
        mine = os.times()
        children = mine.children_user + mine.children_system
        second = os.sysconf("SC_CLK_TCK")
        return (sum(ticks) - idle) / second, sum(ticks) / second, children


def time_in_turn(
    peer: Sequence[str], ours: Sequence[str], pairs: int, confine: Callable[[], None] | None
) -> list[tuple[float, float]]:
    """Return seconds of peer and program, in turn, after one unmeasured pair."""
    both = [(seconds(peer, None), seconds(ours, confine)) for _ in range(pairs + 1)]
    return both[1:]


def seconds(command: Sequence[str], confine: Callable[[], None] | None) -> float:
    """Return the wall time of a whole process."""
    start = time.perf_counter()
    run(command, accept=(0, 2), confine=confine)
    return time.perf_counter() - start


def run(
    command: Sequence[str], *, accept: Sequence[int], confine: Callable[[], None] | None = None
) -> bytes:
    """Run a command and return what it printed; stop on any other exit code."""
    done = subprocess.run(command, capture_output=True, check=False, preexec_fn=confine)
    if done.returncode not in accept:
        sys.exit(f"exit {done.returncode}: {' '.join(command)}\n{done.stderr.decode()}")
    return done.stdout


def confine_to(cores: int | None) -> Callable[[], None] | None:
    """Return what limits a child to that many of our cores, or None for no limit."""
    if cores is None:
        return None
    if not hasattr(os, "sched_setaffinity"):
        sys.exit("--processes needs Linux: it limits the cores that the program may use")
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    return lambda: os.sched_setaffinity(0, chosen)


def spread_in_turn(
    peer: Sequence[str], files: Sequence[str], pairs: int, cores: int
) -> list[float]:
    """Return what a peer takes for files with a process a core, as shares of what one takes."""
    shares = [[*peer, *share] for n in range(cores) if (share := files[n::cores])]
    ratios = []
    for _ in range(pairs):
        alone = seconds([*peer, *files], None)
        start = time.perf_counter()
        at_work = [subprocess.Popen(share, stdout=subprocess.DEVNULL) for share in shares]
        codes = [process.wait() for process in at_work]
        ratios.append((time.perf_counter() - start) / alone)
        if any(codes):
            sys.exit(f"exit {max(codes)}: {' '.join(peer)}")
    return ratios


def peak_memory(command: Sequence[str], confine: Callable[[], None] | None) -> int | None:
    """Return the peak of the proportional set size (PSS) summed over all processes, in bytes.

    A page that two processes share counts once. None where there is no ``smaps_rollup``.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    peak = 0
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, start_new_session=True, preexec_fn=confine
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_pss, _session(process.pid))))
            time.sleep(SAMPLE_EVERY)
    return peak


def _session(leader: int) -> list[Path]:
    """Return the /proc folders of a session: the program and its workers."""
    return [p.parent for p in Path("/proc").glob("[0-9]*/stat") if _session_of(p) == leader]


def _session_of(stat: Path) -> int | None:
    try:
        # The name in brackets may hold anything; session is the fourth field after it.
        return int(stat.read_text(errors="replace").rpartition(")")[2].split()[3])
    except (OSError, IndexError):  # it ended meanwhile
        return None


def _pss(folder: Path) -> int:
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def machine(workbench: str) -> str:
    """Return what the numbers depend on, in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [li for li in cpuinfo.read_text().splitlines() if li.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    openssl = subprocess.check_output(["openssl", "version"], text=True).partition("(")[0].strip()
    interpreter = str(Path(workbench).with_name("python"))
    python = subprocess.check_output([interpreter, "--version"], text=True).strip()
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, {python}, {openssl}"
