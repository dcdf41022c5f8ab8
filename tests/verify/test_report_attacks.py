"""Attacks on one signed report: the control passes, and nothing that was done to it does.

The numbers are those of a tamper matrix run against several verifiers; of its 26 cases, those
that need a reviewer's signature or a document time stamp come when a report can have them.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
import pytest
import reports
from asn1crypto import cms, core, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reports import SignedReport, append_revision

from workbench.model.verdict import Indication
from workbench.verify.report import NotASignedReport, verify_report

name = generic.NameObject
Writer = IncrementalPdfFileWriter


def _flip(data: bytes, at: int, mask: int = 0x01) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def _flip_page(report: SignedReport) -> bytes:
    return _flip(report.data, report.data.index(b"stream\n") + 12)


def _flip_attachment(report: SignedReport) -> bytes:
    with pikepdf.open(io.BytesIO(report.data)) as pdf:
        raw = pdf.Root.Names.EmbeddedFiles.Names[3].EF.F.read_raw_bytes()
    return _flip(report.data, report.data.index(raw) + len(raw) // 2)


def _flip_cms(report: SignedReport) -> bytes:
    return _flip(report.data, report.hole[0] + 400)


def _flip_signature_value(report: SignedReport) -> bytes:
    return report.with_cms(_flip(report.cms, len(report.der) - 5))


def _flip_signer_certificate(report: SignedReport) -> bytes:
    der = report.signer.certificate.public_bytes(reports.Encoding.DER)
    return report.with_cms(_flip(report.cms, report.cms.index(der) + len(der) - 3))


def _flip_issuing_certificate(report: SignedReport) -> bytes:
    der = report.signer.chain[0].public_bytes(reports.Encoding.DER)
    return report.with_cms(_flip(report.cms, report.cms.index(der) + len(der) - 3))


def _edit_page(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"q Q"))
        writer.update_container(page)

    return append_revision(report.data, change)


def _edit_attachment(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        tree = writer.root["/Names"]["/EmbeddedFiles"]
        specification = tree["/Names"][1]
        stream = generic.StreamObject(stream_data=reports.manifest(attachments=[]))
        specification["/EF"][name("/F")] = writer.add_object(stream)
        writer.update_container(specification["/EF"])

    return append_revision(report.data, change)


def _add_annotation(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        square = {"/Type": name("/Annot"), "/Subtype": name("/Square")}
        box = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 600, 800))
        annotation = generic.DictionaryObject(
            {name(key): value for key, value in {**square, "/Rect": box}.items()}
        )
        page["/Annots"] = generic.ArrayObject([writer.add_object(annotation)])
        writer.update_container(page)

    return append_revision(report.data, change)


def _edit_title(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        writer.trailer_view["/Info"][name("/Title")] = generic.TextStringObject("All is well")
        writer.update_container(writer.trailer_view["/Info"])

    return append_revision(report.data, change)


def _unsign(report: SignedReport) -> bytes:
    return report.data[: report.data.index(b"%%EOF") + 6]


def _rewrite(report: SignedReport) -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(report.data)) as pdf:
        pdf.save(saved)
    return saved.getvalue()


def _widen_gap(report: SignedReport) -> bytes:
    """Make the byte range leave out one byte more, behind the hole."""
    before, after = report.hole
    tail = len(report.data) - after
    stated = b"[0 %d %d %d]" % (before, after, tail)
    widened = b"[0 %d %d %d]" % (before, after + 1, tail - 1)
    return report.data.replace(stated, widened.ljust(len(stated)))


def _second_byte_range(report: SignedReport) -> bytes:
    """Put the old signature over an altered copy: the wrapping attack."""
    before, after = report.hole
    forged = _edit_page(report)
    return forged + report.data[before:after] + b"\n%%EOF\n"


def _zero_contents(report: SignedReport) -> bytes:
    return report.with_cms(b"")


def _forge_authority(report: SignedReport) -> bytes:
    """Sign the report anew by a CA with the same names."""
    twin = reports.new_auditor(reports.new_authority(reports.new_root()))
    return reports.sign(reports.small_report(), twin).data


def _sign_beside(report: SignedReport) -> bytes:
    stranger = reports.new_auditor(reports.new_root("Stranger Root"), name="Sly Stranger")
    return reports.sign_anyhow(report.data, stranger, field="Extra")


def _shadow_pages(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        pages = generic.DictionaryObject(writer.root["/Pages"])
        pages[name("/Kids")] = generic.ArrayObject([pages["/Kids"].raw_get(1)])
        pages[name("/Count")] = generic.NumberObject(1)
        writer.root["/Pages"] = writer.add_object(pages)
        writer.update_root()

    return append_revision(report.data, change)


def _swap_appearance(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        widget = writer.root["/AcroForm"]["/Fields"][0]
        form = generic.StreamObject(stream_data=b"q Q")
        appearance = {name("/N"): writer.add_object(form)}
        widget["/AP"] = generic.DictionaryObject(appearance)
        writer.update_container(widget)

    return append_revision(report.data, change)


def _open_with_script(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        script = {name("/S"): name("/JavaScript"), name("/JS"): generic.TextStringObject("1")}
        writer.root["/OpenAction"] = generic.DictionaryObject(script)
        writer.update_root()

    return append_revision(report.data, change)


def _swap_font(report: SignedReport) -> bytes:
    def change(writer: Writer) -> None:
        font = next(iter(writer.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"].values()))
        font = font.get_object()
        font["/BaseFont"] = name("/Symbol")
        writer.update_container(font)

    return append_revision(report.data, change)


def _prepend(report: SignedReport) -> bytes:
    return b"#!/bin/sh\n" + report.data


def _append(report: SignedReport) -> bytes:
    return report.data + b"% nothing to see\n"


def _append_newline(report: SignedReport) -> bytes:
    return report.data + b"\n"


def _fill_padding(report: SignedReport) -> bytes:
    return report.with_cms(report.cms[:-1] + b"\x01")


def _lower_case(report: SignedReport) -> bytes:
    start, end = report.hole
    return report.data[:start] + report.data[start:end].lower() + report.data[end:]


def _lower_one_digit(report: SignedReport) -> bytes:
    start, _ = report.hole
    at = next(at for at in range(start, len(report.data)) if report.data[at] in b"ABCDEF")
    return _flip(report.data, at, 0x20)


def _space_in_hole(report: SignedReport) -> bytes:
    _, end = report.hole
    return report.data[: end - 3] + b"  " + report.data[end - 1 :]


def _cms_version(report: SignedReport) -> bytes:
    at = report.cms.index(b"\x02\x01\x01")
    return report.with_cms(_flip(report.cms, at + 2, 0x02))


def _long_length(report: SignedReport) -> bytes:
    """Write the outermost length in one octet more than it needs."""
    der = report.der
    assert der[:2] == b"\x30\x82"
    return report.with_cms(b"\x30\x83\x00" + der[2:])


def _swap_certificate(report: SignedReport) -> bytes:
    """Put a certificate of a stranger where the issuing one is."""
    content = cms.ContentInfo.load(report.der)
    embedded = content["content"]["certificates"]
    stranger = reports.new_authority(reports.new_root("S"), "S").certificate
    der = stranger.public_bytes(reports.Encoding.DER)
    is_signer = embedded[0].chosen.subject.native["common_name"] == "Ada Auditor"
    embedded[1 if is_signer else 0] = cms.CertificateChoices(
        name="certificate", value=x509.Certificate.load(der)
    )
    return report.with_cms(content.dump(force=True))


def _add_unsigned_attribute(report: SignedReport) -> bytes:
    content = cms.ContentInfo.load(report.der)
    note = cms.CMSAttribute({"type": "1.2.3.4", "values": [core.Null()]})
    signer = content["content"]["signer_infos"][0]
    signer["unsigned_attrs"] = cms.CMSAttributes([note])
    return report.with_cms(content.dump(force=True))


@dataclass(frozen=True, slots=True)
class Attack:
    """What was done to a signed report, and what is said of it; None: it is no signed report."""

    id: str
    make: Callable[[SignedReport], bytes]
    code: str | None
    indication: Indication | None = Indication.FAILED


OPEN = Indication.INDETERMINATE
ATTACKS = (
    Attack("01 flip a page", _flip_page, "HASH_FAILURE"),
    Attack("02 flip an attachment", _flip_attachment, "HASH_FAILURE"),
    Attack("03 flip the CMS", _flip_cms, "FORMAT_FAILURE"),
    Attack("03a flip the signature value", _flip_signature_value, "SIG_CRYPTO_FAILURE"),
    Attack("03b flip the signer's certificate", _flip_signer_certificate, "FORMAT_FAILURE"),
    Attack(
        "03c flip the issuing certificate",
        _flip_issuing_certificate,
        "SIG_CONSTRAINTS_FAILURE",
        OPEN,
    ),
    Attack("04 edit a page", _edit_page, "FORMAT_FAILURE"),
    Attack("05 edit an attachment", _edit_attachment, "FORMAT_FAILURE"),
    Attack("06 cover with an annotation", _add_annotation, "FORMAT_FAILURE"),
    Attack("07 edit the title", _edit_title, "FORMAT_FAILURE"),
    Attack("08 append bytes", _append, "FORMAT_FAILURE"),
    Attack("08a append a line end", _append_newline, "FORMAT_FAILURE"),
    Attack("10 take the signature off", _unsign, None, None),
    Attack("11 rewrite the file", _rewrite, "FORMAT_FAILURE"),
    Attack("12 widen the gap", _widen_gap, "FORMAT_FAILURE"),
    Attack("12a wrap the signature", _second_byte_range, "FORMAT_FAILURE"),
    Attack("13 zero the contents", _zero_contents, "FORMAT_FAILURE"),
    Attack("14 forge the authority", _forge_authority, "CERTIFICATE_CHAIN_GENERAL_FAILURE", OPEN),
    Attack("16 sign beside", _sign_beside, "NO_CERTIFICATE_CHAIN_FOUND", OPEN),
    Attack("17 shadow the pages", _shadow_pages, "FORMAT_FAILURE"),
    Attack("18 swap the appearance", _swap_appearance, "FORMAT_FAILURE"),
    Attack("19 open with a script", _open_with_script, "FORMAT_FAILURE"),
    Attack("20 swap a font", _swap_font, "FORMAT_FAILURE"),
    Attack("21 prepend bytes", _prepend, "FORMAT_FAILURE"),
    Attack("25 fill the padding", _fill_padding, "FORMAT_FAILURE"),
    Attack("26 lower-case hexadecimal", _lower_case, "FORMAT_FAILURE"),
    Attack("26a one lower-case digit", _lower_one_digit, "FORMAT_FAILURE"),
    Attack("26b white space in the hole", _space_in_hole, "FORMAT_FAILURE"),
    Attack("26c another CMS version", _cms_version, "FORMAT_FAILURE"),
    Attack("26d a length that is not DER", _long_length, "FORMAT_FAILURE"),
    Attack(
        "26e another certificate in its place", _swap_certificate, "SIG_CONSTRAINTS_FAILURE", OPEN
    ),
    Attack("26f an unsigned attribute", _add_unsigned_attribute, "FORMAT_FAILURE"),
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_an_attack_is_called_by_its_name(attack: Attack) -> None:
    report = reports.signed_report()
    forged = attack.make(report)
    assert forged != report.data
    try:
        found = verify_report(forged, report.trust, display="report.pdf")
    except NotASignedReport:
        assert attack.indication is None
    else:
        assert (found.indication, found.code) == (attack.indication, attack.code)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_no_attack_passes_for_a_reader_who_pinned_the_auditor(attack: Attack) -> None:
    report = reports.signed_report()
    trust = reports.trusting(report.signer.certificate)
    assert verify_report(report.data, trust, display="report.pdf").exit_code == 0
    try:
        found = verify_report(attack.make(report), trust, display="report.pdf")
    except NotASignedReport:
        assert attack.indication is None
    else:
        assert found.indication is not Indication.PASSED


def test_the_control_passes() -> None:
    report = reports.signed_report()
    assert verify_report(report.data, report.trust, display="report.pdf").exit_code == 0
