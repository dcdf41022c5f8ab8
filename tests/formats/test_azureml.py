"""Files of Azure Machine Learning tell models, data, deployments and what a pipeline hands on."""

import json
from pathlib import Path

import pytest

from tests.drops import opened
from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.leaves import lost, lost_of
from workbench.evidence.strict_yaml import load_yaml
from workbench.formats.sniff import recognise
from workbench.model.catalog import AttributeGroup, RelationKind

SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json\n"
PIPELINE = """type: pipeline
name: train
tags: {owner: risk}
jobs:
  prep:
    type: command
    inputs:
      raw: {type: uri_folder, path: "azureml:applications:3"}
      seed: 7
    outputs:
      clean: {mode: upload}
  fit:
    type: command
    inputs:
      data: ${{parent.jobs.prep.outputs.clean}}
      rate: ${{parent.inputs.rate}}
    outputs:
      model:
"""
DEPLOYMENT = """name: blue
endpoint_name: scoring
model: azureml:scorer:7
instance_count: 1
"""
MODEL = {
    "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices"
    "/workspaces/w/models/scorer/versions/7",
    "name": "scorer",
    "version": "7",
    "path": "azureml://jobs/j/outputs/artifacts/model",
    "stage": "Production",
    "creation_context": {"created_at": "2026-04-01T00:00:00Z", "created_by": "Ann"},
    "tags": {"license": "MIT"},
}


def told(folder: Path, text: str, kind: str = "pipelineJob") -> Read:
    path = folder / "x.yml"
    path.write_text(SCHEMA.format(kind) + text)
    found = read(path)
    if "MALFORMED_SOURCE" not in found.codes():
        assert lost_of(load_yaml(path.read_bytes(), what="x"), found) == []
    return found


def test_pipeline_hands_data_from_step_to_step(tmp_path: Path) -> None:
    found = told(tmp_path, PIPELINE)
    assert found.edges(RelationKind.USED) == {
        ("job/train/prep", "data/applications/3"),
        ("job/train/fit", "output/train/prep/clean"),
    }
    assert found.edges(RelationKind.GENERATED) == {
        ("job/train/prep", "output/train/prep/clean"),
        ("job/train/fit", "output/train/fit/model"),
    }
    prep = found.things["job/train/prep"]
    assert pairs(prep.attributes, AttributeGroup.PARAM) == [("seed", "7")]
    assert any("meant to happen" in sentence for sentence in found.account.cannot_show)


def test_deployment_serves_a_version_at_an_endpoint(tmp_path: Path) -> None:
    found = told(tmp_path, DEPLOYMENT, "managedOnlineDeployment")
    assert found.edges(RelationKind.DEPLOYED) == {
        ("model_version/scorer/7", "deployment/scoring/blue")
    }
    assert found.edges(RelationKind.MEMBER_OF) == {
        ("deployment/scoring/blue", "deployment/scoring")
    }


def test_answer_of_the_command_line_is_a_version(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(MODEL))
    found = read(path)
    version = found.things["model_version/scorer/7"]
    assert (version.lifecycle_raw, version.owner, version.version) == ("Production", "Ann", "7")
    assert pairs(version.attributes, AttributeGroup.TAG) == [("license", "MIT")]
    assert lost(path, found) == []
    assert any("documentation only" in sentence for sentence in found.account.cannot_show)


@pytest.mark.parametrize(
    "text",
    [
        "jobs: [a, {b: c}]\n",
        "jobs: {a: b, c: {inputs: x, outputs: [y]}}\n",
        "jobs: {a: {inputs: {b: [c], d: {path: {e: f}}, g: ''}, outputs: {h: [i]}}}\n",
        "jobs: {a: &x {b: c}}\n",
        "jobs: [\n",
        "- a\n",
    ],
)
def test_what_is_wrong_with_a_file_is_no_traceback(tmp_path: Path, text: str) -> None:
    if text.startswith("-"):
        path = tmp_path / "x.yml"
        path.write_text("$schema: https://azuremlschemas.azureedge.net/x\n" + text)
        assert read(path).codes()
        return
    told(tmp_path, text)


@pytest.mark.parametrize("kind", ["model", "data", "managedOnlineEndpoint", "schedule", "other"])
@pytest.mark.parametrize("text", ["name: [x]\n", "model: {path: {}}\n", "create_monitor: x\n"])
def test_members_of_other_kinds_are_kept(tmp_path: Path, kind: str, text: str) -> None:
    told(tmp_path, text, kind)


def test_other_files_are_none(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("$schema: https://json-schema.org/x\nname: azureml\n")
    with opened(path) as drop:
        assert recognise(drop.files[0], ()).format == "unknown"
    path.write_text(json.dumps({"id": "/x", "creation_context": {}}))
    with opened(path) as drop:
        assert recognise(drop.files[0], ()).format != "azureml"


def test_counts_are_those_of_what_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(SCHEMA.format("pipelineJob") + PIPELINE)
    assert counted(path).counts["jobs"] == 3
