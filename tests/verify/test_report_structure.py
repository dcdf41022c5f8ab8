"""The bytes around a signature, and the DER inside it, have one way to be read."""

import time

import pytest
import reports

from workbench.errors import LimitError
from workbench.verify.report import NotASignedReport, verify_report
from workbench.verify.report.cms import read_cms
from workbench.verify.report.der import INTEGER, SEQUENCE, DerError, elements, exactly, first
from workbench.verify.report.structure import MAX_HOLES, outer_problem, signed_ranges


def test_the_signed_bytes_and_the_hole_are_the_whole_file() -> None:
    report = reports.signed_report()
    (found,) = signed_ranges(report.data)
    assert (found.before, found.after) == report.hole
    assert found.end == len(report.data)
    assert found.byte_range == (0, found.before, found.after, found.end - found.after)
    assert report.cms.startswith(found.cms)
    assert outer_problem(report.data, (found,)) is None


@pytest.mark.parametrize(
    "stated",
    [
        b"[0 %d %d %d ]",
        b"[00 %d %d %d]",
        b"[0 %d %d 0%d]",
        b"[0  %d %d %d]",
        b"[1 %d %d %d]",
        b"[0 %d %d %d 0 0]",
        b"[0 %d.0 %d %d]",
    ],
)
def test_a_byte_range_has_one_spelling(stated: bytes) -> None:
    report = reports.signed_report()
    before, after = report.hole
    numbers = (before, after, len(report.data) - after)
    ours, other = b"[0 %d %d %d]" % numbers, stated % numbers
    # Spaces follow the array, so that the file keeps its length.
    respelled = report.data.replace(ours.ljust(len(other)), other)
    assert respelled != report.data
    assert signed_ranges(respelled) == ()


def test_text_that_looks_like_a_byte_range_is_no_signature() -> None:
    attachments = {
        "manifest.json": reports.manifest(
            attachments=[], note="/ByteRange [0 10 20 30] /Adobe.PPKLite"
        )
    }
    report = reports.sign(reports.small_report(attachments), reports.ada())
    assert len(signed_ranges(report.data)) == 1
    assert verify_report(report.data, report.trust, display="report.pdf").exit_code == 0


@pytest.mark.parametrize("count", [MAX_HOLES, 20_000])
def test_many_byte_ranges_cost_no_hours(count: int) -> None:
    hole = b"<" + b"30" * 200_000 + b">"
    start = 60 * count
    line = b"/ByteRange [0 %d %d 1]" % (start, start + len(hole))
    data = b"".join(line.ljust(60) for _ in range(count)) + hole + b" \n%%EOF\n"
    began = time.process_time()
    found = verify_report(data, reports.Trust(at=reports.NOW), display="report.pdf")
    assert (found.exit_code, found.signatures) == (1, ())
    assert time.process_time() - began < 10


@pytest.mark.parametrize("deep", [b"[" * 200_000, b"<<" * 200_000, b"<</A " * 50_000])
def test_deep_nesting_ends_in_a_verdict(deep: bytes) -> None:
    body = b"%PDF-1.7\n1 0 obj\n" + deep + b"\nendobj\n/ByteRange\n%%EOF\n"
    assert verify_report(body, reports.Trust(at=reports.NOW), display="report.pdf").exit_code == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"startxref", b"startyref"),
        (b"/EmbeddedFiles", b"/EmbeddedFilez"),
        (b"/EF <<", b"/EF [["),
        (b"/Root 1 0 R", b"/Root 9 9 R"),
        (b"/Fields [", b"/Fields ("),
        (b"/M (D", b"/M (X"),
        (b"/Reference [", b"/Reference ("),
        (b"/SubFilter /ETSI", b"/SubFilter /EXXI"),
    ],
)
def test_a_right_digest_over_a_broken_document_is_not_enough(old: bytes, new: bytes) -> None:
    """The trusted auditor signed these very bytes, and still they are no report."""
    good = reports.signed_report()
    assert old in good.data
    forged = reports.resign(good.data.replace(old, new), good.signer)
    found = verify_report(forged, good.trust, display="report.pdf")
    assert found.code in {"FORMAT_FAILURE", "MALFORMED_SOURCE"}
    assert found.exit_code != 0


def test_an_attachment_that_decompresses_without_end_is_not_read() -> None:
    bomb = {"manifest.json": reports.manifest(attachments=[]), "zeros": bytes(20 * 1024 * 1024)}
    report = reports.sign(reports.small_report(bomb), reports.ada())
    assert len(report.data) < 100_000
    with pytest.raises(LimitError, match="decompresses"):
        verify_report(report.data, report.trust, display="report.pdf")


def test_a_signature_outside_the_form_is_noticed() -> None:
    good = reports.signed_report()
    hidden = reports.resign(good.data.replace(b"/FT /Sig", b"/FT /Btn"), good.signer)
    found = verify_report(hidden, good.trust, display="report.pdf")
    assert (found.exit_code, found.code) == (1, "FORMAT_FAILURE")
    assert "form" in found.reasons[0]


def test_the_header_and_the_end_are_part_of_what_is_checked() -> None:
    report = reports.signed_report()
    ranges = signed_ranges(report.data)
    assert "header" in str(outer_problem(b"x" + report.data[1:], ranges))
    assert "%%EOF" in str(outer_problem(report.data[:-6] + b"%%EOX\n", ranges))
    assert "follow" in str(outer_problem(report.data + b"more", ranges))
    assert "altered" in str(outer_problem(report.data, ()))


def test_only_remains_of_a_signature_make_a_verdict() -> None:
    with pytest.raises(NotASignedReport):
        verify_report(b"%PDF-1.7\n%%EOF\n", reports.Trust(at=reports.NOW), display="a.pdf")
    remains = b"%PDF-1.7\n/Filter /Adobe.PPKLite\n%%EOF\n"
    assert verify_report(remains, reports.Trust(at=reports.NOW), display="a.pdf").exit_code == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",  # indefinite length
        b"\x30\x81\x01\x00",  # one octet more than needed
        b"\x30\x82\x00\x80" + bytes(128),  # a leading zero in the length
        b"\x30\x85\x01\x00\x00\x00\x00",  # a length of five octets
        b"\x30\x03\x02\x01",  # too few bytes
        b"\x31\x00",  # another tag
    ],
)
def test_der_has_one_spelling(wrong: bytes) -> None:
    with pytest.raises(DerError):
        first(wrong, SEQUENCE)


def test_der_of_any_length_is_read() -> None:
    for length in (0, 1, 127, 128, 255, 256, 65_535, 65_536):
        octets = length.to_bytes(max(1, (length.bit_length() + 7) // 8), "big")
        header = bytes([length]) if length < 128 else bytes([0x80 + len(octets)]) + octets
        element, rest = first(b"\x30" + header + bytes(length) + b"rest", SEQUENCE)
        assert (len(element.content), rest) == (length, b"rest")


def test_missing_and_added_elements_are_refused() -> None:
    one = b"\x02\x01\x05"
    assert [element.content for element in elements(one + one)] == [b"\x05", b"\x05"]
    for data in (b"", one + one, b"\x30\x00"):
        with pytest.raises(DerError):
            exactly(data, INTEGER)


def test_every_truncation_of_a_cms_is_refused() -> None:
    (found,) = signed_ranges(reports.signed_report().data)
    assert len(read_cms(found.cms).certificates) == 2
    for length in range(len(found.cms)):
        with pytest.raises(DerError):
            read_cms(found.cms[:length])


def test_many_elements_cost_no_more_than_their_bytes() -> None:
    """A hole of a mebibyte may hold so many; each was once copied for each before it."""
    many = b"\x05\x00" * 2_000_000
    assert len(elements(many)) == 2_000_000
