"""A thing of a document leads to its own bytes, also inside an export that is one source."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import added, new_case

from tests.formats.test_atlas import packed, whole
from tests.formats.test_documents import DOCUMENTS
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
