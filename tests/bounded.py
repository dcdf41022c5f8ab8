"""Hold what runs in a test to an amount of processor time, and a command to memory as well."""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
GIB = 1024**3


class TookTooLongError(Exception):
    """More time than fair work would need: it never ends, or grows with the square."""


@contextmanager
def seconds(most: int) -> Iterator[None]:
    """Raise after so much processor time; how busy the machine is does not count."""

    def stop(*_: object) -> None:
        raise TookTooLongError(f"more than {most} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def command(
    *arguments: str | Path, memory: int = GIB, most: int = 60
) -> subprocess.CompletedProcess[str]:
    """Run ``workbench`` with so much address space and processor time, and return what it said.

    A command that goes over either ends by a signal or with a sentence, never with exit 0 to 2.
    """

    def bind() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "workbench", *map(str, arguments)],
        capture_output=True, text=True, cwd=CHECKOUT, check=False, timeout=600, preexec_fn=bind,
    )  # fmt: skip
