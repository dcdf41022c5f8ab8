"""Append a revision to a report with room for a signature or a time stamp, and fill that room.

What holds of every revision:

* it changes nothing that an earlier signature does not permit, and no metadata: Info and XMP are
  the report's, and their dates its date;
* the same report and the same wishes give the same bytes, up to what fills the room: so a query for
  a time stamp can be made today, and its answer be put in tomorrow on another machine;
* what shows that certificates were good (``Material``) lies in the same revision, so that whatever
  fills the room vouches for it too.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import crl as asn1_crl  # type: ignore[import-untyped]  # it ships no types
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.signers import cms_embedder, constants, pdf_byterange
from pyhanko.sign.validation.dss import DocumentSecurityStore

from workbench.errors import SigningError
from workbench.model.report_signature import LEAD_AUDITOR_FIELD
from workbench.sign.places import make_places

_DIGEST = "sha256"
_STAMP_FIELD = "ArchiveTimeStamp{}"


@dataclass(frozen=True, slots=True)
class Material:
    """What shows that certificates were good: DER of certificates, CRLs and OCSP responses."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.certificates or self.crls or self.responses)


@dataclass(frozen=True, slots=True)
class Said:
    """What a signature says of itself (21 CFR 11.50: printed name, date and time, meaning).

    Attributes:
        name: whose signature it is.
        reason: what it means.
        location: where it is made, or None.
        at: claimed time of signing, aware.
        drawing: one page of PDF that shows this, for a visible signature, or None.
    """

    name: str
    reason: str
    location: str | None
    at: datetime
    drawing: bytes | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file with a hole for a CMS: ``start`` is its ``<``, ``end`` the byte after its ``>``."""

    data: bytes
    start: int
    end: int

    @property
    def digest(self) -> bytes:
        """Return the SHA-256 of all bytes but the hole."""
        state = hashlib.sha256(self.data[: self.start])
        state.update(self.data[self.end :])
        return state.digest()

    @property
    def held(self) -> bytes:
        """Return what the hole holds, with the zeros behind it."""
        return bytes.fromhex(self.data[self.start + 1 : self.end - 1].decode("ascii"))

    def filled(self, cms: bytes) -> bytes:
        """Return the file with a CMS in its hole.

        Raises:
            SigningError: it does not fit.
        """
        room = (self.end - self.start - 2) // 2
        if len(cms) > room:
            raise SigningError(f"{len(cms):,} bytes are to go where {room:,} were kept free.")
        text = cms.ljust(room, b"\x00").hex().upper().encode()
        return self.data[: self.start + 1] + text + self.data[self.end - 1 :]


class _Writer(IncrementalPdfFileWriter):
    """Appends a revision and leaves what the report says about itself as it was."""

    output_version = (1, 7)  # PDF/A-3: the default would write /Version /2.0

    def _update_meta(self) -> None:
        """Keep Info and XMP: their dates are the report's, not the signature's."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        """Name the revision after the bytes that it follows, not at random."""
        first, _ = super()._handle_id(prev)  # type: ignore[no-untyped-call]  # it has no types
        prev.stream.seek(0)
        digest = hashlib.sha256(prev.stream.read()).digest()[:16]
        return generic.ArrayObject([first, generic.ByteStringObject(digest)])


def prepare_signature(
    pdf: bytes, field: str, said: Said, *, reserved: int, material: Material
) -> Prepared:
    """Return a report with room for the signature of a person, ``reserved`` bytes of CMS.

    The first certifies the report, so that nothing but the fields of signatures may change after it
    (ISO 32000-1 12.8.2.2, P=2), and makes the places of all.

    Raises:
        SigningError: the file is no PDF that can be signed, or that field is signed already.
    """
    with _writing(pdf) as writer:
        signed = _signed_fields(writer)
        if field in signed or (signed and field == LEAD_AUDITOR_FIELD):
            raise SigningError("The report is signed already; a certification comes first.")
        if not signed:
            writer.register_extension(constants.ESIC_EXTENSION_1)
            make_places(writer)
        _add(material, writer)
        signature = pdf_byterange.SignatureObject(
            timestamp=said.at,
            subfilter=fields.SigSeedSubFilter.PADES,
            name=said.name,
            reason=said.reason,
            location=said.location,
            bytes_reserved=2 * reserved,
        )
        certify = None
        if not signed:
            certify = cms_embedder.SigMDPSetup(
                md_algorithm=_DIGEST, certify=True, docmdp_perms=fields.MDPPerm.FILL_FORMS
            )
        return _with_room(writer, field, signature, certify, said.drawing)


def prepare_stamp(pdf: bytes, *, reserved: int, material: Material) -> Prepared:
    """Return a report with room for a time stamp over all of it (EN 319 142-1 5.4.3).

    Raises:
        SigningError: the file is no PDF that can be stamped, or nobody signed it.
    """
    with _writing(pdf) as writer:
        signed = _signed_fields(writer)
        if not signed:
            raise SigningError("Nobody signed that report: there is nothing to stamp.")
        _add(material, writer)
        number = sum(name.startswith(_STAMP_FIELD.format("")) for name in signed) + 1
        stamp = pdf_byterange.DocumentTimestamp(bytes_reserved=2 * reserved)
        return _with_room(writer, _STAMP_FIELD.format(number), stamp, None, None)


def last_hole(pdf: bytes) -> Prepared:
    """Return a report as one whose last signature has room.

    Raises:
        SigningError: it cannot be read, or nobody signed it.
    """
    with _writing(pdf) as writer:
        found = list(writer.prev.embedded_signatures)
        if not found:
            raise SigningError("Nobody signed that report: there is nothing to stamp.")
        _, start, end, tail = (int(n) for n in found[-1].byte_range)
        if end + tail != len(pdf) or pdf[start : start + 1] != b"<":
            raise SigningError("The last signature does not cover all of that file.")
        return Prepared(pdf, start, end)


@contextmanager
def _writing(pdf: bytes) -> Iterator[_Writer]:
    try:
        yield _Writer(BytesIO(pdf))
    except (PdfError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise SigningError(f"The report could not be signed: {error}") from error


def _signed_fields(writer: _Writer) -> frozenset[str]:
    found = fields.enumerate_sig_fields(writer.prev, filled_status=True)
    return frozenset(str(name) for name, _, _ in found)


def _with_room(
    writer: _Writer,
    field: str,
    signature: pdf_byterange.PdfSignedData,
    certify: cms_embedder.SigMDPSetup | None,
    drawing: bytes | None,
) -> Prepared:
    """Follow the protocol of ``PdfCMSEmbedder.write_cms`` up to where the CMS goes in."""
    steps = cms_embedder.PdfCMSEmbedder(fields.SigFieldSpec(field)).write_cms(field, writer)
    widget = next(steps).get_object()
    if drawing is not None and widget["/Rect"][0] != widget["/Rect"][2]:
        taken = writer.import_page_as_xobject(PdfFileReader(BytesIO(drawing)))
        normal = generic.DictionaryObject({generic.NameObject("/N"): taken})
        widget[generic.NameObject("/AP")] = normal
    steps.send(cms_embedder.SigObjSetup(signature, certify))
    prepared, output = steps.send(cms_embedder.SigIOSetup(_DIGEST))
    return Prepared(output.getvalue(), prepared.reserved_region_start, prepared.reserved_region_end)


def _add(material: Material, writer: _Writer) -> None:
    """Put material into the document's security store (EN 319 142-1 5.4.2)."""
    if not material:
        return
    loads: tuple[Callable[[bytes], Any], ...] = (
        asn1_x509.Certificate.load,
        asn1_ocsp.OCSPResponse.load,
        asn1_crl.CertificateList.load,
    )
    parts = (material.certificates, material.responses, material.crls)
    certificates, responses, crls = (
        [load(der) for der in ders] for load, ders in zip(loads, parts, strict=True)
    )
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=certificates, ocsps=responses, crls=crls
    )
