"""A thing of a document leads to its own bytes, also inside an export that is one source."""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import added, new_case

from tests.formats.test_atlas import packed, whole
from tests.formats.test_documents import DOCUMENTS, document
from tests.formats.test_enveloped import bundle
from tests.formats.test_mlflow_exports import unpacked
from workbench.errors import SourceError
from workbench.model.case import EvidenceRef
from workbench.model.progress import Cancel
from workbench.services import cases
from workbench.store import catalog, sources
from workbench.store.case_store import CaseStore


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    (tmp_path / "work").mkdir()
    with new_case(tmp_path / "work") as case:
        yield case


def places(case: CaseStore) -> list[tuple[str, EvidenceRef]]:
    """Return the name and the place of every thing of the case."""
    with case.reading() as session:
        known = {source.id: source for source in sources.every(session)}
        return [
            (kept.thing.name, EvidenceRef(known[kept.source].sha256, kept.thing.locator))
            for kept in catalog.every_thing(session, sources=known)
        ]


def test_thing_leads_to_the_bytes_of_its_object(case: CaseStore, tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes((DOCUMENTS / "cyclonedx-1.6.json").read_bytes())
    added(case, path)
    found = dict(places(case))["risk/credit-scorer"]
    raw = cases.raw(case, found, cancel=Cancel())
    assert json.loads(raw.data)["bom-ref"] == "model"
    assert path.read_bytes()[raw.offset :].startswith(raw.data)


def test_entity_of_an_archive_that_is_one_source_leads_to_its_file(
    case: CaseStore, tmp_path: Path
) -> None:
    path = packed(tmp_path, whole())
    added(case, path)
    found = dict(places(case))["raw"]
    assert json.loads(cases.raw(case, found, cancel=Cancel()).data)["guid"] == "t1"
    path.write_bytes(path.read_bytes().replace(b"raw", b"row"))
    with pytest.raises(SourceError) as refused:
        cases.raw(case, found, cancel=Cancel())
    assert refused.value.code == "EVIDENCE_CHANGED"


def test_thing_that_is_no_json_leads_to_the_first_bytes(case: CaseStore, tmp_path: Path) -> None:
    path = tmp_path / "dvc.lock"
    path.write_bytes((DOCUMENTS / "dvc.lock").read_bytes())
    added(case, path)
    found = dict(places(case))["train"]
    assert cases.raw(case, found, cancel=Cancel()).data == path.read_bytes()


def test_provenance_beside_its_file_leads_to_the_payload(case: CaseStore, tmp_path: Path) -> None:
    """It is proof of the file, and no subject; what it says is lineage of the case all the same."""
    statement = document("statement")
    statement["subject"][0]["digest"]["sha256"] = hashlib.sha256(b"model").hexdigest()
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "scorer.onnx").write_bytes(b"model")
    (drop / "scorer.onnx.sigstore.json").write_text(json.dumps(bundle(statement)))
    added(case, drop)
    found = dict(places(case))["https://ci.example.org/train/v1"]
    raw = cases.raw(case, found, cancel=Cancel())
    assert json.loads(base64.b64decode(json.loads(raw.data))) == statement


def test_thing_of_a_file_store_leads_to_its_own_file(case: CaseStore, tmp_path: Path) -> None:
    store = shutil.copytree(unpacked(tmp_path) / "mlruns", tmp_path / "drop" / "mlruns")
    added(case, store)
    with case.reading() as session:
        (source,) = sources.every(session)
    assert (source.format, source.counts["runs"]) == ("mlflow-files", 6)
    found = {ref.locator.path: ref for _, ref in places(case)}
    for path, ref in found.items():
        raw = cases.raw(case, ref, cancel=Cancel())
        assert raw.data in (tmp_path / "drop" / path).read_bytes()
    experiments, data, models, versions, runs = 3, 2, 2 + 2, 6, 6
    assert len(found) == experiments + data + models + versions + runs
