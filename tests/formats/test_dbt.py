"""dbt's files tell nodes by their unique ids, and what an invocation did with them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.leaves import lost
from tests.formats.test_documents import DOCUMENTS, document
from workbench.model.catalog import AttributeGroup, RelationKind, RunState, ThingKind

RESULTS = DOCUMENTS / "dbt-run-results.json"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "dbt-manifest.json")


def changed(folder: Path, **members: Any) -> Read:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**document("dbt"), **members}))
    return read(path)


def test_manifest_is_counted() -> None:
    found = counted(DOCUMENTS / "dbt-manifest.json")
    assert found.counts == {
        "artifacts": {"dataset": 4, "document": 1, "report": 1},
        "jobs": 1,
        "relations": {"used": 1, "derived-from": 4},
    }
    assert found.account.version == "manifest/v12"


def test_model_comes_of_what_it_selects_from(made: Read) -> None:
    assert made.edges(RelationKind.DERIVED_FROM) == {
        ("node/model.scoring.clean", "node/seed.scoring.applications"),
        ("node/model.scoring.features", "node/model.scoring.clean"),
        ("node/model.scoring.broken", "node/model.scoring.features"),
        ("node/exposure.scoring.scorer", "node/model.scoring.features"),
    }


def test_test_uses_what_it_tests(made: Read) -> None:
    ((test, tested),) = made.edges(RelationKind.USED)
    assert made.things[test].kind is ThingKind.JOB
    assert tested == "node/model.scoring.features"


def test_node_has_owner_tags_and_digest(made: Read) -> None:
    node = made.things["node/model.scoring.features"]
    assert (node.name, node.namespace, node.owner) == ("features", "scoring.main", "risk")
    assert pairs(node.attributes, AttributeGroup.TAG) == [("credit", "")]
    ((name, value),) = pairs(node.attributes, AttributeGroup.DIGEST)
    assert (name, len(value)) == ("sha256", 64)
    assert made.things["node/exposure.scoring.scorer"].owner == "R. Dubois"


def test_maps_that_disagree_are_a_problem(tmp_path: Path) -> None:
    value = document("dbt")["child_map"]
    cut = {name: [] for name in value}
    found = changed(tmp_path, child_map=cut)
    assert found.codes() == ["TOTALS_DISAGREE"]
    assert len(found.edges(RelationKind.DERIVED_FROM)) == 4


def test_invocation_and_each_result_are_runs() -> None:
    found = read(RESULTS)
    states = {t.name: t.state for t in found.things.values() if t.type != "invocation"}
    assert states["model.scoring.clean"] is RunState.COMPLETE
    assert states["model.scoring.broken"] is RunState.FAILED
    (whole,) = (t for t in found.things.values() if t.type == "invocation")
    assert whole.state is RunState.FAILED
    assert ("which", "build") in pairs(whole.attributes, AttributeGroup.PARAM)
    assert {r.object for r in found.relations if r.kind is RelationKind.INFORMED_BY} == {whole.key}
    assert lost(RESULTS, found) == []


def test_run_that_failed_made_nothing() -> None:
    made = {r.object for r in read(RESULTS).relations if r.kind is RelationKind.GENERATED}
    assert made == {
        "node/seed.scoring.applications",
        "node/model.scoring.clean",
        "node/model.scoring.features",
    }


def test_tables_of_the_database_are_data_sets(tmp_path: Path) -> None:
    about = {"type": "VIEW", "schema": "main", "name": "clean", "owner": "risk"}
    path = tmp_path / "catalog.json"
    schema = {"dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json"}
    node = {"metadata": about, "columns": {}, "stats": {}}
    path.write_text(json.dumps({"metadata": schema, "nodes": {"model.scoring.clean": node}}))
    found = read(path)
    assert found.things["node/model.scoring.clean"].owner == "risk"
    assert lost(path, found) == []
