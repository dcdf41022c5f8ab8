"""Write the team's lineage with the OpenLineage client: from the bureau's file to the score."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import story
from openlineage.client import OpenLineageClient, set_producer
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    error_message_run,
    job_type_job,
    nominal_time_run,
    ownership_job,
    schema_dataset,
)
from openlineage.client.transport.file import FileConfig, FileTransport

LAKE = "s3://aldermoor-ml"
CORE = "postgres://core.aldermoor.example:5432"
MODELS = "mlflow://registry.aldermoor.example"
_NAMES = uuid.UUID("6f1f3c5e-58f5-4b0e-9a53-0c7c9c1f2b77")
_WEEK = timedelta(days=7)

Place = tuple[str, str]
APPLICATIONS: Place = (CORE, "lending.public.applications")
BUREAU: Place = (LAKE, "bureau/weekly")
RAW: Place = (LAKE, "raw/applications")
FEATURES: Place = (LAKE, "features/applicant")
SCORES: Place = (LAKE, "scores/weekly")
DRIFT: Place = (LAKE, "monitoring/drift")

_COLUMNS = {
    RAW: ("applicant_id", "income", "debt", "limit", "balance", "opened_on", "late", "inquiries"),
    FEATURES: ("applicant_id", *story.FEATURES),
    SCORES: ("applicant_id", "score", "model_version"),
}
_FROM = {
    "income_monthly": ("income",),
    "debt_ratio": ("debt", "income"),
    "utilisation": ("balance", "limit"),
    "months_on_file": ("opened_on",),
    "late_payments": ("late",),
    "inquiries": ("inquiries",),
}


@dataclass(frozen=True)
class Work:
    """One run of one job."""

    job: str
    kind: str
    start: datetime
    minutes: int
    reads: tuple[Place, ...]
    writes: tuple[Place, ...]
    owner: str
    run_id: str = ""
    error: str = ""
    facets: dict[str, object] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the run's UUID: MLflow's where MLflow knows the run."""
        return self.run_id or str(uuid.uuid5(_NAMES, f"{self.job} {self.start.isoformat()}"))


def write_lineage(path: Path, run_ids: dict[str, str]) -> int:
    """Write every event in order of time and return how many."""
    set_producer("https://git.aldermoor.example/scoring/pipelines/v3.4.1")
    client = OpenLineageClient(transport=FileTransport(FileConfig(str(path), append=True)))
    events = [e for work in (*_snapshots(), *_weeks(), *_trainings(run_ids)) for e in _events(work)]
    events.sort(key=lambda event: (event.eventTime, event.run.runId))
    for event in events:
        client.emit(event)
    return len(events)


def model_place(model: str, version: int) -> Place:
    """Return a registered version as the data set that OpenLineage sees in it."""
    return MODELS, f"models/{model}/{version}"


def _snapshots() -> Iterator[Work]:
    """Yield the copy of the features that each month's trainings learn from."""
    for month in (4, 5, 6):
        start = story.FIRST.replace(month=month, hour=1, minute=30)
        last = (start - timedelta(days=1)).strftime("%Y-%m")
        yield Work(
            "snapshot.applicant",
            "SNAPSHOT",
            start,
            9,
            (FEATURES,),
            (snapshot_place(last),),
            story.STEWARD,
        )


def snapshot_place(month: str) -> Place:
    """Return the features of one month, under the address that MLflow's data sets give."""
    return LAKE, f"snapshots/applications/{month}.parquet"


def _weeks() -> Iterator[Work]:
    monday = datetime(2026, 4, 6, 4, 5, 3, 120_000, tzinfo=story.FIRST.tzinfo)
    while monday < story.END:
        yield Work(
            "ingest.applications",
            "INGEST",
            monday,
            14,
            (APPLICATIONS, BUREAU),
            (RAW,),
            story.STEWARD,
        )
        yield Work(
            "features.applicant",
            "FEATURES",
            monday + timedelta(minutes=20),
            22,
            (RAW,),
            (FEATURES,),
            story.PIPELINE,
        )
        yield _scoring(monday + timedelta(hours=2))
        yield Work(
            "monitor.drift",
            "MONITORING",
            monday + timedelta(hours=3),
            6,
            (FEATURES, SCORES),
            (DRIFT,),
            story.PIPELINE,
        )
        monday += _WEEK


def _scoring(start: datetime) -> Work:
    version = story.production("credit-scoring", start)
    bad = start.date() == story.INCIDENT_OPENED.date()
    error = "43.1 % of applicants score above 0.99: output refused" if bad else ""
    reads = (FEATURES, model_place("credit-scoring", version))
    return Work("score.batch", "SCORING", start, 11, reads, (SCORES,), story.SCORER, error=error)


def _trainings(run_ids: dict[str, str]) -> Iterator[Work]:
    """Yield what made each version of the quarter, and one developer's trials."""
    for run in story.runs():
        if run.start < story.FIRST or run.minutes is None:
            continue
        release, run_id = run.release, str(uuid.UUID(run_ids[run.name]))
        if release is None and run.model != "early-warning":
            continue
        writes = (model_place(run.model, release.version),) if release else ()
        reads = (snapshot_place(run.snapshot),) if run.snapshot else ()
        yield Work(
            f"train.{run.model}", "TRAINING", run.start, run.minutes, reads, writes,
            run.developer, run_id, "loss is not finite" if run.status == "FAILED" else "",
        )  # fmt: skip
        if release:
            start = run.start + timedelta(hours=2)
            tested = (snapshot_place("2025-12"), *writes)
            yield Work(f"evaluate.{run.model}", "EVALUATION", start, 5, tested, (), story.VALIDATOR)


def _events(work: Work) -> Iterator[RunEvent]:
    yield _event(work, RunState.START, work.start)
    end = work.start + timedelta(minutes=work.minutes)
    if work.error:
        yield _event(work, RunState.FAIL, end)
    elif work.start + _WEEK < story.END or work.job != "monitor.drift":
        yield _event(work, RunState.COMPLETE, end)


def _event(work: Work, state: RunState, when: datetime) -> RunEvent:
    facets = {"nominalTime": nominal_time_run.NominalTimeRunFacet(_text(work.start))}
    if state is RunState.FAIL:
        facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(work.error, "python")
    done = state is RunState.COMPLETE
    return RunEvent(
        eventType=state,
        eventTime=_text(when),
        run=Run(work.id, facets),
        job=Job("aldermoor-scoring", work.job, _job_facets(work)),
        inputs=[InputDataset(*place, facets=_schema(place)) for place in work.reads],
        outputs=[
            OutputDataset(*p, facets=_schema(p) | (_columns(p) if done else {}))
            for p in work.writes
        ],
    )


def _job_facets(work: Work) -> dict[str, object]:
    owner = ownership_job.Owner(f"user:{work.owner}", "MAINTAINER")
    return {
        "jobType": job_type_job.JobTypeJobFacet("BATCH", "PYTHON", work.kind),
        "ownership": ownership_job.OwnershipJobFacet([owner]),
    }


def _schema(place: Place) -> dict[str, object]:
    if place not in _COLUMNS:
        return {}
    fields = [schema_dataset.SchemaDatasetFacetFields(name) for name in _COLUMNS[place]]
    return {"schema": schema_dataset.SchemaDatasetFacet(fields)}


def _columns(place: Place) -> dict[str, object]:
    if place != FEATURES:
        return {}
    lineage = column_lineage_dataset
    fields = {
        name: lineage.Fields([lineage.InputField(*RAW, column) for column in columns])
        for name, columns in _FROM.items()
    }
    return {"columnLineage": lineage.ColumnLineageDatasetFacet(fields)}


def _text(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
