"""Every harness runs, without a fuzzer, over its seeds and some cheap changes of each parser's."""

import importlib
import random
from collections import defaultdict
from pathlib import Path

import pytest

from tests.fuzz import fuzz
from tests.fuzz.parsers import Harness

#: Seeds and changed ones for each parser: many where they cost little.
MANY, FEW = (10, 30), (2, 3)
SLOW = {"catalogs", "chains", "containers", "drops", "plain_logs", "reports"}
#: Seeds that are larger are left to the fuzzer.
LARGEST = 6000
EDGES = (b"", b"\0", b"\xff" * 8, b"{", b"[" * 500, b"-1", b"NaN", b"\xed\xa0\x80", b"9" * 400)


def changed(seed: bytes, draw: random.Random) -> bytes:
    """Return an input with one thing done to it; its first byte stays."""
    body = bytearray(seed[1:])
    at = draw.randrange(len(body) + 1)
    match draw.randrange(5):
        case 0 if body:
            body[at % len(body)] ^= 1 << draw.randrange(8)
        case 1:
            body[at:at] = draw.choice(EDGES)
        case 2:
            del body[at : at + draw.choice([1, 4, 100])]
        case 3:
            body[at:at] = body[at : at + 50]
        case _:
            body[at : at + 1] = bytes([draw.randrange(256)])
    return seed[:1] + bytes(body)


@pytest.mark.parametrize("name", fuzz.names())
def test_harness_finds_nothing(name: str) -> None:
    harness: Harness = importlib.import_module(f"tests.fuzz.{name}").HARNESS
    draw = random.Random(name)
    most, changes = FEW if name in SLOW else MANY
    seeds = defaultdict(list)
    for seed in harness.corpus():
        if len(seed) <= LARGEST:
            seeds[seed[0]].append(seed)
    assert set(seeds) >= set(range(len(harness.parsers))) - _with_large_seeds(harness)
    for number in range(len(harness.parsers)):
        own = seeds[number] or [bytes([number])]
        for seed in draw.sample(own, min(len(own), most)):
            harness.run(seed)
        for _ in range(changes):
            harness.run(changed(draw.choice(own), draw))


def _with_large_seeds(harness: Harness) -> set[int]:
    return {n for n, parser in enumerate(harness.parsers)
            if all(len(seed) >= LARGEST for seed in parser.seeds())}  # fmt: skip


@pytest.mark.parametrize("path", sorted((fuzz.HERE / "found").iterdir()), ids=lambda p: p.name)
def test_what_once_broke_a_promise_does_so_no_more(path: Path) -> None:
    """Inputs that a fuzzer found, as ``HARNESS-what``; the fault of each has a test of its own."""
    name = path.name.partition("-")[0]
    importlib.import_module(f"tests.fuzz.{name}").HARNESS.run(path.read_bytes())


def test_the_runner_knows_every_harness() -> None:
    assert "json_texts" in fuzz.names()
    assert len(fuzz.names()) == 11
