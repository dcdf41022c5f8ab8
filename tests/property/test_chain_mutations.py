"""No change to a protected byte leaves a log green; the seeds are fixed."""

import json
import random
from pathlib import Path

import pytest

from tests.builders import KEY, KINDS, LogBuilder, Record
from tests.verify.chain.judging import judge, secret_for, trust_in
from workbench.model.verdict import Indication

FLIPS = 130
MUTATIONS = 40
LENGTH = 6

#: Members that the digest does not cover, and whose change may therefore pass without a head.
LOOSE = {"earcrawler": {"hmac"}, "agentmesh": {"signature", "sandbox_id"}}


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with one bit of one byte changed."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def protected(kind: str, data: bytes) -> list[Record] | None:
    """Return what the digests protect; None where the lines cannot even be read."""
    try:
        lines = data.decode().split("\n")
        records = [json.loads(line) for line in lines if line.strip()]
        loose = LOOSE.get(kind, set())
        if kind == "hashchainalgo":
            names = {"ts", "actor", "action", "details", "prev_hash", "hash"}
            return [{k: r[k] for k in names} for r in records]
        if kind == "certmate":
            names = {"seq", "entry", "prev_hash", "hash"}
            return [{k: r[k] for k in names} for r in records]
        if kind == "agentmesh":
            from tests.builders import _MESH

            return [{k: r[k] for k in (*_MESH, "content_hash")} for r in records]
        return [{k: v for k, v in r.items() if k not in loose} for r in records]
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_flipped_bit_never_leaves_a_log_green(kind: str, tmp_path: Path):
    chance = random.Random(f"flips of {kind}")
    log = LogBuilder(kind, LENGTH)
    data, before = log.data(), protected(kind, log.data())
    passed = 0
    for _ in range(FLIPS):
        changed = flipped(data, chance)
        verdict = judge(tmp_path, changed, secret=secret_for(kind))
        if verdict.integrity.indication is Indication.PASSED:
            passed += 1
            assert protected(kind, changed) == before, changed
    assert passed < FLIPS / 2


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_flipped_bit_never_passes_under_a_signed_head(kind: str, tmp_path: Path):
    chance = random.Random(f"flips of {kind} under a head")
    log = LogBuilder(kind, LENGTH)
    data, head = log.data(), log.head()
    trust = trust_in(tmp_path / "trust", KEY)
    for _ in range(FLIPS):
        changed = flipped(data, chance)
        verdict = judge(tmp_path, changed, heads=[head], trust=trust, secret=secret_for(kind))
        if verdict.integrity.code == "ANCHORED":
            assert changed.split() == data.split(), changed


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_flipped_bit_of_a_head_never_anchors(kind: str, tmp_path: Path):
    chance = random.Random(f"flips of the head of {kind}")
    log = LogBuilder(kind, LENGTH)
    head = log.head()
    trust = trust_in(tmp_path / "trust", KEY)
    for _ in range(FLIPS // 2):
        changed = flipped(head, chance)
        verdict = judge(tmp_path, log, heads=[changed], trust=trust, secret=secret_for(kind))
        assert verdict.integrity.code != "ANCHORED", changed
        assert verdict.authenticity.indication is not Indication.PASSED, changed


def mutated(log: LogBuilder, chance: random.Random) -> str:
    """Change the records of a log in one way, and return which."""
    records = log.records
    at, to = sorted(chance.sample(range(len(records)), 2))
    way = chance.choice(["delete", "repeat", "swap", "edit", "forge", "rewrite", "drop member"])
    match way:
        case "delete":
            del records[at:to]
        case "repeat":
            records.insert(to, records[at])
        case "swap":
            records[at], records[to] = records[to], records[at]
        case "edit":
            log.edit(at + 1, chance.random())
        case "forge":
            records.insert(at, log.forged(at + 1))
        case "rewrite":
            log.edit(at + 1, chance.random())
            log.rehash(at + 1)
        case _:
            records[at] = {k: v for k, v in records[at].items() if k != log.kind.editable}
    return way


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_mutated_records_never_pass_under_a_signed_head(kind: str, tmp_path: Path):
    chance = random.Random(f"mutations of {kind}")
    trust = trust_in(tmp_path / "trust", KEY)
    for _ in range(MUTATIONS):
        log = LogBuilder(kind, LENGTH)
        head, before = log.head(), log.data()
        way = mutated(log, chance)
        assert log.data() != before
        verdict = judge(tmp_path, log, heads=[head], trust=trust, secret=secret_for(kind))
        four = (verdict.integrity, verdict.authenticity, verdict.completeness)
        assert any(part.indication is Indication.FAILED for part in four), way
        assert verdict.integrity.code != "ANCHORED", way


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_mutated_records_in_the_middle_fail_without_a_head(kind: str, tmp_path: Path):
    chance = random.Random(f"mutations of {kind} without a head")
    for _ in range(MUTATIONS):
        log = LogBuilder(kind, LENGTH)
        first, last = log.records[0], log.records[-1]
        way = mutated(log, chance)
        if log.records[0] is not first or log.records[-1] is not last:
            continue  # the ends of a chain are not decidable without an anchor
        verdict = judge(tmp_path, log, secret=secret_for(kind))
        assert verdict.integrity.indication is Indication.FAILED, way
