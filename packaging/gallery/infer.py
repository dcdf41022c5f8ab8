"""Draw recipes of logs and count in how many the program finds them: a share, and no speed alone.

    packaging/bench infer [--recipes N] [--seed HEX]

The recipes are drawn uniformly over lists of what a chain profile must express, and the logs are
written by code that shares nothing with the program (``tests/verify/infer``). A draw that cannot
be a chain is rejected and counted with its reason. The seed is the commit unless one is given.

A recipe is found where the profile that the program writes reproduces the log, finds a record that
is altered afterwards, says nothing of fields edited that no digest covers, and makes the digests of
further records that the true recipe made. It is wrong where a profile is accepted that does another
thing. Further records are left out, and counted, where they have a kind of value (a null, an
exponent, characters beyond ASCII) that no record of the log has: nothing in it tells how such are
written.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

CHECKOUT = Path(__file__).resolve().parents[2]
WORKBENCH = str(CHECKOUT / ".venv" / "bin" / "workbench")
sys.path.insert(0, str(CHECKOUT))

from tests.verify.infer.lists import RejectedError  # noqa: E402 - needs the path above
from tests.verify.infer.logs import FURTHER, Copy, Drawn, draw  # noqa: E402

#: What says nothing of what was written into a record after its digest was made.
BESIDE = {"SEQUENCE_ANOMALY", "CLOCK_REGRESSION", "HEAD_TRUNCATED"}
#: How the program says that it found the recipe of some of the records.
PARTLY = "which was not found"
ENOUGH = 0.95
#: After so many logs it is told how far it is: all of them take hours.
TELL_EVERY = 10


@dataclass(frozen=True)
class Outcome:
    """What came of one log."""

    number: int
    word: str
    seconds: float
    why: str = ""
    further: int = 0


def main() -> None:
    """Draw, search, judge, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipes", type=int, default=200)
    parser.add_argument("--seed", default="")
    options = parser.parse_args()
    seed = options.seed or commit()
    rejected: Counter[str] = Counter()
    logs = list(drawn_from(seed, options.recipes, rejected))
    outcomes = []
    with ThreadPoolExecutor(os.cpu_count()) as jobs:  # each only waits for a process of its own
        for (_, drawn), outcome in zip(
            logs, jobs.map(tried, *zip(*logs, strict=True)), strict=True
        ):
            outcomes.append(outcome)
            if outcome.word != "found":
                print(told(outcome, drawn), flush=True)
            if len(outcomes) % TELL_EVERY == 0:
                found = sum(each.word == "found" for each in outcomes)
                print(f"{found} of {len(outcomes)} found", file=sys.stderr, flush=True)
    printed(seed, outcomes, rejected)
    words = Counter(outcome.word for outcome in outcomes)
    sys.exit(words["WRONG"] > 0 or words["found"] < ENOUGH * len(outcomes))


def commit() -> str:
    """Return the commit of the checkout."""
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def drawn_from(seed: str, count: int, rejected: Counter[str]) -> Iterator[tuple[int, Drawn]]:
    """Yield logs by recipes drawn from a seed; what cannot be a chain is counted by its reason."""
    number = made = 0
    while made < count:
        number += 1
        try:
            drawn = draw(Random(f"{seed}:{number}"))  # noqa: S311 - protects nothing
        except RejectedError as error:
            rejected[str(error)] += 1
            continue
        made += 1
        yield number, drawn


def tried(number: int, drawn: Drawn) -> Outcome:
    """Return what the program finds in a log, and whether it is right."""
    with tempfile.TemporaryDirectory(prefix="workbench-infer-") as name:
        folder = Path(name)
        log, profile, key = folder / drawn.name, folder / "found.yaml", folder / "key"
        log.write_bytes(drawn.log.data)
        key.write_bytes(drawn.secret or b"")
        secret = ["--secret", str(key)] if drawn.secret else []
        begun = time.monotonic()
        done = run(["profile", "infer", str(log), "-o", str(profile), *secret])
        seconds = time.monotonic() - begun
        if done.returncode == 2:
            return Outcome(number, "not found", seconds, last_line(done.stdout))
        if done.returncode:
            return Outcome(number, "not found", seconds, last_line(done.stderr))
        if PARTLY in done.stdout:
            return Outcome(
                number,
                "in part",
                seconds,
                next(li for li in done.stdout.splitlines() if PARTLY in li),
            )
        why = judged(folder, drawn, profile, secret)
        compared = FURTHER - len(drawn.untold)
        return Outcome(number, "WRONG" if why else "found", seconds, why, compared)


def judged(folder: Path, drawn: Drawn, profile: Path, secret: Sequence[str]) -> str:
    """Return how verdicts by the profile that was found differ from the truth, or ""."""
    copies = {
        "log": drawn.log,
        "altered": drawn.altered,
        "edited": drawn.edited,
        "longer": drawn.longer,
    }
    for name, copy in copies.items():
        if copy is None:
            continue
        (folder / name).mkdir()
        path = folder / name / drawn.name
        path.write_bytes(copy.data)
        said = run(["verify", str(path), "--json", "--profile", str(profile), *secret]).stdout
        if why := differs(json.loads(said), copy, drawn):
            return f"{name}: {why}"
    return ""


def differs(document: dict[str, object], copy: Copy, drawn: Drawn) -> str:
    """Return how a verdict differs from what is known of a copy, or ""."""
    sources = document.get("sources")
    subjects = [s for s in sources if s["role"] == "subject"] if isinstance(sources, list) else []
    if len(subjects) != 1:
        return f"no verdict: {document.get('error')}"
    told = [d for d in subjects[0]["diagnoses"] if d["class"] not in BESIDE]
    beside = drawn.unproven | drawn.untold
    numbers = {d["record"] for d in told} - beside
    if numbers == copy.wrong - beside:
        said = subjects[0]["integrity"]["indication"]
        return "" if numbers or beside or said == "PASSED" else f"Integrity is {said}"
    return f"told {sorted(numbers)}, altered {sorted(copy.wrong)}"


def run(arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run the program as a user would."""
    return subprocess.run([WORKBENCH, *arguments], capture_output=True, text=True, check=False)


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


def told(outcome: Outcome, drawn: Drawn) -> str:
    """Return what was not found, and by which recipe the log was made."""
    recipe = drawn.recipe
    lines = [f"{outcome.number} {outcome.word} {outcome.seconds:.1f} s: {outcome.why}"]
    named = {k: v for k, v in vars(recipe).items() if k not in {"preimages", "members"}}
    lines.append("    " + " ".join(f"{name}={value!r}" for name, value in named.items()))
    for made in recipe.preimages:
        part = {"fields": made.fields, "json": made.json}.get(made.shape, made.own)
        lines.append(f"    {made.shape} link {made.place} as {made.form}: {part}")
    return "\n".join(lines)


def printed(seed: str, outcomes: Sequence[Outcome], rejected: Counter[str]) -> None:
    """Print the counts."""
    words = Counter(outcome.word for outcome in outcomes)
    seconds = sorted(outcome.seconds for outcome in outcomes if outcome.word == "found") or [0.0]
    print(f"seed       {seed}")
    print(f"rejected   {sum(rejected.values()):,} draws that cannot be a chain")
    for reason, count in rejected.most_common():
        print(f"           {count:6,} {reason}")
    print(f"recipes    {len(outcomes):,}")
    for word in ("found", "in part", "not found", "WRONG"):
        print(f"{word:10} {words[word]:,} ({words[word] / max(1, len(outcomes)):.1%})")
    judged = words["found"] + words["WRONG"]
    compared = sum(outcome.further for outcome in outcomes)
    others = judged * FURTHER - compared
    print(f"judged by  {compared:,} further records, made by both recipes")
    print(f"           {others:,} more are left out: no log tells how such are written")
    ninth = seconds[int(len(seconds) * 0.9)]
    print(
        f"time       median {statistics.median(seconds):.1f} s, nine of ten within {ninth:.1f} s,"
        f" longest {seconds[-1]:.1f} s"
    )


if __name__ == "__main__":
    main()
