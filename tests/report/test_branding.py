"""The look of a house: readable, bounded, on every page where it marks, never over a verdict."""

import struct
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.report.case import case
from workbench.errors import ProfileError, SourceError
from workbench.model.edition import Edition
from workbench.report import branding, look
from workbench.report.build import build_report
from workbench.report.context import ReportContext

LOOK = """
id: ruiz
name: Ruiz Audit
colour: "#7A1F3D"
logo:
  alt: The mark of Ruiz Audit
  view: 0 0 160 40
  paths:
    - {fill: "#7A1F3D", d: "M20 0 A20 20 0 1 1 19.9 0 Z"}
"""
PICTURED = LOOK[: LOOK.index("logo:")] + "logo: {file: logo.png}\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 3, height: int = 2, *, says: tuple[int, int] | None = None) -> bytes:
    wide, tall = says or (width, height)
    head = struct.pack(">IIBBBBB", wide, tall, 8, 6, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x7a\x1f\x3d\x80" * width) * height)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def written(folder: Path, text: str, logo: bytes = b"") -> Path:
    (folder / "look.yaml").write_text(text, encoding="utf-8")
    if logo:
        (folder / "logo.png").write_bytes(logo)
    return folder / "look.yaml"


def dressed(folder: Path, text: str = LOOK, logo: bytes = b"", **more: object) -> ReportContext:
    found = branding.load(written(folder, text, logo))
    return case((), edition=Edition(branding=found, **more))


def opened(context: ReportContext) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(build_report(context).pdf))


def figures(pdf: pikepdf.Pdf) -> list[str]:
    dictionaries = (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary))
    return [str(each.Alt) for each in dictionaries if each.get("/S") == "/Figure"]


def pages(pdf: pikepdf.Pdf) -> list[bytes]:
    return [page.Contents.read_bytes() for page in pdf.pages]


def test_a_logo_of_paths_is_vectors_and_says_what_it_shows(tmp_path):
    with opened(dressed(tmp_path)) as pdf:
        assert "The mark of Ruiz Audit" in figures(pdf)
        assert not any(page.get("/Resources", {}).get("/XObject") for page in pdf.pages)


def test_a_logo_of_dots_is_one_picture_with_words_and_all_text_stays_text(tmp_path):
    with opened(dressed(tmp_path, PICTURED, png())) as pdf:
        assert "Ruiz Audit" in figures(pdf)
        pictures = [page.Resources.get("/XObject", {}) for page in pdf.pages]
        assert [len(each) for each in pictures if each] == [1]
        assert not next(iter(pictures[0].values())).get("/Interpolate", False)


@pytest.mark.parametrize(("text", "logo"), [(LOOK, b""), (PICTURED, png())])
def test_the_same_look_gives_the_same_bytes(text, logo, tmp_path):
    first, second = (build_report(dressed(tmp_path, text, logo)).pdf for _ in range(2))
    assert first == second


def test_another_logo_is_another_look(tmp_path):
    one = branding.load(written(tmp_path, PICTURED, png(3)))
    assert branding.load(written(tmp_path, PICTURED, png(4))).sha256 != one.sha256


@pytest.mark.parametrize("colour", ["#7A1F3D", "#000000", "#767676"])
def test_a_colour_that_can_be_read_is_taken(colour, tmp_path):
    assert branding.load(written(tmp_path, LOOK.replace("#7A1F3D", colour, 1))).colour == colour


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('colour: "#7A1F3D"', 'colour: "#777777"', "colour"),
        ('colour: "#7A1F3D"', 'colour: "#FFD700"', "colour"),
        ('colour: "#7A1F3D"', "colour: red", "colour"),
        ("view: 0 0 160 40", "view: 0 0 0 40", "logo.view"),
        ("view: 0 0 160 40", "view: wide", "logo.view"),
        ("M20 0", "X20 0", "logo.paths[0].d"),
        ("M20 0 A20 20 0 1 1 19.9 0 Z", "M20", "logo.paths[0].d"),
        ('{fill: "#7A1F3D"', '{fill: "url(x)"', "logo.paths[0].fill"),
        ("name: Ruiz Audit", "name: Ruiz Audit\nfont: Comic", "font"),
        ("  view", "  file: logo.png\n  view", "logo."),
    ],
)
def test_what_cannot_be_drawn_or_read_is_refused_with_its_place(before, after, place, tmp_path):
    assert before in LOOK
    with pytest.raises(ProfileError) as error:
        branding.load(written(tmp_path, LOOK.replace(before, after, 1), png()))
    assert str(error.value.place).startswith(place)


@pytest.mark.parametrize(
    "logo",
    [b"GIF89a", png()[:40], png(says=(100_000, 100_000)), png(says=(300, 300)), png()[:-30]],
    ids=["gif", "torn", "bomb", "short", "no-end"],
)
def test_a_picture_that_is_none_or_too_large_is_refused(logo, tmp_path):
    with pytest.raises(ProfileError):
        branding.load(written(tmp_path, PICTURED, logo))


def test_a_file_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(SourceError):
        branding.load(written(tmp_path, PICTURED, png() + b"\0" * branding.LARGEST_PNG))


def test_the_marking_stands_twice_on_every_page_and_once_as_content(tmp_path):
    with opened(dressed(tmp_path, classification="Secret")) as pdf:
        for page in pages(pdf):
            assert page.count(b"/Subtype /Header>> BDC") == 1
            head = page[page.index(b"/Subtype /Header") :]
            foot = page[page.index(b"/Subtype /Footer") :]
            assert head.split(b"EMC")[0].count(b"Tj") == 3
            assert foot.split(b"EMC")[0].count(b"Tj") == 3


def test_who_signs_decides_whether_draft_stands_on_every_page():
    for context, marked in (
        (case(()), False),
        (case((), signer=""), True),
        (case((), edition=Edition(draft=True)), True),
    ):
        with opened(context) as pdf:
            assert {b"/Subtype /Watermark>> BDC" in page for page in pages(pdf)} == {marked}


def test_a_look_changes_no_colour_of_a_verdict(tmp_path):
    red = f"{look.INK['FAILED'].red:.6f}".rstrip("0").encode()
    branded = replace(case(), edition=dressed(tmp_path).edition)
    with opened(case()) as plain, opened(branded) as own:
        assert sum(p.count(red) for p in pages(plain)) == sum(p.count(red) for p in pages(own))


def test_the_manifest_names_look_marking_and_draft(tmp_path):
    context = dressed(tmp_path, classification="Secret")
    manifest = build_report(replace(context, signer="")).manifest.decode()
    assert '"classification": "Secret"' in manifest
    assert '"id": "ruiz"' in manifest
