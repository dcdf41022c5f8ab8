"""OpenMetadata tells entities by their full names, and features down to columns."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, counted, pairs, read
from tests.formats.test_documents import DOCUMENTS
from workbench.formats.openmetadata.entities import above, last_name
from workbench.model.catalog import AttributeGroup, Lifecycle, RelationKind

TABLE = "table/lake.risk.public.applications"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "openmetadata.json")


def told(folder: Path, value: Any) -> Read:
    path = folder / "x.json"
    path.write_text(json.dumps(value))
    return read(path)


@pytest.mark.parametrize(
    ("fqn", "name", "parent"),
    [
        ("a.b.c", "c", "a.b"),
        ('a.b."c.d"', "c.d", "a.b"),
        ('a."b.c".d', "d", 'a."b.c"'),
        ("a", "a", ""),
        ("", "", ""),
        ('"a', "a", ""),
    ],
)
def test_full_name_is_taken_apart(fqn: str, name: str, parent: str) -> None:
    assert (last_name(fqn), above(fqn)) == (name, parent)


def test_page_is_counted_and_says_that_it_is_one_of_many() -> None:
    found = counted(DOCUMENTS / "openmetadata.json")
    assert found.counts == {
        "artifacts": {"collection": 1, "dataset": 1, "document": 1, "registered_model": 1},
        "jobs": 3,
        "relations": {"derived-from": 1, "informed-by": 1, "member-of": 3},
        "column_relations": 2,
    }
    assert any(s.startswith("2 of 5 entities") for s in found.account.cannot_show)


def test_table_has_owner_tags_and_schema(made: Read) -> None:
    table = made.things[TABLE]
    assert (table.name, table.version, table.owner) == ("applications", "0.2", "risk")
    assert pairs(table.attributes, AttributeGroup.TAG) == [("Tier.Tier1", "")]
    assert (TABLE, "databaseSchema/lake.risk.public") in made.edges(RelationKind.MEMBER_OF)


def test_features_come_of_columns(made: Read) -> None:
    columns = {(r.object, r.columns) for r in made.relations if r.columns}
    assert columns == {
        (TABLE, ("ratio", "income")),
        ('table/lake.risk.public."bureau.extract"', ("ratio", "debt")),
    }


def test_number_keeps_its_spelling_and_deletion_its_word(made: Read) -> None:
    model = made.things["mlmodel/mlflow.credit-scorer"]
    assert (model.version, model.lifecycle) == ("1.10", Lifecycle.DELETED)
    assert pairs(model.attributes, AttributeGroup.PARAM) == [("random_seed", "7")]


def test_edges_of_a_list_have_ends_and_a_pipeline(tmp_path: Path) -> None:
    edge = {
        "from": {"fqn": "s.raw", "type": "table"},
        "to": {"fqn": "s.clean", "type": "table"},
        "edge_meta": {"fqn": "airflow.clean", "type": "pipeline"},
        "sql_query": "select",
    }
    found = told(tmp_path, [edge, {"from": {}, "to": {}}])
    assert found.edges(RelationKind.DERIVED_FROM) == {("table/s.clean", "table/s.raw")}
    assert found.edges(RelationKind.GENERATED) == {("pipeline/airflow.clean", "table/s.clean")}
    assert found.codes() == ["NO_KEY"]


def test_graph_around_an_entity_is_read_by_ids(tmp_path: Path) -> None:
    def node(name: str) -> dict[str, str]:
        return {"id": name, "type": "table", "fullyQualifiedName": f"s.{name}", "name": name}

    details = {
        "sqlQuery": "select",
        "columnsLineage": [{"fromColumns": ["s.a.x"], "toColumn": "s.b.y", "function": "sum"}],
        "pipeline": {"fullyQualifiedName": "airflow.p", "type": "pipeline"},
    }
    edge = {"fromEntity": "a", "toEntity": {"id": "b"}, "lineageDetails": details}
    graph = {"entity": node("b"), "nodes": [node("a")], "upstreamEdges": [edge]}
    found = told(tmp_path, {**graph, "downstreamEdges": []})
    derived = [r for r in found.relations if r.kind is RelationKind.DERIVED_FROM]
    assert [(r.subject, r.object, r.columns) for r in derived] == [
        ("table/s.b", "table/s.a", ()),
        ("table/s.b", "table/s.a", ("y", "x")),
    ]
    assert derived[1].transformation == "sum"
    assert found.edges(RelationKind.USED) == {("pipeline/airflow.p", "table/s.a")}


def test_statuses_are_runs_of_a_pipeline(tmp_path: Path) -> None:
    status = {"timestamp": 1649582444000, "executionStatus": "Failed"}
    later = {"timestamp": 1649582450000, "executionStatus": "Pending"}
    value = [{"pipeline": "airflow.p", "pipelineStatus": [status, later]}]
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value))
    counts = counted(path).counts
    assert (counts["jobs"], counts["runs"], counts["runs_open"]) == (1, 2, 1)
