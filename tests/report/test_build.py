"""A report is the same bytes everywhere, needs no font of the reader, and carries its data."""

import hashlib
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.report.case import case, source
from workbench.model.contract import verification_to_json
from workbench.model.verdict import Code
from workbench.report.build import BuiltReport, build_report
from workbench.report.manifest import manifest
from workbench.verify.report.manifest import check_manifest

_CHECKOUT = Path(__file__).parents[2]
_SCRIPT = """
import sys
sys.path[:0] = ["."]
from tests.report.case import case
from workbench.report.build import build_report
print(build_report(case()).sha256)
"""


@pytest.fixture(scope="module")
def built() -> BuiltReport:
    return build_report(case())


@pytest.fixture(scope="module")
def pdf(built, tmp_path_factory) -> pikepdf.Pdf:
    path = tmp_path_factory.mktemp("report") / "report.pdf"
    path.write_bytes(built.pdf)
    with pikepdf.open(path) as document:
        yield document


def _elsewhere(zone: str, language: str, seed: str) -> str:
    environment = {
        **os.environ,
        "TZ": zone,
        "LANG": language,
        "LC_ALL": language,
        "PYTHONHASHSEED": seed,
    }
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=_CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_same_context_gives_the_same_bytes_in_any_zone_and_language(built):
    assert _elsewhere("Asia/Tokyo", "C", "1") == built.sha256
    assert _elsewhere("America/New_York", "C.UTF-8", "2") == built.sha256


def test_building_again_in_the_same_process_gives_the_same_bytes(built):
    assert build_report(case()).pdf == built.pdf
    assert hashlib.sha256(built.pdf).hexdigest() == built.sha256


def test_another_date_gives_other_bytes(built):
    context = case()
    later = case(report_date=context.report_date.replace(day=3))
    assert build_report(later).sha256 != built.sha256


def test_every_font_is_embedded_and_cut_to_what_is_used(pdf):
    fonts = [f for page in pdf.pages for f in page.Resources.Font.values()]
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font.FontDescriptor
        assert str(font.BaseFont)[7] == "+"


def test_widths_in_the_document_are_those_in_the_font(pdf):
    """ReportLab 5.1 writes wrong advances for glyphs past numberOfHMetrics."""
    for font in {str(f.BaseFont): f for f in pdf.pages[0].Resources.Font.values()}.values():
        embedded = _advances(font.FontDescriptor.FontFile2.read_bytes())
        stated = {int(width) for width in font.Widths}
        assert stated <= embedded | {int(font.FontDescriptor.MissingWidth)}


def _advances(data: bytes) -> set[int]:
    def table(tag: bytes) -> int:
        at = data.index(tag, 12)
        return int.from_bytes(data[at + 8 : at + 12], "big")

    def short(at: int) -> int:
        return int.from_bytes(data[at : at + 2], "big")

    scale = 1000 / short(table(b"head") + 18)
    start, count = table(b"hmtx"), short(table(b"hhea") + 34)
    widths = (short(start + 4 * n) * scale for n in range(count))
    return {rounded for width in widths for rounded in (int(width), round(width))}


def test_text_maps_have_blocks_of_at_most_100_and_no_null(pdf):
    maps = [f.ToUnicode.read_bytes() for f in pdf.pages[0].Resources.Font.values()]
    counts = [int(line.split()[0]) for m in maps for line in m.splitlines() if b"beginbf" in line]
    assert 0 < max(counts) <= 100
    assert not any(b" <0000>" in each for each in maps)


def _embedded(pdf) -> dict[str, pikepdf.Object]:
    names = list(pdf.Root.Names.EmbeddedFiles.Names)
    return {str(name): file for name, file in zip(names[::2], names[1::2], strict=True)}


def test_the_manifest_is_embedded_as_the_source_of_the_report(pdf, built):
    manifest_file = _embedded(pdf)["manifest.json"]
    assert manifest_file.AFRelationship == pikepdf.Name.Source
    data = manifest_file.EF.F.read_bytes()
    assert data == built.manifest
    held = {name: f.EF.F.read_bytes() for name, f in _embedded(pdf).items()}
    held.pop("manifest.json")
    assert json.loads(data) == json.loads(json.dumps(manifest(case(), held)))


def test_every_attachment_is_listed_in_the_manifest_and_related_to_the_report(pdf, built):
    files = _embedded(pdf)
    assert {name: str(file.AFRelationship)[1:] for name, file in files.items()} == {
        "manifest.json": "Source",
        "oscal-ar.json": "Data",
        "evidence.csv": "Supplement",
        "signatures.csv": "Supplement",
        "verdicts.csv": "Supplement",
    }
    assert list(files) == sorted(files)
    assert {file.objgen for file in pdf.Root.AF} == {file.objgen for file in files.values()}
    held = {name: file.EF.F.read_bytes() for name, file in files.items()}
    checked = check_manifest(held)
    assert checked.code is None
    assert {row.name for row in checked.attachments} == set(files) - {"manifest.json"}
    held["evidence.csv"] += b" "
    assert check_manifest(held).code is Code.HASH_FAILURE


def test_manifest_holds_verification_evidence_trust_and_selftest(built):
    document = json.loads(built.manifest)
    assert document["schema"] == "workbench.report-manifest/1"
    assert document["verification"] == json.loads(
        json.dumps(verification_to_json(case().verification))
    )
    assert document["evidence"][1]["path"] == "chain/audit-log.jsonl"
    assert document["trust"]["anchors"][0]["confirmed"] is True
    assert document["selftest"]["passed"] is True


def test_manifest_keeps_a_name_that_is_not_utf8_exactly():
    context = case((source("lone\udc80name", None), source("lone[U+DC80]name", None)))
    document = json.loads(build_report(context).manifest.decode())
    assert [each["path"] for each in document["evidence"]] == [
        "lone\udc80name",
        "lone[U+DC80]name",
    ]
    assert os.fsencode(document["evidence"][0]["path"]) == b"lone\x80name"


def test_a_report_on_a_name_that_is_not_utf8_can_be_verified():
    context = case((source("lone\udc80name", None),))
    with pikepdf.open(BytesIO(build_report(context).pdf)) as pdf:
        held = {name: file.EF.F.read_bytes() for name, file in _embedded(pdf).items()}
    assert check_manifest(held).code is None


def test_document_says_what_it_is(pdf):
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.pdf_version == "1.7"
    assert "/Version" not in pdf.Root
    assert str(pdf.docinfo.Title) == "Northwind Lending: model audit"
    assert b"Northwind Lending: model audit" in pdf.Root.Metadata.read_bytes()
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_outline_leads_to_every_section(pdf):
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles == [
        "1  Verification card",
        "2  Summary",
        "3  Evidence register",
        "4  Results",
        "5  Proof trails",
        "6  Whom the auditor trusted",
        "7  Check it yourself",
        "8  Self-test of the program",
        "9  Words and codes",
        "10  Limits",
        "11  Sign-off",
    ]


def test_no_page_has_active_content(pdf):
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            assert annotation.Subtype == pikepdf.Name.Link
            assert "/A" not in annotation or pikepdf.Name.GoTo == annotation.A.S
    assert "/OpenAction" not in pdf.Root
    assert "/JavaScript" not in pdf.Root.Names
