"""A time stamp beside a file, a signature or a head decides about time, and about nothing else."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ReasonFlags
from drops import zipped
from recipes import commands, require_reproduced

from tests.verify import oms_builder as oms
from tests.verify import tokens
from tests.verify.certificates import AT, Issued
from tests.verify.oms_case import INTERMEDIATE, LEAF, ROOT
from tests.verify.tokens import TRUSTED, TSA, token
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import AssuranceFlag, Code, Indication, SubjectVerdict
from workbench.model.verification import SourceVerdict
from workbench.services.verification import verified

STAMP = "CN=TSA Root"


def sources(folder: Path, *anchors: TrustAnchor) -> tuple[SourceVerdict, ...]:
    request = VerifyRequest(paths=(folder,), at=AT)
    trust = Trust(AT).with_anchors(anchors or (TRUSTED,))
    return verified(request, trust, Silent(), Cancel(), None).sources


def verdict(folder: Path, *anchors: TrustAnchor, of: str | None = None) -> SubjectVerdict:
    judged = [s for s in sources(folder, *anchors) if s.verdict and of in {None, s.path}]
    assert len(judged) == 1, [s.path for s in judged]
    assert judged[0].verdict is not None
    return judged[0].verdict


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / "drop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "drop"


DOCUMENT = b"a decision, taken"


@pytest.mark.parametrize("name", ["memo.pdf.tsr", "memo.tst", "anything.tsr"])
def test_stamped_file_is_anchored_in_time_by_whatever_name(name: str, tmp_path: Path) -> None:
    stamp = token(data=DOCUMENT, bare=name.endswith("tst"))
    found = verdict(put(tmp_path, {"memo.pdf": DOCUMENT, name: stamp}))
    assert (found.integrity.indication, found.integrity.code) == (Indication.PASSED, Code.ANCHORED)
    assert (found.time.indication, found.time.code) == (Indication.PASSED, STAMP)
    assert found.authenticity.code == Code.NO_SIGNATURE
    require_reproduced(found.steps, tmp_path)
    assert commands(found.steps) == 2


def test_file_changed_after_it_was_stamped_fails(tmp_path: Path) -> None:
    drop = put(tmp_path, {"memo.pdf": b"another", "memo.pdf.tsr": token(data=DOCUMENT)})
    found = verdict(drop)
    assert (found.integrity.indication, found.integrity.code) == (
        Indication.FAILED,
        Code.HASH_FAILURE,
    )
    assert found.time.indication is Indication.FAILED


def test_stamp_by_nobody_trusted_leaves_a_file_as_it_was(tmp_path: Path) -> None:
    drop = put(tmp_path, {"memo.pdf": DOCUMENT, "memo.pdf.tsr": token(data=DOCUMENT)})
    found = verdict(drop, oms.key_anchor(oms.key("k")))
    assert found.integrity.code == Code.UNPROTECTED
    assert found.time.code == Code.NO_TRUST_ANCHOR


def test_stamp_goes_to_the_file_with_its_digest_before_the_one_of_its_name(tmp_path: Path) -> None:
    files = {"a.txt": b"other", "b.txt": DOCUMENT, "a.txt.tsr": token(data=DOCUMENT)}
    assert verdict(put(tmp_path, files), of="drop/b.txt").time.code == STAMP


def test_stamp_without_its_file_is_judged_and_proves_nothing(tmp_path: Path) -> None:
    found = verdict(put(tmp_path, {"lost.tsr": token(data=DOCUMENT)}))
    assert found.integrity.code == Code.NOT_RECOMPUTABLE
    assert hashlib.sha256(DOCUMENT).hexdigest() in " ".join(found.notes)


def test_damaged_stamp_does_not_drop_out(tmp_path: Path) -> None:
    drop = put(tmp_path, {"memo.pdf": DOCUMENT, "memo.pdf.tsr": b"\x30\x80garbage"})
    found = verdict(drop)
    assert (found.time.indication, found.time.code) == (Indication.FAILED, Code.FORMAT_FAILURE)


def log_key() -> TrustAnchor:
    der = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.sha256(der).hexdigest()
    return TrustAnchor("log.pem", AnchorKind.PUBLIC_KEY, TrustRole.LOG, digest, digest, der)


def test_stamped_head_dates_the_records_under_it(tmp_path: Path) -> None:
    log = LogBuilder("workbench", 6)
    files = {
        "log.jsonl": log.data(),
        "log.head": log.head(),
        "log.head.tsr": token(data=log.head()),
    }
    found = verdict(put(tmp_path, files), TRUSTED, log_key())
    assert (found.time.indication, found.time.code) == (Indication.PASSED, STAMP)
    (part,) = found.assurance
    assert (part.level, part.last) == (3, 6)


def test_records_after_a_stamped_head_have_no_trusted_time(tmp_path: Path) -> None:
    log = LogBuilder("workbench", 6)
    head = log.head(4)
    files = {"log.jsonl": log.data(), "log.head": head, "log.head.tsr": token(data=head)}
    found = verdict(put(tmp_path, files), TRUSTED, log_key())
    assert (found.time.indication, found.time.code) == (
        Indication.INDETERMINATE,
        Code.NO_TRUSTED_TIME,
    )
    assert [AssuranceFlag.TIMESTAMPED in part.flags for part in found.assurance] == [True, False]


def test_stamped_head_of_other_bytes_dates_nothing(tmp_path: Path) -> None:
    log = LogBuilder("workbench", 6)
    head = log.head()
    log.edit(2)
    files = {"log.jsonl": log.data(), "log.head": head, "log.head.tsr": token(data=head)}
    found = verdict(put(tmp_path, files), TRUSTED, log_key())
    assert found.time.indication is not Indication.PASSED


EXPIRED = oms.issue("Old signer", INTERMEDIATE, valid=(2020, 2026))
LATER = oms.issue("Late signer", INTERMEDIATE, valid=(2020, 2025))
MODEL_ROOT = oms.certificate_anchor(ROOT)


def model(folder: Path, leaf: oms.Ca, *, stamp: bool, inside: bool = False) -> Path:
    signed = oms.signed_by_certificate(leaf, INTERMEDIATE)
    sig = "model/model.sig" if inside else "model.sig"
    signed = replace(signed, signature_name=sig)
    signed.write(folder / "drop")
    if stamp:
        tsa = Issued(TSA.certificate, TSA.key)
        data = token(data=signed.signature, tsa=tsa, at=datetime(2025, 12, 1, tzinfo=UTC))
        (folder / "drop" / f"{sig}.tsr").write_bytes(data)
    return folder / "drop"


def revoked(leaf: oms.Ca, when: datetime, reason: ReasonFlags | None = None) -> TrustAnchor:
    issuer = Issued(INTERMEDIATE.certificate, INTERMEDIATE.private)
    der = tokens.crl(issuer, [(Issued(leaf.certificate, leaf.private), when, reason)])
    digest = hashlib.sha256(der).hexdigest()
    return TrustAnchor("issuer.crl", AnchorKind.REVOCATION_LIST, None, digest, digest, der)


DAY = datetime(2026, 2, 1, tzinfo=UTC)
EARLIER = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("leaf", "stamp", "more", "code"),
    [
        (EXPIRED, False, (), Code.OUT_OF_BOUNDS_NO_POE),
        (EXPIRED, True, (), "CN=Old signer"),
        (LATER, True, (), Code.OUT_OF_BOUNDS_NO_POE),
        (LEAF, False, (revoked(LEAF, DAY),), Code.REVOKED_NO_POE),
        (LEAF, True, (revoked(LEAF, DAY, ReasonFlags.key_compromise),), "CN=Model signer"),
        (LEAF, True, (revoked(LEAF, EARLIER),), Code.REVOKED_NO_POE),
        (LEAF, False, (revoked(EXPIRED, DAY),), "CN=Model signer"),
    ],
    ids=[
        "expired, no stamp",
        "stamped before it expired",
        "stamped after it expired",
        "revoked, no stamp",
        "stamped before it was revoked",
        "stamped after it was revoked",
        "another one revoked",
    ],
)
def test_signature_is_judged_by_the_time_it_is_proven_to_have_existed(
    leaf: oms.Ca, stamp: bool, more: tuple[TrustAnchor, ...], code: str, tmp_path: Path
) -> None:
    found = verdict(model(tmp_path, leaf, stamp=stamp), TRUSTED, MODEL_ROOT, *more)
    assert found.authenticity.code == code
    passed = found.authenticity.indication is Indication.PASSED
    assert (found.time.indication is Indication.PASSED) == (passed and stamp)


def test_stamp_over_an_archive_dates_what_is_in_it(tmp_path: Path) -> None:
    log = LogBuilder("workbench", 6)
    packed = zipped({"log.jsonl": log.data(), "log.head": log.head(), "README.txt": b"hello"})
    files = {"case.zip": packed, "case.zip.tsr": token(data=packed)}
    found = verdict(put(tmp_path, files), TRUSTED, log_key())
    assert (found.integrity.code, found.completeness.code) == (Code.ANCHORED, Code.ANCHORED)
    assert (found.time.indication, found.time.code) == (Indication.PASSED, STAMP)
    require_reproduced(found.steps, tmp_path)
    (tmp_path / "drop" / "case.zip.tsr").write_bytes(token(data=b"another"))
    assert verdict(tmp_path / "drop", TRUSTED, log_key()).integrity.code == Code.HASH_FAILURE


def test_stamped_archive_in_which_nothing_is_judged_is_a_subject(tmp_path: Path) -> None:
    packed = zipped({"README.txt": b"hello"})
    drop = put(tmp_path, {"case.zip": packed, "case.zip.tsr": token(data=packed)})
    assert verdict(drop, of="drop/case.zip").time.code == STAMP


def test_stamp_of_an_untrusted_authority_helps_no_expired_signature(tmp_path: Path) -> None:
    found = verdict(model(tmp_path, EXPIRED, stamp=True), MODEL_ROOT)
    assert found.authenticity.code == Code.OUT_OF_BOUNDS_NO_POE
    assert found.time.indication is Indication.INDETERMINATE


def test_stamp_over_the_signature_is_no_file_of_the_model(tmp_path: Path) -> None:
    drop = model(tmp_path, LEAF, stamp=True, inside=True)
    found = verdict(drop, TRUSTED, MODEL_ROOT)
    assert found.completeness.indication is Indication.PASSED
    assert found.time.code == STAMP
    (drop / "model" / "other.tsr").write_bytes(token(data=b"something else"))
    assert verdict(drop, TRUSTED, MODEL_ROOT).completeness.code == "FILE_ADDED"


def test_root_of_the_authority_that_travels_in_the_token_is_a_path_element(tmp_path: Path) -> None:
    stamp = token(data=DOCUMENT, certificates=(TSA, tokens.ROOT))
    drop = put(tmp_path, {"memo.pdf": DOCUMENT, "memo.pdf.tsr": stamp})
    assert verdict(drop).time.indication is Indication.PASSED
    (drop / "root.der").write_bytes(tokens.ROOT.der)
    assert verdict(drop).time.code == Code.SELF_SUPPLIED_KEY


def test_auditor_says_what_a_stamp_is_over(tmp_path: Path) -> None:
    drop = put(tmp_path, {"a/memo.pdf": DOCUMENT, "b/stamp.tsr": token(data=DOCUMENT)})
    request = VerifyRequest(
        paths=(drop,), at=AT, anchors=(drop / "b/stamp.tsr",), artifact=drop / "a/memo.pdf"
    )
    found = verified(request, Trust(AT, (TRUSTED,)), Silent(), Cancel(), None).subjects
    assert [s.path for s in found] == ["drop/a/memo.pdf"]
    assert found[0].verdict is not None
    assert found[0].verdict.time.code == STAMP
