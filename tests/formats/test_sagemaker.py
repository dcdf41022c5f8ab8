"""Answers of SageMaker tell versions with their approval, trainings, and what came of what.

They are written from the documentation of the API: no real answer was at hand.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.drops import opened
from tests.formats.catalogs import Read, pairs, read
from tests.formats.leaves import lost, misplaced
from workbench.formats.sniff import recognise
from workbench.model.catalog import ArtifactType, AttributeGroup, RelationKind, RunState

HOME = "arn:aws:sagemaker:eu-west-1:123456789012:"
MODEL = "s3://ml/credit/output/model.tar.gz"
PACKAGE: dict[str, Any] = {
    "ModelPackageGroupName": "credit",
    "ModelPackageVersion": 3,
    "ModelPackageArn": f"{HOME}model-package/credit/3",
    "ModelPackageStatus": "Completed",
    "CreationTime": "2026-04-01T12:00:00+02:00",
    "LastModifiedTime": 1775046400.5,
    "ModelApprovalStatus": "Approved",
    "ApprovalDescription": "by the committee",
    "CreatedBy": {"UserProfileName": "ann"},
    "CustomerMetadataProperties": {"license": "MIT"},
    "InferenceSpecification": {
        "Containers": [{"Image": "x.dkr.ecr/y", "ImageDigest": "sha256:ab", "ModelDataUrl": MODEL}]
    },
}
TRAINING: dict[str, Any] = {
    "TrainingJobName": "fit",
    "TrainingJobArn": f"{HOME}training-job/fit",
    "TrainingJobStatus": "Completed",
    "TrainingStartTime": "2026-04-01T09:00:00Z",
    "TrainingEndTime": "2026-04-01T10:00:00Z",
    "HyperParameters": {"seed": "7"},
    "FinalMetricDataList": [{"MetricName": "auc", "Value": 0.81, "Timestamp": 1775046400}],
    "ModelArtifacts": {"S3ModelArtifacts": MODEL},
    "InputDataConfig": [
        {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": "s3://lake/train"}}},
        {"ChannelName": "fs", "DataSource": {"FileSystemDataSource": {"FileSystemId": "f"}}},
    ],
}


def association(source: str, target: str, kind: str, **more: str) -> dict[str, str]:
    return {
        "SourceArn": HOME + source,
        "DestinationArn": HOME + target,
        "AssociationType": kind,
        "CreationTime": "2026-04-01T10:00:00Z",
        **more,
    }


def told(folder: Path, value: Any) -> Read:
    path = folder / "answer.json"
    path.write_text(json.dumps(value))
    found = read(path)
    assert lost(path, found) == []
    assert misplaced(value, found) == []
    return found


def test_package_is_a_version_with_its_approval(tmp_path: Path) -> None:
    found = told(tmp_path, PACKAGE)
    version = found.things["model_version/credit/3"]
    assert (version.name, version.version, version.lifecycle_raw) == ("credit", "3", "Approved")
    assert (version.owner, version.uri) == ("ann", MODEL)
    assert str(version.created) == "2026-04-01 10:00:00+00:00"
    assert pairs(version.attributes, AttributeGroup.TAG) == [("license", "MIT")]
    assert found.edges(RelationKind.SPECIALIZATION_OF) == {(version.key, "registered_model/credit")}
    assert any("documentation only" in sentence for sentence in found.account.cannot_show)


def test_approval_says_nothing_of_production(tmp_path: Path) -> None:
    assert told(tmp_path, PACKAGE).things["model_version/credit/3"].lifecycle == "unknown"


def test_training_used_its_channels_and_made_the_model(tmp_path: Path) -> None:
    found = told(tmp_path, TRAINING)
    (run,) = [t for t in found.things.values() if t.kind == "run"]
    assert (run.name, run.state) == ("fit", RunState.COMPLETE)
    assert pairs(run.attributes, AttributeGroup.PARAM) == [("seed", "7")]
    assert pairs(run.attributes, AttributeGroup.METRIC) == [("auc", "0.81")]
    (used,) = [r for r in found.relations if r.kind is RelationKind.USED]
    assert (found.things[used.object].uri, used.role) == ("s3://lake/train", "train")
    ((_, made),) = found.edges(RelationKind.GENERATED)
    package = told(tmp_path, PACKAGE)
    assert package.edges(RelationKind.DERIVED_FROM) == {("model_version/credit/3", made)}


def test_associations_are_edges_of_their_kind(tmp_path: Path) -> None:
    listed = [
        association("artifact/data", "experiment-trial-component/fit", "ContributedTo",
                    SourceType="DataSet", SourceName="applications"),
        association("experiment-trial-component/fit", "artifact/model", "Produced"),
        association("artifact/model", "artifact/quantised", "DerivedFrom"),
        association("artifact/model", "context/endpoint", "ContributedTo",
                    DestinationType="Endpoint"),
        association("action/approval", "context/endpoint", "AssociatedWith"),
        association("artifact/a", "artifact/model", "SameAs"),
        association("artifact/a", "artifact/model", "Newer"),
    ]  # fmt: skip
    found = told(tmp_path, {"AssociationSummaries": listed})
    names = {key: thing.uri.removeprefix(HOME) for key, thing in found.things.items()}

    def edges(kind: RelationKind) -> set[tuple[str, str]]:
        return {(names[a], names[b]) for a, b in found.edges(kind)}

    fit, model = "experiment-trial-component/fit", "artifact/model"
    assert edges(RelationKind.USED) == {(fit, "artifact/data")}
    assert edges(RelationKind.GENERATED) == {(fit, model)}
    assert edges(RelationKind.DERIVED_FROM) == {
        ("artifact/quantised", model),
        ("context/endpoint", model),
    }
    assert edges(RelationKind.ASSOCIATED_WITH) == {
        ("action/approval", "context/endpoint"),
        ("artifact/a", model),
    }
    assert edges(RelationKind.ALTERNATE_OF) == {("artifact/a", model)}
    types = {t.name: t.type for t in found.things.values()}
    assert types["applications"] == ArtifactType.DATASET


def test_page_that_is_left_over_is_a_gap(tmp_path: Path) -> None:
    found = told(tmp_path, {"ModelPackageSummaryList": [PACKAGE], "NextToken": "t"})
    assert found.codes() == ["TOTALS_DISAGREE"]
    assert any("next pages" in sentence for sentence in found.account.cannot_show)


@pytest.mark.parametrize("junk", [None, 0, -1.5, 1e300, "", "x", [], {}, [[]], [{"a": []}], True])
@pytest.mark.parametrize("answer", [PACKAGE, TRAINING])
def test_members_of_other_kinds_are_kept(tmp_path: Path, answer: dict[str, Any], junk: Any) -> None:
    for name in answer.keys() - {"ModelPackageArn", "TrainingJobArn"}:
        told(tmp_path, answer | {name: junk})
    told(tmp_path, {"AssociationSummaries": [junk, {"SourceArn": "arn:aws:x", "SourceName": junk}]})


@pytest.mark.parametrize(
    "value",
    [
        {"metric_groups": []},
        {"explanations": {}, "version": "1"},
        {"ModelPackageArn": "x", "ModelPackageStatus": "y"},
        {"AssociationSummaries": []},
        {"regression_metrics": {"a": 1}, "other": {"standard_deviation": 1}},
    ],
)
def test_other_documents_are_none_of_it(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value))
    with opened(path) as drop:
        assert recognise(drop.files[0], ()).format != "sagemaker"
