"""Keys and certificates that were made to cost time, or to be taken for what they are not."""

from collections.abc import Callable
from datetime import datetime
from itertools import permutations
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import reports
from tests.bounded import command, seconds
from tests.builders import LogBuilder
from tests.drops import placed
from tests.verify import tokens
from tests.verify.certificates import AT, Sheet, authority, issue
from workbench.errors import SourceError
from workbench.model.verdict import Code, Indication
from workbench.verify.keys.public import keys_in, load_public
from workbench.verify.keys.ssh import read_ssh_lines
from workbench.verify.report import verify_report
from workbench.verify.report.document import read_document
from workbench.verify.timestamp.token import TokenProblem, read_token
from workbench.verify.trust.x509 import validate_path

PEM = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
RSA_OID = bytes.fromhex("300d06092a864886f70d0101010500")


def der(tag: int, content: bytes) -> bytes:
    """Return an element of DER."""
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8)
    header = bytes([size]) if size < 128 else bytes([0x80 | len(length)]) + length
    return bytes([tag]) + header + content


def rsa_spki(modulus: int, exponent: int) -> bytes:
    """Return an RSA key of any numbers, which the library would not make."""
    numbers = (n.to_bytes(n.bit_length() // 8 + 1) for n in (modulus, exponent))
    body = der(0x30, b"".join(der(0x02, number) for number in numbers))
    return der(0x30, RSA_OID + der(0x03, b"\0" + body))


KEYS: dict[str, tuple[bytes, str]] = {
    "RSA of 16,384 bits": (rsa_spki((1 << 16383) + 1, 65537), "RSA of 16384 bits"),
    "RSA of 65,536 bits": (rsa_spki((1 << 65535) + 1, 65537), "RSA of 65536 bits"),
    "RSA of a million bits": (rsa_spki((1 << 999_999) + 1, 65537), "RSA of 1000000 bits"),
    "RSA with the exponent 1": (rsa_spki((1 << 2047) + 1, 1), "cannot be read|forbids"),
    "RSA with an exponent as long as itself": (
        rsa_spki((1 << 4095) + 1, (1 << 4094) + 1), "cannot be read|forbids",
    ),
    "DSA": (
        dsa.generate_parameters(1024).generate_private_key().public_key().public_bytes(*PEM),
        "of the kind DSA",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("key", "why"), KEYS.values(), ids=KEYS)
def test_a_key_that_costs_or_proves_nothing_is_refused_at_once(key: bytes, why: str) -> None:
    with seconds(5), pytest.raises(SourceError, match=why):
        load_public(key, path="k")


@pytest.mark.parametrize("key", [key for key, _ in KEYS.values()], ids=KEYS)
def test_such_a_key_in_evidence_is_passed_over(key: bytes) -> None:
    with seconds(5):
        assert keys_in(key) == ()


def test_a_certificate_by_a_key_of_sixteen_thousand_bits_is_not_checked_with_it() -> None:
    huge = rsa.RSAPublicNumbers(65537, (1 << 16383) + 1).public_key()
    root = issue(authority("Root"))
    between = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(root.certificate.subject)
        .public_key(huge)
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1))  # noqa: DTZ001 - UTC, as the library has it
        .not_valid_after(datetime(2030, 1, 1))  # noqa: DTZ001
        .sign(root.key, reports.hashes.SHA256())
    )
    leaf = issue(Sheet("Signer"), root)
    pool = [between.public_bytes(Encoding.DER)] * 20
    with seconds(10):
        assert validate_path(leaf.der, pool, [root.anchor()], at=AT).indication == "PASSED"


def test_a_log_beside_a_key_file_of_a_million_bits_is_judged(tmp_path: Path) -> None:
    LogBuilder("workbench").write(tmp_path)
    placed(tmp_path, "huge.der", KEYS["RSA of a million bits"][0])
    assert command("verify", tmp_path).returncode == 2


def certified(holder: reports.Authority, issuer: reports.Authority) -> x509.Certificate:
    """Return a certificate of an authority by another one."""
    [name] = holder.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return reports._certificate(str(name.value), holder.key, issuer, reports.Profile(), ca=True)


def mesh(count: int) -> tuple[reports.Authority, ...]:
    return tuple(reports.new_root(f"Mesh {number}") for number in range(count))


def circle(count: int) -> tuple[list[reports.Authority], list[x509.Certificate]]:
    """Return authorities of which each is certified by the next."""
    held = list(mesh(count))
    return held, [certified(a, b) for a, b in zip(held, [*held[1:], held[0]], strict=True)]


def meshed(count: int) -> tuple[list[reports.Authority], list[x509.Certificate]]:
    """Return authorities that all certify each other: their paths are as many as orders of them."""
    held = list(mesh(count))
    return held, [certified(a, b) for a, b in permutations(held, 2)]


def same_name(count: int) -> tuple[list[reports.Authority], list[x509.Certificate]]:
    """Return an authority with so many certificates by its root, which is the second one."""
    issuing, root = mesh(2)
    return [issuing, root], [certified(issuing, root) for _ in range(count)]


POOLS: dict[str, Callable[[], tuple[list[reports.Authority], list[x509.Certificate]]]] = {
    "two that certify each other": lambda: circle(2),
    "a circle of eight": lambda: circle(8),
    "six that all certify each other": lambda: meshed(6),
    "twelve of one name": lambda: same_name(12),
}


@pytest.mark.parametrize("pool", POOLS)
def test_certificates_in_circles_keep_no_report_waiting(pool: str) -> None:
    authorities, certificates = POOLS[pool]()
    leaf = reports.new_auditor(authorities[0], name="Mallory")
    signer = reports.Authority(leaf.certificate, leaf.key, tuple(certificates))
    report = reports.sign_anyhow(reports.small_report(), signer)
    trust = reports.trusting(reports.ada().root)
    with seconds(20):
        verdict = verify_report(report, trust, display="x.pdf")
    assert verdict.indication is Indication.INDETERMINATE
    assert [s.trusted_by for s in verdict.signatures] == [""]
    assert not any(s.indication is Indication.PASSED for s in verdict.signatures)


def test_a_report_with_two_certificates_of_one_name_says_why_no_path_is_tried() -> None:
    authorities, certificates = same_name(2)
    leaf = reports.new_auditor(authorities[0], name="Mallory")
    signer = reports.Authority(leaf.certificate, leaf.key, tuple(certificates))
    report = reports.sign_anyhow(reports.small_report(), signer)
    verdict = verify_report(report, reports.trusting(authorities[1].root), display="x.pdf")
    assert verdict.signatures[0].code == Code.CERTIFICATE_CHAIN_GENERAL_FAILURE
    assert "one name" in verdict.signatures[0].reason


def test_many_lines_of_keys_take_their_length() -> None:
    line = b'a@x namespaces="f i l e" ssh-ed25519 AAAA' + b"A" * 60_000 + b"\n"
    with seconds(10), pytest.raises(Exception, match="OpenSSH"):
        read_ssh_lines(line * 16)


LONG_NAME = der(6, b"\x2a" + b"\x81" * 300_000 + b"\x01")
NO_TOKENS = {
    "its content": der(0x30, LONG_NAME + der(0xA0, der(0x30, b""))),
    "its policy": tokens.token(
        bare=True, info=lambda info: info.update(policy="1.2.3." + ".".join(["9"] * 200_000))
    ),
}


@pytest.mark.parametrize("name", NO_TOKENS)
def test_a_time_stamp_with_an_endless_object_identifier_is_none(name: str) -> None:
    with seconds(10):
        assert isinstance(read_token(NO_TOKENS[name]), TokenProblem)


def test_an_endless_object_identifier_in_a_report_keeps_nobody_waiting() -> None:
    """pyHanko reads every signature of a PDF, also those that we would not."""
    assert read_document(reports.signed_report().data).signatures
    with seconds(10), pytest.raises(ValueError, match="object identifier"):
        _ = cms.ContentInfo.load(NO_TOKENS["its content"])["content_type"].native
