"""A crate tells its files, and what was done as runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, pairs, read
from tests.formats.test_documents import DOCUMENTS
from workbench.model.catalog import AttributeGroup, NoPlace, RelationKind, RunState, ThingKind

RUN = "entity/#run-7"
DATA = "entity/https:%2F%2Fdata.example.org%2Fapplications.csv"
MODEL = "entity/https:%2F%2Fmodels.example.org%2Fscorer.onnx"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "ro-crate-metadata.json")


def told(folder: Path, *entities: Any) -> Read:
    path = folder / "ro-crate-metadata.json"
    context = "https://w3id.org/ro/crate/1.1/context"
    path.write_text(json.dumps({"@context": context, "@graph": list(entities)}))
    return read(path)


def test_action_is_a_run(made: Read) -> None:
    run = made.things[RUN]
    assert (run.kind, run.type, run.state) == (ThingKind.RUN, "CreateAction", RunState.COMPLETE)
    assert (run.owner, str(run.created)) == ("R. Dubois", "2026-04-13 04:05:03+00:00")
    assert pairs(run.attributes, AttributeGroup.PARAM) == [("random_seed", "7")]
    assert made.things["entity/#run-8"].state is RunState.FAILED


def test_run_used_its_objects_and_made_its_results(made: Read) -> None:
    assert (RUN, DATA) in made.edges(RelationKind.USED)
    assert made.edges(RelationKind.GENERATED) == {(RUN, MODEL)}
    job = {r.object for r in made.relations if r.role == "job"}
    assert [made.things[key].kind for key in job] == [ThingKind.JOB]


def test_weak_digest_and_unknown_licence_are_doubts(made: Read) -> None:
    assert made.codes() == ["WEAK_DIGEST", "UNKNOWN_LICENCE"]


def test_parts_belong_to_the_crate(made: Read) -> None:
    assert made.things["entity/.%2F"].type == "collection"
    assert (DATA, "entity/.%2F") in made.edges(RelationKind.MEMBER_OF)


def test_action_on_actions_is_informed_by_them(tmp_path: Path) -> None:
    step = {"@id": "#a", "@type": "CreateAction"}
    whole = {"@id": "#b", "@type": "OrganizeAction", "object": {"@id": "#a"}, "result": "#a"}
    found = told(tmp_path, step, whole)
    assert found.edges(RelationKind.INFORMED_BY) == {("entity/#b", "entity/#a")}
    assert found.things["entity/#a"].state is RunState.UNKNOWN


def test_local_time_is_kept_and_is_no_instant(tmp_path: Path) -> None:
    found = told(tmp_path, {"@id": "#a", "@type": "CreateAction", "endTime": "2018-10-25T15:46:43"})
    run = found.things["entity/#a"]
    assert (run.ended, run.state) == (None, RunState.COMPLETE)
    assert run.values(AttributeGroup.FIELD, "endTime") == ("2018-10-25T15:46:43",)


def test_crate_without_actions_has_no_place_for_runs(tmp_path: Path) -> None:
    found = told(tmp_path, {"@id": "x.csv", "@type": "File"})
    assert NoPlace.RUNS.value in found.account.cannot_show


def test_entity_without_type_or_id_is_kept(tmp_path: Path) -> None:
    found = told(tmp_path, {"@id": "#x", "name": "x"}, {"@type": "File", "name": "y"})
    assert found.things["entity/#x"].type == "entity"
    assert found.codes() == ["NO_KEY"]


def test_folders_inside_each_other_end(tmp_path: Path) -> None:
    a = {"@id": "a/", "@type": "Dataset", "hasPart": [{"@id": "b/"}]}
    b = {"@id": "b/", "@type": "Dataset", "hasPart": {"@id": "a/"}}
    assert len(told(tmp_path, a, b).edges(RelationKind.MEMBER_OF)) == 2
