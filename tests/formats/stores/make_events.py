"""Make a small file of OpenLineage events that holds one of everything the reader maps.

Run in an environment of its own that has openlineage-python 1.54.0, never in ours:

    python make_events.py openlineage-1.54.0.ndjson
"""

import sys
from pathlib import Path
from uuid import UUID

from openlineage.client import OpenLineageClient, set_producer
from openlineage.client.event_v2 import (
    DatasetEvent,
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
    StaticDataset,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    dataset_type_dataset,
    dataset_version_dataset,
    datasource_dataset,
    error_message_run,
    execution_parameters_run,
    job_dependencies_run,
    job_type_job,
    lifecycle_state_change_dataset,
    lineage,
    ownership_dataset,
    ownership_job,
    parent_run,
    schema_dataset,
    source_code_location_job,
    symlinks_dataset,
    tags_dataset,
    tags_run,
)
from openlineage.client.transport.file import FileConfig, FileTransport

LAKE, DESK, MODELS = "s3://lake", "postgres://desk:5432", "mlflow://registry.example.org"
_NUMBERS = iter(range(1, 100))


def run_id() -> str:
    """Return the next run id."""
    return str(UUID(int=next(_NUMBERS), version=4))


def main(path: Path) -> None:
    """Write every event."""
    set_producer("https://git.example.org/pipelines/v1")
    client = OpenLineageClient(transport=FileTransport(FileConfig(str(path), append=True)))
    for event in (declared(), *prepared(), *trained(), *failed(), *left_open(), *changed()):
        client.emit(event)


def declared() -> JobEvent:
    """Declare the job that prepares the data."""
    facets = {
        "ownership": ownership_job.OwnershipJobFacet(
            [ownership_job.Owner("team:data", "MAINTAINER"), ownership_job.Owner("r.dubois", None)]
        ),
        "jobType": job_type_job.JobTypeJobFacet("BATCH", "AIRFLOW", "TASK"),
        "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
            "git", "https://git.example.org/pipelines", version="6216f8a7"
        ),
    }
    return JobEvent(
        eventTime="2026-01-05T00:00:00Z",
        job=Job("prod", "prepare", facets),
        inputs=[InputDataset(DESK, "public.applications")],
        outputs=[OutputDataset(LAKE, "features/applicant")],
    )


def prepared() -> list[RunEvent]:
    """Prepare the data: everything that is said of columns and datasets."""
    run, job = run_id(), Job("prod", "prepare")
    source = column_lineage_dataset.InputField(
        DESK,
        "public.applications",
        "income",
        [
            column_lineage_dataset.Transformation("DIRECT", "TRANSFORMATION", "", masking=True),
            column_lineage_dataset.Transformation("INDIRECT", "FILTER"),
        ],
    )
    filtered = column_lineage_dataset.InputField(DESK, "public.applications", "branch")
    output = OutputDataset(
        LAKE,
        "features/applicant",
        facets={
            "schema": schema_dataset.SchemaDatasetFacet(
                [schema_dataset.SchemaDatasetFacetFields("debt_ratio", "DOUBLE")]
            ),
            "version": dataset_version_dataset.DatasetVersionDatasetFacet("17"),
            "dataSource": datasource_dataset.DatasourceDatasetFacet("lake", "s3://lake/features"),
            "ownership": ownership_dataset.OwnershipDatasetFacet(
                [ownership_dataset.Owner("team:risk", "OWNER")]
            ),
            "symlinks": symlinks_dataset.SymlinksDatasetFacet(
                [symlinks_dataset.Identifier("glue://eu", "features.applicant", "TABLE")]
            ),
            "tags": tags_dataset.TagsDatasetFacet(
                [tags_dataset.TagsDatasetFacetFields("pii", "true", "CATALOG")]
            ),
            "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(
                {"debt_ratio": column_lineage_dataset.Fields([source])}, [filtered]
            ),
        },
    )
    applications = InputDataset(DESK, "public.applications")
    started = Run(
        run,
        {
            "tags": tags_run.TagsRunFacet([tags_run.TagsRunFacetFields("cost", "42", "USER")]),
            "executionParameters": execution_parameters_run.ExecutionParametersRunFacet(
                [execution_parameters_run.ExecutionParameter("random_seed", value="7")]
            ),
        },
    )
    return [
        RunEvent(eventTime="2026-01-05T02:00:00Z", run=started, job=job, eventType=RunState.START),
        RunEvent(
            eventTime="2026-01-05T02:30:00Z",
            run=Run(run),
            job=job,
            eventType=RunState.COMPLETE,
            inputs=[applications],
            outputs=[output],
        ),
    ]


def trained() -> list[RunEvent]:
    """Train a model: a child of another run, after the one before."""
    run = run_id()
    facets = {
        "parent": parent_run.ParentRunFacet(
            parent_run.Run(str(UUID(int=1, version=4))), parent_run.Job("prod", "prepare")
        ),
        "jobDependencies": job_dependencies_run.JobDependenciesRunFacet(
            [
                job_dependencies_run.JobDependency(
                    job_dependencies_run.JobIdentifier("prod", "prepare"),
                    job_dependencies_run.RunIdentifier(str(UUID(int=1, version=4))),
                )
            ]
        ),
    }
    job = Job("prod", "train", {"jobType": job_type_job.JobTypeJobFacet("BATCH", "X", "TRAINING")})
    outputs = [OutputDataset(MODELS, "credit-risk"), OutputDataset(LAKE, "models/credit-risk.pkl")]
    return [
        RunEvent(
            eventTime="2026-01-05T03:00:00Z",
            run=Run(run, facets),
            job=job,
            eventType=RunState.START,
        ),
        RunEvent(
            eventTime="2026-01-05T04:00:00Z",
            run=Run(run),
            job=job,
            eventType=RunState.COMPLETE,
            inputs=[InputDataset(LAKE, "features/applicant")],
            outputs=outputs,
        ),
    ]


def failed() -> list[RunEvent]:
    """Let a run fail."""
    run, job = run_id(), Job("prod", "score")
    error = {"errorMessage": error_message_run.ErrorMessageRunFacet("out of memory", "Python")}
    return [
        RunEvent(eventTime="2026-01-05T05:00:00Z", run=Run(run), job=job, eventType=RunState.START),
        RunEvent(
            eventTime="2026-01-05T05:01:00Z", run=Run(run, error), job=job, eventType=RunState.FAIL
        ),
    ]


def left_open() -> list[RunEvent]:
    """Let a run never end; its job declares what flows where."""
    entry = lineage.LineageDatasetEntry(
        LAKE,
        "scores/weekly",
        "DATASET",
        [lineage.LineageDatasetInput(LAKE, "features/applicant", "DATASET")],
        {
            "score": lineage.LineageFieldEntry(
                [lineage.LineageDatasetInput(LAKE, "features/applicant", "DATASET", "debt_ratio")]
            )
        },
    )
    facets = {"lineage": lineage.LineageJobFacet([entry])}
    job = Job("prod", "score", facets)
    scores = OutputDataset(LAKE, "scores/weekly")
    return [
        RunEvent(
            eventTime="2026-01-05T06:00:00Z",
            run=Run(run_id()),
            job=job,
            eventType=RunState.START,
            outputs=[scores],
        )
    ]


def changed() -> list[DatasetEvent]:
    """Rename one dataset, drop another, call a third a model."""
    change = lifecycle_state_change_dataset
    renamed = change.LifecycleStateChangeDatasetFacet(
        change.LifecycleStateChange.RENAME, change.PreviousIdentifier("scores/old", LAKE)
    )
    dropped = change.LifecycleStateChangeDatasetFacet(change.LifecycleStateChange.DROP)
    model = dataset_type_dataset.DatasetTypeDatasetFacet("MODEL")
    stated = {
        "scores/weekly": {"lifecycleStateChange": renamed},
        "features/old": {"lifecycleStateChange": dropped},
        "models/challenger": {"datasetType": model},
    }
    return [
        DatasetEvent(
            eventTime="2026-01-06T00:00:00Z", dataset=StaticDataset(LAKE, name, facets=facets)
        )
        for name, facets in stated.items()
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
