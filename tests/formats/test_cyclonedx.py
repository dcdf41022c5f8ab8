"""A bill of materials tells models, their data, and how they were made."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.test_documents import DOCUMENTS
from workbench.model.catalog import AttributeGroup, NoPlace, RelationKind, RunState

BILL = DOCUMENTS / "cyclonedx-1.6.json"
MODEL = "ref/model"


@pytest.fixture(scope="module")
def bill() -> Read:
    return read(BILL)


def told(folder: Path, **members: Any) -> Read:
    path = folder / "bom.json"
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.7", **members}))
    return read(path)


def test_bill_is_counted() -> None:
    assert counted(BILL).counts == {
        "artifacts": {"component": 1, "dataset": 2, "document": 1, "model_version": 2},
        "runs": 3,
        "runs_open": 2,
        "params": 1,
        "relations": {
            "used": 1,
            "generated": 1,
            "derived-from": 3,
            "informed-by": 3,
            "depends-on": 2,
        },
    }


def test_model_has_its_card(bill: Read) -> None:
    model = bill.things[MODEL]
    assert (model.type, model.name, model.version) == ("model_version", "risk/credit-scorer", "3")
    assert (model.owner, model.uri) == (
        "Aldermoor Bank",
        "https://models.example.org/credit-scorer/3",
    )
    assert pairs(model.attributes, AttributeGroup.METRIC) == [("auc", "0.81"), ("auc", "0.77")]
    assert pairs(model.attributes, AttributeGroup.DIGEST) == [("sha256", "ab" * 32)]
    assert pairs(model.attributes, AttributeGroup.TAG) == [
        ("license", "Apache-2.0"),
        ("approved_by", "r.dubois"),
    ]
    considered = "modelCard.considerations"
    assert json.loads(model.values(AttributeGroup.FIELD, considered)[0])["users"] == [
        "underwriters"
    ]


def test_model_comes_of_its_data_and_its_ancestor(bill: Read) -> None:
    derived = {(r.object, r.role) for r in bill.relations if r.kind is RelationKind.DERIVED_FROM}
    inline = "unreferenced/ref%2Fmodel/dataset/1"
    assert derived == {
        ("ref/data", "training or evaluation"),
        (inline, "training or evaluation"),
        ("ref/base", "ancestors"),
    }
    assert bill.things[inline].name == "bureau extract"


def test_workflow_is_a_run_with_what_went_in_and_came_out(bill: Read) -> None:
    run = bill.things["ref/training"]
    assert (run.state, run.name) == (RunState.COMPLETE, "train credit-scorer")
    assert str(run.created) == "2026-04-13 04:05:03+00:00"
    assert ("timeStart", "2026-04-13T06:05:03+02:00") in pairs(run.attributes, AttributeGroup.FIELD)
    assert pairs(run.attributes, AttributeGroup.PARAM) == [("random_seed", "7")]
    assert bill.edges(RelationKind.USED) == {("ref/training", "ref/data")}
    assert bill.edges(RelationKind.GENERATED) == {("ref/training", MODEL)}
    assert ("ref/test", "ref/fit") in bill.edges(RelationKind.INFORMED_BY)


def test_what_the_bill_says_of_itself_is_said(bill: Read) -> None:
    assert bill.account.version == "1.6"
    assert "incomplete" in bill.account.cannot_show[-1]
    assert NoPlace.RUNS.value not in bill.account.cannot_show


def test_bill_without_formulation_has_no_place_for_runs(tmp_path: Path) -> None:
    found = told(tmp_path, components=[{"type": "data", "name": "d"}])
    assert NoPlace.RUNS.value in found.account.cannot_show


def test_signature_in_a_bill_is_said_not_to_be_checked(tmp_path: Path) -> None:
    found = told(tmp_path, signature={"algorithm": "ES256", "value": "x"})
    assert any("JSF" in sentence for sentence in found.account.cannot_show)


def test_weak_digest_and_own_licence_are_doubts(bill: Read) -> None:
    assert bill.codes() == ["WEAK_DIGEST", "UNKNOWN_LICENCE"]


def test_component_of_a_taken_reference_is_told_of_the_bill(tmp_path: Path) -> None:
    one = {"bom-ref": "a", "type": "library", "name": "one", "version": "1"}
    found = told(tmp_path, components=[one, {**one, "name": "two"}])
    assert found.codes() == ["DUPLICATE_KEY"]
    assert "two" in found.things["document"].values(AttributeGroup.FIELD, "name")


def test_components_without_references_are_told_apart(tmp_path: Path) -> None:
    one = {"type": "library", "name": "one", "version": "1"}
    found = told(tmp_path, components=[one, one, {**one, "components": [one]}])
    assert len([t for t in found.things.values() if t.name == "one"]) == 4
    assert len(found.edges(RelationKind.MEMBER_OF)) == 1


def test_component_inside_itself_ends(tmp_path: Path) -> None:
    ring = [{"ref": "a", "dependsOn": ["b"]}, {"ref": "b", "dependsOn": ["a"]}]
    parts = [{"bom-ref": ref, "type": "library", "name": ref} for ref in "ab"]
    found = told(tmp_path, components=parts, dependencies=ring)
    assert found.edges(RelationKind.DEPENDS_ON) == {("ref/a", "ref/b"), ("ref/b", "ref/a")}
