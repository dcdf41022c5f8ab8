"""An exported lineage holds every edge it was given, and says what it leaves out."""

import re
from io import BytesIO

import pikepdf
import pytest

from workbench.analysis.layout import place
from workbench.analysis.lineage import Lineage, Placement
from workbench.model.catalog import Relation, RelationKind, Thing, ThingKind
from workbench.model.lineage import EdgeStatus, LineageView
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.report.lineage_file import to_pdf, to_svg
from workbench.report.lineage_picture import picture

HOSTILE = "loans\u202egpj</text><script>alert(1)</script>&x"


def view(*, runs: int = 3, name: str = "loans") -> LineageView:
    names = ["data", *(f"run{n}" for n in range(runs)), "model"]
    shown = {"data": name}
    things = {
        (1, key): Thing(ThingKind.ARTIFACT, "dataset", key, shown.get(key, key), Locator("x.db"))
        for key in names
    }
    relations = [
        Placement(1, Relation(kind, f"run{n}", item, Locator("x.db")))
        for n in range(runs)
        for kind, item in ((RelationKind.USED, "data"), (RelationKind.GENERATED, "model"))
    ]
    lineage = Lineage(things, relations, judge=lambda _: EdgeStatus.CLAIMED)
    return lineage.view((1, "run0"))


def svg(shown: LineageView) -> str:
    return to_svg(picture(shown, place(shown, cancel=Cancel()), title="Lineage")).decode()


def pdf_of(shown: LineageView) -> bytes:
    return to_pdf(shown, place(shown, cancel=Cancel()), title="Lineage", cancel=Cancel())


def test_the_picture_says_its_counts() -> None:
    assert view().words == (
        "3 of 5 things and 2 of 6 edges: 2 claimed. 4 neighbours are not shown."
    )
    assert "3 of 5 things and 2 of 6 edges" in svg(view())


@pytest.mark.parametrize("runs", [1, 2, 40])
def test_every_edge_and_every_thing_of_the_view_is_drawn(runs: int) -> None:
    lineage = view(runs=runs)
    drawing = svg(lineage)
    curves = re.findall(r"<path[^>]* C ?[^>]*>", drawing) or re.findall(r"<path", drawing)
    assert len(curves) == len(lineage.edges)
    for node in lineage.nodes:
        assert node.thing is not None
        assert node.thing.name in drawing


def test_a_hostile_name_is_text_and_what_hides_in_it_is_shown() -> None:
    drawing = svg(view(name=HOSTILE))
    assert "<script" not in drawing
    assert "\u202e" not in drawing
    assert "[U+202E]" in drawing


def test_the_pdf_of_what_fits_is_one_sheet_and_embeds_its_faces() -> None:
    shown = view()
    with pikepdf.open(BytesIO(pdf_of(shown))) as pdf:
        (page,) = pdf.pages
        size = [float(x) for x in page.mediabox][2:]
        assert [round(side) for side in size] == [842, 595]
        assert all("/FontFile2" in f.FontDescriptor for f in page.Resources.Font.values())


def test_the_pdf_is_tagged_and_archival_and_says_its_edges_to_who_cannot_see_them() -> None:
    with pikepdf.open(BytesIO(pdf_of(view()))) as pdf:
        (figure,) = [pdf.Root.StructTreeRoot.K.K]
        assert figure.S == "/Figure"
        assert "loans to run0, used, claimed; run0 to model, generated, claimed" in str(figure.Alt)
        meta = pdf.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>3" in meta
        assert b"<pdfuaid:part>1" in meta
        assert b"CreateDate" not in meta, "a picture of a case has no date of its own"
        assert pdf.Root.OutputIntents


def test_the_same_view_gives_the_same_bytes() -> None:
    assert pdf_of(view()) == pdf_of(view())
    assert svg(view()) == svg(view())
