"""A trust store as a file: what it says counts, what is misspelled or contradicts is refused."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, OTHER_KEY

from tests.verify import attestation_builder as a
from tests.verify import sigstore_builder as sb
from tests.verify.certificates import Sheet, issue
from workbench.errors import SourceError, UsageError
from workbench.model.expectation import Origin
from workbench.model.trust import AnchorKind, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication
from workbench.sign.keys import public_pem
from workbench.verify.trust.anchors import load_trust
from workbench.verify.trust.identity import Identity, identity_anchor, identity_of

AT = datetime(2026, 6, 30, tzinfo=UTC)
DATA = b"an artifact\n"
HERE = sb.Instance()
BUNDLE = a.to_bytes(HERE.message(DATA))
PRINT = hashlib.sha256(a.spki_of(KEY)).hexdigest()  # type: ignore[arg-type]
WHO = f"identity: {sb.IDENTITY}\n    issuer: {sb.ISSUER}"


def store(folder: Path, *anchors: str) -> Path:
    lines = "".join(f"  - {anchor}\n" for anchor in anchors)
    (folder / "log.pem").write_bytes(public_pem(KEY.public_key()))
    path = folder / "trust.yaml"
    path.write_text(f"# whom we trust\nworkbench-trust: 1\nanchors:\n{lines}", encoding="utf-8")
    return path


def brought(folder: Path, *anchors: str) -> tuple[TrustAnchor, ...]:
    return load_trust([str(store(folder, *anchors))], at=AT).anchors


def test_a_key_has_what_the_store_says_of_it(tmp_path: Path) -> None:
    (anchor,) = brought(
        tmp_path,
        f"file: log.pem\n    role: log\n    valid_from: 2026-01-01\n    valid_to: 2026-03-31\n"
        f"    source: on paper\n    fingerprint: {PRINT.upper()}\n    confirmed: by telephone",
    )
    assert (anchor.role, anchor.source) == (TrustRole.LOG, "on paper")
    assert (anchor.confirmed, anchor.confirmed_how) == (True, "by telephone")
    assert anchor.valid_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert anchor.valid_to == datetime(2026, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def test_a_window_never_lengthens_the_life_of_a_certificate(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(issue(Sheet("Signer", years=(2026, 2028))).pem)
    (anchor,) = brought(
        tmp_path, "file: ca.pem\n    valid_from: 2020-01-01\n    valid_to: 2027-06-30T12:00:00Z"
    )
    assert anchor.valid_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert anchor.valid_to == datetime(2027, 6, 30, 12, tzinfo=UTC)


def test_of_a_file_with_several_keys_the_fingerprint_picks_one(tmp_path: Path) -> None:
    both = public_pem(KEY.public_key()) + public_pem(OTHER_KEY.public_key())
    (tmp_path / "both.pem").write_bytes(both)
    (anchor,) = brought(tmp_path, f"file: both.pem\n    fingerprint: {PRINT}")
    assert anchor.fingerprint == PRINT


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ("file: log.pem\n    rolle: log", "rolle, which is not known"),
        ("file: log.pem\n    role: notary", "notary is none of"),
        ("file: log.pem\n    role: ''", "role must be a text"),
        ("file: missing.pem", "missing.pem"),
        ("file: log.pem\n    fingerprint: 00", "of nothing it names"),
        ("file: log.pem\n    confirmed: by telephone", "states no fingerprint"),
        ("file: log.pem\n    valid_to: soon", "no time like"),
        ("file: log.pem\n    valid_from: 2026-02-01\n    valid_to: 2026-01-01", "ends before"),
        ("role: log", "needs a file, or an identity"),
        ("identity: ann@example.org", "needs a file, or an identity"),
        (f"{WHO}\n    file: log.pem", "needs a file, or an identity"),
        ("identity: '*@example.org'\n    issuer: https://i", "is a pattern"),
        ("file: trust.yaml", "holds no public key"),
        ("file", "is no mapping"),
    ],
)
def test_what_is_misspelled_or_contradicts_is_refused(
    anchor: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=words):
        brought(tmp_path, anchor)


@pytest.mark.parametrize(
    "text",
    [
        "workbench-trust: 2\nanchors: []\n",
        "workbench-trust: 1\nanchors: none\n",
        "workbench-trust: 1\nanchors: []\nmore: x\n",
        "workbench-trust: 1\nworkbench-trust: 1\nanchors: []\n",
    ],
)
def test_a_store_of_another_form_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "trust.yaml").write_text(text)
    with pytest.raises(SourceError):
        load_trust([str(tmp_path / "trust.yaml")], at=AT)


def test_roles_stand_in_the_store_and_not_before_it(tmp_path: Path) -> None:
    path = store(tmp_path, "file: log.pem")
    with pytest.raises(UsageError, match="names roles itself"):
        load_trust([f"log={path}"], at=AT)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (WHO, None),
        (f"{WHO}\n    role: attestation\n    valid_to: 2026-05-01", None),
        (f"{WHO}\n    role: model", Code.ROLE_MISMATCH),
        (f"{WHO}\n    valid_to: 2026-04-30", Code.OUT_OF_BOUNDS_NO_POE),
        (f"{WHO}\n    valid_from: 2026-05-02", Code.NOT_YET_VALID),
        (f"identity: {sb.IDENTITY}\n    issuer: https://evil", Code.SIG_CONSTRAINTS_FAILURE),
        (f"identity: {sb.IDENTITY}x\n    issuer: {sb.ISSUER}", Code.SIG_CONSTRAINTS_FAILURE),
    ],
)
def test_a_stored_identity_pins_the_signer_in_its_role_and_window(
    said: str, code: Code | None, tmp_path: Path
) -> None:
    files = {"data.bin": DATA, "data.bin.sigstore.json": BUNDLE}
    trusted = {
        "root.json": a.to_bytes(HERE.trusted_root()),
        "trust.yaml": store(tmp_path, said).read_bytes(),
    }
    verdict = a.Drop(files, trusted).verdict(tmp_path)
    found = None if verdict.authenticity.indication is Indication.PASSED else verdict.authenticity
    assert (found.code if found else None) == code


def test_what_is_asked_for_now_comes_before_what_is_stored(tmp_path: Path) -> None:
    files = {"data.bin": DATA, "data.bin.sigstore.json": BUNDLE}
    trusted = {
        "root.json": a.to_bytes(HERE.trusted_root()),
        "trust.yaml": store(tmp_path, WHO).read_bytes(),
    }
    asked = a.Drop(files, trusted, Origin(identity="mallory@example.org", issuer=sb.ISSUER))
    assert asked.verdict(tmp_path).authenticity.code == Code.SIG_CONSTRAINTS_FAILURE


def test_an_identity_that_stands_in_the_evidence_is_not_taken_from_it(tmp_path: Path) -> None:
    named = json.dumps({"identity": sb.IDENTITY, "issuer": sb.ISSUER}, separators=(",", ":"))
    files = {"data.bin": DATA, "data.bin.sigstore.json": BUNDLE, "who.json": named.encode()}
    trusted = {
        "root.json": a.to_bytes(HERE.trusted_root()),
        "trust.yaml": store(tmp_path, WHO).read_bytes(),
    }
    verdict = a.Drop(files, trusted).verdict(tmp_path, "data.bin")
    assert verdict.authenticity.indication is Indication.PASSED


def test_an_identity_is_two_texts_and_no_pattern() -> None:
    who = Identity("ann@example.org", "https://issuer.example")
    anchor = identity_anchor(who, role=TrustRole.MODEL)
    assert (anchor.kind, identity_of(anchor)) == (AnchorKind.IDENTITY, who)
    for bad in (Identity("", who.issuer), Identity(" a", who.issuer), Identity("a", "https://*")):
        with pytest.raises(UsageError):
            identity_anchor(bad, role=None)
