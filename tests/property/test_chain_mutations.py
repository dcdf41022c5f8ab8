"""No change to a protected byte leaves a log green, and what is told of it is right.

A thousand single bytes are changed in valid logs of every shipped profile, and each changed log is
judged without and with signed heads. What must be told is worked out here from the bytes alone.
The seeds are fixed.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import KEY, KINDS, SECRET, LogBuilder, Record, bundle
from tests.chain_writers import WRITERS
from tests.verify.chain.judging import AT, judge, secret_for, told, trust_in
from workbench.evidence.strict_json import JsonError, parse
from workbench.model.trust import Trust
from workbench.model.verdict import Indication, SubjectVerdict
from workbench.verify.chain import library
from workbench.verify.trust.anchors import load_trust

FLIPS = 115
MUTATIONS = 40
LENGTH = 6
HEADS = (3, LENGTH)

#: What the digest of a record covers, its own digest included; elsewhere all members but seals.
COVERED = {
    "hashchainalgo": {"ts", "actor", "action", "details", "prev_hash", "hash"},
    "certmate": {"seq", "entry", "prev_hash", "hash"},
    "agentmesh": set(LogBuilder("agentmesh", 1).records[0]) - {"sandbox_id", "signature"},
}
SEALS = {"agentmesh": {"signature"}, "earcrawler": {"hmac"}}
VARIANTS = [(kind, False) for kind in sorted(KINDS)] + [(kind, True) for kind in sorted(SEALS)]


def flipped(data: bytes, chance: random.Random) -> tuple[bytes, int]:
    """Return ``data`` with one byte changed, and where."""
    at = chance.randrange(len(data))
    other = chance.choice([data[at] ^ (1 << chance.randrange(8)), chance.randrange(256)])
    other = other if other != data[at] else data[at] ^ 1
    return data[:at] + bytes([other]) + data[at + 1 :], at


def lines_of(data: bytes) -> list[bytes]:
    """Return the records: lines without their ends; blank ones are none."""
    return [line.removesuffix(b"\r") for line in data.split(b"\n") if line.strip()]


def read(line: bytes) -> Record | None:
    """Return the record in a line; None where it is no strict JSON object."""
    try:
        value = parse(line, what="line")
    except JsonError:
        return None
    return value if isinstance(value, dict) else None


def same(kind: str, left: Record | None, right: Record | None, *, sealed: bool) -> bool:
    """Tell whether all that digests (and seals) protect is equal; 1 is not 1.0."""
    seals = SEALS.get(kind, set())

    def counts(name: str) -> bool:
        return sealed if name in seals else name in COVERED.get(kind, {name})

    def shown(record: Record) -> str:
        return json.dumps({k: v for k, v in record.items() if counts(k)}, sort_keys=True)

    return left is not None and right is not None and shown(left) == shown(right)


@dataclass(frozen=True)
class Expected:
    """What must be told of a log with one byte changed.

    Attributes:
        record: number of the record that was changed.
        told: its class without a head, or None where nothing that a digest protects changed.
        framed: whether the change joined or split lines.
        unchanged: whether all records are as they were, byte for byte.
        stripped: whether the record lost a seal that the others have.
    """

    record: int
    told: str | None
    framed: bool
    unchanged: bool
    stripped: bool = False


def expected(log: LogBuilder, data: bytes, changed: bytes, at: int, *, sealed: bool) -> Expected:
    number = data[:at].count(b"\n") + 1
    before, after = lines_of(data), lines_of(changed)
    if before == after:
        return Expected(number, None, framed=False, unchanged=True)
    framed = len(before) != len(after)
    line = after[number - 1]
    record = read(line)
    names = (log.kind.own, log.kind.previous)
    if framed or record is None or not any(isinstance(record.get(n), str) for n in names):
        return Expected(number, "MALFORMED_RECORD", framed, unchanged=False)
    stripped = sealed and not all(isinstance(record.get(name), str) for name in SEALS[log.id])
    loose = same(log.id, read(before[number - 1]), record, sealed=sealed and not stripped)
    canonical = log.id == "workbench"
    kind = None if loose and not canonical else "RECORD_ALTERED"
    return Expected(number, kind, framed=False, unchanged=False, stripped=stripped)


def all_required_passed(verdict: SubjectVerdict) -> bool:
    three = (verdict.integrity, verdict.authenticity, verdict.completeness)
    return all(part.indication is Indication.PASSED for part in three)


@pytest.mark.parametrize(("kind", "sealed"), VARIANTS)
def test_changed_byte_is_told_with_its_class_and_record(kind: str, sealed: bool, tmp_path: Path):
    chance = random.Random(f"flips of {kind}, {sealed}")
    log = LogBuilder(kind, LENGTH)
    data, heads = log.data(), [log.head(size) for size in HEADS]
    secret = SECRET if sealed else secret_for(kind)
    trust = trust_in(tmp_path / "trust", KEY)
    for _ in range(FLIPS):
        changed, at = flipped(data, chance)
        must = expected(log, data, changed, at, sealed=sealed)
        alone = judge(tmp_path, changed, secret=secret)
        headed = judge(tmp_path, changed, heads=heads, trust=trust, secret=secret)
        check_alone(alone, must, changed)
        check_headed(headed, must, changed)


def check_alone(verdict: SubjectVerdict, must: Expected, changed: bytes) -> None:
    if must.told is None:
        assert told(verdict) == [], changed
        code = "NOT_COVERED" if must.stripped else "SELF_CONSISTENT"
        assert verdict.integrity.code == code, changed
        return
    assert verdict.integrity.indication is Indication.FAILED, changed
    assert told(verdict)[0] == (must.told, must.record), changed
    assert must.framed or len(verdict.diagnoses) == 1, changed


def check_headed(verdict: SubjectVerdict, must: Expected, changed: bytes) -> None:
    assert all_required_passed(verdict) == must.unchanged, changed
    if must.told is not None:
        check_alone(verdict, must, changed)
    elif not must.unchanged:
        (found,) = verdict.diagnoses
        first, last = (1, HEADS[0]) if must.record <= HEADS[0] else (HEADS[0] + 1, HEADS[1])
        assert (found.kind, found.record, found.last) == ("RECORD_ALTERED", first, last), changed
        assert found.count == last - first + 1, changed


def test_changed_byte_of_a_bundle_is_never_green(tmp_path: Path):
    chance = random.Random("flips of bundles")
    document = bundle(LogBuilder("certmate", LENGTH))
    data = json.dumps(document, ensure_ascii=False).encode()
    trust = confirmed(tmp_path)
    assert all_required_passed(judge(tmp_path, data, trust=trust, container="json-array"))
    for _ in range(FLIPS):
        changed, _ = flipped(data, chance)
        verdict = judge(tmp_path, changed, trust=trust, container="json-array")
        value = read(changed)
        if value is None or protected_of(value) != protected_of(document):
            assert not all_required_passed(verdict), changed
        else:
            assert verdict.diagnoses == (), changed


def protected_of(document: Record) -> str | None:
    """Return what digests and the signature of a bundle protect, the signature included."""
    try:
        entries = [{k: e[k] for k in COVERED["certmate"]} for e in document["entries"]]
        signed = (document["manifest"], document["bundle_signature"])
    except (KeyError, TypeError):
        return None
    return json.dumps([entries, *signed], sort_keys=True)


def confirmed(folder: Path) -> Trust:
    """Return a trust in the bundle's own key, confirmed out of band."""
    (anchor,) = trust_in(folder / "trust", KEY).anchors
    key = f"log={folder / 'trust' / 'key0.pem'}"
    return load_trust([key], confirm=[anchor.fingerprint], secrets=(), at=AT)


def test_every_shipped_profile_is_among_them():
    # A bundle is changed below; the journal of a case in tests/store/test_journal.py; logs of other
    # projects in tests/verify/chain/test_projects.py.
    kinds = {kind for kind, _ in VARIANTS} | {"certmate-bundle", "workbench-journal"}
    kinds |= {write().profile for write in WRITERS.values()}
    assert kinds == {profile.id for profile in library.shipped()}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_flipped_bit_of_a_head_never_anchors(kind: str, tmp_path: Path):
    chance = random.Random(f"flips of the head of {kind}")
    log = LogBuilder(kind, LENGTH)
    head = log.head()
    trust = trust_in(tmp_path / "trust", KEY)
    for _ in range(FLIPS // 4):
        changed, _ = flipped(head, chance)
        verdict = judge(tmp_path, log, heads=[changed], trust=trust, secret=secret_for(kind))
        assert verdict.integrity.code != "ANCHORED", changed
        assert verdict.authenticity.indication is not Indication.PASSED, changed


#: A class and a record; None where the chain alone cannot show it.
Told = tuple[str, int]
Mutate = Callable[[LogBuilder, int, int], tuple[Told | None, Told]]


def delete(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    del log.records[at:to]
    alone = "RECORDS_DELETED" if log.kind.sequence else "LINK_BROKEN"
    return (alone, at + 1), ("RECORDS_DELETED", at + 1)


def cut_head(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    del log.records[:at]
    return ("HEAD_TRUNCATED", 1), ("HEAD_TRUNCATED", 1)


def cut_tail(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    del log.records[to:]
    return None, ("TAIL_TRUNCATED", to)


def insert(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    log.records.insert(at, log.forged(at + 1))
    return ("RECORD_INSERTED", at + 1), ("RECORD_INSERTED", at + 1)


def insert_unlinked(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    log.records.insert(at, log.forged(at + 1, previous="cd" * 32))
    return ("RECORD_INSERTED", at + 1), ("RECORD_INSERTED", at + 1)


def repeat(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    log.records.insert(to + 1, log.records[at])
    return ("RECORD_DUPLICATED", to + 2), ("RECORD_DUPLICATED", to + 2)


def swap(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    rows = log.records
    rows[at], rows[to] = rows[to], rows[at]
    return ("RECORDS_REORDERED", at + 1), ("RECORDS_REORDERED", at + 1)


def move(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    log.records.insert(at, log.records.pop(to))
    return ("RECORDS_REORDERED", at + 1), ("RECORDS_REORDERED", at + 1)


def rewrite(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    log.edit(at)
    log.rehash(at)
    alone = ("RECORD_REWRITTEN", at) if log.kind.sequence else ("LINK_BROKEN", at + 1)
    return alone, ("RECORD_REWRITTEN", at)


def rechain(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    log.edit(at)
    log.rechain(at)
    return None, ("RECHAINED_AFTER", HEADS[0] + 1 if at > HEADS[0] else 1)


def edit(log: LogBuilder, at: int, to: int) -> tuple[Told | None, Told]:
    log.edit(at)
    return ("RECORD_ALTERED", at), ("RECORD_ALTERED", at)


WAYS: list[Mutate] = [
    *(delete, cut_head, cut_tail, insert, insert_unlinked, repeat),
    *(swap, move, rewrite, rechain, edit),
]


def mutated(log: LogBuilder, chance: random.Random) -> tuple[str, Told | None, Told]:
    """Change the records of a log in one way; return which, what is told alone and with heads."""
    at, to = sorted(chance.sample(range(1, len(log.records)), 2))
    way = chance.choice(WAYS)
    alone, headed = way(log, at, to)
    return f"{way.__name__} {at} {to}", alone, headed


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_mutation_is_told_once_with_its_class_and_record(kind: str, tmp_path: Path):
    chance = random.Random(f"mutations of {kind}")
    trust = trust_in(tmp_path / "trust", KEY)
    for _ in range(MUTATIONS):
        log = LogBuilder(kind, 2 * LENGTH)
        heads = [log.head(HEADS[0]), log.head()]
        done, told_alone, told_headed = mutated(log, chance)
        alone = judge(tmp_path, log, secret=secret_for(kind))
        headed = judge(tmp_path, log, heads=heads, trust=trust, secret=secret_for(kind))
        assert told(alone) == ([] if told_alone is None else [told_alone]), done
        assert told(headed) == [told_headed], done
        four = (headed.integrity, headed.authenticity, headed.completeness)
        assert any(part.indication is Indication.FAILED for part in four), done
        assert not all_required_passed(headed), done


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_two_mutations_are_never_green_and_are_placed_in_the_log(kind: str, tmp_path: Path):
    chance = random.Random(f"pairs of mutations of {kind}")
    trust = trust_in(tmp_path / "trust", KEY)
    for _ in range(MUTATIONS // 2):
        log = LogBuilder(kind, 2 * LENGTH)
        heads, before = [log.head(HEADS[0]), log.head()], log.data()
        done = [mutated(log, chance)]
        if len(log.records) > LENGTH:
            done.append(mutated(log, chance))
        if log.data() == before:
            continue
        verdict = judge(tmp_path, log, heads=heads, trust=trust, secret=secret_for(kind))
        assert verdict.diagnoses, done
        assert not all_required_passed(verdict), done
        for found in verdict.diagnoses:
            assert found.record is None or 1 <= found.record <= len(log.records), done
