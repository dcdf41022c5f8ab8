"""Sign a report: PAdES baseline B-B, as a certification that later signers can follow.

Follows ETSI EN 319 142-1. What holds here:

* the signature covers the whole file, and signing adds nothing else to it: no new metadata;
* a key that ``verify-report`` would not accept does not sign;
* nothing is fetched: the certificates embedded are those that lie beside the key.
"""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import tsp  # type: ignore[import-untyped]  # it ships no types
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhanko.keys import internal
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.attributes import CMSAttributeProvider
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.signers import cms_embedder, constants, pdf_byterange
from pyhanko.sign.signers.pdf_cms import format_signed_attributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from workbench.errors import SigningError
from workbench.model.report_signature import (
    CURVES,
    DOCUMENT_PURPOSES,
    LEAD_AUDITOR_FIELD,
    MINIMUM_RSA_BITS,
)
from workbench.sign.keys import SigningKey

_DIGEST = "sha256"

#: An ECDSA signature varies by a few bytes; what is left over is written as zeros.
_SPARE_BYTES = 64


class _ReportWriter(IncrementalPdfFileWriter):
    """Appends a revision and leaves what the report says about itself as it was."""

    output_version = (1, 7)  # PDF/A-3: the default would write /Version /2.0

    def _update_meta(self) -> None:
        """Keep Info and XMP: their dates are the report's, not the signature's."""


def sign_report(
    pdf: bytes,
    key: SigningKey,
    *,
    reason: str,
    location: str | None = None,
    at: datetime | None = None,
) -> bytes:
    """Return ``pdf`` with the lead auditor's certification signature appended.

    Args:
        pdf: the report, not signed before.
        key: private key with its certificate and chain; see ``load_signing_key``.
        reason: why it is signed, shown by viewers.
        location: where it is signed, or None.
        at: claimed time of signing, aware; None: now. It is a claim: nobody vouches for it.

    Raises:
        SigningError: the key may not sign a report, or the file is no PDF that can be signed.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    certificate = _require_certificate(key)
    _require_strong(certificate)
    _require_purpose(certificate)
    _require_valid(certificate, moment)
    signer = _signer(key, certificate)
    signature = pdf_byterange.SignatureObject(
        timestamp=moment,
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
        bytes_reserved=2 * (len(asyncio.run(_cms(signer, bytes(32)))) + _SPARE_BYTES),
    )
    try:
        return _embed(pdf, signer, signature)
    except (PdfError, ValueError, LookupError) as error:
        raise SigningError(f"The report could not be signed: {error}") from error


def _embed(pdf: bytes, signer: signers.Signer, signature: pdf_byterange.SignatureObject) -> bytes:
    """Write the field, the empty signature, and the CMS over everything around it."""
    writer = _ReportWriter(BytesIO(pdf))
    if next(fields.enumerate_sig_fields(writer.prev, filled_status=True), None) is not None:
        raise SigningError("The report is signed already; a certification comes first.")
    writer.register_extension(constants.ESIC_EXTENSION_1)
    # The protocol of PdfCMSEmbedder.write_cms: field, signature object, output, CMS.
    steps = cms_embedder.PdfCMSEmbedder(fields.SigFieldSpec(LEAD_AUDITOR_FIELD)).write_cms(
        LEAD_AUDITOR_FIELD, writer
    )
    next(steps)
    permissions = cms_embedder.SigMDPSetup(
        md_algorithm=_DIGEST, certify=True, docmdp_perms=fields.MDPPerm.FILL_FORMS
    )
    steps.send(cms_embedder.SigObjSetup(signature, permissions))
    prepared, output = steps.send(cms_embedder.SigIOSetup(_DIGEST))
    steps.send(asyncio.run(_cms(signer, prepared.document_digest)))
    signed: bytes = output.getvalue()
    return signed


class _NamedChain(CMSAttributeProvider):
    """The attribute signing-certificate-v2, naming the signer and every issuer embedded.

    RFC 5035 asks only for the signer. What is named is signed: so no byte of the certificates
    can change, be they on the reader's path or not.
    """

    attribute_type = "signing_certificate_v2"

    def __init__(self, certificates: Iterable[asn1_x509.Certificate]) -> None:
        self._certificates = tuple(certificates)

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        """Return the attribute's value; it is the same when its size is asked for."""
        named = [as_signing_certificate_v2(each)["certs"][0] for each in self._certificates]
        return tsp.SigningCertificateV2({"certs": named})


async def _cms(signer: signers.Signer, digest: bytes) -> bytes:
    """Return the detached CMS over a SHA-256, without signing-time (EN 319 142-1 clause 6.3)."""
    named = _NamedChain((signer.signing_cert, *signer.cert_registry))
    attributes = await format_signed_attributes(digest, [named])
    cms = await signer.async_sign_prescribed_attributes(_DIGEST, attributes)
    content: bytes = cms.dump()
    return content


def _signer(key: SigningKey, certificate: x509.Certificate) -> signers.SimpleSigner:
    """Return a signer that embeds its certificate and the issuers of it."""
    signer = signers.SimpleSigner(
        signing_cert=_asn1(certificate),
        signing_key=internal.translate_pyca_cryptography_key_to_asn1(key.private_key),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # no types
    )
    signer.cert_registry.register_multiple(map(_asn1, _issuers(certificate, key.chain)))
    return signer


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    loaded: asn1_x509.Certificate = asn1_x509.Certificate.load(
        certificate.public_bytes(Encoding.DER)
    )
    return loaded


def _issuers(
    certificate: x509.Certificate, chain: Iterable[x509.Certificate]
) -> Iterator[x509.Certificate]:
    """Yield the issuers of a certificate from ``chain``, upwards: no root, nothing else of it.

    A reader who trusts the root has it already; one who does not must not get it from us.
    """
    by_subject = {issuer.subject: issuer for issuer in chain if issuer.subject != issuer.issuer}
    while issuer := by_subject.pop(certificate.issuer, None):
        yield issuer
        certificate = issuer


def _require_certificate(key: SigningKey) -> x509.Certificate:
    if key.certificate is None:
        raise SigningError("A report is signed with a certificate, and this key comes without one.")
    if _spki(key.certificate.public_key()) != _spki(key.private_key.public_key()):
        raise SigningError("The certificate belongs to another key than the one given.")
    return key.certificate


def _spki(public_key: CertificatePublicKeyTypes) -> bytes:
    return public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _require_strong(certificate: x509.Certificate) -> None:
    match certificate.public_key():
        case EllipticCurvePublicKey(curve=curve) if curve.name in CURVES:
            return
        case RSAPublicKey(key_size=bits) if bits >= MINIMUM_RSA_BITS:
            return
    raise SigningError(
        f"A report is signed with ECDSA P-256 or P-384, or RSA of {MINIMUM_RSA_BITS} bits or more."
    )


def _require_purpose(certificate: x509.Certificate) -> None:
    """Check key usage and extended key usage (RFC 5280 4.2.1.3, 4.2.1.12)."""
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        raise SigningError("The certificate does not say that it may sign documents.") from None
    if not (usage.digital_signature or usage.content_commitment):
        raise SigningError("The certificate may not sign (key usage).")
    if not DOCUMENT_PURPOSES & {purpose.dotted_string for purpose in purposes}:
        raise SigningError("The certificate may not sign documents (extended key usage).")


def _require_valid(certificate: x509.Certificate, moment: datetime) -> None:
    if moment < certificate.not_valid_before_utc:
        raise SigningError(
            f"The certificate is valid only from {certificate.not_valid_before_utc:%Y-%m-%d}."
        )
    if moment > certificate.not_valid_after_utc:
        raise SigningError(
            f"The certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d}."
        )
