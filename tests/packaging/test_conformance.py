"""The script that asks the judges: what it reads out of their answers."""

import runpy
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.packaging.conftest import PROJECT
from tests.report.case import case
from tests.reports import signed_report, small_report
from workbench.report.build import build_report

JUDGE: dict[str, Any] = runpy.run_path(str(PROJECT / "packaging" / "conformance-pdf"))
Word = JUDGE["Word"]
needs_poppler = pytest.mark.skipif(shutil.which("pdffonts") is None, reason="no pdffonts")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(build_report(case()).pdf)
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a file with a font that is not embedded."""
    path = tmp_path / "bare.pdf"
    path.write_bytes(small_report())
    return path


@needs_poppler
def test_a_font_that_is_not_embedded_is_refused(report: Path, bare: Path) -> None:
    assert JUDGE["fonts"](report).said == "pass"
    assert JUDGE["fonts"](bare).said == "FAIL"
    assert "Helvetica" in JUDGE["fonts"](bare).why


@needs_poppler
def test_a_picture_made_of_dots_is_refused(report: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "dots.pdf", BytesIO()
    canvas = Canvas(out)
    canvas.drawInlineImage(_dots(tmp_path), 10, 10)
    canvas.showPage()
    canvas.save()
    path.write_bytes(out.getvalue())
    assert JUDGE["pictures"](report).said == "pass"
    assert JUDGE["pictures"](path) == Word("FAIL", "1 pictures")


def _dots(folder: Path) -> str:
    from PIL import Image

    Image.new("RGB", (4, 4)).save(folder / "dots.png")
    return str(folder / "dots.png")


def test_signatures_are_cut_out_with_what_they_are_over(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    signed = signed_report()
    path.write_bytes(signed.data)
    ((kind, cms, content),) = JUDGE["signatures"](path)
    start, end = signed.hole
    assert kind == b"signature"
    assert cms == signed.cms
    assert content == signed.data[:start] + signed.data[end:]


def test_a_file_that_is_not_signed_is_not_asked_about(bare: Path, tmp_path: Path) -> None:
    assert JUDGE["openssl"](bare, tmp_path).said in {"–", "absent"}
    assert JUDGE["signatures"](bare) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, 0),
        ({"qpdf": Word("FAIL", "broken")}, 1),
        ({"page 3a": Word("FAIL", "another view")}, 0),
        ({"pdfsig": Word("absent", "pdfsig")}, 2),
        ({"pdfsig": Word("absent", "pdfsig"), "openssl": Word("FAIL", "x")}, 1),
    ],
)
def test_the_exit_code_tells_refused_from_not_asked(
    changed: dict[str, Any], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    row = dict.fromkeys(JUDGE["COLUMNS"], Word("pass")) | changed
    assert JUDGE["told"]({Path("report.pdf"): row}) == code
    said = capsys.readouterr().out
    assert all(word.why in said for word in changed.values())


def test_judges_that_cannot_be_had_are_said_to_be_absent(bare: Path) -> None:
    words = dict(JUDGE["standards"](None, [bare]))
    assert set(words) == {"veraPDF 3a", "veraPDF ua1", "page 3a", "page ua1"}
    assert all(word[bare].said == "absent" for word in words.values())
