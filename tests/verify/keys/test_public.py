"""Keys: what is taken, what is refused and with which words, and what verifies."""

import hashlib
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.verify.certificates import Sheet, authority, issue, rsa_key
from workbench.errors import SourceError
from workbench.model.trust import AnchorKind
from workbench.sign.head import vkey
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.openpgp_frame import packets_alone
from workbench.verify.keys.public import PublicKey, keys_in, load_public, verify_signature
from workbench.verify.keys.rsa_padding import RsaScheme

OPENPGP = Path(__file__).resolve().parents[1] / "detached" / "vectors"
ED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EC = ec.derive_private_key(7, ec.SECP256R1())
LEAF = issue(Sheet("Signer"), key=EC)
SPKI = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
PEM = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
ED_PEM, EC_PEM = ED.public_key().public_bytes(*PEM), EC.public_key().public_bytes(*PEM)
PRIVATE = EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
SECRET = EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
ED_VKEY = vkey("example.com/log", ED.public_key())


def ecdsa_vkey() -> str:
    der = EC.public_key().public_bytes(*SPKI)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    key_id = digest.finalize()[:4].hex()
    return f"rekor.example+{key_id}+{b64encode(bytes([2]) + der).decode()}"


@pytest.mark.parametrize(
    ("data", "kind", "note_name"),
    [
        (ED_PEM, AnchorKind.PUBLIC_KEY, None),
        (EC_PEM.replace(b"\n", b"\r\n"), AnchorKind.PUBLIC_KEY, None),
        (b"subject=CN = Somebody\n\n" + EC_PEM, AnchorKind.PUBLIC_KEY, None),
        (EC.public_key().public_bytes(*SPKI), AnchorKind.PUBLIC_KEY, None),
        (LEAF.pem, AnchorKind.CERTIFICATE, None),
        (LEAF.der, AnchorKind.CERTIFICATE, None),
        (ED_VKEY.encode() + b"\n", AnchorKind.PUBLIC_KEY, "example.com/log"),
        (ecdsa_vkey().encode(), AnchorKind.PUBLIC_KEY, "rekor.example"),
    ],
)
def test_every_form_of_a_public_key_is_taken(
    data: bytes, kind: AnchorKind, note_name: str | None
) -> None:
    (material,) = load_public(data, path="key")
    assert (material.kind, material.note_name) == (kind, note_name)


def test_fingerprints_are_those_that_openssl_prints(tmp_path: Path) -> None:
    (key,) = load_public(EC_PEM, path="key")
    (certificate,) = load_public(LEAF.pem, path="key")
    (tmp_path / "key.pem").write_bytes(EC_PEM)
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", "key.pem", "-outform", "DER"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    ).stdout
    assert key.der == der
    assert certificate.fingerprint == LEAF.certificate.fingerprint(hashes.SHA256()).hex()
    assert certificate.key_fingerprint == key.fingerprint == key.key_fingerprint


def test_a_compressed_point_is_the_same_key() -> None:
    plain = EC.public_key().public_bytes(*SPKI)
    point = EC.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    header = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    assert keys_in(header + point) == keys_in(plain)


def test_several_blocks_in_one_file_are_all_taken() -> None:
    found = load_public(EC_PEM + b"\n" + LEAF.pem + ED_PEM, path="keys")
    assert [material.kind for material in found] == [
        AnchorKind.PUBLIC_KEY,
        AnchorKind.CERTIFICATE,
        AnchorKind.PUBLIC_KEY,
    ]


def pem_of(key: ec.EllipticCurvePublicKey | x25519.X25519PublicKey) -> bytes:
    return key.public_bytes(*PEM)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "holds no public key and no certificate"),
        (b"hello\n", "holds no public key and no certificate"),
        (b"\x30\x03\x02\x01\x05", "cannot be read"),
        (bytes(range(256)), "holds no public key"),
        (PRIVATE, "holds a private key"),
        (SECRET, "holds a private key"),
        (EC_PEM + PRIVATE, "holds a private key"),
        (EC_PEM.replace(b"A", b"!", 1), "damaged PEM block (PUBLIC KEY)"),
        (EC_PEM[:-10], "damaged PEM block (PUBLIC KEY)"),
        (EC_PEM + EC_PEM[:60], "damaged PEM block (PUBLIC KEY)"),
        (EC_PEM.replace(b"PUBLIC KEY", b"X509 CRL"), "a revocation list that cannot be read"),
        (EC_PEM.replace(b"PUBLIC KEY", b"PKCS7"), "neither public key nor certificate"),
        (EC_PEM.replace(b"PUBLIC KEY", b"CERTIFICATE"), "a certificate that cannot be read"),
        (pem_of(ec.derive_private_key(7, ec.SECP256K1()).public_key()), "curve secp256k1"),
        (pem_of(x25519.X25519PrivateKey.generate().public_key()), "of the kind X25519"),
        (rsa_key(1024).public_key().public_bytes(*PEM), "RSA of 1024 bits"),
        (ED_VKEY[:-4].encode() + b"AAA=", "does not belong to its name and key"),
        (ED_VKEY.replace("example.com", "example.org").encode(), "does not belong to its name"),
        (b"x+00000000+" + b64encode(b"\x09" + bytes(32)), "type 0x09"),
        (ED_VKEY.encode() + b"\nand more", "holds no public key"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as raised:
        load_public(data, path="trust/key.pem")
    assert raised.value.path == "trust/key.pem"
    assert raised.value.message.startswith("trust/key.pem ")
    assert reason in raised.value.message


def test_a_certificate_with_a_weak_key_is_refused() -> None:
    weak = issue(Sheet("Weak"), key=rsa_key(1024))
    with pytest.raises(SourceError, match="a certificate whose key is RSA of 1024 bits"):
        load_public(weak.pem, path="x")


@pytest.mark.parametrize("kind", [24, 40], ids=["critical", "not critical"])
def test_a_certificate_of_openpgp_with_a_packet_of_no_known_kind_is_refused(kind: int) -> None:
    """RFC 9580 4.3 for the critical ones; the library fails where it is asked for either."""
    data = packets_alone((OPENPGP / "pgp-good.pub.asc").read_bytes()) or b""
    with pytest.raises(SourceError, match="an OpenPGP certificate that cannot be read"):
        load_public(data + bytes([0xC0 | kind, 1, 0]), path="key.asc")


def test_a_certificate_of_openpgp_that_cannot_be_written_again_is_refused() -> None:
    """It names its issuer by a fingerprint of no known kind: read, but not written, by Sequoia."""
    data = packets_alone((OPENPGP / "pgp-good.pub.asc").read_bytes()) or b""
    odd = data.replace(b"\x16\x21\x04", b"\x16\x21\x09", 1)
    assert odd != data
    with pytest.raises(SourceError, match="an OpenPGP certificate that cannot be read"):
        load_public(odd, path="x")
    assert list(keys_in(odd)) == []


def test_a_key_too_large_to_check_in_time_is_refused() -> None:
    huge = rsa.RSAPublicNumbers(65537, (1 << 16383) + 1).public_key()
    with pytest.raises(SourceError, match="RSA of 16384 bits; we take 2048 to 8192"):
        load_public(huge.public_bytes(*PEM), path="x")


def test_keys_in_evidence_are_all_found() -> None:
    """A certificate also gives its key, a private key its public half."""
    key = load_public(EC_PEM, path="key")[0].fingerprint
    for data in (EC_PEM, PRIVATE, LEAF.pem, LEAF.der, b"junk\n" + EC_PEM + EC_PEM[:80]):
        assert key in {fingerprint for _, fingerprint, _ in keys_in(data)}
    private = EC.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert key in {fingerprint for _, fingerprint, _ in keys_in(private)}
    kinds = {AnchorKind.PUBLIC_KEY, AnchorKind.CERTIFICATE}
    assert {kind for kind, _, _ in keys_in(LEAF.pem)} == kinds
    assert keys_in(ED_VKEY.encode()) == keys_in(ED_PEM)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_search_for_keys_raise(data: bytes) -> None:
    assert all(len(fingerprint) == 64 for _, fingerprint, _ in keys_in(data))
    assert keys_in(b"-----BEGIN PUBLIC KEY-----\n" + data) == ()


def test_a_million_unclosed_blocks_are_read_in_one_pass() -> None:
    assert keys_in(b"-----BEGIN PUBLIC KEY-----\n" * 40_000) == ()


def test_a_serial_number_below_one_is_no_certificate() -> None:
    serial = LEAF.certificate.serial_number
    raw = serial.to_bytes(serial.bit_length() // 8 + 1)
    spoilt = bytearray(LEAF.der)
    spoilt[LEAF.der.index(raw)] |= 0x80
    assert read_certificate(LEAF.der) is not None
    assert read_certificate(bytes(spoilt)) is None


DATA = b"what is signed"
RSA = rsa_key(2048)
SIGNED: dict[str, tuple[PublicKey, bytes, hashes.HashAlgorithm | None, RsaScheme]] = {
    "Ed25519": (ED.public_key(), ED.sign(DATA), None, RsaScheme.PSS),
    "ECDSA P-256": (
        EC.public_key(),
        EC.sign(DATA, ec.ECDSA(hashes.SHA256())),
        None,
        RsaScheme.PSS,
    ),
    "RSA PKCS#1": (
        RSA.public_key(),
        RSA.sign(DATA, padding.PKCS1v15(), hashes.SHA384()),
        hashes.SHA384(),
        RsaScheme.PKCS1_V1_5,
    ),
    "RSA PSS": (
        RSA.public_key(),
        RSA.sign(DATA, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
        None,
        RsaScheme.PSS,
    ),
}


@pytest.mark.parametrize("kind", SIGNED)
def test_a_signature_verifies_over_its_own_bytes_only(kind: str) -> None:
    key, signature, algorithm, scheme = SIGNED[kind]
    assert verify_signature(key, signature, DATA, algorithm, scheme=scheme)
    assert not verify_signature(key, signature, DATA + b" ", algorithm, scheme=scheme)
    assert not verify_signature(key, signature, DATA, hashes.SHA512(), scheme=scheme) or (
        kind == "Ed25519"  # which has a hash of its own
    )


@pytest.mark.parametrize("kind", SIGNED)
def test_flipping_any_bit_of_a_signature_stops_it(kind: str) -> None:
    key, signature, algorithm, scheme = SIGNED[kind]
    for place in range(len(signature) * 8):
        spoilt = bytearray(signature)
        spoilt[place // 8] ^= 1 << place % 8
        assert not verify_signature(key, bytes(spoilt), DATA, algorithm, scheme=scheme), place


@pytest.mark.parametrize("kind", SIGNED)
@given(junk=st.binary(max_size=300))
def test_junk_is_no_signature_and_no_error(kind: str, junk: bytes) -> None:
    key, _, algorithm, scheme = SIGNED[kind]
    assert not verify_signature(key, junk, DATA, algorithm, scheme=scheme)


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1()])
def test_the_curve_decides_the_hash(curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    right = hashes.SHA384() if curve.key_size == 384 else hashes.SHA512()
    assert verify_signature(key.public_key(), key.sign(DATA, ec.ECDSA(right)), DATA)
    wrong = key.sign(DATA, ec.ECDSA(hashes.SHA256()))
    assert not verify_signature(key.public_key(), wrong, DATA)
    assert verify_signature(key.public_key(), wrong, DATA, hashes.SHA256())


def test_a_root_that_its_own_key_did_not_sign_is_damaged_and_refused() -> None:
    root = issue(authority("Root"))
    spoilt = bytearray(root.der)
    spoilt[-1] ^= 1
    with pytest.raises(SourceError, match="damaged"):
        load_public(bytes(spoilt), path="root.der")
    assert keys_in(bytes(spoilt))[1] == keys_in(root.der)[1]


def test_a_certificate_for_the_same_name_by_another_key_is_no_damage() -> None:
    """As at a change of keys, and in the upstream fixtures of OpenSSF Model Signing."""
    old, new = issue(authority("Root")), issue(authority("Root"))
    identifiers = [
        (x509.SubjectKeyIdentifier.from_public_key(new.key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(old.key.public_key()), False),
    ]
    crossed = issue(authority("Root", more=identifiers), old, new.key)
    assert load_public(crossed.der, path="crossed.der")


FIELD = 2**255 - 19
#: Points of small order (RFC 8032 5.1), and spellings that no encoder writes.
SMALL = [
    *(y.to_bytes(32, "little") for y in (0, 1, FIELD - 1, FIELD, FIELD + 1, FIELD + 18)),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]
ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")


@pytest.mark.parametrize("point", SMALL, ids=lambda point: point.hex()[:8])
@pytest.mark.parametrize("sign", [0, 0x80])
def test_a_key_under_which_anybody_can_sign_is_refused(point: bytes, sign: int) -> None:
    raw = point[:-1] + bytes([point[-1] | sign])
    for data in (ED25519_SPKI + raw, vkey_of(raw)):
        with pytest.raises(SourceError, match="under which anybody can sign"):
            load_public(data, path="k")


def vkey_of(raw: bytes) -> bytes:
    key_id = hashlib.sha256(b"log\n\x01" + raw).hexdigest()[:8]
    return f"log+{key_id}+{b64encode(bytes([1]) + raw).decode()}".encode()


def test_such_a_key_would_have_let_anybody_sign() -> None:
    """Why they are refused: the library verifies this, and nobody has a private key."""
    identity = (1).to_bytes(32, "little")
    key = serialization.load_der_public_key(ED25519_SPKI + identity)
    assert isinstance(key, Ed25519PublicKey)
    assert verify_signature(key, identity + bytes(32), b"whatever")


@pytest.mark.parametrize(("e", "even"), [(3, False), (2**256 + 1, False), (65537, True)])
def test_an_rsa_key_that_the_standard_forbids_is_refused(e: int, even: bool) -> None:
    n = rsa_key(2048).public_key().public_numbers().n - even
    body = der(0x30, der(0x02, b"\0" + n.to_bytes(256)) + der(0x02, e.to_bytes(33)))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    with pytest.raises(SourceError, match="forbids"):
        load_public(der(0x30, algorithm + der(0x03, b"\0" + body)), path="k")


def der(tag: int, content: bytes) -> bytes:
    if tag == 0x02:  # in as few bytes as it takes
        content = content.lstrip(b"\0")
        content = b"\0" * (content[0] >> 7) + content
    length = len(content)
    header = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2)
    return bytes([tag]) + header + content


def test_a_curve_with_its_own_generator_is_refused() -> None:
    """CVE-2020-0601: the point of a trusted key, and a generator that makes its private half 1."""
    explicit = EXPLICIT.replace(GENERATOR, EXPLICIT[-65:])
    with pytest.raises(SourceError, match="cannot be read"):
        load_public(explicit, path="k")
    # With the curve's own generator it is the named curve, and has its fingerprint.
    assert load_public(EXPLICIT, path="k")[0].fingerprint == hashlib.sha256(NAMED).hexdigest()


#: A P-256 key by openssl, its curve written out, and the same key with its curve named.
EXPLICIT = b64decode(
    "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////"
    "////MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7"
    "zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP"
    "40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVR"
    "AgEBA0IABOZP1BR0NtnoTfjTPEcZmA0yGzS1MC1keK+BVtde7LH/FUzXZu4wRVmYOFPWu1k8FYg4dGkLD1se26An"
    "11VgbwU="
)
NAMED = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + EXPLICIT[-65:]
GENERATOR = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda der: der + b"\0",
        lambda der: b"\x30\x81" + der[1:],
        lambda der: der[:2] + b"\x02" + bytes([der[3] + 1]) + b"\0" + der[4:],
        lambda der: b"",
        lambda der: der[2:],
    ],
)
def test_an_ecdsa_signature_has_one_encoding(spoil: Callable[[bytes], bytes]) -> None:
    value = EC.sign(b"data", ec.ECDSA(hashes.SHA256()))
    assert verify_signature(EC.public_key(), value, b"data")
    assert not verify_signature(EC.public_key(), spoil(value), b"data")
