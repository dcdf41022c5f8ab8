"""The report says that it is PDF/A-3a and PDF/UA-1, and has what they ask for."""

from io import BytesIO

import pikepdf
import pytest

from tests.report.case import HOSTILE, case
from workbench.report.build import build_report


@pytest.fixture(scope="module")
def report() -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(build_report(case(title=HOSTILE)).pdf))


def test_it_says_which_standards_it_follows(report):
    said = report.Root.Metadata.read_bytes()
    for line in (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<"):
        assert line in said
    assert b"pdfaExtension:schemas" in said


def test_what_it_says_of_itself_agrees_and_is_text(report):
    assert b"[U+202E]" in report.Root.Metadata.read_bytes()
    assert b"&lt;b&gt;bold" in report.Root.Metadata.read_bytes()
    assert "[U+202E]" in str(report.docinfo.Title)


def test_its_colours_have_a_profile(report):
    (intent,) = report.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_it_is_marked_and_read_in_the_order_of_its_structure(report):
    assert bool(report.Root.MarkInfo.Marked)
    assert all(str(page.Tabs) == "/S" for page in report.pages)


def test_it_holds_no_picture_and_no_face_that_it_lacks(report):
    for page in report.pages:
        assert "/XObject" not in page.Resources
        for font in page.Resources.Font.values():
            assert "/FontFile2" in font.FontDescriptor
