"""Measure one search over everything of a case against SQLite's full-text index and ``grep``.

A case with a demo log and a catalog is made once. Each question is then asked in turn of the
program (hits of every list and their counts, then with facets), of an FTS5 table with a trigram
index over the same texts (the first rows and their count), and of ``grep`` over the bytes of the
log. CPU time is that of all threads; what the index of FTS5 takes beforehand is printed too.
"""

import argparse
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from workbench.model.case import Engagement
from workbench.model.catalog import Attribute, AttributeGroup, Lifecycle, Thing, ThingKind
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Silent
from workbench.model.remark import Place, RemarkKind
from workbench.services import cases, remarks, searching
from workbench.store import catalog
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events

QUESTIONS = (
    ("rare word", "qzx-0031337"),
    ("digest prefix", "00c0ffee"),
    ("frequent word", "credit"),
    ("nothing", "zzqzzq"),
    ("two words", "credit approve"),
    ("field", "actor:svc action:serve"),
    ("tag", "tag:looked"),
    ("everything", ""),
)
_WORDS = (
    "credit",
    "fraud",
    "churn",
    "risk",
    "claims",
    "pricing",
    "features",
    "train",
    "eu",
    "prod",
)
_BATCH = 50_000


def main() -> None:
    """Print each question with what it takes of the program and of its peers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--things", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="workbench-search-") as name:
        folder = Path(name)
        case, log = made(folder, options.events, options.things)
        with case:
            peer, took = full_text(case, folder / "peer.sqlite")
            size = (folder / "peer.sqlite").stat().st_size
            total = Events(case).count()
            things = f"{options.things:,} things, {5 * options.things:,} values"
            print(f"case       {total:,} events, {things}")
            print(f"FTS5       made in {took:.1f} s CPU, {size / 1e6:,.0f} MB")
            heads = ("hits, counts", "and facets", "FTS5", "grep")
            print(" " * 24 + "".join(f"{head:>20}" for head in heads))
            print(f"{'question':14}{'found':>10}" + f"{'CPU s':>10}{'wall s':>10}" * 4)
            for title, query in QUESTIONS:
                ask(case, peer, log, title, query, options.pairs)


def ask(
    case: CaseStore, peer: sqlite3.Connection, log: Path, title: str, query: str, pairs: int
) -> None:
    """Ask everybody in turn, and print the medians; a question that a peer has no words for: –."""
    found = searching.search(case, query)
    words = query.split() if query and ":" not in query else []
    asked: list[Callable[[], object] | None] = [
        lambda: searching.search(case, query, values=0),
        lambda: searching.search(case, query),
        (lambda: matched(peer, words)) if words else None,
        (lambda: grep(log, words)) if words else None,
    ]
    rows = [[timed(each) if each else None for each in asked] for _ in range(pairs)]
    line = f"{title:14}{found.total:>10,}"
    for number in range(len(asked)):
        times = [row[number] for row in rows if row[number] is not None]
        for part in (0, 1):
            middle = statistics.median(t[part] for t in times) if times else None
            line += f"{'–':>10}" if middle is None else f"{middle:>10.3f}"
    print(line)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return CPU and wall seconds of some work, with those of processes that it starts."""
    cpu, wall = _cpu(), time.perf_counter()
    work()
    return _cpu() - cpu, time.perf_counter() - wall


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def made(folder: Path, events: int, things: int) -> tuple[CaseStore, Path]:
    """Return a case with a demo log, indexed, and a catalog; and the log."""
    demo_of(folder / "demo", events)
    log = max((p for p in folder.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
    case = cases.create(folder / "bench.case", Engagement("Bench"), who="bench")
    cases.add_evidence(case, [log], progress=Silent(), cancel=Cancel())
    with case.acting("bench.catalog") as act:
        catalog.put(act.session, 1, catalog_of(things))
    remarks.add(case, RemarkKind.TAG, Place(1, record=7), "looked at")
    remarks.add(case, RemarkKind.TAG, Place(1, "model_version/7"), "looked at")
    return case, log


def demo_of(folder: Path, events: int) -> None:
    """Write a demo log."""
    command = [sys.executable, "-m", "workbench", "demo", str(folder), "--events", str(events)]
    subprocess.run(command, check=True, capture_output=True)


def catalog_of(count: int) -> Iterator[Thing]:
    """Yield model versions with five values each, the same for the same number."""
    random = Random(count)  # noqa: S311 - the same catalog for the same number
    group = AttributeGroup
    for number in range(count):
        words = random.choices(_WORDS, k=3)
        digest = f"{random.getrandbits(256):064x}" if number != 31_337 else "00c0ffee" + "0" * 56
        yield Thing(
            ThingKind.ARTIFACT,
            "model_version",
            f"model_version/{number}",
            f"{'-'.join(words)}-qzx-{number:07}",
            Locator("catalog.json", record=number + 1),
            version=str(number % 9 + 1),
            lifecycle=Lifecycle.PRODUCTION if number % 7 else Lifecycle.ARCHIVED,
            owner=f"team-{number % 40}",
            uri=f"s3://models/{words[0]}/{number}",
            attributes=(
                Attribute(group.DIGEST, "sha256", digest),
                Attribute(group.TAG, "stage", words[1]),
                Attribute(group.PARAM, "epochs", str(number % 30)),
                Attribute(group.METRIC, "auc", f"0.{number % 1000:03}"),
                Attribute(group.FIELD, "description", f"{words[2]} model of {words[0]} team"),
            ),
        )


def full_text(case: CaseStore, file: Path) -> tuple[sqlite3.Connection, float]:
    """Return an FTS5 table over the same texts, and the CPU time that it took to make."""
    peer = sqlite3.connect(file)
    start = _cpu()
    peer.execute("CREATE VIRTUAL TABLE texts USING fts5(body, tokenize='trigram')")
    events = Events(case)
    for first in range(0, events.count(), _BATCH):
        page = (found.event for found in events.page(first=first, count=_BATCH))
        put(peer, (f"{e.actor} {e.action} {e.object}" for e in page))
    with case.reading() as session:
        things = catalog.every_thing(session, sources=[1])
        put(peer, (" ".join((k.thing.name, k.thing.key, k.thing.uri, k.thing.owner,
                             *(a.value for a in k.thing.attributes))) for k in things))  # fmt: skip
    peer.commit()
    return peer, _cpu() - start


def put(peer: sqlite3.Connection, texts: Iterator[str]) -> None:
    """Keep texts."""
    peer.executemany("INSERT INTO texts(body) VALUES (?)", ((text,) for text in texts))


def matched(peer: sqlite3.Connection, words: list[str]) -> int:
    """Return how many rows of the peer hold all words, after reading the first ten."""
    asked = " AND ".join(f'"{word}"' for word in words)
    peer.execute("SELECT rowid, body FROM texts WHERE texts MATCH ? LIMIT 10", (asked,)).fetchall()
    count = "SELECT count(*) FROM texts WHERE texts MATCH ?"
    return int(peer.execute(count, (asked,)).fetchone()[0])


def grep(log: Path, words: list[str]) -> None:
    """Count the lines of a log that hold the first word, whatever its capitals."""
    program = shutil.which("grep") or sys.exit("the search bench needs grep")
    command = [program, "-c", "-i", "-F", "--", words[0], str(log)]
    subprocess.run(command, capture_output=True, check=False)


if __name__ == "__main__":
    main()
