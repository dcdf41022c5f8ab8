"""A head that witnesses cosigned gives its log a time and the highest level."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders import KEY, LogBuilder
from tests.verify.chain.judging import judge, trust_in
from tests.verify.tlog.builder import WITNESSES
from workbench.model.trust import Trust, TrustRole
from workbench.verify.trust.anchors import load_trust

NAME, WITNESS = next(iter(WITNESSES.items()))


def cosigned(head: bytes, time: int = 1_780_000_000) -> bytes:
    text = head.partition(b"\n\n")[0] + b"\n"
    raw = WITNESS.public_key().public_bytes_raw()
    key_id = sha256(NAME.encode() + b"\n\4" + raw).digest()[:4]
    value = WITNESS.sign(b"cosignature/v1\ntime %d\n" % time + text)
    blob = b64encode(key_id + time.to_bytes(8) + value).decode()
    return head + f"\u2014 {NAME} {blob}\n".encode()


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    pem = WITNESS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "witness.pem").write_bytes(pem)
    log = trust_in(tmp_path, KEY)
    witness = load_trust([f"witness={tmp_path / 'witness.pem'}"], at=log.at)
    return replace(log, anchors=(*log.anchors, *witness.anchors))


def test_a_witnessed_head_lifts_the_records_that_it_covers(tmp_path: Path, trust: Trust) -> None:
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, heads=[cosigned(log.head())], trust=trust)
    assert (verdict.time.indication, verdict.time.code) == ("PASSED", "witness.pem")
    assert [r.level for r in verdict.assurance] == [4]
    assert verdict.authenticity.code == "key0.pem"


def test_a_witness_of_an_earlier_head_says_nothing_of_later_records(
    tmp_path: Path, trust: Trust
) -> None:
    log = LogBuilder("workbench")
    heads = [cosigned(log.head(7)), log.head()]
    verdict = judge(tmp_path, log, heads=heads, trust=trust)
    assert verdict.time.code == "NO_TRUSTED_TIME"
    assert [(r.first, r.last, r.level) for r in verdict.assurance] == [(1, 7, 4), (8, 12, 2)]


def test_the_logs_own_key_is_no_witness(tmp_path: Path, trust: Trust) -> None:
    log = LogBuilder("workbench")
    (log_key,) = (a for a in trust.anchors if a.role is TrustRole.LOG)
    alone = replace(trust, anchors=(log_key,))
    verdict = judge(tmp_path, log, heads=[cosigned(log.head())], trust=alone)
    assert verdict.time.code == "NO_TRUSTED_TIME"
