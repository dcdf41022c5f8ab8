"""Build signed reports for tests: small certificate authorities, a small report, and attacks."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
from asn1crypto.parser import peek
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import internal
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.sign import pdf
from workbench.sign.cms import detached
from workbench.sign.keys import SigningKey

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

NOW = datetime(2026, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
SERVER = ExtendedKeyUsageOID.SERVER_AUTH


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate and its key; ``chain`` leads from its issuer to the root."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def root(self) -> x509.Certificate:
        return self.chain[-1] if self.chain else self.certificate

    @property
    def signing_key(self) -> SigningKey:
        return SigningKey(private_key=self.key, certificate=self.certificate, chain=self.chain)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate says, valid from ``first`` to ``last`` days around ``NOW``."""

    first: int = -10
    last: int = 1000
    signs: bool | None = True  # None: no key usage at all
    purposes: tuple[x509.ObjectIdentifier, ...] = (
        DOCUMENT_SIGNING,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
    )


def new_key(kind: str = "P-256") -> PrivateKey:
    if kind.startswith("RSA-"):
        return rsa.generate_private_key(65537, int(kind[4:]))
    curves = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
    return ec.generate_private_key(curves[kind])


def new_root(name: str = "Test Root", profile: Profile = Profile(last=4000)) -> Authority:
    key = new_key("P-384")
    return Authority(_certificate(name, key, None, profile, ca=True), key)


def new_authority(issuer: Authority, name: str = "Test Issuing") -> Authority:
    key = new_key()
    certificate = _certificate(name, key, issuer, Profile(), ca=True)
    return Authority(certificate, key, (issuer.certificate, *issuer.chain))


def new_auditor(
    issuer: Authority,
    profile: Profile = Profile(),
    *,
    name: str = "Ada Auditor",
    kind: str = "P-256",
) -> Authority:
    key = new_key(kind)
    certificate = _certificate(name, key, issuer, profile, ca=False)
    return Authority(certificate, key, (issuer.certificate, *issuer.chain))


def _certificate(
    name: str, key: PrivateKey, issuer: Authority | None, profile: Profile, *, ca: bool
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + profile.first * DAY)
        .not_valid_after(NOW + profile.last * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if ca or profile.signs is not None:
        signs = not ca and bool(profile.signs)
        usage = x509.KeyUsage(signs, signs, not (ca or signs), False, False, ca, ca, False, False)
        builder = builder.add_extension(usage, critical=True)
    if not ca and profile.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(profile.purposes), critical=False)
    return builder.sign(issuer.key if issuer else key, hashes.SHA384())


def anchor(
    certificate: x509.Certificate,
    *,
    name: str = "root.pem",
    role: TrustRole | None = TrustRole.REPORT,
    kind: AnchorKind = AnchorKind.CERTIFICATE,
    self_supplied: bool = False,
) -> TrustAnchor:
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    der = certificate.public_bytes(Encoding.DER) if kind is AnchorKind.CERTIFICATE else spki
    return TrustAnchor(
        name=name,
        kind=kind,
        role=role,
        fingerprint=hashlib.sha256(der).hexdigest(),
        key_fingerprint=hashlib.sha256(spki).hexdigest(),
        der=der,
        self_supplied=self_supplied,
    )


def trusting(*certificates: x509.Certificate, at: datetime = NOW) -> Trust:
    return Trust(at=at, anchors=tuple(anchor(certificate) for certificate in certificates))


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


EVIDENCE = b"path,sha256\r\nlog.jsonl,00\r\n"


def manifest(**changes: object) -> bytes:
    listed = [{"name": "evidence.csv", "sha256": hashlib.sha256(EVIDENCE).hexdigest()}]
    document = {"schema": "workbench.report-manifest/1", "attachments": listed} | changes
    return json.dumps(document).encode()


def small_report(attachments: dict[str, bytes] | None = None) -> bytes:
    """Return an unsigned report of two pages; the same attachments give the same bytes."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, invariant=1)
    for line in ("Opinion: what was proven", "Evidence register"):
        canvas.drawString(72, 720, line)
        canvas.showPage()
    canvas.save()
    if attachments is None:
        attachments = {"manifest.json": manifest(), "evidence.csv": EVIDENCE}
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn.getvalue())) as opened:
        for name, content in attachments.items():
            opened.attachments[name] = content
        opened.save(
            saved,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            force_version="1.7",
        )
    return saved.getvalue()


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A signed report and who signed it."""

    data: bytes
    signer: Authority

    @property
    def trust(self) -> Trust:
        return trusting(self.signer.root)

    @property
    def hole(self) -> tuple[int, int]:
        """Return where the ``<`` of the signature is, and the byte after its ``>``."""
        start = self.data.index(b"/Contents <30") + len(b"/Contents ")
        return start, self.data.index(b">", start) + 1

    @property
    def cms(self) -> bytes:
        """Return the hole's bytes: the CMS and the zeros behind it."""
        start, end = self.hole
        return bytes.fromhex(self.data[start + 1 : end - 1].decode())

    @property
    def der(self) -> bytes:
        """What is signed with, without the zeros behind it: its own last octet may be one."""
        return self.cms[: peek(self.cms)]

    def with_cms(self, cms: bytes) -> bytes:
        """Return the file with another CMS in the hole, zeros behind it."""
        start, end = self.hole
        room = (end - start - 2) // 2
        assert len(cms) <= room
        text = cms.ljust(room, b"\x00").hex().upper().encode()
        return self.data[: start + 1] + text + self.data[end - 1 :]


def sign(report: bytes, signer: Authority, *, at: datetime = NOW) -> SignedReport:
    data = pdf.sign_report(
        report, signer.signing_key, reason="Audit report", location="Oslo", at=at
    )
    return SignedReport(data, signer)


@cache
def ada() -> Authority:
    """Return the auditor of most tests: root -> issuing CA -> auditor."""
    return new_auditor(new_authority(new_root()))


@cache
def signed_report() -> SignedReport:
    """Return the control: a report that passes."""
    return sign(small_report(), ada())


def sign_anyhow(
    report: bytes,
    signer: Authority,
    *,
    field: str = "LeadAuditor",
    certify: bool = False,
    pades: bool = True,
) -> bytes:
    """Sign with pyHanko's own signer, whatever our own would say to it."""
    kind = fields.SigSeedSubFilter.PADES if pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    metadata = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", certify=certify, subfilter=kind
    )
    store = SimpleCertificateStore.from_certs(
        [internal.translate_pyca_cryptography_cert_to_asn1(c) for c in signer.chain]
    )
    pyhanko_signer = signers.SimpleSigner(
        signing_cert=internal.translate_pyca_cryptography_cert_to_asn1(signer.certificate),
        signing_key=internal.translate_pyca_cryptography_key_to_asn1(signer.key),
        cert_registry=store,
        embed_roots=False,
    )
    output = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(report)),
        metadata,
        pyhanko_signer,
        new_field_spec=fields.SigFieldSpec(field),
    )
    return output.getvalue()


def resign(data: bytes, signer: Authority) -> bytes:
    """Sign the bytes around the hole again, as its owner may, whatever has become of them."""
    start = data.index(b"/Contents <30") + len(b"/Contents ")
    end = data.index(b">", start) + 1
    digest = hashlib.sha256(data[:start] + data[end:]).digest()
    return SignedReport(data, signer).with_cms(detached(digest, signer.signing_key))


def append_revision(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Append an incremental update, as an attacker does who has no key."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
