"""Trust: roles, confirmed fingerprints and secrets, as an auditor types them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.verify.certificates import Sheet, authority, issue
from workbench.errors import LimitError, SourceError, UsageError
from workbench.model.trust import AnchorKind, Trust, TrustRole
from workbench.sign.head import vkey
from workbench.verify.keys.public import keys_in
from workbench.verify.trust.anchors import load_trust, mark_self_supplied
from workbench.verify.trust.key_files import TRUST_BYTES

AT = datetime(2026, 6, 30, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
PEM = KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
ROOT = issue(authority("Root"))
LEAF = issue(Sheet("Leaf"), ROOT)

Put = Callable[[str, bytes], str]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Return a function that writes a file and gives its path as text."""

    def write(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    return write


@pytest.mark.parametrize("role", TrustRole)
def test_a_role_before_the_file_is_taken(put: Put, role: TrustRole) -> None:
    (anchor,) = load_trust([f"{role}={put('k.pem', PEM)}"], at=AT).anchors
    assert (anchor.role, anchor.name, anchor.kind) == (role, "k.pem", AnchorKind.PUBLIC_KEY)


def test_without_a_role_it_serves_what_is_verified(put: Put) -> None:
    (anchor,) = load_trust([put("k.pem", PEM)], at=AT).anchors
    assert anchor.role is None
    assert anchor.serves(TrustRole.LOG)


def test_an_equals_sign_in_a_path_is_a_part_of_it(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a=b/k=1.pem", PEM)
    put("model=x.pem", PEM)
    put(r"C:\keys=old", PEM)
    monkeypatch.chdir(tmp_path)
    specs = ["a=b/k=1.pem", "log=a=b/k=1.pem", "./model=x.pem", r"C:\keys=old"]
    anchors = load_trust(specs, at=AT).anchors
    assert {(a.name, a.role) for a in anchors} == {
        ("k=1.pem", None),
        ("k=1.pem", TrustRole.LOG),
        ("model=x.pem", None),
        (r"C:\keys=old", None),
    }


def test_every_key_of_a_file_is_an_anchor_with_a_name_of_its_own(put: Put) -> None:
    anchors = load_trust([f"model={put('two.pem', ROOT.pem + PEM)}"], at=AT).anchors
    assert [anchor.name for anchor in anchors] == ["two.pem (1)", "two.pem (2)"]
    assert [anchor.kind for anchor in anchors] == [AnchorKind.CERTIFICATE, AnchorKind.PUBLIC_KEY]


def test_a_verifier_key_keeps_its_name(put: Put) -> None:
    text = vkey("example.com/log", KEY).encode()
    (anchor,) = load_trust([f"log={put('k.vkey', text)}"], at=AT).anchors
    assert (anchor.name, anchor.note_name) == ("example.com/log", "example.com/log")


def test_the_same_key_twice_is_one_anchor(put: Put) -> None:
    path = put("k.pem", PEM)
    assert len(load_trust([f"log={path}", f"log={path}"], at=AT).anchors) == 1
    assert len(load_trust([f"log={path}", f"model={path}"], at=AT).anchors) == 2


def test_a_missing_file_is_said_in_one_sentence_with_its_path(tmp_path: Path) -> None:
    missing = str(tmp_path / "no.pem")
    with pytest.raises(SourceError) as raised:
        load_trust([f"log={missing}"], at=AT)
    assert raised.value.path == missing
    assert raised.value.message.count(".\n") == 0


def test_a_misspelt_role_is_explained() -> None:
    with pytest.raises(SourceError, match="Roles are log, model, attestation"):
        load_trust(["lgo=key.pem"], at=AT)


def test_a_role_without_a_file_is_refused() -> None:
    for spec in ("log=", ""):
        with pytest.raises(UsageError, match="names no file"):
            load_trust([spec], at=AT)


def test_a_folder_an_empty_and_an_endless_file_are_refused(put: Put, tmp_path: Path) -> None:
    for spec in (str(tmp_path), put("empty", b"")):
        with pytest.raises(SourceError):
            load_trust([spec], at=AT)
    with pytest.raises(LimitError):
        load_trust([put("large", bytes(TRUST_BYTES + 1))], at=AT)


def test_no_trusted_signer_makes_no_sense() -> None:
    with pytest.raises(UsageError, match="At least one"):
        load_trust([], at=AT, threshold=0)


def spellings(fingerprint: str) -> list[str]:
    pairs = [fingerprint[i : i + 2] for i in range(0, 64, 2)]
    return [
        fingerprint,
        fingerprint.upper(),
        f"sha256:{fingerprint}",
        f" SHA256:{':'.join(pairs).upper()} ",
        " ".join(pairs),
    ]


def test_a_fingerprint_confirms_however_it_is_spelt(put: Put) -> None:
    path = put("root.pem", ROOT.pem)
    (plain,) = load_trust([path], at=AT).anchors
    for text in (*spellings(plain.fingerprint), *spellings(plain.key_fingerprint)):
        (anchor,) = load_trust([path], confirm=[text], at=AT).anchors
        assert anchor == replace(plain, confirmed=True)


@pytest.mark.parametrize("text", ["", "12", "g" * 64, "0" * 63, "0" * 65, "sha512:" + "0" * 64])
def test_what_is_no_fingerprint_confirms_nothing(put: Put, text: str) -> None:
    with pytest.raises(UsageError, match="64 hex digits"):
        load_trust([put("k.pem", PEM)], confirm=[text], at=AT)


def test_a_fingerprint_of_no_given_key_is_an_error(put: Put) -> None:
    with pytest.raises(UsageError, match="of no key given"):
        load_trust([put("k.pem", PEM)], confirm=["0" * 64], at=AT)


def trusting(put: Put, *files: bytes) -> Trust:
    return load_trust([put(f"{n}.pem", data) for n, data in enumerate(files)], at=AT)


def found_in(*files: bytes) -> dict[str, str]:
    return {print_: "evidence" for data in files for _, print_, _ in keys_in(data)}


def test_a_key_that_lies_in_the_evidence_is_self_supplied_in_whatever_form(put: Put) -> None:
    trust = trusting(put, PEM, ROOT.pem)
    key, root = mark_self_supplied(trust, found_in(vkey("any", KEY).encode())).anchors
    assert (key.self_supplied, root.self_supplied) == (True, False)
    spki = ROOT.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for evidence in (ROOT.pem, ROOT.der, spki):
        key, root = mark_self_supplied(trust, found_in(evidence)).anchors
        assert (key.self_supplied, root.self_supplied) == (False, True)
    bare = trusting(put, spki)
    assert mark_self_supplied(bare, found_in(ROOT.der)).anchors[0].self_supplied


def test_what_a_root_issued_does_not_make_the_root_self_supplied(put: Put) -> None:
    trust = trusting(put, ROOT.pem)
    assert mark_self_supplied(trust, found_in(LEAF.pem)) == trust


def test_a_confirmed_key_counts_although_it_lies_in_the_evidence(put: Put) -> None:
    path = put("k.pem", PEM)
    (plain,) = mark_self_supplied(load_trust([path], at=AT), found_in(PEM)).anchors
    confirmed = load_trust([path], confirm=[plain.fingerprint], at=AT)
    assert not plain.counts
    assert mark_self_supplied(confirmed, found_in(PEM)).anchors[0].counts


@pytest.mark.parametrize(
    ("data", "value", "stripped"),
    [
        (b"secret", b"secret", False),
        (b"secret\n", b"secret", True),
        (b"secret\r\n", b"secret", True),
        (b"secret\n\n", b"secret\n", True),
        (b"secret\r", b"secret\r", False),
        (b" \x00\xff ", b" \x00\xff ", False),
    ],
)
def test_a_secret_is_its_raw_bytes_without_one_newline(
    put: Put, data: bytes, value: bytes, stripped: bool
) -> None:
    (secret,) = load_trust([], secrets=[put("s", data)], at=AT).secrets
    assert (secret.id, secret.value, secret.newline_stripped) == (None, value, stripped)
    assert "secret" not in repr(secret).removeprefix("Secret(").lower()


def test_a_secret_may_have_an_id_and_an_equals_sign_in_its_path(put: Put) -> None:
    path = put("a=b", b"x")
    one, two = load_trust([], secrets=[path, f"k-1.x={path}"], at=AT).secrets
    assert (one.id, two.id) == (None, "k-1.x")


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n"])
def test_an_empty_secret_is_refused(put: Put, data: bytes) -> None:
    with pytest.raises(SourceError, match="holds no secret"):
        load_trust([], secrets=[put("s", data)], at=AT)


def test_a_secret_without_a_file_is_refused() -> None:
    with pytest.raises(UsageError, match="names no file"):
        load_trust([], secrets=["id="], at=AT)
