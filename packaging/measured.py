"""What processes take: how busy others keep the machine, and the memory of ours (Linux)."""

import os
import platform
import subprocess
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
