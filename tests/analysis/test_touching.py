"""What an event does to an artifact is told by its words, and which artifact by its object."""

import pytest

from workbench.analysis.touching import QUERY, Naming, Touch, touching_of
from workbench.model.catalog import ArtifactType, Attribute, AttributeGroup, Thing, ThingKind
from workbench.model.locator import Locator
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area

HERE = Locator("catalog.json")
SHA = "ab" * 32


@pytest.mark.parametrize(
    ("action", "touch"),
    [
        ("dataset.create", Touch.CREATE),
        ("CreateModelPackage", Touch.CREATE),
        ("mlflow.registeredModel.update", Touch.CHANGE),
        ("model_version.deleted", Touch.DELETE),
        ("DeleteObject", Touch.DELETE),
        ("artifact uploaded", Touch.CREATE),
        ("dataset.access.create", None),
        ("CreateTrainingJob", None),
        ("dataset.read", None),
        ("user.delete", None),
        ("delete", None),
    ],
)
def test_an_action_touches_an_artifact_only_where_each_word_is_known(
    action: str, touch: Touch | None
) -> None:
    found = touching_of(action)
    assert (found.touch if found else None) == touch


def test_what_is_touched_is_what_the_words_name() -> None:
    named = ("dataset.delete", "model.delete", "file.delete")
    dataset, model, file = (found.types for found in map(touching_of, named) if found)
    assert dataset == {ArtifactType.DATASET}
    assert ArtifactType.MODEL_VERSION in model
    assert not file


def test_the_question_to_the_index_can_be_asked() -> None:
    assert parse(QUERY, FIELDS[Area.EVENTS])


def thing(key: str, name: str, type_: str = "dataset", **more: str) -> Thing:
    digest = (Attribute(AttributeGroup.DIGEST, "sha256", SHA),) if key == "d" else ()
    return Thing(ThingKind.ARTIFACT, type_, key, name, HERE, attributes=digest, **more)  # type: ignore[arg-type]


THINGS = {
    (1, "d"): thing("d", "train", uri="s3://bucket/train.csv"),
    (1, "m"): thing("m", "credit", "registered_model"),
    (1, "v7"): thing("v7", "credit", "model_version", version="7"),
}


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ("models:/credit/7", "v7"),
        ("credit:7", "v7"),
        ("arn:aws:sagemaker:eu-west-1:1:model-package/credit/7", "v7"),
        ("credit", "m"),
        ("S3://bucket/./train.csv", "d"),
        (f"sha256:{SHA}", "d"),
        ("datasets/train", "d"),
        ("credit:8", None),
        ("shadow", None),
    ],
)
def test_an_object_names_a_thing_in_whatever_form_a_log_writes_it(
    item: str, key: str | None
) -> None:
    assert Naming(THINGS).find(item) == (((1, key),) if key else ())
