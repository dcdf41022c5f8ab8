"""Stores of every generation of MLflow say the same things, as far as they can say them."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.drops import zipped
from tests.formats.catalogs import Read, counted, pairs, read, store
from workbench.errors import Cancelled
from workbench.evidence.drop import open_drop
from workbench.model.catalog import (
    ArtifactType,
    AttributeGroup,
    Lifecycle,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.progress import Cancel, Silent

#: Each generation of the schema that is kept here: alembic revision, number of tables.
GENERATIONS = {
    "1.30.1": ("97727af70f4d", 12),
    "2.9.2": ("acf3f17fdcc7", 16),
    "2.22.4": ("0584bdc529eb", 19),
    "3.1.4": ("bda7b8c39065", 23),
    "3.5.1": ("bf29a5ff90ea", 34),
    "3.11.1": ("c3d6457b6d8a", 46),
    "3.17.2": ("dc11669786a5", 65),
}
WITH_DATA = [g for g in GENERATIONS if g != "1.30.1"]
WITH_MODELS = [g for g in GENERATIONS if g.startswith("3")]
WITH_EVALUATION = ["3.5.1", "3.11.1", "3.17.2"]
START = datetime(2026, 1, 1, tzinfo=UTC)

every_generation = pytest.mark.parametrize("generation", GENERATIONS)


def runs(found: Read) -> list[Thing]:
    """Return the runs as they were made: finished, nested, failed, killed, running, deleted."""
    listed = [thing for thing in found.things.values() if thing.kind is ThingKind.RUN]
    return sorted(listed, key=lambda run: run.created or START)


def of_type(found: Read, kind: ArtifactType) -> list[Thing]:
    return [thing for thing in found.things.values() if thing.type == kind]


@every_generation
def test_generation_is_read_without_a_problem(generation: str, tmp_path: Path) -> None:
    found = read(store(tmp_path, generation))
    revision, tables = GENERATIONS[generation]
    assert found.problems == ()
    assert found.account.version == f"{revision}, {tables} tables"
    assert found.account.control_totals["tables"] == tables
    assert found.account.control_totals["rows runs"] == 6


@every_generation
def test_distinct_things_are_counted(generation: str, tmp_path: Path) -> None:
    data, models = generation in WITH_DATA, generation in WITH_MODELS
    evaluation = generation in WITH_EVALUATION
    artifacts = {
        "dataset": 2 * data + evaluation,
        "logged_model": 1 + models,
        "model_version": 5 + models,
        "registered_model": 1 + models,
    }
    relations = {
        "used": 3 * data,
        "generated": 4 + 2 * models,
        "derived-from": models,
        "informed-by": 1,
        "specialization-of": 5 + models,
        "member-of": 6 + models + evaluation,
        "evaluated-on": models,
    }
    assert counted(store(tmp_path, generation)).counts == {
        "artifacts": {kind: count for kind, count in artifacts.items() if count},
        "runs": 6,
        "runs_deleted": 1,
        "runs_open": 1,
        "params": 12,
        "metric_points": 21 + models,
        "tags": 26,
        "relations": {kind: count for kind, count in relations.items() if count},
    }


@every_generation
def test_runs_keep_how_they_ended(generation: str, tmp_path: Path) -> None:
    found = runs(read(store(tmp_path, generation)))
    assert [run.state for run in found] == [
        RunState.COMPLETE,
        RunState.COMPLETE,
        RunState.FAILED,
        RunState.ABORTED,
        RunState.RUNNING,
        RunState.COMPLETE,
    ]
    assert [run.lifecycle for run in found] == [Lifecycle.UNKNOWN] * 5 + [Lifecycle.DELETED]
    assert (found[0].created, found[4].ended) == (START, None)
    assert {run.owner for run in found} == {"j.tanaka"}


@every_generation
def test_nested_run_is_informed_by_its_parent(generation: str, tmp_path: Path) -> None:
    found = read(store(tmp_path, generation))
    parent, nested, *_ = runs(found)
    assert found.edges(RelationKind.INFORMED_BY) == {(nested.key, parent.key)}


@every_generation
def test_metric_that_is_no_number_is_said_to_be_none(generation: str, tmp_path: Path) -> None:
    failed = runs(read(store(tmp_path, generation)))[2]
    loss = {a.step: a.value for a in failed.attributes if a.name == "loss"}
    assert loss == {0: "NaN", 1: "Infinity", 2: "-Infinity"}
    points = [a for a in failed.attributes if a.name == "auc"]
    assert [(a.value, a.step) for a in points] == [("0.5", 0), ("0.6", 1), ("0.7", 2)]
    assert points[0].time == datetime(2026, 1, 1, 2, tzinfo=UTC)


@every_generation
def test_parameters_stay_as_they_were_written(generation: str, tmp_path: Path) -> None:
    finished = runs(read(store(tmp_path, generation)))[0]
    params = pairs(finished.attributes, AttributeGroup.PARAM)
    assert sorted(params) == [("C", "1.50"), ("random_seed", "40")]
    tags = dict(pairs(finished.attributes, AttributeGroup.TAG))
    assert tags["mlflow.source.git.commit"] == "6216f8a7" * 5


@every_generation
def test_versions_keep_stage_run_and_tombstone(generation: str, tmp_path: Path) -> None:
    found = read(store(tmp_path, generation))
    versions = [found.things[f"model_version/credit-risk/{n}"] for n in range(1, 6)]
    assert [(v.lifecycle, v.lifecycle_raw) for v in versions] == [
        (Lifecycle.PRODUCTION, "Production"),
        (Lifecycle.STAGING, "Staging"),
        (Lifecycle.ARCHIVED, "Archived"),
        (Lifecycle.UNKNOWN, "None"),
        (Lifecycle.DELETED, "Deleted_Internal"),
    ]
    finished, _, failed, _, _, deleted = runs(found)
    made = {(s, o) for s, o in found.edges(RelationKind.GENERATED) if "/credit-risk/" in o}
    assert made == {
        (finished.key, versions[0].key),
        (failed.key, versions[1].key),
        (deleted.key, versions[2].key),
    }
    assert versions[0].values(AttributeGroup.TAG, "approved_by") == ("m.okafor",)
    tombstones = [s for s in found.account.cannot_show if "blotted out" in s]
    assert len(tombstones) == 1


@pytest.mark.parametrize("generation", WITH_DATA)
def test_alias_is_told_of_model_and_version(generation: str, tmp_path: Path) -> None:
    found = read(store(tmp_path, generation))
    for key in ("registered_model/credit-risk", "model_version/credit-risk/2"):
        assert found.things[key].values(AttributeGroup.ALIAS, "champion") == ("2",)


@pytest.mark.parametrize("generation", WITH_DATA)
def test_runs_used_data_in_a_role(generation: str, tmp_path: Path) -> None:
    found = read(store(tmp_path, generation))
    finished, *_, deleted = runs(found)
    used = {
        (r.subject, found.things[r.object].name, r.role)
        for r in found.relations
        if r.kind is RelationKind.USED and found.things[r.object].type == ArtifactType.DATASET
    }
    assert used == {
        (finished.key, "credit_2026q1", "training"),
        (finished.key, "credit_2025q4", ""),
        (deleted.key, "credit_2026q1", "training"),
    }
    (data,) = (d for d in of_type(found, ArtifactType.DATASET) if d.name == "credit_2026q1")
    assert (data.version, data.uri) == ("a9e60609", "s3://lake/credit/2026q1.parquet")
    assert pairs(data.attributes, AttributeGroup.DIGEST) == [("digest", "a9e60609")]


def test_generation_without_inputs_says_so(tmp_path: Path) -> None:
    shown = counted(store(tmp_path, "1.30.1")).account.cannot_show
    assert any("which data a run used" in sentence for sentence in shown)
    assert any("5 of 5 runs" in sentence for sentence in shown)


@pytest.mark.parametrize("generation", WITH_MODELS)
def test_logged_model_hangs_together_with_run_data_and_version(
    generation: str, tmp_path: Path
) -> None:
    found = read(store(tmp_path, generation))
    _, nested, failed, *_ = runs(found)
    (model,) = (m for m in of_type(found, ArtifactType.LOGGED_MODEL) if m.name == "scorer")
    assert (nested.key, model.key) in found.edges(RelationKind.GENERATED)
    assert (failed.key, model.key) in found.edges(RelationKind.USED)
    assert found.edges(RelationKind.DERIVED_FROM) == {("model_version/from-logged/1", model.key)}
    (measured,) = (r for r in found.relations if r.kind is RelationKind.EVALUATED_ON)
    assert (measured.subject, measured.inferred) == (model.key, True)
    assert found.things[measured.object].name == "credit_2026q1"
    assert pairs(model.attributes, AttributeGroup.PARAM) == [("C", "1.5")]
    assert pairs(model.attributes, AttributeGroup.METRIC) == [("auc", "0.81")]


@every_generation
def test_model_that_a_tag_lists_is_a_model(generation: str, tmp_path: Path) -> None:
    found = read(store(tmp_path, generation))
    finished = runs(found)[0]
    (model,) = (m for m in of_type(found, ArtifactType.LOGGED_MODEL) if m.name == "model")
    assert (finished.key, model.key) in found.edges(RelationKind.GENERATED)
    assert model.created == datetime(2026, 1, 1, 0, 0, 30, 123456, tzinfo=UTC)


@pytest.mark.parametrize("generation", WITH_EVALUATION)
def test_evaluation_dataset_belongs_to_its_experiment(generation: str, tmp_path: Path) -> None:
    found = read(store(tmp_path, generation))
    (data,) = (d for d in of_type(found, ArtifactType.DATASET) if d.name == "bias-check")
    (experiment,) = (o for s, o in found.edges(RelationKind.MEMBER_OF) if s == data.key)
    assert found.things[experiment].name == "credit-risk"
    assert data.values(AttributeGroup.TAG, "purpose") == ("fairness",)


@every_generation
def test_every_cell_of_a_run_is_told(generation: str, tmp_path: Path) -> None:
    """Nothing is lost: each value of the row stands in a field of the thing or an attribute."""
    path = store(tmp_path, generation)
    found = {run.key.removeprefix("run/"): run for run in runs(read(path))}
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    for row in connection.execute("SELECT * FROM runs"):
        run = found[row["run_uuid"]]
        told = {a.value for a in run.attributes}
        told |= {run.name, run.owner, run.uri, run.lifecycle_raw, row["run_uuid"]}
        times = {str(round(time.timestamp() * 1000)) for time in (run.created, run.ended) if time}
        assert {str(cell) for cell in tuple(row) if cell is not None} <= told | times
    connection.close()


@every_generation
def test_every_record_has_a_place_that_leads_to_its_row(generation: str, tmp_path: Path) -> None:
    path = store(tmp_path, generation)
    found = read(path)
    connection = sqlite3.connect(path)
    for record in (*found.things.values(), *found.relations):
        assert record.locator.pointer is not None
        table, number = record.locator.pointer.split("[rowid=")
        sql = f"SELECT count(*) FROM {table} WHERE rowid = ?"
        assert connection.execute(sql, (number.split("]")[0],)).fetchone() == (1,)
    connection.close()


def test_key_stays_the_same_when_a_newer_mlflow_migrates_the_store(tmp_path: Path) -> None:
    old, new = (
        {key for key in read(store(tmp_path, g)).things if key.startswith("model_version/credit")}
        for g in ("2.9.2", "3.17.2")
    )
    assert old == new


def test_model_of_another_workspace_has_another_key(tmp_path: Path) -> None:
    path = altered(
        store(tmp_path, "3.17.2"),
        "INSERT INTO registered_models(workspace, name) VALUES('team-a', 'credit-risk')",
        "INSERT INTO model_versions(workspace, name, version) VALUES('team-a', 'credit-risk', 1)",
    )
    found = read(path)
    assert found.problems == ()
    assert found.things["model_version/credit-risk/1/team-a"].namespace == "team-a"
    ends = ("model_version/credit-risk/1/team-a", "registered_model/credit-risk/team-a")
    assert ends in found.edges(RelationKind.SPECIALIZATION_OF)


def altered(path: Path, *statements: str) -> Path:
    """Change a store behind the back of MLflow."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


def test_rows_of_a_run_that_was_removed_are_told(tmp_path: Path) -> None:
    path = altered(
        store(tmp_path, "2.9.2"),
        "DELETE FROM runs WHERE run_uuid IN (SELECT run_uuid FROM runs WHERE status = 'KILLED')",
    )
    found = read(path)
    assert found.codes() == ["ORPHAN_ROWS"] * 3
    assert "2 rows of params belong to no run" in found.problems[0].message


def test_alias_of_a_version_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = altered(store(tmp_path, "2.9.2"), "UPDATE registered_model_aliases SET version = 99")
    found = read(path)
    assert found.codes() == ["ORPHAN_ROWS"]
    assert "belong to no model version" in found.problems[0].message


def test_skipped_version_numbers_are_counted(tmp_path: Path) -> None:
    path = altered(store(tmp_path, "2.9.2"), "DELETE FROM model_versions WHERE version IN (2, 4)")
    shown = read(path).account.cannot_show
    assert any("2 model versions whose numbers are skipped" in sentence for sentence in shown)


def without_constraints(path: Path, table: str) -> None:
    """Copy a table to one that has no primary key."""
    altered(
        path,
        f"CREATE TABLE copy AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE copy RENAME TO {table}",
    )


def test_two_rows_of_one_key_are_told(tmp_path: Path) -> None:
    path = store(tmp_path, "2.9.2")
    without_constraints(path, "runs")
    altered(path, "INSERT INTO runs SELECT * FROM runs WHERE status = 'KILLED'")
    found = read(path)
    assert found.codes() == ["DUPLICATE_KEY"]
    assert len(runs(found)) == 6


def test_row_without_a_key_is_told(tmp_path: Path) -> None:
    path = store(tmp_path, "2.9.2")
    without_constraints(path, "runs")
    altered(path, "INSERT INTO runs(status) VALUES('FINISHED')")
    assert read(path).codes() == ["NO_KEY"]


def test_relation_of_unknown_meaning_is_told(tmp_path: Path) -> None:
    path = altered(
        store(tmp_path, "2.9.2"),
        "INSERT INTO inputs VALUES('u', 'PLANET', 'p', 'STAR', 's')",
    )
    assert read(path).codes() == ["UNKNOWN_RELATION"]


@pytest.mark.parametrize("value", ["'tomorrow'", "NULL", "1e300", "9223372036854775807", "x'00ff'"])
def test_time_that_is_none_stays_as_it_is(value: str, tmp_path: Path) -> None:
    path = altered(store(tmp_path, "2.9.2"), f"UPDATE runs SET start_time = {value}")
    found = read(path)
    assert found.problems == ()
    for run in found.things.values():
        if run.kind is ThingKind.RUN:
            assert run.created is None
            assert bool(run.values(AttributeGroup.FIELD, "start_time")) is (value != "NULL")


@pytest.mark.parametrize(
    ("stored", "told"),
    [("'not a list'", 1), ("'[1, 2]'", 0), ("'{}'", 0), ('\'[{"a":1,"a":2}]\'', 1)],
)
def test_tag_that_should_list_models_is_read_strictly(
    stored: str, told: int, tmp_path: Path
) -> None:
    path = altered(
        store(tmp_path, "2.9.2"),
        f"UPDATE tags SET value = {stored} WHERE key = 'mlflow.log-model.history'",
    )
    found = read(path)
    assert found.codes() == ["MALFORMED_VALUE"] * told


@pytest.mark.parametrize(
    "table", ["metrics", "params", "tags", "datasets", "input_tags", "registered_models"]
)
def test_table_that_is_missing_is_assumed_by_nobody(table: str, tmp_path: Path) -> None:
    path = altered(store(tmp_path, "2.9.2"), f"DROP TABLE {table}")
    found = read(path)
    assert set(found.codes()) <= {"ORPHAN_ROWS"}
    assert len(runs(found)) == 6
    if table == "metrics":  # the latest points are all that is left
        assert counted(path).counts["metric_points"] == 7


@pytest.mark.parametrize("column", ["lifecycle_stage", "start_time", "user_id", "experiment_id"])
def test_column_that_is_missing_is_assumed_by_nobody(column: str, tmp_path: Path) -> None:
    path = store(tmp_path, "2.9.2")
    without_constraints(path, "runs")
    altered(path, f"ALTER TABLE runs DROP COLUMN {column}")
    found = read(path)
    assert found.problems == ()
    assert len(runs(found)) == 6


def test_view_that_poses_as_a_table_is_not_read(tmp_path: Path) -> None:
    path = altered(
        store(tmp_path, "2.9.2"),
        "ALTER TABLE params RENAME TO real",
        "CREATE VIEW params AS SELECT key, 'forged' AS value, run_uuid FROM real",
    )
    found = counted(path)
    assert "params" not in found.counts
    assert any("real" in sentence for sentence in found.account.cannot_show)


def test_unmapped_column_is_kept(tmp_path: Path) -> None:
    path = altered(
        store(tmp_path, "2.9.2"),
        "ALTER TABLE model_versions ADD COLUMN signed_off TEXT",
        "UPDATE model_versions SET signed_off = 'by nobody'",
    )
    version = read(path).things["model_version/credit-risk/1"]
    assert version.values(AttributeGroup.FIELD, "signed_off") == ("by nobody",)


def running(folder: Path) -> dict[str, bytes]:
    """Return a store and the log beside it, as a copy of a running one has them."""
    path = altered(store(folder, "2.9.2"), "PRAGMA journal_mode = WAL")
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("DELETE FROM params WHERE key = 'C'")
    writer.commit()
    files = {f"{path.name}{end}": Path(f"{path}{end}").read_bytes() for end in ("", "-wal")}
    writer.close()
    return files


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
def test_log_beside_a_store_is_told_with_both_views(packed: bool, tmp_path: Path) -> None:
    files, target = running(tmp_path), tmp_path / "evidence.zip"
    if packed:
        target.write_bytes(zipped(files))
    else:
        target.mkdir()
        for name, data in files.items():
            (target / name).write_bytes(data)
    found = counted(target)
    (problem,) = found.problems
    assert problem.code == "WAL_PRESENT"
    assert "params 6 rows (without it 12)" in problem.message
    assert found.counts["params"] == 6
    totals = found.account.control_totals
    assert (totals["rows params"], totals["rows params without wal"]) == (6, 12)


def test_database_that_is_named_alone_is_read_with_what_lies_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name, data in running(tmp_path).items():
        (folder / name).write_bytes(data)
    main = next(path for path in folder.iterdir() if not path.name.endswith("-wal"))
    alone, whole = counted(main), counted(folder)
    assert [problem.code for problem in alone.problems] == ["WAL_PRESENT"]
    assert alone.counts == whole.counts
    beside = folder / f"{main.name}-wal"
    with open_drop([main, beside], cancel=Cancel(), progress=Silent()) as drop:
        assert [file.path for file in drop.files] == [main.name, beside.name]


def test_views_and_virtual_tables_are_named(tmp_path: Path) -> None:
    path = store(tmp_path, "2.9.2")
    altered(path, "CREATE VIEW hidden AS SELECT 1", "CREATE VIRTUAL TABLE search USING fts5(x)")
    (problem,) = counted(path).problems
    assert problem.code == "UNSUPPORTED_MEMBER"
    assert problem.message.endswith("views and virtual tables are not read: hidden, search.")


def test_key_that_is_longer_than_any_is_told(tmp_path: Path) -> None:
    path = store(tmp_path, "2.9.2")
    without_constraints(path, "runs")
    long = "'x' || hex(zeroblob(2000))"
    altered(path, f"INSERT INTO runs(run_uuid) VALUES({long} || '1'), ({long} || '2')")
    found = read(path)
    assert found.codes() == ["LIMIT_EXCEEDED"] * 2
    assert len(runs(found)) == 6


def test_reading_stops_at_a_wish(tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        read(store(tmp_path, "2.9.2"), cancel=cancel)


def test_records_come_one_at_a_time(tmp_path: Path) -> None:
    from tests.drops import opened
    from workbench.evidence.limits import LIMITS
    from workbench.formats.mlflow.reader import READER
    from workbench.formats.table import sort_out
    from workbench.model.progress import Silent

    with opened(store(tmp_path, "3.17.2")) as drop:
        (subject,) = sort_out(drop, ()).subjects
        reading = READER.read(subject, limits=LIMITS, cancel=Cancel(), progress=Silent())
        assert isinstance(next(reading), Thing | Relation)
        reading.close()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(data)


def no_schema(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:4096] = bytes(3996)
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [truncated, zeroed, no_schema])
@pytest.mark.parametrize("generation", ["1.30.1", "3.17.2"])
def test_damaged_store_is_a_source_with_problems(
    damage: Callable[[Path], None], generation: str, tmp_path: Path
) -> None:
    path = store(tmp_path, generation)
    damage(path)
    found = counted(path)
    assert found.problems
    assert all(problem.locator.path == path.name for problem in found.problems)
