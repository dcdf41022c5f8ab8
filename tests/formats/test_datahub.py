"""DataHub's records tell entities, and edges from whatever aspect states them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.test_documents import DOCUMENTS
from workbench.formats.datahub.urn import urn_of
from workbench.model.catalog import AttributeGroup, Lifecycle, RelationKind, RunState

MODEL = "urn:li:mlModel:(urn:li:dataPlatform:mlflow,credit-scorer_{},PROD)"
RUN = "urn:li:dataProcessInstance:0a1b2c"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "datahub.json")


def told(folder: Path, *records: Any) -> Read:
    path = folder / "x.json"
    path.write_text(json.dumps(records))
    return read(path)


def proposal(urn: str, name: str, /, **aspect: Any) -> dict[str, Any]:
    kind = urn.split(":")[2]
    return {
        "entityType": kind,
        "entityUrn": urn,
        "changeType": "UPSERT",
        "aspectName": name,
        "aspect": {"json": aspect},
    }


@pytest.mark.parametrize(
    ("text", "kind", "name", "platform"),
    [
        ("urn:li:tag:Legacy", "tag", "Legacy", ""),
        ("urn:li:dataset:(urn:li:dataPlatform:s3,a%2Cb,PROD)", "dataset", "a,b", "s3"),
        ("urn:li:dataJob:(urn:li:dataFlow:(airflow,x,PROD),job)", "dataJob", "job", "x"),
        ("urn:li:mlFeature:(table,f)", "mlFeature", "f", "table"),
        (
            "urn:li:dataset:(urn:li:dataPlatform:s3,a",
            "",
            "urn:li:dataset:(urn:li:dataPlatform:s3,a",
            "",
        ),
        ("urn:li:dataset:(a)b", "", "urn:li:dataset:(a)b", ""),
        ("nothing", "", "nothing", ""),
    ],
)
def test_name_is_taken_apart(text: str, kind: str, name: str, platform: str) -> None:
    urn = urn_of(text)
    assert (urn.type, urn.name, urn.platform) == (kind, name, platform)


def test_records_are_counted() -> None:
    found = counted(DOCUMENTS / "datahub.json")
    assert found.counts == {
        "artifacts": {"dataset": 2, "model_version": 2, "registered_model": 1},
        "jobs": 1,
        "runs": 1,
        "agents": 1,
        "relations": {
            "used": 2,
            "generated": 3,
            "derived-from": 1,
            "attributed-to": 1,
            "specialization-of": 2,
        },
        "column_relations": 2,
    }
    totals = found.account.control_totals
    assert (totals["records"], totals["MCE"], totals["entities"]) == (17, 1, 8)


def test_run_that_made_two_models_made_two(made: Read) -> None:
    made_by = {(r.subject, r.object) for r in made.relations if r.kind is RelationKind.GENERATED}
    assert {(RUN, MODEL.format(3)), (RUN, MODEL.format(4))} <= made_by


def test_version_is_called_as_its_group(made: Read) -> None:
    model = made.things[MODEL.format(3)]
    assert (model.name, model.version, model.namespace) == ("credit-scorer", "3", "mlflow")
    assert (model.lifecycle, model.lifecycle_raw) == (Lifecycle.ARCHIVED, "mlflow_archived")
    assert pairs(model.attributes, AttributeGroup.PARAM) == [("random_seed", "7")]
    assert pairs(model.attributes, AttributeGroup.METRIC) == [("auc", "0.81")]
    assert ("approved_by", "r.dubois") in pairs(model.attributes, AttributeGroup.TAG)


def test_alias_against_its_stage_is_a_doubt(made: Read) -> None:
    assert made.codes() == ["CONTRADICTION"]


def test_removed_entity_is_deleted(made: Read) -> None:
    assert made.things[MODEL.format(4)].lifecycle is Lifecycle.DELETED


def test_run_has_the_state_of_its_last_event(made: Read, tmp_path: Path) -> None:
    assert made.things[RUN].state is RunState.COMPLETE
    event = "dataProcessInstanceRunEvent"
    ended = proposal(RUN, event, timestampMillis=9, status="COMPLETE", result={"type": "FAILURE"})
    begun = proposal(RUN, event, timestampMillis=5, status="STARTED")
    run = told(tmp_path, ended, begun).things[RUN]
    assert run.state is RunState.FAILED
    assert run.created is not None
    assert run.ended is not None
    assert told(tmp_path, begun).things[RUN].state is RunState.STARTED


def test_columns_keep_how_they_came(made: Read) -> None:
    columns = {(r.columns, r.transformation) for r in made.relations if r.columns}
    assert columns == {(("ratio", "income"), "debt / income"), (("ratio", "debt"), "debt / income")}


def test_aspect_that_is_json_in_a_text_is_read(tmp_path: Path) -> None:
    record = proposal("urn:li:container:S", "container")
    record["aspect"] = {"value": '{"container": "urn:li:container:D"}', "contentType": "x"}
    found = told(tmp_path, record)
    assert found.edges(RelationKind.MEMBER_OF) == {("urn:li:container:S", "urn:li:container:D")}
    record["aspect"]["value"] = '{"container": '
    assert told(tmp_path, record).codes() == ["MALFORMED_VALUE"]


def test_record_about_nothing_is_a_problem_and_not_lost(tmp_path: Path) -> None:
    record = proposal("urn:li:tag:x", "tagProperties", name="told")
    del record["entityUrn"]
    found = told(tmp_path, proposal("urn:li:tag:y", "status"), record, 7)
    assert found.codes() == ["MALFORMED_RECORD", "NO_KEY"]
    assert len(found.things["document"].attributes) == 5


def test_name_that_is_none_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, proposal("urn:li:dataset:(a", "status", removed=False))
    assert found.codes() == ["MALFORMED_VALUE"]
    assert found.things["urn:li:dataset:(a"].name == "urn:li:dataset:(a"
