"""Documents of catalogs that others wrote hold exactly what was counted in them by other means.

The numbers are those of the fact sheet that came with the evidence. Every leaf of a source is told:
as a field, in an attribute, or as the end of a relation.
"""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.formats.catalogs import counted, read
from tests.formats.leaves import lost, lost_of, unsaid
from workbench.evidence.strict_yaml import load_yaml

Unpack = Callable[[str], Path]


@dataclass(frozen=True)
class Expected:
    """What was counted in one file.

    Attributes:
        counts: some of what ``inspect`` counts.
        totals: some of the control totals.
        codes: problems by code, with how many of each.
    """

    counts: Mapping[str, Any] = field(default_factory=dict)
    totals: Mapping[str, int | str] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)


SPEC = "cyclonedx/spec_tests"
CARD = Expected(
    {
        "artifacts": {"dataset": 1, "document": 1, "model_version": 1},
        "relations": {"derived-from": 1},
    },
    {"model cards": 1, "components machine-learning-model": 1},
)
FORMULA = Expected({"runs": 2, "relations": {"informed-by": 1}}, {"workflows": 1, "tasks": 1})
EXPECTED: dict[str, Expected] = {
    f"{SPEC}/1.5/valid-machine-learning-1.5.json": CARD,
    f"{SPEC}/1.6/valid-machine-learning-1.6.json": CARD,
    f"{SPEC}/1.6/valid-machine-learning-considerations-env-1.6.json": Expected(
        {"artifacts": {"document": 1, "model_version": 1}}, {"model cards": 1}
    ),
    f"{SPEC}/1.6/valid-component-data-1.6.json": Expected(
        {"artifacts": {"dataset": 1, "document": 1}}
    ),
    f"{SPEC}/1.5/valid-formulation-1.5.json": FORMULA,
    f"{SPEC}/1.6/valid-formulation-1.6.json": FORMULA,
    "spdx/ai/example02/spdx3.0/sbom.spdx3.json": Expected(
        {
            "relations": {
                "generated": 4,
                "derived-from": 2,
                "member-of": 18,
                "evaluated-on": 1,
            }
        },
        {
            "elements": 37,
            "relationships": 15,
            "relationship trainedOn": 1,
            "relationship testedOn": 1,
            "relationship generates": 2,
            "relationship hasDataFile": 1,
            "elements ai_AIPackage": 1,
            "elements dataset_DatasetPackage": 1,
        },
    ),
    "spdx/dataset/example01/spdx3.0/example01.spdx3.json": Expected(
        totals={"elements": 13, "relationships": 4}
    ),
    "spdx/package_sbom.json": Expected(totals={"elements": 7, "relationships": 1}),
    "datahub/bootstrap_mce.json": Expected(
        {"relations": {"used": 2, "generated": 2, "derived-from": 16}},
        {
            "records": 94,
            "MCE": 83,
            "MCP": 11,
            "entities": 85,
            "entities mlFeature": 20,
            "entities mlPrimaryKey": 7,
            "entities mlFeatureTable": 5,
            "entities mlModel": 1,
            "entities dataset": 7,
            "entities dataJob": 2,
            "edges upstreamLineage.upstreams": 7,
            "fine-grained lineages": 1,
            "edges dataJobInputOutput.inputDatasets": 2,
            "edges dataJobInputOutput.outputDatasets": 2,
            "edges mlFeatureProperties.sources": 20,
            "edges mlPrimaryKeyProperties.sources": 7,
        },
        {"DUPLICATE_NAME": 1},  # the lineage of columns names its upstreams twice
    ),
    "datahub/feast_mces_golden.json": Expected(
        {"artifacts": {"feature_set": 9}},
        {
            "records": 9,
            "entities": 9,
            "edges mlFeatureProperties.sources": 8,
            "edges mlPrimaryKeyProperties.sources": 1,
        },
    ),
    "datahub/gen_mlflow_small_mcps.json": Expected(
        {
            "artifacts": {"dataset": 9, "model_version": 12, "registered_model": 3, "term": 10},
            "runs": 19,
            "params": 67,
            "metric_points": 35,
            "relations": {
                "used": 19,
                "generated": 9,
                "specialization-of": 12,
                "member-of": 19,
            },
        },
        {
            "records": 332,
            "MCP": 332,
            "entities": 57,
            "edges dataProcessInstanceInput.inputEdges": 19,
            "edges dataProcessInstanceOutput.outputEdges": 8,
            "edges mlModelProperties.trainingJobs": 9,
            "edges mlModelProperties.groups": 12,
        },
    ),
    "datahub/test_containers.json": Expected(totals={"records": 10, "entities": 5}),
    "datahub/test_domains.json": Expected(totals={"records": 2, "entities": 2}),
    "datahub/single_mce.json": Expected(totals={"records": 1, "entities": 1}),
    "datahub/mce_list.json": Expected(totals={"records": 2, "entities": 2}),
    **{
        f"modelcard/utils/testdata/{name}.json": Expected(
            {"artifacts": {"dataset": data, "model_version": 1}}, codes=codes
        )
        for name, data, codes in (
            ("full", 1, {}),
            ("cats_vs_dogs_v0_0_1", 2, {}),
            ("cats_vs_dogs_v0_0_2", 2, {}),
            ("train_data", 1, {"UNKNOWN_LICENCE": 1}),
            ("considerations", 2, {"UNKNOWN_LICENCE": 1}),
        )
    },
    **{
        f"huggingface/cards/sample_{name}.md": Expected({"artifacts": {kind: 1}}, codes=codes)
        for name, kind, codes in (
            ("datasetcard_simple", "dataset", {}),
            ("invalid_model_index", "registered_model", {"MALFORMED_VALUE": 1}),
            ("simple", "registered_model", {}),
            ("simple_model_index", "registered_model", {}),
            ("windows_line_breaks", "registered_model", {}),
        )
    },
    "rocrate/draft/ml-pipeline/ro-crate-metadata.json": Expected(
        {"runs": 2, "relations": {"used": 9, "generated": 5}},
        {"entities": 44, "actions CreateAction": 2, "object": 9, "result": 5},
        {"UNKNOWN_LICENCE": 3},
    ),
    "rocrate/draft/ml-predict-pipeline/ro-crate-metadata.json": Expected(
        {"runs": 1}, {"entities": 37, "actions CreateAction": 1, "object": 14, "result": 2}
    ),
    "rocrate/draft/revsort-run-1-crate/ro-crate-metadata.json": Expected(
        {"runs": 6, "runs_open": 3, "relations": {"informed-by": 5}},
        {"entities": 37, "actions CreateAction": 3},
        {"WEAK_DIGEST": 3},
    ),
    "rocrate/snakemake/crcc-img-convert/fair-crcc-img-convert-run/ro-crate-metadata.json": (
        Expected({"runs": 1, "relations": {"used": 4, "generated": 4}}, {"entities": 19})
    ),
    **{
        f"dbt/{name}/target/manifest.json": Expected(
            {"jobs": 20, "artifacts": {"dataset": 8, "document": 1}},
            {"nodes": 28, "child_map edges": 29, "parent_map edges": 29},
        )
        for name in ("large", "postgres")
    },
    "dbt/duckdb/target/manifest.json": Expected(
        totals={"nodes": 10, "child_map edges": 3, "parent_map edges": 14},
        codes={"TOTALS_DISAGREE": 1},  # nodes were cut out of it and left in its maps
    ),
    "dbt/large/target/run_results.json": Expected({"runs": 6}, {"results": 5}),
    "dbt/postgres/target/run_results.json": Expected({"runs": 6}, {"results": 5}),
    "dbt/duckdb/target/run_results.json": Expected({"runs": 2}, {"results": 1}),
    **{
        f"atlas/{name}.zip": Expected(
            totals={
                "entity files": files,
                "processes": processes,
                "inputs and outputs of processes": edges,
            }
        )
        for name, files, processes, edges in (
            ("stocks", 4, 1, 2),
            ("ctas", 7, 3, 6),
            ("hive_db_lineage", 7, 3, 6),
            ("sales-v1-full", 12, 2, 5),
        )
    },
    "slsa/slsa1-provenance.json": Expected(
        {"runs": 1, "relations": {"used": 1, "generated": 1}},
        {"subjects": 1, "materials": 1},
        {"WEAK_DIGEST": 1},
    ),
    f"{SPEC}/1.5/valid-machine-learning-1.5.xml": CARD,
    f"{SPEC}/1.6/valid-machine-learning-1.6.xml": CARD,
    f"{SPEC}/1.6/valid-machine-learning-considerations-env-1.6.xml": Expected(
        {"artifacts": {"document": 1, "model_version": 1}}, {"model cards": 1}
    ),
    f"{SPEC}/1.6/valid-component-data-1.6.xml": Expected(
        {"artifacts": {"dataset": 1, "document": 1}}
    ),
    f"{SPEC}/1.5/valid-formulation-1.5.xml": FORMULA,
    f"{SPEC}/1.6/valid-formulation-1.6.xml": FORMULA,
    **{
        f"sagemaker/example_metrics/{name}.json": Expected(
            {"artifacts": {"report": 1}}, {"metrics": metrics}
        )
        for name, metrics in (
            ("clarify_bias", 0),
            ("clarify_explanability", 0),
            ("generic_modelcard_evaluation", 3),
            ("model_monitor_model_quality_binary_classification", 0),
        )
    },
    "openmetadata/datasets/tables.json": Expected(
        {"artifacts": {"collection": 1, "dataset": 16}, "relations": {"member-of": 16}},
        {"entities table": 16},
    ),
    "openmetadata/models/models.json": Expected(
        {"artifacts": {"registered_model": 2}, "column_relations": 3}, {"entities mlmodel": 2}
    ),
    "openmetadata/lineage/lineage.json": Expected(
        {"jobs": 2, "relations": {"derived-from": 5, "used": 3, "generated": 3}}, {"edges": 5}
    ),
    "openmetadata/pipelines/pipelines.json": Expected(totals={"entities pipeline": 8}),
    "openmetadata/pipelines/tasks.json": Expected({"jobs": 9}, {"entities task": 9}),
    "openmetadata/pipelines/pipelineStatus.json": Expected({"jobs": 1, "runs": 7}),
    "openmetadata/pipelines/service.json": Expected({"artifacts": {"collection": 1}}),
    "openmetadata/models/service.json": Expected({"artifacts": {"collection": 1}}),
    "openmetadata/teams/teams.json": Expected(totals={"entities team": 15}),
}


PROV = {
    "files": 398,
    "entity": 223,
    "activity": 42,
    "agent": 9,
    "wasAssociatedWith": 55,
    "used": 24,
    "wasGeneratedBy": 16,
    "wasDerivedFrom": 14,
    "wasInvalidatedBy": 16,
    "wasStartedBy": 27,
    "wasEndedBy": 27,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_document_holds_what_was_counted(name: str, evidence_archive: Unpack) -> None:
    archive, _, inner = name.partition("/")
    path, expected = evidence_archive(f"catalog/{archive}") / inner, EXPECTED[name]
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    found = counted(path)
    assert part_of(found.counts, expected.counts) == expected.counts
    assert {n: found.account.control_totals.get(n) for n in expected.totals} == expected.totals
    codes = [str(problem.code) for problem in found.problems]
    assert {code: codes.count(code) for code in codes} == expected.codes
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def part_of(counts: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return of some counts those that are asked for, of relations too."""
    found = {name: counts.get(name) for name in wanted}
    if isinstance(found.get("relations"), dict):
        found["relations"] = {n: found["relations"].get(n) for n in wanted["relations"]}
    return found


@pytest.mark.parametrize("name", ["stocks", "ctas", "hive_db_lineage", "sales-v1-full"])
def test_no_leaf_of_an_atlas_export_is_lost(name: str, evidence_archive: Unpack) -> None:
    path = evidence_archive("catalog/atlas") / f"{name}.zip"
    found = read(path)
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            value = json.loads(archive.read(member))
            assert lost_of(value, found) == [], member


def test_statements_of_prov_are_counted(evidence_archive: Unpack) -> None:
    totals: Counter[str] = Counter()
    for path in sorted((evidence_archive("catalog/prov") / "json").glob("*.json")):
        found = read(path)
        assert (lost(path, found), found.codes()) == ([], []), path.name
        numbers = found.account.control_totals
        totals.update({name: n for name, n in numbers.items() if isinstance(n, int)})
        totals["files"] += 1
    assert {name: totals[name] for name in PROV} == PROV


def test_croissants_state_digests_that_are_none(evidence_archive: Unpack) -> None:
    """Of the 50 values stated as ``sha256`` 15 are an address, 5 a word and 11 look like MD5."""
    files = sorted((evidence_archive("catalog/croissant") / "1.0").glob("*/metadata.json"))
    found = [(path, read(path)) for path in files]
    assert not [path for path, each in found if lost(path, each)]
    codes = [code for _, each in found for code in each.codes()]
    assert (len(files), codes.count("NOT_A_DIGEST")) == (32, 15 + 5 + 11 + 1)
    said = [sentence for _, each in found for sentence in each.account.cannot_show]
    assert sum("licence" in sentence for sentence in said) == 6
    kinds = [thing.type for _, each in found for thing in each.things.values()]
    assert kinds.count("dataset") == 32


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".json")])
def test_no_leaf_of_a_document_is_lost(name: str, evidence_archive: Unpack) -> None:
    archive, _, inner = name.partition("/")
    path = evidence_archive(f"catalog/{archive}") / inner
    assert lost(path, read(path)) == []


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".xml")])
def test_no_text_and_no_attribute_of_a_bill_in_xml_is_lost(
    name: str, evidence_archive: Unpack
) -> None:
    archive, _, inner = name.partition("/")
    path = evidence_archive(f"catalog/{archive}") / inner
    held = read(path)
    assert unsaid(texts_of(path), held) == []


def texts_of(path: Path) -> list[str]:
    """Return every text and every attribute of a document, without where it stands."""
    elements = list(ElementTree.parse(path).iter())
    texts = [(element.text or "").strip() for element in elements]
    return [*filter(None, texts), *(value for each in elements for value in each.attrib.values())]


AZURE = {
    "cli_assets_data_cloud-file.yml": {"artifacts": {"dataset": 1}},
    "cli_assets_data_iris-csv-example.yml": {"artifacts": {"dataset": 1}},
    "cli_assets_model_local-file.yml": {"artifacts": {"model_version": 1}},
    "cli_assets_model_local-mlflow.yml": {"artifacts": {"model_version": 1}},
    "cli_endpoints_online_managed_sample_endpoint.yml": {"artifacts": {"deployment": 1}},
    "cli_endpoints_online_managed_sample_blue-deployment.yml": {"relations": {"deployed": 1}},
    "cli_jobs_pipelines_nyc-taxi_pipeline.yml": {"relations": {"used": 7, "generated": 6}},
    "cli_jobs_pipelines-with-components_image_classification_with_densenet_pipeline.yml": {
        "jobs": 7,
        "relations": {"member-of": 6},
    },
    "cli_monitoring_model-monitoring-with-collected-data.yaml": {"relations": {"used": 4}},
}


@pytest.mark.parametrize("name", AZURE)
def test_files_of_azure_are_read_whole(name: str, evidence_archive: Unpack) -> None:
    """Counted by eye in the nine files."""
    path = evidence_archive("catalog/azureml") / name
    found = read(path)
    assert part_of(counted(path).counts, AZURE[name]) == AZURE[name]
    assert found.codes() == []
    assert lost_of(load_yaml(path.read_bytes(), what="x"), found) == []
