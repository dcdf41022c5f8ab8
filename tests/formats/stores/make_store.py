"""Make a small MLflow store that holds one of everything its generation knows.

Run in an environment of its own that has the MLflow of that generation, never in ours:

    python make_store.py mlflow-2.9.2.db && xz -9 mlflow-2.9.2.db
"""

import json
import math
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.models import Model

START = 1_767_225_600_000  # 2026-01-01T00:00:00Z


def make(database: Path) -> None:
    """Fill a new store."""
    mlflow.set_tracking_uri(f"sqlite:///{database}")
    client = MlflowClient()
    risk = client.create_experiment(
        "credit-risk", "s3://ml/credit-risk", {"owner": "risk@example.org"}
    )
    client.delete_experiment(client.create_experiment("abandoned", "s3://ml/abandoned"))
    runs = make_runs(client, risk)
    make_inputs(client, runs)
    make_models(client, risk, runs)
    make_registry(client, runs)
    if hasattr(client, "create_dataset"):
        client.create_dataset("bias-check", [risk], {"purpose": "fairness"})
    client.delete_run(runs["deleted"])
    # Where it was made is nobody's business.
    with closing(sqlite3.connect(database)) as store, store:
        store.execute(
            "UPDATE experiments SET artifact_location = 's3://ml/0' WHERE name = 'Default'"
        )
    assert len(client.search_runs([risk], run_view_type=ViewType.ALL)) == len(runs)


def make_runs(client: MlflowClient, experiment: str) -> dict[str, str]:
    """Make a finished, a nested, a failed, a killed, a running and a deleted run."""
    ends = {
        "finished": "FINISHED",
        "nested": "FINISHED",
        "failed": "FAILED",
        "killed": "KILLED",
        "running": None,
        "deleted": "FINISHED",
    }
    runs: dict[str, str] = {}
    for n, (name, end) in enumerate(ends.items()):
        at = START + n * 3_600_000
        tags = {"mlflow.user": "j.tanaka", "mlflow.source.git.commit": "6216f8a7" * 5}
        if name == "nested":
            tags["mlflow.parentRunId"] = runs["finished"]
        run = client.create_run(experiment, at, tags).info.run_id
        runs[name] = run
        metrics = [Metric("auc", 0.5 + step / 10, at + step, step) for step in range(3)]
        if name == "failed":
            metrics += [
                Metric("loss", math.nan, at, 0),
                Metric("loss", math.inf, at, 1),
                Metric("loss", -math.inf, at, 2),
            ]
        params = [Param("C", "1.50"), Param("random_seed", str(40 + n))]
        client.log_batch(run, metrics, params, [RunTag("licence", "CC-BY-NC-4.0")])
        if end:
            client.set_terminated(run, end, at + 60_000)
    return runs


def make_inputs(client: MlflowClient, runs: dict[str, str]) -> None:
    """Say what data two runs used, where the generation can say it."""
    try:
        from mlflow.entities import Dataset, DatasetInput, InputTag
    except ImportError:
        return
    source = json.dumps({"uri": "s3://lake/credit/2026q1.parquet"})
    data = Dataset("credit_2026q1", "a9e60609", "s3", source, "{}", '{"num_rows": 200}')
    other = Dataset("credit_2025q4", "de5d2cea", "s3", source, None, None)
    training = DatasetInput(data, [InputTag("mlflow.data.context", "training")])
    client.log_inputs(runs["finished"], [training, DatasetInput(other, [])])
    client.log_inputs(runs["deleted"], [training])


def make_models(client: MlflowClient, experiment: str, runs: dict[str, str]) -> None:
    """Log a model in a tag of its run, and as a row of its own, where the generation has one."""
    model = Model("model", runs["finished"], utc_time_created="2026-01-01 00:00:30.123456")
    model.add_flavor("python_function", loader_module="mlflow.sklearn")
    client._record_logged_model(runs["finished"], model)
    if not hasattr(client, "create_logged_model"):
        return
    logged = client.create_logged_model(
        experiment, "scorer", runs["nested"], tags={"stage": "candidate"}, params={"C": "1.5"}
    )
    client.log_metric(
        runs["nested"],
        "auc",
        0.81,
        START,
        0,
        dataset_name="credit_2026q1",
        dataset_digest="a9e60609",
        model_id=logged.model_id,
    )
    client.finalize_logged_model(logged.model_id, "READY")
    from mlflow.entities import LoggedModelInput, LoggedModelOutput

    client.log_outputs(runs["nested"], [LoggedModelOutput(logged.model_id, 0)])
    client.log_inputs(runs["failed"], models=[LoggedModelInput(logged.model_id)])
    client.create_registered_model("from-logged")
    client.create_model_version(
        "from-logged", f"models:/{logged.model_id}", runs["nested"], model_id=logged.model_id
    )


def make_registry(client: MlflowClient, runs: dict[str, str]) -> None:
    """Register versions in every stage, without a run, of a deleted run, and a deleted one."""
    client.create_registered_model("credit-risk", {"owner": "risk"}, "scores applicants")
    stages = {1: "Production", 2: "Staging", 3: "Archived"}
    for version, run in enumerate(
        (runs["finished"], runs["failed"], runs["deleted"], None, None), 1
    ):
        source = f"s3://ml/credit-risk/{version}/artifacts/model"
        client.create_model_version("credit-risk", source, run)
        if version in stages:
            client.transition_model_version_stage("credit-risk", str(version), stages[version])
    client.set_model_version_tag("credit-risk", "1", "approved_by", "m.okafor")
    if hasattr(client, "set_registered_model_alias"):
        client.set_registered_model_alias("credit-risk", "champion", "2")
    client.delete_model_version("credit-risk", "5")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
