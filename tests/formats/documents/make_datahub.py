"""Write datahub.json with acryl-datahub's file sink: run it in an environment of its own."""

import sys
from pathlib import Path

from datahub.emitter.mcp import MetadataChangeProposalWrapper as Proposal
from datahub.ingestion.sink.file import write_metadata_file
from datahub.metadata import schema_classes as c

NAME = "datahub.json"
AT = 1776155652340
LAKE = "urn:li:dataset:(urn:li:dataPlatform:s3,applications%2C raw,PROD)"
CLEAN = "urn:li:dataset:(urn:li:dataPlatform:s3,applications,PROD)"
GROUP = "urn:li:mlModelGroup:(urn:li:dataPlatform:mlflow,credit-scorer,PROD)"
MODEL = "urn:li:mlModel:(urn:li:dataPlatform:mlflow,credit-scorer_3,PROD)"
OTHER = "urn:li:mlModel:(urn:li:dataPlatform:mlflow,credit-scorer_4,PROD)"
RUN = "urn:li:dataProcessInstance:0a1b2c"
JOB = "urn:li:dataJob:(urn:li:dataFlow:(airflow,scoring,PROD),clean)"
USER = "urn:li:corpuser:r.dubois"


def stamp() -> c.AuditStampClass:
    return c.AuditStampClass(time=AT, actor=USER)


def field(dataset: str, name: str) -> str:
    return f"urn:li:schemaField:({dataset},{name})"


def version(number: str, *aliases: str) -> c.VersionPropertiesClass:
    return c.VersionPropertiesClass(
        versionSet="urn:li:versionSet:(1,mlModel)",
        version=c.VersionTagClass(versionTag=number),
        aliases=[c.VersionTagClass(versionTag=alias) for alias in aliases],
        sortId=number,
    )


def model(job: str) -> c.MLModelPropertiesClass:
    return c.MLModelPropertiesClass(
        groups=[GROUP],
        trainingJobs=[job],
        customProperties={"approved_by": "r.dubois"},
        hyperParams=[c.MLHyperParamClass(name="random_seed", value="7")],
        trainingMetrics=[c.MLMetricClass(name="auc", value="0.81")],
        deployments=["urn:li:mlModelDeployment:(urn:li:dataPlatform:sagemaker,eu,PROD)"],
    )


ASPECTS = (
    (LAKE, c.DatasetPropertiesClass(name="applications, raw", customProperties={"pii": "yes"})),
    (CLEAN, c.OwnershipClass(owners=[c.OwnerClass(USER, c.OwnershipTypeClass.DATAOWNER)])),
    (
        CLEAN,
        c.UpstreamLineageClass(
            upstreams=[c.UpstreamClass(LAKE, c.DatasetLineageTypeClass.TRANSFORMED)],
            fineGrainedLineages=[
                c.FineGrainedLineageClass(
                    upstreamType=c.FineGrainedLineageUpstreamTypeClass.FIELD_SET,
                    upstreams=[field(LAKE, "income"), field(LAKE, "debt")],
                    downstreamType=c.FineGrainedLineageDownstreamTypeClass.FIELD,
                    downstreams=[field(CLEAN, "ratio")],
                    transformOperation="debt / income",
                )
            ],
        ),
    ),
    (
        JOB,
        c.DataJobInfoClass(
            name="clean", type="SQL", flowUrn="urn:li:dataFlow:(airflow,scoring,PROD)"
        ),
    ),
    (JOB, c.DataJobInputOutputClass(inputDatasets=[LAKE], outputDatasets=[CLEAN])),
    (GROUP, c.MLModelGroupPropertiesClass(name="credit-scorer")),
    (RUN, c.DataProcessInstancePropertiesClass(name="train 7", created=stamp())),
    (RUN, c.DataProcessInstanceInputClass(inputs=[CLEAN])),
    (RUN, c.DataProcessInstanceOutputClass(outputs=[MODEL])),
    (
        RUN,
        c.DataProcessInstanceRunEventClass(
            timestampMillis=AT + 5000,
            status=c.DataProcessRunStatusClass.COMPLETE,
            result=c.DataProcessInstanceRunResultClass(
                type=c.RunResultTypeClass.SUCCESS, nativeResultType="mlflow"
            ),
        ),
    ),
    (MODEL, model(RUN)),
    (MODEL, version("3", "champion")),
    (MODEL, c.GlobalTagsClass(tags=[c.TagAssociationClass("urn:li:tag:mlflow_archived")])),
    (OTHER, model(RUN)),
    (OTHER, version("4")),
    (OTHER, c.StatusClass(removed=True)),
)


def main(folder: Path) -> None:
    records: list[object] = [Proposal(entityUrn=urn, aspect=aspect) for urn, aspect in ASPECTS]
    info = c.CorpUserInfoClass(active=True, displayName="R. Dubois")
    snapshot = c.CorpUserSnapshotClass(urn=USER, aspects=[info])
    records.append(c.MetadataChangeEventClass(proposedSnapshot=snapshot))
    write_metadata_file(folder / NAME, records)


main(Path(sys.argv[1]))
