"""An SPDX 3 document tells AI packages, data sets and what relates them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, pairs, read
from tests.formats.test_documents import DOCUMENTS
from workbench.model.catalog import AttributeGroup, NoPlace, RelationKind, ThingKind

BASE = "element/https:%2F%2Fspdx.example.org%2F"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "spdx-3.0.1.json")


def told(folder: Path, *elements: dict[str, Any]) -> Read:
    path = folder / "x.spdx3.json"
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    path.write_text(json.dumps({"@context": context, "@graph": list(elements)}))
    return read(path)


def test_model_has_what_its_profile_says(made: Read) -> None:
    model = made.things[f"{BASE}credit-scorer"]
    assert (model.type, model.name, model.version) == ("model_version", "credit scorer", "3")
    assert (model.owner, model.uri) == (
        "Aldermoor Bank",
        "https://models.example.org/credit-scorer/3",
    )
    assert pairs(model.attributes, AttributeGroup.PARAM) == [("C", "1.0"), ("random_seed", "7")]
    assert pairs(model.attributes, AttributeGroup.METRIC) == [("auc", "0.81")]
    assert pairs(model.attributes, AttributeGroup.TAG) == [("license", "Apache-2.0 OR MIT")]
    assert model.values(AttributeGroup.FIELD, "ai_useSensitivePersonalInformation") == ("yes",)


def test_relationships_are_edges_and_stay_as_they_were_stated(made: Read) -> None:
    model, data = f"{BASE}credit-scorer", f"{BASE}applications"
    assert made.edges(RelationKind.DERIVED_FROM) == {(model, data)}
    assert made.edges(RelationKind.EVALUATED_ON) == {(model, f"{BASE}holdout")}
    assert made.edges(RelationKind.GENERATED) == {(f"{BASE}train.py", model)}
    (trained,) = made.things[model].values(AttributeGroup.FACET, "trainedOn")
    assert json.loads(trained)["description"] == "trainedOn, as the team states it"


def test_relationship_that_is_no_lineage_is_a_facet_alone(made: Read) -> None:
    assert made.things[f"{BASE}train.py"].values(AttributeGroup.FACET, "describes")
    assert made.account.control_totals["relationship describes"] == 1


def test_doubts_are_at_their_places(made: Read) -> None:
    assert made.codes() == ["WEAK_DIGEST", "UNKNOWN_LICENCE"]


def test_agent_is_none_of_the_artifacts(made: Read) -> None:
    assert made.things[f"{BASE}Aldermoor-Bank"].kind is ThingKind.AGENT


def test_build_is_a_run(tmp_path: Path) -> None:
    build = {
        "type": "build_Build",
        "spdxId": "b",
        "build_buildStartTime": "2026-04-13T04:05:03Z",
        "build_buildEndTime": "2026-04-13T04:16:03Z",
    }
    use = {"type": "Relationship", "spdxId": "r", "from": "b", "relationshipType": "hasInput"}
    found = told(tmp_path, build, {**use, "to": ["d"]})
    run = found.things["element/b"]
    assert (run.kind, run.state.is_terminal) == (ThingKind.RUN, True)
    assert found.edges(RelationKind.USED) == {("element/b", "element/d")}
    assert NoPlace.RUNS.value not in found.account.cannot_show


def test_element_without_an_id_is_a_problem_and_not_lost(tmp_path: Path) -> None:
    found = told(tmp_path, {"type": "software_File", "name": "lost.py"})
    assert found.codes() == ["NO_KEY"]
    assert "lost.py" in found.things["document"].values(AttributeGroup.FIELD, "name")


def test_elements_that_contain_each_other_end(tmp_path: Path) -> None:
    def holds(a: str, b: str) -> dict[str, Any]:
        return {"type": "Relationship", "from": a, "to": [b], "relationshipType": "contains"}

    files = [{"type": "software_File", "spdxId": name, "name": name} for name in "ab"]
    found = told(tmp_path, *files, holds("a", "b"), holds("b", "a"))
    assert len(found.edges(RelationKind.MEMBER_OF)) == 2
