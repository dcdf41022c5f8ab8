"""A delivery of CloudTrail is green only where every byte in it is vouched for."""

import gzip
import hashlib
import json
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.verify import trails
from tests.verify.certificates import AT
from tests.verify.trails import BEGIN, HOUR, Trail, key_list
from workbench.errors import SourceError
from workbench.model.cloudtrail import digest_from
from workbench.model.expectation import Expectation, Period
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Code, DiagnosisClass, Dimension, Indication, SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.cloudtrail.verifier import VERIFIER
from workbench.verify.trust.anchors import load_trust

D = DiagnosisClass


def trusting(
    folder: Path, *names: str, role: str = "log", confirm: tuple[str, ...] = (), **more: Any
) -> Any:
    path = folder / "keys.json"
    path.write_bytes(key_list(*names, **more))
    return load_trust([f"{role}={path}"], at=AT, confirm=confirm)


def judge(
    drop: Path, *, trust: Any = None, period: Period | None = None, subjects: int = 1
) -> SubjectVerdict:
    request = VerifyRequest((drop,), AT, expectation=Expectation(period))
    known = trust or trusting(drop.parent, "aws", "aws2")
    found = [s for s in verified(request, known, Silent(), Cancel(), None).sources if s.verdict]
    assert len(found) == subjects, [s.path for s in found]
    assert found[0].verdict is not None
    return found[0].verdict


def kinds(verdict: SubjectVerdict) -> list[str]:
    return [diagnosis.kind for diagnosis in verdict.diagnoses]


def is_green(verdict: SubjectVerdict) -> bool:
    return all(verdict.dimension(d).indication is Indication.PASSED for d in Dimension)


def test_sound_delivery_is_green_in_all_four_dimensions(tmp_path: Path) -> None:
    verdict = judge(Trail().write(tmp_path))
    assert is_green(verdict)
    assert verdict.integrity.code == Code.ANCHORED
    assert kinds(verdict) == []
    assert [(part.first, part.last, part.level) for part in verdict.assurance] == [(1, 4, 2)]


def test_every_digest_but_the_newest_is_signed_by_the_next_one(tmp_path: Path) -> None:
    verdict = judge(Trail().write(tmp_path, metadata=False))
    assert verdict.authenticity.indication is Indication.PASSED
    assert verdict.integrity.code == Code.SELF_CONSISTENT
    assert verdict.completeness.code == Code.NO_ANCHOR
    assert [part.level for part in verdict.assurance] == [2, 1]


def test_a_period_that_ends_under_a_signature_needs_no_newer_digest(tmp_path: Path) -> None:
    drop = Trail().write(tmp_path, metadata=False)
    inside = judge(drop, period=Period(BEGIN, BEGIN + 2 * HOUR))
    assert inside.completeness.code == Code.ANCHORED
    beyond = judge(drop, period=Period(BEGIN, BEGIN + 3 * HOUR))
    assert beyond.completeness.indication is Indication.INDETERMINATE
    before = judge(drop, period=Period(BEGIN - HOUR, BEGIN + HOUR))
    assert before.completeness.code == Code.PARTIAL_COVERAGE


def test_an_unsigned_digest_vouches_for_no_file_of_an_hour_that_is_signed(tmp_path: Path) -> None:
    """Whoever adds a file can write the newest digest for it, which nobody signed."""
    trail, body = Trail(), b'{"Records":[{"eventVersion":"1.08"}]}'
    name, forged = trail.digest(3), trail.log(1, 7)
    newest = json.loads(trail.bodies[name])
    entry = {**newest["logFiles"][0], "s3Object": forged}
    newest["logFiles"].append({**entry, "hashValue": hashlib.sha256(body).hexdigest()})
    trail.bodies |= {forged: body, name: json.dumps(newest).encode()}
    drop = trail.write(tmp_path, metadata=False)
    verdict = judge(drop, period=Period(BEGIN, BEGIN + 2 * HOUR))
    assert kinds(verdict) == [D.FILE_UNLISTED]
    assert verdict.integrity.code == Code.NOT_COVERED
    assert verdict.completeness.code == D.FILE_UNLISTED


Change = Callable[[Trail], None]


def _drop_first(trail: Trail) -> None:
    trail.forget(trail.digest(0))


def _drop_log(trail: Trail) -> None:
    trail.forget(trail.log(1, 0))


def _edit_log(trail: Trail) -> None:
    trail.bodies[trail.log(1, 0)] = trail.bodies[trail.log(1, 0)].replace(b"1-0", b"1-9")


def _line_end(trail: Trail) -> None:
    trail.bodies[trail.log(1, 0)] += b"\n"


def _swap_logs(trail: Trail) -> None:
    one, two = trail.log(1, 0), trail.log(2, 0)
    trail.bodies[one], trail.bodies[two] = trail.bodies[two], trail.bodies[one]


def _smuggle(trail: Trail) -> None:
    name = trail.log(1, 0)
    trail.packed[name] = gzip.compress(trail.bodies[name]) + gzip.compress(b'{"Records":[]}')


def _smuggle_in_digest(trail: Trail) -> None:
    name = trail.digest(1)
    trail.packed[name] = gzip.compress(trail.bodies[name]) + gzip.compress(b"more")


def _add_log(trail: Trail) -> None:
    trail.bodies[trail.log(1, 7)] = b'{"Records":[{"eventVersion":"1.08"}]}'


def _move_log(trail: Trail) -> None:
    name = trail.log(1, 0)
    trail.bodies[name.replace("/03/01/", "/03/09/")] = trail.bodies.pop(name)


def _garbage_digest(trail: Trail) -> None:
    trail.bodies[trail.digest(1)] = b"not JSON"


def _forge_one(trail: Trail) -> None:
    name = trail.digest(1)
    trail.bodies[name] = trail.bodies[name].replace(b"1-0", b"1-0").replace(b"abc10", b"abc1X")


def _lone_metadata(trail: Trail) -> None:
    trail.bodies.pop(trail.digest(3))


CHANGES: dict[str, tuple[Change, list[str], tuple[Dimension, str]]] = {
    "oldest digest gone": (_drop_first, [], (Dimension.COMPLETENESS, "INDETERMINATE HEAD_UNKNOWN")),
    "log gone": (_drop_log, [D.FILE_MISSING], (Dimension.COMPLETENESS, "FAILED FILE_MISSING")),
    "log changed": (_edit_log, [D.FILE_ALTERED], (Dimension.INTEGRITY, "FAILED FILE_ALTERED")),
    "line end added": (_line_end, [D.FILE_ALTERED], (Dimension.INTEGRITY, "FAILED FILE_ALTERED")),
    "logs swapped": (
        _swap_logs,
        [D.FILE_ALTERED, D.FILE_ALTERED],
        (Dimension.INTEGRITY, "FAILED FILE_ALTERED"),
    ),
    "second gzip member": (
        _smuggle,
        [D.FILE_ALTERED],
        (Dimension.INTEGRITY, "FAILED FILE_ALTERED"),
    ),
    "second gzip member in a digest": (
        _smuggle_in_digest,
        [D.FILE_ALTERED],
        (Dimension.INTEGRITY, "FAILED FILE_ALTERED"),
    ),
    "log added": (
        _add_log,
        [D.FILE_UNLISTED],
        (Dimension.COMPLETENESS, "INDETERMINATE FILE_UNLISTED"),
    ),
    "log moved": (_move_log, [D.FILE_RENAMED], (Dimension.INTEGRITY, "FAILED FILE_RENAMED")),
    "digest is garbage": (
        _garbage_digest,
        [D.FILE_ALTERED, D.SEGMENT_MISSING],
        (Dimension.INTEGRITY, "FAILED FILE_ALTERED"),
    ),
    "newest digest gone, its signature here": (
        _lone_metadata,
        [D.FILE_MISSING],
        (Dimension.COMPLETENESS, "FAILED FILE_MISSING"),
    ),
}


@pytest.mark.parametrize(
    ("case", "metadata"),
    [
        (case, kept)
        for case in CHANGES
        for kept in (True, False)
        if kept or "its signature" not in case
    ],
)
def test_each_change_has_its_class(case: str, metadata: bool, tmp_path: Path) -> None:
    change, expected, (dimension, words) = CHANGES[case]
    trail = Trail()
    change(trail)
    verdict = judge(trail.write(tmp_path, metadata=metadata))
    assert kinds(verdict) == expected
    part = verdict.dimension(dimension)
    if metadata or part.indication is Indication.FAILED:
        assert f"{part.indication} {part.code}" == words
    assert not is_green(verdict)


def test_an_innocent_line_end_is_named(tmp_path: Path) -> None:
    trail = Trail()
    _line_end(trail)
    (diagnosis,) = judge(trail.write(tmp_path)).diagnoses
    assert diagnosis.explanations == ("A line end was added at its end: nothing else differs.",)


def test_a_log_in_the_hour_of_a_missing_digest_is_not_accused(tmp_path: Path) -> None:
    trail = Trail(hours=5)
    trail.forget(trail.digest(2))
    verdict = judge(trail.write(tmp_path))
    assert kinds(verdict) == [D.SEGMENT_MISSING]
    assert verdict.integrity.code == Code.NOT_COVERED
    assert len(verdict.not_covered) == 2


def test_two_missing_in_a_row_are_two(tmp_path: Path) -> None:
    trail = Trail(hours=6)
    trail.forget(trail.digest(2))
    trail.forget(trail.digest(3))
    (diagnosis,) = judge(trail.write(tmp_path)).diagnoses
    assert (diagnosis.count, diagnosis.record) == (2, 3)
    assert diagnosis.path == trail.digest(3)


def test_rotated_keys_are_each_asked_for_their_own(tmp_path: Path) -> None:
    drop = Trail(signer=lambda hour: "aws" if hour < 2 else "aws2").write(tmp_path)
    assert is_green(judge(drop))
    half = judge(drop, trust=trusting(tmp_path, "aws"))
    assert half.authenticity.code == Code.NO_TRUST_ANCHOR


def test_signature_by_another_key_under_a_trusted_name_fails(tmp_path: Path) -> None:
    trail = Trail(signer=lambda hour: "mallory")
    for name in trail.signatures:
        trail.bodies[name] = trail.bodies[name].replace(
            trails.key_id("mallory").encode(), trails.key_id("aws").encode()
        )
    verdict = judge(trail.write(tmp_path))
    assert verdict.authenticity.indication is Indication.FAILED
    assert not is_green(verdict)


def test_unknown_key_has_no_effect_and_proves_nothing(tmp_path: Path) -> None:
    verdict = judge(Trail(signer=lambda hour: "mallory").write(tmp_path))
    assert verdict.authenticity.code == Code.NO_TRUST_ANCHOR
    assert verdict.integrity.code == Code.SELF_CONSISTENT
    assert verdict.completeness.code == Code.NO_ANCHOR


def test_key_trusted_for_something_else_is_a_mismatch(tmp_path: Path) -> None:
    verdict = judge(Trail().write(tmp_path), trust=trusting(tmp_path, "aws", role="model"))
    assert verdict.authenticity.code == Code.ROLE_MISMATCH


@pytest.mark.parametrize(
    ("life", "code"),
    [
        (("2026-01-01", "2026-02-01"), Code.OUT_OF_BOUNDS_NO_POE),
        (("2026-06-01", "2026-12-31"), Code.OUT_OF_BOUNDS_NO_POE),
    ],
)
def test_key_counts_for_its_own_time_only(life: tuple[str, str], code: str, tmp_path: Path) -> None:
    verdict = judge(Trail().write(tmp_path), trust=trusting(tmp_path, "aws", life=life))
    assert verdict.authenticity.code == code


def test_list_of_keys_in_the_delivery_must_be_confirmed(tmp_path: Path) -> None:
    drop = Trail().write(tmp_path)
    (drop / "list-public-keys.json").write_bytes(key_list("aws"))
    trust = trusting(tmp_path, "aws")
    assert judge(drop, trust=trust).authenticity.code == Code.SELF_SUPPLIED_KEY
    sure = trusting(tmp_path, "aws", confirm=(trust.anchors[0].fingerprint,))
    assert judge(drop, trust=sure).authenticity.indication is Indication.PASSED


def test_backfill_digests_are_a_chain_of_their_own(tmp_path: Path) -> None:
    Trail().write(tmp_path)
    late = Trail(backfill=True, hours=2, logs=0)
    drop = late.write(tmp_path)
    for path in (drop / "head-object").rglob("*_backfill.json.gz.json"):
        value = json.loads(path.read_text())
        value["Metadata"]["backfill-generation-timestamp"] = "2026-05-01T00:00:00Z"
        path.write_text(json.dumps(value))
    verdict = judge(drop)
    assert is_green(verdict)
    assert len(verdict.assurance) == 2


def test_log_files_without_digests_are_unprotected(tmp_path: Path) -> None:
    trail = Trail()
    for hour in range(4):
        trail.forget(trail.digest(hour))
    verdict = judge(trail.write(tmp_path))
    assert verdict.integrity.code == Code.UNPROTECTED
    assert "log file validation" in " ".join(verdict.notes)


def test_delivery_in_an_archive_or_without_its_folders_is_the_same(tmp_path: Path) -> None:
    drop = Trail().write(tmp_path)
    packed = tmp_path / "packed"
    packed.mkdir()
    shutil.make_archive(str(packed / "delivery"), "zip", drop)
    assert is_green(judge(packed / "delivery.zip", trust=trusting(tmp_path, "aws")))
    flat = tmp_path / "flat"
    flat.mkdir()
    for path in drop.rglob("*"):
        if path.is_file():
            shutil.copy(path, flat / path.name)
    assert is_green(judge(flat, trust=trusting(tmp_path, "aws")))


def test_uncompressed_copies_under_their_own_names_are_the_same(tmp_path: Path) -> None:
    drop = Trail().write(tmp_path)
    for path in (drop / "s3").rglob("*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert is_green(judge(drop))


def test_copies_beside_the_compressed_files_are_the_same(tmp_path: Path) -> None:
    drop = Trail().write(tmp_path)
    for path in (drop / "s3").rglob("*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    assert is_green(judge(drop))


def _mutated(trail: Trail, rng: random.Random) -> str:
    """Flip one bit of one protected thing and return what it was."""
    what = rng.choice(["body", "signature"])
    table: dict[str, Any] = trail.bodies if what == "body" else trail.signatures
    name = rng.choice(sorted(table))
    value = table[name]
    raw = bytearray(value if isinstance(value, bytes) else bytes.fromhex(value))
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    table[name] = bytes(raw) if isinstance(value, bytes) else raw.hex()
    return f"{what} {name}"


@pytest.mark.parametrize("metadata", [True, False])
def test_no_flipped_bit_leaves_a_delivery_green(metadata: bool, tmp_path: Path) -> None:
    rng = random.Random(20261126 + metadata)
    sound = Trail(hours=3, logs=1)
    for n in range(24):
        trail = Trail(hours=1, logs=0)
        trail.bodies, trail.signatures = dict(sound.bodies), dict(sound.signatures)
        what = _mutated(trail, rng)
        if not metadata and what.startswith("signature"):
            continue
        verdict = judge(trail.write(tmp_path / str(n), metadata=metadata))
        if what.startswith("signature"):
            assert verdict.authenticity.indication is Indication.FAILED, what
        elif metadata or not what.endswith(sound.digest(2)):  # nothing vouches for the newest
            assert verdict.integrity.indication is Indication.FAILED, what


def test_swapped_digests_are_not_green(tmp_path: Path) -> None:
    trail = Trail()
    one, two = trail.digest(1), trail.digest(2)
    trail.bodies[one], trail.bodies[two] = trail.bodies[two], trail.bodies[one]
    verdict = judge(trail.write(tmp_path))
    assert kinds(verdict).count(D.FILE_RENAMED) == 2
    assert verdict.integrity.indication is Indication.FAILED


def _self_loop(hour: int, digest: dict[str, Any]) -> None:
    digest["previousDigestS3Object"] = digest["digestS3Object"]


def _same_previous(hour: int, digest: dict[str, Any]) -> None:
    if hour == 3:
        digest["digestStartTime"] = "2026-03-01T10:00:00Z"


HOSTILE: dict[str, Callable[[int, dict[str, Any]], None]] = {
    "names itself": _self_loop,
    "negative number": lambda hour, digest: digest.update(digestEndTime=-1),
    "time out of range": lambda hour, digest: digest.update(digestEndTime="9999-99-99T99:99:99Z"),
    "line break in a name": lambda hour, digest: digest.update(digestS3Object="a\nb"),
    "logs are no list": lambda hour, digest: digest.update(logFiles={"a": 1}),
    "logs are numbers": lambda hour, digest: digest.update(logFiles=[1, 2]),
    "another hash": lambda hour, digest: digest["logFiles"][0].update(hashAlgorithm="MD5"),
    "algorithm is weak": lambda hour, digest: digest.update(digestSignatureAlgorithm="SHA1withRSA"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_digest_is_a_verdict(case: str, tmp_path: Path) -> None:
    trail = Trail(hours=1)
    trail.edit = HOSTILE[case]
    name = trail.digest(0)
    value = json.loads(trail.bodies[name])
    HOSTILE[case](0, value)
    trail.bodies[name] = json.dumps(value).encode()
    assert not is_green(judge(trail.write(tmp_path)))


def test_deep_and_doubled_json_is_a_verdict(tmp_path: Path) -> None:
    trail = Trail(hours=2)
    trail.bodies[trail.digest(0)] = b'{"a":' * 5000 + b"1" + b"}" * 5000
    body = trail.bodies[trail.digest(1)]
    trail.bodies[trail.digest(1)] = body[:-1] + b',"digestEndTime":"2026-03-01T10:00:00Z"}'
    assert not is_green(judge(trail.write(tmp_path)))


def test_list_with_a_huge_or_tiny_key_is_refused(tmp_path: Path) -> None:
    for bits in (1024, 16384):
        big = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) + 9).public_key()
        from base64 import b64encode

        from cryptography.hazmat.primitives import serialization as s

        der = big.public_bytes(s.Encoding.DER, s.PublicFormat.PKCS1)
        path = tmp_path / "keys.json"
        entry = {"Value": b64encode(der).decode(), "Fingerprint": "ab"}
        path.write_text(json.dumps({"PublicKeyList": [entry]}))
        with pytest.raises(SourceError, match=f"RSA of {bits} bits"):
            load_trust([f"log={path}"], at=AT)


def test_a_log_that_mentions_digests_stays_a_log(tmp_path: Path) -> None:
    line = {"digestS3Object": "x", "Metadata": {"signature": "ab", "signature-algorithm": "c"}}
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "app.jsonl").write_text(json.dumps(line) + "\n" + json.dumps(line) + "\n")
    request = VerifyRequest((drop,), AT)
    trust = load_trust((), at=AT)
    found = [s for s in verified(request, trust, Silent(), Cancel(), None).sources if s.verdict]
    assert [s.path for s in found] == ["drop/app.jsonl"]


def test_what_is_signed_is_spelled_as_the_digest_spells_it() -> None:
    trail = Trail(hours=1, logs=0)
    digest = digest_from(json.loads(trail.bodies[trail.digest(0)]))
    assert digest.signed_text("ab").split("\n") == [
        "2026-03-01T09:00:00Z",
        f"{trails.BUCKET}/{trail.digest(0)}",
        "ab",
        "null",
    ]
    assert digest.end == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert digest.end - digest.start == timedelta(hours=1)
    assert VERIFIER.id == "cloudtrail"
