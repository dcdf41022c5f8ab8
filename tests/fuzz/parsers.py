"""What every harness is made of: parsers that take bytes of a stranger, and how they may answer.

A module has one ``HARNESS``: ``corpus()`` yields inputs to begin with, and ``run(data)`` gives one
input to one of its parsers and raises where the product breaks a promise: an exception that it
does not declare, an answer that contradicts another one, more time than ``MOST_SECONDS``. The first
byte of an input chooses the parser, so that one run of a fuzzer covers several small ones.

``fuzz.py`` runs a harness under atheris; ``test_harnesses.py`` runs each without it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import WorkbenchError

SELFTEST = Path(__file__).resolve().parents[2] / "resources" / "selftest"
#: Of processor time for one input; the inputs of a fuzzer are a few kilobytes long.
MOST_SECONDS = 5.0


class BrokenPromiseError(AssertionError):
    """What a parser did with an input and must not."""


@dataclass(frozen=True, slots=True)
class Parser:
    """One way into the product for bytes of a stranger.

    Attributes:
        name: what it is called in a report.
        run: gives it an input, and checks what is known of the answer.
        seeds: inputs to begin with.
        declared: how it may say that an input is none of its own, beside ``WorkbenchError``.
    """

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    declared: tuple[type[Exception], ...] = ()


@dataclass(frozen=True, slots=True)
class Harness:
    """Parsers that are fuzzed in one run."""

    parsers: tuple[Parser, ...]

    def corpus(self) -> Iterator[bytes]:
        """Yield inputs to begin with, some for each parser."""
        for number, parser in enumerate(self.parsers):
            yield from (bytes([number]) + seed for seed in parser.seeds())

    def run(self, data: bytes) -> None:
        """Give one input to the parser that its first byte names."""
        if not data:
            return
        parser = self.parsers[data[0] % len(self.parsers)]
        started = time.process_time()
        try:
            parser.run(data[1:])
        except (WorkbenchError, *parser.declared):
            pass
        spent = time.process_time() - started
        require(spent <= MOST_SECONDS, f"{parser.name} took {spent:.1f} s")


def require(holds: bool, otherwise: str) -> None:
    """Raise unless a promise was kept; ``assert`` would be gone under ``-O``."""
    if not holds:
        raise BrokenPromiseError(otherwise)


def files(*patterns: str, most: int = 50_000) -> Iterator[bytes]:
    """Yield what lies in the vectors of the self-test under such names, small ones only."""
    seen: set[bytes] = set()
    for pattern in patterns:
        for path in sorted(SELFTEST.glob(pattern)):
            if path.is_file() and path.stat().st_size <= most and path.name != "expected.json":
                data = path.read_bytes()
                if data not in seen:
                    seen.add(data)
                    yield data
