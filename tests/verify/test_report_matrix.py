"""The tamper matrix: a report that two people signed and an authority stamped, and 38 forgeries.

The control passes for a reader who trusts the root, pinned both signers, and hashes the evidence at
hand. Cases 00 to 26 are those of a matrix that was run against four other verifiers, of which each
let some pass (07, 09, 16, 23, 25 and 26 among them); those from 30 on are ours.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pikepdf
import pytest
import reports
import signing
from asn1crypto import cms, core
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reports import NOW, append_revision
from signing import certified, full, full_trust, judged, outside, reviewed, team

from workbench.model.verdict import Indication
from workbench.sign.pdf import Proof, sign_report, stamp_report
from workbench.verify.report import NotASignedReport
from workbench.verify.report.structure import SignedRange, signed_ranges

name = generic.NameObject
Writer = IncrementalPdfFileWriter
FAILED, OPEN = Indication.FAILED, Indication.INDETERMINATE


def _flip(data: bytes, at: int, mask: int = 0x01) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def _ranges() -> tuple[SignedRange, ...]:
    return signed_ranges(full())


def _held(number: int) -> bytes:
    """Return the octets in the hole of a signature, with the zeros behind its CMS."""
    found = _ranges()[number]
    return bytes.fromhex(full()[found.before + 1 : found.after - 1].decode())


def _with_held(number: int, held: bytes) -> bytes:
    found = _ranges()[number]
    room = (found.after - found.before - 2) // 2
    text = held.ljust(room, b"\x00").hex().upper().encode()
    assert len(text) == 2 * room
    return full()[: found.before + 1] + text + full()[found.after - 1 :]


def _flipped_in(number: int, at: int, mask: int = 0x10) -> bytes:
    return _with_held(number, _flip(_held(number), at, mask))


def _at(number: int, wanted: bytes) -> int:
    return _held(number).index(wanted)


def flip_page() -> bytes:
    return _flip(full(), full().index(b"stream\n") + 12)


def flip_attachment() -> bytes:
    with pikepdf.open(io.BytesIO(full())) as pdf:
        raw = pdf.Root.Names.EmbeddedFiles.Names[3].EF.F.read_raw_bytes()
    return _flip(full(), full().index(raw) + len(raw) // 2)


def flip_cms() -> bytes:
    return _flipped_in(0, 400)


def _page(writer: Writer) -> generic.DictionaryObject:
    return writer.root["/Pages"]["/Kids"][0]


def edit_page() -> bytes:
    def change(writer: Writer) -> None:
        page = _page(writer)
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"q Q"))
        writer.update_container(page)

    return append_revision(full(), change)


def edit_attachment() -> bytes:
    def change(writer: Writer) -> None:
        specification = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        stream = generic.StreamObject(stream_data=reports.manifest(attachments=[]))
        specification["/EF"][name("/F")] = writer.add_object(stream)
        writer.update_container(specification["/EF"])

    return append_revision(full(), change)


def add_annotation() -> bytes:
    def change(writer: Writer) -> None:
        page = _page(writer)
        box = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 600, 800))
        square = {"/Type": name("/Annot"), "/Subtype": name("/Square"), "/Rect": box}
        annotation = generic.DictionaryObject({name(k): v for k, v in square.items()})
        page["/Annots"] = generic.ArrayObject([writer.add_object(annotation)])
        writer.update_container(page)

    return append_revision(full(), change)


def edit_title() -> bytes:
    def change(writer: Writer) -> None:
        writer.trailer_view["/Info"][name("/Title")] = generic.TextStringObject("All is well")
        writer.update_container(writer.trailer_view["/Info"])

    return append_revision(full(), change)


def append_garbage() -> bytes:
    return full() + b"% nothing to see here\n"


def roll_back_to_the_auditor() -> bytes:
    return full()[: _ranges()[0].end]


def roll_back_to_nobody() -> bytes:
    return full()[: full().index(b"%%EOF") + 6]


def rewrite() -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(full())) as pdf:
        pdf.save(saved)
    return saved.getvalue()


def move_byte_range() -> bytes:
    found = _ranges()[0]
    stated = b"[%d %d %d %d]" % found.byte_range
    tail = found.end - found.after
    moved = b"[0 %d %d %d]" % (found.before, found.after + 1, tail - 1)
    return full().replace(stated, moved.ljust(len(stated)))


def zero_contents() -> bytes:
    return _with_held(0, b"")


@cache
def _twin() -> signing.Team:
    """Return an authority with the same names and other keys."""
    return signing.new_team("Team")


def forge_authority() -> bytes:
    twin = _twin()
    return sign_report(reports.small_report(), twin.ada, reason="x", at=NOW)


def sign_after_revocation() -> bytes:
    gone = signing.withdrawn(team().ada, NOW - timedelta(days=1))
    return certified(material=team().material(gone), stamper=signing.outside_stamper())


def stranger_signs() -> bytes:
    stranger = reports.new_auditor(reports.new_root("Stranger Root"), name="Sly Stranger")
    return reports.sign_anyhow(full(), stranger, field="Extra")


def shadow_pages() -> bytes:
    def change(writer: Writer) -> None:
        pages = generic.DictionaryObject(writer.root["/Pages"])
        pages[name("/Kids")] = generic.ArrayObject([pages["/Kids"].raw_get(1)])
        pages[name("/Count")] = generic.NumberObject(1)
        writer.root["/Pages"] = writer.add_object(pages)
        writer.update_root()

    return append_revision(full(), change)


def swap_appearance() -> bytes:
    def change(writer: Writer) -> None:
        widget = writer.root["/AcroForm"]["/Fields"][0]
        form = generic.StreamObject(stream_data=b"q Q")
        widget["/AP"] = generic.DictionaryObject({name("/N"): writer.add_object(form)})
        writer.update_container(widget)

    return append_revision(full(), change)


def open_with_script() -> bytes:
    def change(writer: Writer) -> None:
        script = {name("/S"): name("/JavaScript"), name("/JS"): generic.TextStringObject("1")}
        writer.root["/OpenAction"] = generic.DictionaryObject(script)
        writer.update_root()

    return append_revision(full(), change)


def swap_font() -> bytes:
    def change(writer: Writer) -> None:
        font = next(iter(_page(writer)["/Resources"]["/Font"].values())).get_object()
        font["/BaseFont"] = name("/Symbol")
        writer.update_container(font)

    return append_revision(full(), change)


def prepend() -> bytes:
    return b"#!/bin/sh\n" + full()


def flip_stamp() -> bytes:
    return _flipped_in(-1, len(_ranges()[-1].cms) - 3)


def remove_store() -> bytes:
    def change(writer: Writer) -> None:
        del writer.root["/DSS"]
        writer.update_root()

    return append_revision(full(), change)


def swap_permissions() -> bytes:
    def change(writer: Writer) -> None:
        fields = writer.root["/AcroForm"]["/Fields"]
        writer.root["/Perms"][name("/DocMDP")] = fields[1].raw_get("/V")
        writer.update_container(writer.root["/Perms"])

    return append_revision(full(), change)


def fill_padding() -> bytes:
    return _with_held(-1, _held(-1)[:-1] + b"\x01")


def flip_stamp_where_nobody_signed() -> bytes:
    """Change an octet of the issuing certificate in the last time stamp."""
    return _flipped_in(-1, _at(-1, outside().issuer.ders[0]) + 300)


def lower_one_digit() -> bytes:
    first = _ranges()[-1].before
    at = next(at for at in range(first, len(full())) if full()[at] in b"ABCDEF")
    return _flip(full(), at, 0x20)


def stamp_version() -> bytes:
    at = _at(-1, b"\x02\x01\x03")
    return _with_held(-1, _flip(_held(-1), at + 2, 0x02))


def rename_signature_algorithm() -> bytes:
    """Call the outer signature algorithm of the issuing certificate by another name."""
    der = outside().issuer.ders[0]
    algorithm = bytes.fromhex("06082a8648ce3d040303")
    at = _at(-1, der) + der.rindex(algorithm) + len(algorithm) - 1
    return _with_held(-1, _flip(_held(-1), at, 0x01))


def unused_bits() -> bytes:
    """State that the last bit of the signature on the issuing certificate is none."""
    certificate = outside().issuer.certificate
    assert certificate is not None
    at = _at(-1, outside().issuer.ders[0]) + outside().issuer.ders[0].rindex(certificate.signature)
    return _with_held(-1, _flip(_held(-1), at - 1, 0x01))


def _edited_stamp(change: Callable[[cms.SignedData], None]) -> bytes:
    content = cms.ContentInfo.load(_ranges()[-1].cms)
    change(content["content"])
    return _with_held(-1, content.dump(force=True))


def add_certificate() -> bytes:
    """Add a stranger's certificate to the last time stamp, where nobody signed."""
    stranger = reports.new_root("S").certificate.public_bytes(reports.Encoding.DER)

    def change(data: cms.SignedData) -> None:
        more = cms.CertificateChoices(name="certificate", value=cms.Certificate.load(stranger))
        data["certificates"] = cms.CertificateSet([*data["certificates"], more])

    return _edited_stamp(change)


def add_unsigned_attribute() -> bytes:
    def change(data: cms.SignedData) -> None:
        note = cms.CMSAttribute({"type": "1.2.3.4", "values": [core.Null()]})
        data["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([note])

    return _edited_stamp(change)


def add_list_to_stamp() -> bytes:
    def change(data: cms.SignedData) -> None:
        from asn1crypto import crl

        lists = [crl.CertificateList.load(der) for der in outside().crls()]
        data["crls"] = cms.RevocationInfoChoices(
            [cms.RevocationInfoChoice(name="crl", value=each) for each in lists]
        )

    return _edited_stamp(change)


def stamp_of_another_report() -> bytes:
    """Put the time stamp over another report into the hole of this one."""
    other = stamp_report(reviewed(certified()), signing.outside_stamper())
    found = signed_ranges(other)[-1]
    return _with_held(-1, found.cms)


def drop_the_signature_s_own_stamp() -> bytes:
    """Take the unsigned time stamp out of the auditor's signature."""
    content = cms.ContentInfo.load(_ranges()[0].cms)
    del content["content"]["signer_infos"][0]["unsigned_attrs"]
    return _with_held(0, content.dump(force=True))


def exchange_the_signers() -> bytes:
    """Let the reviewer certify and the auditor review."""
    once = sign_report(reports.small_report(), team().rita, reason="x", at=NOW, proof=Proof())
    return sign_report(once, team().ada, reason="x", at=NOW, field="Reviewer", proof=Proof())


def a_hidden_attachment() -> bytes:
    """Sign a report with an attachment that its manifest does not list."""
    attachments = {
        "manifest.json": reports.manifest(),
        "evidence.csv": reports.EVIDENCE,
        "more.csv": b"unlisted",
    }
    pdf = certified(report=reports.small_report(attachments))
    return stamp_report(reviewed(pdf), signing.outside_stamper())


def a_stamp_posing_as_the_reviewer() -> bytes:
    """Say that the field of the time stamp is the reviewer's, who then seems to have signed."""
    once = certified()
    stamped = stamp_report(once, signing.outside_stamper())
    return stamped.replace(b"(ArchiveTimeStamp1)", b"(Reviewer)         ")


@dataclass(frozen=True, slots=True)
class Case:
    """What was done to the report, and what is said of it; None: that it is no signed report."""

    id: str
    make: Callable[[], bytes]
    indication: Indication | None = FAILED


CASES = (
    Case("01 one bit in a content stream", flip_page),
    Case("02 one bit in an attachment", flip_attachment),
    Case("03 a nibble inside the CMS of signature 1", flip_cms),
    Case("04 a revision replaces a page", edit_page),
    Case("05 a revision replaces the manifest", edit_attachment),
    Case("06 an annotation covers a page", add_annotation),
    Case("07 a revision of the title", edit_title),
    Case("08 bytes after the last end of file", append_garbage),
    Case("09 rolled back to the auditor", roll_back_to_the_auditor, OPEN),
    Case("10 all signatures stripped", roll_back_to_nobody, None),
    Case("11 rewritten", rewrite),
    Case("12 the byte range moved", move_byte_range),
    Case("13 the contents zeroed", zero_contents),
    Case("14 an authority with the same names", forge_authority, OPEN),
    Case("15 signed after revocation", sign_after_revocation, OPEN),
    Case("16 a stranger signs beside", stranger_signs, OPEN),
    Case("17 another page tree", shadow_pages),
    Case("18 the appearance swapped", swap_appearance),
    Case("19 a script at opening", open_with_script),
    Case("20 a font swapped", swap_font),
    Case("21 bytes before the header", prepend),
    Case("22 a nibble in the document time stamp", flip_stamp),
    Case("23 revocation data removed", remove_store),
    Case("24 the certification of another signature", swap_permissions),
    Case("25 padding of the last CMS", fill_padding),
    Case("26 a nibble where nobody signed", flip_stamp_where_nobody_signed, OPEN),
    Case("30 one digit in lower case", lower_one_digit),
    Case("31 another version of the token", stamp_version),
    Case("32 a certificate's algorithm renamed", rename_signature_algorithm),
    Case("33 unused bits of a signature", unused_bits),
    Case("34 a certificate added to the token", add_certificate, OPEN),
    Case("35 an unsigned attribute added to the token", add_unsigned_attribute),
    Case("36 lists added to the token", add_list_to_stamp),
    Case("37 the time stamp of another report", stamp_of_another_report),
    Case("38 a signature's own time stamp removed", drop_the_signature_s_own_stamp),
    Case("39 the signers exchanged", exchange_the_signers, OPEN),
    Case("40 an attachment that is not listed", a_hidden_attachment),
    Case("41 a time stamp posing as the reviewer", a_stamp_posing_as_the_reviewer),
)


def test_the_control_passes() -> None:
    found = judged(full(), full_trust(), *signing.pins())
    assert (found.indication, found.exit_code) == (Indication.PASSED, 0), found.reasons


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_was_forged_does_not_pass(case: Case) -> None:
    forged = case.make()
    assert forged != full()
    try:
        found = judged(forged, full_trust(), *signing.pins())
    except NotASignedReport:
        assert case.indication is None
    else:
        assert found.indication is case.indication, found.reasons
        assert found.exit_code != 0
