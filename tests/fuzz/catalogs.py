"""Catalogs of one document or many files: whatever is in them, they are read to the end."""

import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.formats.test_azureml import MODEL as AZURE_MODEL
from tests.formats.test_azureml import PIPELINE, SCHEMA
from tests.formats.test_cyclonedx_xml import BILL, SPACE
from tests.formats.test_documents import document
from tests.formats.test_enveloped import bundle, envelope
from tests.formats.test_sagemaker import PACKAGE, TRAINING, association
from tests.fuzz.parsers import Harness, Parser, require
from workbench.evidence.drop import open_drop
from workbench.evidence.limits import KIB, MIB, Limits
from workbench.formats.sniff import lineage_reader
from workbench.formats.table import sort_out
from workbench.formats.tally import inventory
from workbench.model.progress import Cancel, Silent

EXPORTS = Path(__file__).resolve().parents[1] / "formats" / "stores" / "mlflow-exports.tar.xz"
TIGHT = Limits(record=64 * KIB, document=MIB, json_depth=20, yaml_depth=10)


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="workbench-fuzz-"))


def reads(name: str) -> Callable[[bytes], None]:
    """Return what reads a file of this name, in its folders, as the catalog that it is."""

    def run(data: bytes) -> None:
        path = _place() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        top = _place() / name.split("/")[0]
        with open_drop([top], limits=TIGHT, cancel=Cancel(), progress=Silent()) as drop:
            for subject in sort_out(drop, ()).subjects:
                reader = lineage_reader(subject.format)
                if reader is not None:
                    read = reader.read(subject, limits=TIGHT, cancel=Cancel(), progress=Silent())
                    inventory(read)
        require(path.read_bytes() == data, "evidence was changed")

    return run


def members(*ends: str) -> Callable[[], Iterator[bytes]]:
    """Return what yields the files of the exports of MLflow that end so."""

    def seeds() -> Iterator[bytes]:
        with tarfile.open(EXPORTS) as archive:
            for member in archive:
                held = archive.extractfile(member) if member.name.endswith(ends) else None
                if held is not None:
                    yield held.read()

    return seeds


def bills() -> Iterator[bytes]:
    """Yield bills in XML."""
    yield f'<?xml version="1.0"?>\n<bom xmlns="{SPACE}">{BILL}</bom>'.encode()
    yield f'<!DOCTYPE b [<!ENTITY a "a">]><bom xmlns="{SPACE}">&a;</bom>'.encode()


def proofs() -> Iterator[bytes]:
    """Yield provenance in envelopes."""
    for wrap in (envelope, bundle):
        yield json.dumps(wrap(document("statement"))).encode()


def answers() -> Iterator[bytes]:
    """Yield answers of SageMaker and Azure."""
    pair = association("artifact/a", "action/b", "Produced")
    for value in (PACKAGE, TRAINING, AZURE_MODEL, {"AssociationSummaries": [pair]}):
        yield json.dumps(value).encode()


def pipelines() -> Iterator[bytes]:
    """Yield files of Azure."""
    yield (SCHEMA.format("pipelineJob") + PIPELINE).encode()


def lines() -> Iterator[bytes]:
    """Yield points of a metric."""
    yield b"1767225600000 0.5 0\n1767225600001 nan 1\n1767225600002 -inf 2 r data 8 d1\nx\n"


HARNESS = Harness(
    (
        Parser("REST answers of MLflow", reads("runs.json"), members("rest/runs.json")),
        Parser("exports of MLflow", reads("export/1/a/run.json"), members("run.json")),
        Parser("meta.yaml of MLflow", reads("mlruns/1/a/meta.yaml"), members("meta.yaml")),
        Parser("metrics of MLflow", reads("mlruns/1/a/metrics/auc"), lines),
        Parser("bills in XML", reads("bom.xml"), bills),
        Parser("provenance in envelopes", reads("x.intoto.jsonl"), proofs),
        Parser("answers of clouds", reads("answer.json"), answers),
        Parser("files of Azure", reads("job.yml"), pipelines),
    )
)
