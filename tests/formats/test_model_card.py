"""A model card in JSON tells the model, its data and its metrics."""

import json
from pathlib import Path

import pytest

from tests.formats.catalogs import Read, pairs, read
from tests.formats.test_documents import DOCUMENTS, document
from workbench.model.catalog import AttributeGroup, RelationKind

MODEL = "model/credit scorer/3"


@pytest.fixture(scope="module")
def card() -> Read:
    return read(DOCUMENTS / "model-card-0.0.2.json")


def test_model_is_what_the_card_says(card: Read) -> None:
    model = card.things[MODEL]
    assert (model.type, model.version, model.owner) == ("model_version", "3", "Risk")
    assert model.uri == "s3://models/credit-scorer/3"
    assert pairs(model.attributes, AttributeGroup.METRIC) == [("auc", "0.81")]
    assert pairs(model.attributes, AttributeGroup.TAG) == [
        ("license", "Apache-2.0"),
        ("license", "ask the bank"),
    ]
    name = "quantitative_analysis.performance_metrics.0.slice"
    assert model.values(AttributeGroup.FIELD, name) == ("overall",)


def test_data_are_things_that_the_model_comes_of(card: Read) -> None:
    data = {t.name: t.uri for t in card.things.values() if t.type == "dataset"}
    assert data == {"applications": "s3://lake/applications", "holdout": ""}
    assert len(card.edges(RelationKind.DERIVED_FROM)) == 2
    assert card.codes() == ["UNKNOWN_LICENCE"]


def test_older_card_parts_data_by_purpose(tmp_path: Path) -> None:
    value = document("model-card")
    value["model_parameters"]["data"] = {"train": {"graphics": {}}, "eval": {"name": "holdout"}}
    path = tmp_path / "card.json"
    path.write_text(json.dumps(value))
    found = read(path)
    assert found.edges(RelationKind.DERIVED_FROM) == {(MODEL, "dataset/train/")}
    assert found.edges(RelationKind.EVALUATED_ON) == {(MODEL, "dataset/holdout/")}
