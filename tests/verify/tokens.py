"""Time-stamp tokens for tests: a sound one by default, and one thing changed at a time."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from tests.verify.certificates import Issued, Sheet, authority, issue
from workbench.model.trust import TrustRole

STAMPED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAY_ISSUE = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
ROOT = issue(authority("TSA Root", years=(2020, 2040), usage=None, more=((MAY_ISSUE, True),)))
_ONLY_STAMPS = (x509.ExtendedKeyUsage([Purpose.TIME_STAMPING]), True)


def tsa_sheet(subject: str = "TSA", **more: object) -> Sheet:
    """Return the sheet of an authority's certificate as RFC 3161 2.3 wants it."""
    sheet = Sheet(subject, purposes=None, years=(2025, 2028), more=(_ONLY_STAMPS,))
    return replace(sheet, **more)  # type: ignore[arg-type]  # names and types are the fields'


TSA = issue(tsa_sheet(), ROOT)
TRUSTED = ROOT.anchor(TrustRole.TSA)


@dataclass(frozen=True)
class TokenSheet:
    """What a token says, and what is wrong with it.

    ``info`` and ``attributes`` change what is signed, ``signed_data`` what is not.
    """

    data: bytes = b"hello"
    tsa: Issued = TSA
    imprint: str = "sha256"
    digest: str = "sha256"
    at: datetime = STAMPED_AT
    accuracy: timedelta | None = timedelta(seconds=1)
    certificates: Sequence[Issued] | None = None
    named: Issued | None = None
    binding: str | None = "v2"
    pss_salt: int | None = None
    names_itself: bool = False
    bare: bool = False
    info: Callable[[dict[str, Any]], None] = field(default=lambda info: None)
    signed_data: Callable[[cms.SignedData], None] = field(default=lambda signed: None)
    spoil: Callable[[bytes], bytes] = field(default=lambda signature: signature)


def token(sheet: TokenSheet | None = None, **more: object) -> bytes:
    """Return DER of a response, or of a bare token."""
    asked = replace(sheet or TokenSheet(), **more)  # type: ignore[arg-type]
    info = _info(asked)
    signed = _signed_data(asked, info)
    asked.signed_data(signed)
    content = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    if asked.bare:
        return content.dump()
    return tsp.TimeStampResp({"status": {"status": 0}, "time_stamp_token": content}).dump()


def _info(sheet: TokenSheet) -> bytes:
    values: dict[str, Any] = {
        "version": 1,
        "policy": "1.2.3.4.1",
        "message_imprint": {
            "hash_algorithm": {"algorithm": sheet.imprint},
            "hashed_message": hashlib.new(sheet.imprint, sheet.data).digest(),
        },
        "serial_number": 7,
        "gen_time": sheet.at,
        "nonce": 99,
    }
    if sheet.accuracy is not None:
        seconds = int(sheet.accuracy.total_seconds())
        values["accuracy"] = {
            "seconds": seconds,
            "millis": sheet.accuracy.microseconds // 1000 or None,
        }
    if sheet.names_itself:
        subject = asn1_x509.Certificate.load(sheet.tsa.der).subject
        values["tsa"] = asn1_x509.GeneralName("directory_name", subject)
    sheet.info(values)
    return tsp.TSTInfo(values).dump()


def _signed_data(sheet: TokenSheet, info: bytes) -> cms.SignedData:
    named = asn1_x509.Certificate.load((sheet.named or sheet.tsa).der)
    attributes = cms.CMSAttributes(list(_attributes(sheet, info)))
    signature = sheet.spoil(_sign(sheet, attributes.dump()))
    kind = "ecdsa" if isinstance(sheet.tsa.key, ec.EllipticCurvePrivateKey) else "rsa"
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": named.issuer, "serial_number": named.serial_number},
            ),
            "digest_algorithm": {"algorithm": sheet.digest},
            "signed_attrs": attributes,
            "signature_algorithm": _algorithm(sheet, f"{sheet.digest}_{kind}"),
            "signature": signature,
        }
    )
    inside = [sheet.tsa] if sheet.certificates is None else sheet.certificates
    values: dict[str, Any] = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": sheet.digest}],
        "encap_content_info": {
            "content_type": "tst_info",
            "content": core.ParsableOctetString(info),
        },
        "signer_infos": [signer],
    }
    if inside:
        loaded = [asn1_x509.Certificate.load(one.der) for one in inside]
        values["certificates"] = [cms.CertificateChoices("certificate", one) for one in loaded]
    return cms.SignedData(values)


def _algorithm(sheet: TokenSheet, usual: str) -> dict[str, Any]:
    if sheet.pss_salt is None:
        return {"algorithm": usual}
    hashed = {"algorithm": sheet.digest}
    mask = {"algorithm": "mgf1", "parameters": hashed}
    said = {"hash_algorithm": hashed, "mask_gen_algorithm": mask, "salt_length": sheet.pss_salt}
    return {"algorithm": "rsassa_pss", "parameters": said}


def _attributes(sheet: TokenSheet, info: bytes) -> Any:
    yield {"type": "content_type", "values": ["tst_info"]}
    digest = hashlib.new(sheet.digest, info).digest()
    yield {"type": "message_digest", "values": [digest]}
    der = sheet.tsa.der
    if sheet.binding == "v2":
        value = {"certs": [{"cert_hash": hashlib.sha256(der).digest()}]}
        yield {"type": "signing_certificate_v2", "values": [value]}
    elif sheet.binding == "v1":
        value = {"certs": [{"cert_hash": hashlib.sha1(der).digest()}]}
        yield {"type": "signing_certificate", "values": [value]}


def _sign(sheet: TokenSheet, data: bytes) -> bytes:
    algorithm = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}[
        sheet.digest
    ]()
    key = sheet.tsa.key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(algorithm))
    if sheet.pss_salt is not None:
        pss = padding.PSS(padding.MGF1(algorithm), sheet.pss_salt)
        return key.sign(data, pss, algorithm)
    return key.sign(data, padding.PKCS1v15(), algorithm)


def crl(
    issuer: Issued,
    revoked: Sequence[tuple[Issued, datetime, x509.ReasonFlags | None]] = (),
    *,
    made: datetime = datetime(2026, 6, 1, tzinfo=UTC),
    due: datetime = datetime(2026, 7, 15, tzinfo=UTC),
    more: Sequence[tuple[x509.ExtensionType, bool]] = (),
    signer: Issued | None = None,
    pss_salt: int | None = None,
) -> bytes:
    """Return DER of a revocation list."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(made)
        .next_update(due)
    )
    for extension, critical in more:
        builder = builder.add_extension(extension, critical)
    for certificate, when, reason in revoked:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.certificate.serial_number)
            .revocation_date(when)
        )
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    padded = None
    if pss_salt is not None:
        padded = padding.PSS(padding.MGF1(hashes.SHA256()), pss_salt)
    done = builder.sign((signer or issuer).key, hashes.SHA256(), rsa_padding=padded)
    return done.public_bytes(serialization.Encoding.DER)
