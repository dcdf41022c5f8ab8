"""Exports of the Pangea Secure Audit Log, built here apart from our code, and spoilt."""

import hashlib
import json
import subprocess
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Dimension, SubjectVerdict
from workbench.services.verification import verify

AT = datetime(2026, 6, 30, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"pangea").digest())
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
SPKI = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
Export = dict[str, Any]


def text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(root(leaves[:cut]) + root(leaves[cut:]))


def way(leaves: list[bytes], index: int) -> list[str]:
    if len(leaves) == 1:
        return []
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    if index < cut:
        return [*way(leaves[:cut], index), f"r:{root(leaves[cut:]).hex()}"]
    return [*way(leaves[cut:], index - cut), f"l:{root(leaves[:cut]).hex()}"]


def nodes(leaves: list[bytes], count: int) -> list[str]:
    """Return a consistency proof from ``count`` leaves, the smallest part first."""
    parts: list[str] = []
    end = count
    while end:
        size = end & -end
        start = end - size
        top = root(leaves[start:end])
        parts.append(f"x:{top.hex()}," + ",".join(up(leaves, start, end)))
        end = start
    return parts


def up(leaves: list[bytes], start: int, end: int) -> list[str]:
    if (start, end) == (0, len(leaves)):
        return []
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    if end <= cut:
        return [*up(leaves[:cut], start, end), f"r:{root(leaves[cut:]).hex()}"]
    return [*up(leaves[cut:], start - cut, end - cut), f"l:{root(leaves[:cut]).hex()}"]


def envelope(number: int, *, signed: bool = True) -> dict[str, Any]:
    event = {"message": f"Prüfung {number}", "actor": "ann", "old": None, "score": 0.5}
    said: dict[str, Any] = {"event": event, "received_at": "2026-01-01T00:00:00.000000Z"}
    if signed:
        without = {name: value for name, value in event.items() if value is not None}
        said["signature"] = b64encode(KEY.sign(text(without))).decode()
        said["public_key"] = json.dumps({"algorithm": "ED25519", "key": PEM})
    return said


def export(count: int = 7, *, signed: bool = True) -> Export:
    envelopes = [envelope(n, signed=signed) for n in range(count)]
    leaves = [sha(text(one)) for one in envelopes]
    events = [
        {
            "envelope": one,
            "hash": leaves[n].hex(),
            "leaf_index": n,
            "membership_proof": ",".join(way(leaves, n)),
            "published": True,
        }
        for n, one in enumerate(envelopes)
    ]
    top = {
        "size": count,
        "root_hash": root(leaves).hex(),
        "tree_name": "tree",
        "consistency_proof": nodes(leaves, count - 1),
        "url": "https://arweave.net/x",
    }
    return {"result": {"events": events, "root": top}}


def judged(path: Path, *trust: str, **asked: object) -> SubjectVerdict:
    request = VerifyRequest(paths=(path,), at=AT, trust=trust, **asked)  # type: ignore[arg-type]
    found = verify(request, progress=Silent(), cancel=Cancel()).subjects
    (verdict,) = [s.verdict for s in found if s.format == "pangea"]
    assert verdict is not None
    return verdict


def written(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), "utf-8")
    return path


def codes(verdict: SubjectVerdict) -> tuple[str, str]:
    return (
        f"{verdict.integrity.indication} {verdict.integrity.code}",
        f"{verdict.authenticity.indication} {verdict.authenticity.code}",
    )


@pytest.fixture
def key(tmp_path: Path) -> str:
    (tmp_path / "key.pem").write_text(PEM)
    return f"log={tmp_path / 'key.pem'}"


CONSISTENT = "PASSED SELF_CONSISTENT"


def test_a_whole_export_agrees_with_its_own_roots(tmp_path: Path) -> None:
    verdict = judged(written(tmp_path / "a.json", export()))
    assert codes(verdict) == (CONSISTENT, "INDETERMINATE NO_TRUST_ANCHOR")
    assert verdict.records == 7


def test_the_key_that_events_carry_names_their_signer(tmp_path: Path, key: str) -> None:
    path = written(tmp_path / "a.json", export())
    verdict = judged(path, key)
    assert codes(verdict)[1] == "PASSED key.pem"
    assert [(r.first, r.last, r.level) for r in verdict.assurance] == [(1, 7, 2)]


@pytest.mark.parametrize("where", ["key.pem", "in an event", "beside the events", "by lines"])
def test_a_key_that_stands_anywhere_else_counts_once_it_is_confirmed(
    where: str, tmp_path: Path, key: str
) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    made = export()
    if where == "key.pem":
        (folder / where).write_text(PEM)
    elif where == "in an event":
        made["result"]["events"][0]["envelope"]["event"]["message"] = PEM
    else:
        made["result"]["events"][0]["key"] = PEM
    path = written(folder / "a.json", made)
    if where == "by lines":
        path.unlink()
        lines = [
            json.dumps(one | {"root": made["result"]["root"]}) for one in made["result"]["events"]
        ]
        (folder / "a.jsonl").write_text("\n".join(lines))
    codes_ = judged(folder, key).signatures
    assert {s.code for s in codes_} & {"SELF_SUPPLIED_KEY", "SIG_CRYPTO_FAILURE"}
    assert all(s.indication != "PASSED" for s in codes_)
    sure = judged(folder, key, confirm=(hashlib.sha256(SPKI).hexdigest(),))
    assert any(s.indication == "PASSED" for s in sure.signatures)


def test_a_root_that_the_auditor_gives_anchors_or_contradicts(tmp_path: Path) -> None:
    made = export()
    path = written(tmp_path / "a.json", made)
    anchor = written(tmp_path / "root.json", made["result"]["root"])
    assert codes(judged(path, anchors=(anchor,)))[0] == "PASSED ANCHORED"
    written(anchor, made["result"]["root"] | {"root_hash": "0" * 64})
    assert codes(judged(path, anchors=(anchor,)))[0] == "FAILED HASH_FAILURE"


def test_a_root_that_only_lies_there_anchors_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    made = export()
    written(folder / "a.json", made)
    written(folder / "root.json", made["result"]["root"])
    assert codes(judged(folder))[0] == CONSISTENT


def test_events_one_a_line_are_read_alike(tmp_path: Path) -> None:
    made = export()["result"]
    lines = [json.dumps(one | {"root": made["root"]}) for one in made["events"]]
    path = tmp_path / "dump.jsonl"
    path.write_text("\n".join(lines) + "\n")
    assert codes(judged(path))[0] == CONSISTENT
    path.write_text("\n".join([*lines[:3], lines[3].replace("ann", "bob"), "{", *lines[4:]]))
    told = [(d.kind, d.record) for d in judged(path).diagnoses]
    assert told == [("RECORD_ALTERED", 4), ("MALFORMED_RECORD", 5)]


def event(made: Export, number: int) -> dict[str, Any]:
    found: dict[str, Any] = made["result"]["events"][number]
    return found


def rehash(made: Export, number: int) -> None:
    event(made, number)["hash"] = sha(text(event(made, number)["envelope"])).hex()


def altered_and_rehashed(made: Export) -> None:
    event(made, 2)["envelope"]["event"]["actor"] = "bob"
    rehash(made, 2)


SPOILT: dict[str, tuple[Callable[[Export], object], str, list[str]]] = {
    "an event": (
        lambda made: event(made, 2)["envelope"]["event"].update(actor="bob"),
        "FAILED RECORD_ALTERED",
        ["RECORD_ALTERED 3"],
    ),
    "an event and its hash": (
        altered_and_rehashed,
        "FAILED RECORD_REWRITTEN",
        ["RECORD_REWRITTEN 3"],
    ),
    "a signature taken away": (
        lambda made: event(made, 2)["envelope"].pop("signature"),
        "FAILED RECORD_ALTERED",
        ["RECORD_ALTERED 3"],
    ),
    "a proof": (
        lambda made: event(made, 2).update(membership_proof=event(made, 3)["membership_proof"]),
        "FAILED RECORD_REWRITTEN",
        ["RECORD_REWRITTEN 3"],
    ),
    "a place": (
        lambda made: event(made, 2).update(leaf_index=3),
        "FAILED RECORD_REWRITTEN",
        ["RECORD_REWRITTEN 3"],
    ),
    "a place that is no number": (
        lambda made: event(made, 2).update(leaf_index="2"),
        "FAILED RECORD_REWRITTEN",
        ["RECORD_REWRITTEN 3"],
    ),
    "a place taken away": (
        lambda made: event(made, 2).pop("leaf_index"),
        "INDETERMINATE NOT_RECOMPUTABLE",
        [],
    ),
    "an event twice": (
        lambda made: made["result"]["events"].append(deepcopy(event(made, 2))),
        "FAILED RECORD_DUPLICATED",
        ["RECORD_DUPLICATED 8"],
    ),
    "the root": (
        lambda made: made["result"]["root"].update(root_hash="0" * 64),
        "FAILED HASH_FAILURE",
        [],
    ),
    "the consistency proof": (
        lambda made: made["result"]["root"]["consistency_proof"].pop(),
        CONSISTENT,
        [],
    ),
    "a node of the consistency proof": (
        lambda made: made["result"]["root"].update(consistency_proof=["x:" + "0" * 64 + ","]),
        "FAILED HASH_FAILURE",
        [],
    ),
    "an envelope": (
        lambda made: event(made, 2).update(envelope="x"),
        "FAILED MALFORMED_RECORD",
        ["MALFORMED_RECORD 3"],
    ),
    "no proof": (
        lambda made: event(made, 2).pop("membership_proof"),
        "INDETERMINATE NOT_COVERED",
        [],
    ),
    "no root": (lambda made: made["result"].pop("root"), "INDETERMINATE NOT_RECOMPUTABLE", []),
}


@pytest.mark.parametrize("case", SPOILT)
def test_each_tampering_has_its_diagnosis(case: str, tmp_path: Path) -> None:
    change, integrity, told = SPOILT[case]
    made = deepcopy(export())
    change(made)
    verdict = judged(written(tmp_path / "a.json", made))
    assert codes(verdict)[0] == integrity
    assert [f"{d.kind} {d.record}" for d in verdict.diagnoses] == told


def test_the_only_event_of_an_export_has_to_keep_its_proof(tmp_path: Path) -> None:
    made = export(1)
    del event(made, 0)["membership_proof"]
    verdict = judged(written(tmp_path / "a.json", made))
    assert codes(verdict)[0] == "INDETERMINATE NOT_COVERED"
    del made["result"]["root"]
    verdict = judged(written(tmp_path / "a.json", made))
    assert codes(verdict)[0] == CONSISTENT


def test_a_false_signature_of_a_trusted_key_fails_both(tmp_path: Path, key: str) -> None:
    made = export(1)
    event(made, 0)["envelope"]["signature"] = b64encode(bytes(64)).decode()
    rehash(made, 0)
    made["result"].pop("root")
    verdict = judged(written(tmp_path / "a.json", made), key)
    assert codes(verdict) == ("FAILED SIG_CRYPTO_FAILURE", "FAILED SIG_CRYPTO_FAILURE")


def test_unsigned_events_leave_open_who_says_so(tmp_path: Path) -> None:
    verdict = judged(written(tmp_path / "a.json", export(signed=False)))
    assert codes(verdict) == (CONSISTENT, "INDETERMINATE NO_SIGNATURE")


HOSTILE: list[dict[str, Any]] = [
    {"membership_proof": "l:" + "0" * 63},
    {"membership_proof": ",".join(["l:" + "0" * 64] * 10_000)},
    {"membership_proof": 7},
    {"leaf_index": -1},
    {"leaf_index": 1 << 70},
    {"leaf_index": True},
    {"hash": None},
    {"hash": "\u0660" * 64},
    {"root": {"size": 1 << 80, "root_hash": "0" * 64}},
    {"root": {"size": -3, "root_hash": "0" * 64, "consistency_proof": [{}]}},
    {"envelope": {"event": {}, "signature": "x", "public_key": "{" * 500}},
    {"envelope": {"event": {}, "signature": "AA==", "public_key": '{"key": {}}'}},
]


@pytest.mark.parametrize("said", HOSTILE, ids=str)
def test_hostile_events_are_a_verdict(said: dict[str, Any], tmp_path: Path) -> None:
    made = export(2)
    event(made, 1).update(said)
    assert codes(judged(written(tmp_path / "a.json", made)))[0].split()[0] in {"FAILED", "PASSED"}


def test_no_flipped_byte_of_what_is_protected_stays_green(tmp_path: Path) -> None:
    one = event(export(1), 0) | {"root": export(1)["result"]["root"] | {"consistency_proof": None}}
    data = json.dumps(one, ensure_ascii=False).encode()
    path, end = tmp_path / "a.json", data.index(b'"leaf_index"')
    for at in range(0, end, 3):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        request = VerifyRequest(paths=(path,), at=AT)
        found = verify(request, progress=Silent(), cancel=Cancel()).dimension
        assert found(Dimension.INTEGRITY).indication != "PASSED", data[at - 5 : at + 5]


def test_the_command_prints_what_it_says(tmp_path: Path) -> None:
    verdict = judged(written(tmp_path / "a.json", export()))
    step = verdict.steps[0]
    run = subprocess.run(["bash", "-c", step.recipe], cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.strip() == step.prints, run.stderr
