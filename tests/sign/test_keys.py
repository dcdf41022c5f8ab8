"""The auditor's key is loaded from what people have, and every failure is one clear sentence."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from tests.verify.certificates import Issued, Sheet, authority, issue, rsa_key
from workbench.errors import SigningError, SourceError
from workbench.sign.keys import (
    SigningKey,
    load_signing_key,
    new_ed25519,
    private_pem,
    public_pem,
)
from workbench.verify.keys.public import load_public

ROOT = issue(authority("Root"))
MIDDLE = issue(authority("Middle"), ROOT)
LEAF = issue(Sheet("Auditor"), MIDDLE)
CHAIN = LEAF.pem + MIDDLE.pem + ROOT.pem
SECRET = BestAvailableEncryption(b"opens")

AnyKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Ed25519PrivateKey


def pem(key: AnyKey, how: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how or NoEncryption())


def p12(issued: Issued, *chain: Issued, how: KeySerializationEncryption = SECRET) -> bytes:
    above = [c.certificate for c in chain]
    return pkcs12.serialize_key_and_certificates(b"x", issued.key, issued.certificate, above, how)


def private_numbers(issued: Issued) -> ec.EllipticCurvePrivateNumbers:
    assert isinstance(issued.key, ec.EllipticCurvePrivateKey)
    return issued.key.private_numbers()


def never() -> bytes:
    raise AssertionError("a passphrase was asked for although none is needed")


def load(tmp_path: Path, data: bytes, passphrase: bytes | None = None) -> SigningKey:
    path = tmp_path / "key"
    path.write_bytes(data)
    return load_signing_key(path, never if passphrase is None else lambda: passphrase)


def test_a_pem_file_gives_key_certificate_and_chain(tmp_path: Path) -> None:
    for data in (pem(LEAF.key) + CHAIN, CHAIN + pem(LEAF.key), MIDDLE.pem + pem(LEAF.key) + CHAIN):
        key = load(tmp_path, data)
        assert key.certificate == LEAF.certificate
        assert set(key.chain) == {MIDDLE.certificate, ROOT.certificate}
        assert key.subject == "CN=Auditor"
        assert key.root_fingerprint == load_public(ROOT.pem, path="root")[0].fingerprint


def test_certificates_may_lie_in_a_second_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(pem(LEAF.key))
    (tmp_path / "chain").write_bytes(CHAIN)
    key = load_signing_key(tmp_path / "key", None, certificates=tmp_path / "chain")
    assert key.certificate == LEAF.certificate


def test_pkcs12_gives_the_same(tmp_path: Path) -> None:
    key = load(tmp_path, p12(LEAF, MIDDLE, ROOT), b"opens")
    assert isinstance(key.private_key, ec.EllipticCurvePrivateKey)
    assert key.private_key.private_numbers() == private_numbers(LEAF)
    assert key.certificate == LEAF.certificate
    assert set(key.chain) == {MIDDLE.certificate, ROOT.certificate}


def test_a_key_without_certificates_is_a_key(tmp_path: Path) -> None:
    key = load(tmp_path, pem(LEAF.key))
    assert (key.certificate, key.chain, key.subject, key.root_fingerprint) == (None, (), "", "")


def test_without_a_root_there_is_no_root_to_name(tmp_path: Path) -> None:
    assert load(tmp_path, pem(LEAF.key) + LEAF.pem + MIDDLE.pem).root_fingerprint == ""
    alone = load(tmp_path, pem(ROOT.key) + ROOT.pem)
    assert alone.root_fingerprint == load_public(ROOT.pem, path="root")[0].fingerprint


def test_an_encrypted_pem_is_opened_with_its_passphrase(tmp_path: Path) -> None:
    assert load(tmp_path, pem(LEAF.key, SECRET) + CHAIN, b"opens").certificate == LEAF.certificate


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), new_ed25519()])
def test_strong_keys_of_each_kind_are_taken(tmp_path: Path, key: AnyKey) -> None:
    assert isinstance(load(tmp_path, pem(key)).private_key, type(key))


def test_rsa_of_3072_bits_is_taken(tmp_path: Path) -> None:
    assert load(tmp_path, pem(rsa_key(3072))).private_key.public_key() == rsa_key(3072).public_key()


@pytest.mark.parametrize(
    ("data", "passphrase", "reason"),
    [
        (b"", None, "neither PKCS#12 nor PEM"),
        (b"hello", None, "neither PKCS#12 nor PEM"),
        (CHAIN, None, "holds no private keys; one is needed"),
        (pem(LEAF.key) * 2, None, "holds 2 private keys; one is needed"),
        (pem(LEAF.key).replace(b"M", b"!"), None, "cannot be read"),
        (pem(LEAF.key, SECRET), b"wrong", "the passphrase is wrong"),
        (pem(LEAF.key, SECRET), b"", "the passphrase is wrong"),
        (p12(LEAF), b"wrong", "the passphrase is wrong"),
        (p12(LEAF)[:-40], b"opens", "or it is damaged"),
        (pem(LEAF.key) + ROOT.pem, None, "none of them belongs to its key"),
        (pem(LEAF.key) + LEAF.pem.replace(b"M", b"N"), None, "a certificate that cannot be read"),
        (pem(rsa_key(2048)), None, "RSA of 3072 bits or more"),
        (pem(ec.generate_private_key(ec.SECP521R1())), None, "P-256 or P-384"),
        (pem(ec.generate_private_key(ec.SECP256K1())), None, "P-256 or P-384"),
    ],
)
def test_what_cannot_sign_is_said_in_one_sentence(
    tmp_path: Path, data: bytes, passphrase: bytes | None, reason: str
) -> None:
    with pytest.raises(SigningError) as raised:
        load(tmp_path, data, passphrase)
    assert reason in raised.value.message
    assert raised.value.message.startswith(str(tmp_path / "key"))
    assert raised.value.path == str(tmp_path / "key")


@pytest.mark.parametrize("data", [pem(LEAF.key, SECRET), p12(LEAF)])
def test_an_encrypted_key_without_a_passphrase_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "key").write_bytes(data)
    with pytest.raises(SigningError, match="no passphrase was given"):
        load_signing_key(tmp_path / "key", None)


def test_pkcs12_without_a_key_is_refused(tmp_path: Path) -> None:
    data = pkcs12.serialize_key_and_certificates(b"x", None, LEAF.certificate, None, NoEncryption())
    with pytest.raises(SigningError, match="holds no private key"):
        load(tmp_path, data)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no\.pem"):
        load_signing_key(tmp_path / "no.pem", None)


def test_a_new_key_is_written_and_read_back(tmp_path: Path) -> None:
    key = new_ed25519()
    assert private_pem(load_ed25519(tmp_path, key)) == private_pem(key)
    (public,) = load_public(public_pem(key.public_key()), path="key")
    assert public.der.endswith(key.public_key().public_bytes_raw())
    assert new_ed25519().public_key() != key.public_key()


def load_ed25519(tmp_path: Path, key: Ed25519PrivateKey) -> Ed25519PrivateKey:
    loaded = load(tmp_path, private_pem(key)).private_key
    assert isinstance(loaded, Ed25519PrivateKey)
    return loaded


def test_the_chain_ends_even_where_certificates_go_in_a_circle(tmp_path: Path) -> None:
    first, second = issue(authority("A")), issue(authority("B"))
    crossed = [issue(authority("A"), second, first.key), issue(authority("B"), first, second.key)]
    leaf = issue(Sheet("Auditor"), crossed[0])
    data = pem(leaf.key) + leaf.pem + b"".join(c.pem for c in crossed)
    key = load(tmp_path, data)
    assert key.root_fingerprint == ""
    assert len(key.chain) == 2
