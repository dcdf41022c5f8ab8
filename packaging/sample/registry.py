"""Write the team's registry with MLflow itself: experiments, runs, models, versions, tags.

MLflow takes most times as arguments; creation times of versions and ids it makes itself, so its
clock and ``uuid.uuid4`` are replaced while it writes.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

import story
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param
from story import Release, Run
from training import Model, applicants, train

_TIME = "get_current_time_millis"
_STORES = (
    "mlflow.store.tracking.sqlalchemy_store",
    "mlflow.store.model_registry.sqlalchemy_store",
)


@dataclass
class Registry:
    """What was written: ids of runs, and the model of each version."""

    run_ids: dict[str, str] = field(default_factory=dict)
    models: dict[tuple[str, int], Model] = field(default_factory=dict)


class _Clock:
    """The time that MLflow is told."""

    def __init__(self) -> None:
        self.now = story.RELEASES[0].made

    def millis(self) -> int:
        return _millis(self.now)


def _millis(when: datetime) -> int:
    return int(when.timestamp() * 1000)


@contextmanager
def _told(clock: _Clock, chance: Random) -> Iterator[None]:
    """Give MLflow our clock and ids that are the same at every making."""
    with ExitStack() as stack:
        for store in _STORES:
            stack.enter_context(patch(f"{store}.{_TIME}", clock.millis))
        stack.enter_context(
            patch("uuid.uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4))
        )
        yield


def write_registry(database: Path) -> Registry:
    """Write ``mlflow.db`` and return what a reader of the other evidence needs to know of it."""
    address = f"sqlite:///{database}"
    registry, clock = Registry(), _Clock()
    with _told(clock, story.dice("ids")):
        client = MlflowClient(address, registry_uri=address)
        experiments = {
            model: client.create_experiment(model, artifact_location=f"s3://aldermoor-ml/{model}")
            for model in story.MODELS
        }
        for run in story.runs():
            clock.now = run.start
            _write_run(client, registry, run, experiments[run.model])
        _write_versions(client, registry, clock)
    _pack(database)
    return registry


def _write_run(client: MlflowClient, registry: Registry, run: Run, experiment: str) -> None:
    learned = train(run)
    start = _millis(run.start)
    run_id = client.create_run(
        experiment, start_time=start, run_name=run.name, tags=_run_tags(run)
    ).info.run_id
    registry.run_ids[run.name] = run_id
    if run.release:
        registry.models[run.release.model, run.release.version] = learned
    client.log_batch(run_id, _metrics(run, learned, start), _params(run), ())
    if run.snapshot:
        client.log_inputs(run_id, [_input(run)])
    if run.minutes is not None:
        end = start + run.minutes * 60_000
        client.set_terminated(run_id, run.status, end)
    if run.deleted:
        client.delete_run(run_id)


def _run_tags(run: Run) -> dict[str, str]:
    commit = f"{story.dice(f'commit of {run.name}').getrandbits(160):040x}"
    return {
        "mlflow.user": run.developer,
        "mlflow.source.name": f"train/{run.model}.py",
        "mlflow.source.type": "JOB",
        "mlflow.source.git.commit": commit,
        "team": "credit-scoring",
    }


def _params(run: Run) -> list[Param]:
    params = {"model": "logistic-regression", "l2": run.l2, "epochs": run.epochs}
    if run.seed is not None:
        params["random_seed"] = run.seed
    return [Param(key, str(value)) for key, value in params.items()]


def _metrics(run: Run, learned: Model, start: int) -> list[Metric]:
    losses = [
        Metric("loss", loss, start + 60_000 * (step + 1), 100 * step)
        for step, loss in enumerate(learned.losses)
    ]
    if run.status != "FINISHED":
        return losses[:1]
    end = start + (run.minutes or 0) * 60_000
    return [*losses, Metric("auc", learned.auc, end, 0), Metric("brier", learned.brier, end, 0)]


def _input(run: Run) -> DatasetInput:
    month = run.snapshot or ""
    dataset = Dataset(
        name=f"applications_{month}",
        digest=applicants(month).digest[:8],
        source_type="s3",
        source=f'{{"uri": "s3://aldermoor-ml/snapshots/applications/{month}.parquet"}}',
        schema=None,
        profile='{"num_rows": 2000}',
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])


def _write_versions(client: MlflowClient, registry: Registry, clock: _Clock) -> None:
    for model in story.MODELS:
        clock.now = next(r.made for r in story.RELEASES if r.model == model) - timedelta(days=1)
        client.create_registered_model(
            model, tags={"owner": "credit-scoring team", "data_class": "personal"}
        )
    for release in sorted(story.RELEASES, key=lambda found: found.made):
        clock.now = release.made
        _write_version(client, registry, release)
        if release.deployed:
            clock.now = release.deployed
            client.set_registered_model_alias(release.model, "champion", str(release.version))


def _write_version(client: MlflowClient, registry: Registry, release: Release) -> None:
    run_id = registry.run_ids.get(f"{release.model}-v{release.version}")
    source = f"s3://aldermoor-ml/{release.model}/{run_id or 'imported'}/artifacts/model"
    written = client.create_model_version(
        release.model, source, run_id, tags=_version_tags(release), await_creation_for=0
    )
    if int(written.version) != release.version:
        raise RuntimeError(f"{release} became version {written.version}")


def _version_tags(release: Release) -> dict[str, str]:
    tags = {"license": "proprietary", "intended_use": "retail credit decisions, EU"}
    if release.tagged and release.approved:
        tags |= {"approved_by": release.tagged, "approved_on": release.approved.date().isoformat()}
    return tags


def _pack(database: Path) -> None:
    """Close the gaps that migrations left; one file, no journal beside it."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("VACUUM")
    connection.close()
