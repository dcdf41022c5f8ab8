"""Print what is said of evidence with one thing changed: ``packaging/bench diagnose``."""

import argparse
import sys
import time
from collections.abc import Iterable

from tests.mutation.field import SOURCES
from tests.mutation.formats import FORMATS, run
from tests.mutation.tally import Tally
from tests.seeds import commit

HEAD = (
    f"{'format':<26}{'changes':>8}{'caught':>8}{'unprot.':>8}{'hidden':>7}{'PASSED':>7}{'red':>5}"
    f"{'decidable':>10}{'class':>7}{'record':>7}{'right':>9}{'undec.':>7}{'s':>6}"
)
LEGEND = """
caught     a protected byte changed, and it shows: not PASSED, or a diagnosis
unprot.    nothing protects what changed; some of it a strict reader refuses all the same
hidden     undecidable: nothing in the evidence can show it (a chain made anew, a tail)
PASSED     a protected byte changed, and nothing shows: must be 0
red        an unprotected byte changed, and something is said against the evidence: must be 0
decidable  of chains, changes whose class and record follow (VERDICTS 4); right: both, of these
undec.     all that is undecidable, hidden or told with both readings
"""


def main() -> int:
    """Run what was asked for; 1 where something passed wrongly or too much was told wrongly."""
    options = _options()
    _say(f"seed {options.seed}, {options.changes:,} changes a format\n\n{HEAD}\n")
    tallies: list[Tally] = []
    try:
        for name in _chosen(options.format):
            start = time.monotonic()
            tallies.append(run(name, options.changes, options.seed))
            _say(_row(tallies[-1], time.monotonic() - start))
    finally:  # what was found before somebody stopped it is worth as much
        _tell(tallies, options.seed)
    return 0 if all(map(_is_good, tallies)) else 1


def _tell(tallies: Iterable[Tally], seed: str) -> None:
    total = Tally("all")
    for tally in tallies:
        total.add(tally)
    _say(f"{_row(total, 0)}{LEGEND}")
    for tally in tallies:
        for said in [*tally.base, *tally.said]:
            _say(f"\n{tally.name}, seed {seed}: {said}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="packaging/bench diagnose", description=__doc__)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument("--seed", default=commit(), help="the commit, unless given")
    parser.add_argument("--format", nargs="+", default=[], metavar="WORD")
    return parser.parse_args()


def _chosen(words: Iterable[str]) -> list[str]:
    asked = [word.lower() for word in words]
    return [
        n for n in (*FORMATS, *SOURCES) if not asked or any(word in n.lower() for word in asked)
    ]


def _row(t: Tally, seconds: float) -> str:
    right = f"{100 * t.both_right / t.decidable:.2f} %" if t.decidable else "-"
    took = f"{seconds:.0f}" if seconds else ""
    return (
        f"{t.name:<26}{t.changes:>8,}{t.caught:>8,}{t.unprotected:>8,}{t.unseen:>7,}{t.wrong:>7,}"
        f"{t.red:>5,}{t.decidable:>10,}{t.class_right:>7,}{t.record_right:>7,}{right:>9}"
        f"{t.undecidable:>7,}{took:>6}\n"
    )


def _is_good(tally: Tally) -> bool:
    enough = 100 * tally.both_right >= 99 * tally.decidable
    return not (tally.wrong or tally.red or tally.base) and enough


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
